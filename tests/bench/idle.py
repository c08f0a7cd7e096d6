"""What ten thousand open web chats in which nobody writes cost: memory of the service that holds them, and of Redis.

Each has been greeted by the bot and told where it stands. A first few are held before counting begins, so that what is
loaded once is not counted to them; what is counted is the growth from there, after everything has come to rest.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import redis.asyncio

from tests.bench.processes import a_plan, at_rest, cpu_seconds, service
from tests.bench.rows import row
from tests.bench.sizes import Size
from tests.bench.world import redis_server
from tests.journey.processes import StandInBot

_WARMING_UP = 200
_WATCHED_SECONDS = 10.0
_KB = 1024


async def measure(size: Size) -> list[dict[str, Any]]:
    """Kilobytes a chat in both, and the share of a core that all of them need."""
    count, bot = size.of(full=10_000, small=500), StandInBot()
    try:
        with redis_server() as url, a_plan(url, rasa_url=bot.url) as plan:
            address = f"{plan.service_url().replace('http', 'ws')}/chat/ws"
            async with service(plan, plan.service()) as pid, _held(address, _WARMING_UP):
                before = await _used(pid, url)
                async with _held(address, count):
                    after = await _used(pid, url)
                    idle = await _share(pid)
    finally:
        bot.stop()
    ours, stored = ((late - early) / count / _KB for early, late in zip(before, after, strict=True))
    return [
        row(f"{count:,} idle web chats, each in the service", ours, "KB", n=count, aim=40, at_most=True),
        row(f"{count:,} idle web chats, each in Redis", stored, "KB", n=count, aim=4, at_most=True),
        row(f"{count:,} idle web chats, share of a core", idle, "", n=count),
    ]


@asynccontextmanager
async def _held(address: str, count: int) -> AsyncIterator[None]:
    """That many chats, by a process of their own."""
    pipe = asyncio.subprocess.PIPE
    holders = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.holders", address, str(count), stdin=pipe, stdout=pipe
    )
    assert holders.stdout is not None
    assert holders.stdin is not None
    try:
        assert await holders.stdout.readline() == b"held\n", "the chats were not held"
        yield
    finally:
        holders.stdin.close()
        await holders.wait()


async def _used(pid: int, url: str) -> tuple[int, int]:
    """Bytes that the service has resident and that Redis has allocated, once the service is at rest."""
    await at_rest(pid)
    client = redis.asyncio.from_url(url)
    stored = (await client.info("memory"))["used_memory"]
    await client.aclose()
    return resident(pid), stored


def resident(pid: int) -> int:
    """Bytes of memory that a process has resident."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) * _KB


async def _share(pid: int) -> float:
    before = cpu_seconds(pid)
    await asyncio.sleep(_WATCHED_SECONDS)
    return (cpu_seconds(pid) - before) / _WATCHED_SECONDS
