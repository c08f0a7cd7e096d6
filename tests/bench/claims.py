"""How many claims a second, with 100, 10,000 and 100,000 waiting: each the whole way from the event to the commit.

Each size is a line of its own on one server, and the sizes take turns, so that noise hits all of them.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from contextlib import AsyncExitStack
from typing import Any

from handoff.core.events import Claimed
from handoff.dispatcher import Dispatcher
from handoff.ports import Commit
from tests.bench.rows import row
from tests.bench.world import front, redis_server, supporter, waiting

SIZES = (100, 10_000, 100_000)
SUPPORTERS = 200
CLAIMS = 60
ROUNDS = 15
_AT_ONCE = 64


async def measure() -> list[dict[str, Any]]:
    """Claims a second at each size, and what a claim costs at the largest against the smallest."""
    rounds: list[list[float]] = []
    with redis_server() as url:
        async with AsyncExitStack() as open_now:
            lines = [await open_now.enter_async_context(front(url, f"bench{size}")) for size in SIZES]
            now = time.time()
            for dispatcher, size in zip(lines, SIZES, strict=True):
                staff = tuple(supporter(f"supporter{each}", now) for each in range(SUPPORTERS))
                await dispatcher.store.commit(Commit(event_id="staff", supporters=staff), now)
                await _fill(dispatcher, 0, size, now)
                await _rate(dispatcher, "warming-up")
            for turn in range(ROUNDS):
                rounds.append([])
                for dispatcher, size in zip(lines, SIZES, strict=True):
                    await _fill(dispatcher, size + CLAIMS * turn, size, now)
                    rounds[-1].append(await _rate(dispatcher, f"{turn}"))
    claims = CLAIMS * ROUNDS
    rates = [statistics.median(each) for each in zip(*rounds, strict=True)]
    rows = [row(f"claims with {size:,} waiting", rate, "/s", n=claims) for size, rate in zip(SIZES, rates, strict=True)]
    growth = statistics.median(each[0] / each[-1] for each in rounds)
    return [*rows, row("a claim at 100,000 waiting / at 100", growth, "x", n=claims, aim=2.0, at_most=True)]


async def _fill(dispatcher: Dispatcher, arrived: int, size: int, now: float) -> None:
    """Let seekers arrive until `size` wait; `arrived` have come before."""
    waits = (await dispatcher.store.counts())["waiting"]
    wanted = range(arrived, arrived + size - waits)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        await asyncio.gather(*(dispatcher.store.commit(waiting(each, now - size + each), now) for each in some))


async def _rate(dispatcher: Dispatcher, turn: str) -> float:
    """Claims a second in one round, every claim for another place, eight under way at a time."""
    places = await dispatcher.store.waiting(CLAIMS)
    gate = asyncio.Semaphore(8)
    begun = time.perf_counter()
    await asyncio.gather(
        *(_claim(dispatcher, gate, each.conversation, number, turn) for number, each in enumerate(places))
    )
    return len(places) / (time.perf_counter() - begun)


async def _claim(dispatcher: Dispatcher, gate: asyncio.Semaphore, conversation: str, number: int, turn: str) -> None:
    async with gate:
        name = f"supporter{number % SUPPORTERS}"
        reply = await dispatcher.handle(Claimed(id=f"claim{turn}-{number}", supporter=name, conversation=conversation))
        assert reply.refused is None, reply.refused
