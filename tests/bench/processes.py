"""Processes to be measured: the whole service, the bot, an echo; each on a free port and stopped afterwards."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from handoff.running import probes
from handoff.running.children import DidNotStart, Program, start, stop, tail
from handoff.running.own_secrets import fresh
from handoff.running.plan import Plan
from handoff.running.ports import LOOPBACK, free_port
from handoff.settings import Settings

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_SECONDS = 120.0
_RESTING = 0.05
"""Share of a core below which a process is at rest; the service's own sweeps take about a hundredth."""
_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def on_cores(count: int) -> Iterator[None]:
    """This process, and all that it starts meanwhile, keep to so many of the machine's cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(before)[:count]))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def a_plan(redis_url: str, **more: Any) -> Iterator[Plan]:
    """Everything `make run` would start, on free ports, with fresh secrets and a database of its own; and `more`."""
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        encoder = _ROOT / "var" / "encoder"
        encoder.mkdir(parents=True, exist_ok=True)
        (var / "encoder").symlink_to(encoder)
        rasa, actions, service = free_port(), free_port(), free_port()
        given: dict[str, Any] = {name.removeprefix("WARMLINE_").lower(): value for name, value in fresh().items()}
        settings = Settings(
            line="bench",
            port=service,
            actions_url=f"http://{LOOPBACK}:{actions}",
            var=var,
            REDIS_URL=redis_url,
            DATABASE_URL=f"sqlite+aiosqlite:///{var}/bench.db",
            **{"rasa_url": f"http://{LOOPBACK}:{rasa}", **given, **more},
        )
        yield Plan(settings, _ROOT, rasa, actions)


def module(program: Program, name: str, *arguments: str) -> Program:
    """The same environment and log, but `python -m name` with these arguments."""
    return replace(program, command=(sys.executable, "-m", name, *arguments))


@asynccontextmanager
async def running(program: Program, address: str) -> AsyncIterator[int]:
    """The process id, once `address` answers. Raises `DidNotStart`."""
    process = await start(program)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not await asyncio.to_thread(probes.http_answers, address):
                if process.returncode is not None:
                    raise DidNotStart(f"{program.label} ended at once:\n{tail(program.log)}")
                await asyncio.sleep(0.1)
        yield process.pid
    finally:
        await stop(process, program.grace_seconds)


@asynccontextmanager
async def service(plan: Plan, program: Program) -> AsyncIterator[int]:
    """The service's process id, once its encoder is loaded and it has come to rest."""
    async with running(program, f"{plan.service_url()}/healthz") as pid:
        await _prepared(f"{plan.service_url()}/readyz")
        await at_rest(pid)
        yield pid


async def _prepared(address: str) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS), httpx.AsyncClient(trust_env=False) as asking:
        while True:
            if (await asking.get(address)).json()["resources"] == "ok":
                return
            await asyncio.sleep(0.2)


async def at_rest(pid: int) -> None:
    """Wait until the process has nothing to do."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            before = cpu_seconds(pid)
            await asyncio.sleep(1.0)
            if cpu_seconds(pid) - before < _RESTING:
                return


def cpu_seconds(pid: int) -> float:
    """What the process has used of a core so far, in user and kernel, by hundredths."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
