"""Run the benchmarks, print them as a table and write `var/bench.json`.

Names pick some, whose rows replace their old ones: `make bench ARGS=claims`. `--size small` is a short form of each, to
see that it runs. Each has a limit of its own; one that breaks or passes it is told, and the others go on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from models.report import table
from tests.bench import (
    bot,
    claims,
    crisis,
    growth,
    idle,
    load,
    pair,
    platforms,
    queue_optimum,
    relay,
    screen,
    start,
    turns,
)
from tests.bench.rows import command_of
from tests.bench.sizes import Size

Rows = list[dict[str, Any]]
Measure = Callable[[Size], Awaitable[Rows]]

_ALL: dict[str, tuple[Measure, int]] = {
    "screen": (screen.measure, 60),
    "claims": (claims.measure, 180),
    "relay": (relay.measure, 120),
    "pair": (pair.measure, 150),
    "load": (load.measure, 300),
    "idle": (idle.measure, 240),
    "growth": (growth.measure, 240),
    "crisis": (crisis.measure, 120),
    "platforms": (platforms.measure, 120),
    "queue": (queue_optimum.measure, 600),
    "start": (start.measure, 240),
    "bot": (bot.measure, 120),
    "turns": (turns.measure, 2400),
}
"""Each with the seconds after which it is given up."""
_OUT = Path("var/bench.json")


def main() -> None:
    asked = argparse.ArgumentParser(prog="make bench ARGS=...", description="Speed, as ratios and rates.")
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"which; without one, all: {', '.join(_ALL)}")
    asked.add_argument("--size", type=Size, choices=list(Size), default=Size.FULL)
    given = asked.parse_args()
    if unknown := set(given.names) - set(_ALL):
        asked.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    _open_files()
    names = given.names or list(_ALL)
    measured = {name: _measured(name, given.size) for name in names}
    _write(measured)
    print(table([row for rows in measured.values() if rows for row in rows]))
    if broken := [name for name, rows in measured.items() if rows is None]:
        sys.exit(f"These broke; what they said is above: {', '.join(broken)}.")


def _open_files() -> None:
    """As many as the machine lets us: thousands of connections are held at once."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _measured(name: str, size: Size) -> Rows | None:
    """The rows; None when it broke or took too long, which is told."""
    measure, limit = _ALL[name]
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    begun = time.monotonic()
    try:
        rows = asyncio.run(asyncio.wait_for(measure(size), limit))
    except Exception:  # noqa: BLE001 -- whatever it is, the other figures are still wanted
        traceback.print_exc()
        return None
    print(f"  {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return [{**row, "command": command_of(name, size)} for row in rows]


def _write(measured: dict[str, Rows | None]) -> None:
    """Old rows of what was not measured now stay."""
    before: Rows = json.loads(_OUT.read_text()) if _OUT.exists() else []
    now = {command_of(name, size) for name in measured for size in Size}
    known = {command_of(name, Size.FULL) for name in _ALL} - now
    rows = [row for row in before if row["command"] in known]
    _OUT.parent.mkdir(exist_ok=True)
    _OUT.write_text(json.dumps(rows + [row for each in measured.values() if each for row in each], indent=1))


if __name__ == "__main__":
    main()
