"""`python -m handoff.running`, which is what `make run` calls once both environments stand."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from handoff.running.children import die_with_parent
from handoff.running.crashes import leave_no_core
from handoff.running.lock import AlreadyRunning, RunLock
from handoff.running.ports import HeldPorts
from handoff.running.preparation import PortTaken, prepare, write_running
from handoff.running.redis_server import NoRedisServer
from handoff.running.supervisor import Run, supervise
from handoff.running.terminal import Terminal
from handoff.settings import DEFAULT_VAR, PREFIX, SettingsError


def main() -> int:
    """Run until a signal. Whatever cannot be started is told in a sentence, on standard error."""
    root = Path(__file__).parents[2]
    os.chdir(root)
    leave_no_core()
    if "MAKELEVEL" in os.environ:
        die_with_parent()
    var = Path(os.environ.get(f"{PREFIX}VAR") or DEFAULT_VAR)
    try:
        with RunLock(var / "run.lock") as lock:
            return _run(var, root, lock)
    except (AlreadyRunning, NoRedisServer, PortTaken, SettingsError) as failure:
        print(failure, file=sys.stderr)
    except PermissionError as failure:
        print(f"{failure.filename} cannot be written. Give WARMLINE_VAR a folder that can.", file=sys.stderr)
    return 1


def _run(var: Path, root: Path, lock: RunLock) -> int:
    held = HeldPorts()
    plan, redis = prepare(var, root, held)
    lock.describe(f"{plan.settings.base_url()}, process {os.getpid()}")
    running = write_running(plan)
    terminal = Terminal()
    terminal.say("Starting Warmline")
    try:
        return asyncio.run(supervise(Run(plan, redis, terminal, held), terminal))
    finally:
        running.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
