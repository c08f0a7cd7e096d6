"""How many claims a second, with 100, 10,000 and 100,000 waiting: each the whole way from the event to the commit."""

from __future__ import annotations

import asyncio
import statistics
import time
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
    rates: dict[int, float] = {}
    with redis_server() as url:
        async with front(url) as dispatcher:
            now = time.time()
            staff = [supporter(f"supporter{each}", now) for each in range(SUPPORTERS)]
            await dispatcher.store.commit(Commit(event_id="staff", supporters=tuple(staff)), now)
            arrived = await _fill(dispatcher, 0, SIZES[0], now)
            await _rate(dispatcher, "warming-up")
            for size in SIZES:
                rounds = []
                for turn in range(ROUNDS):
                    arrived = await _fill(dispatcher, arrived, size, now)
                    rounds.append(await _rate(dispatcher, f"{size}-{turn}"))
                rates[size] = statistics.median(rounds)
    claims = CLAIMS * ROUNDS
    rows = [row(f"claims with {size:,} waiting", rates[size], "/s", n=claims) for size in SIZES]
    growth = rates[SIZES[0]] / rates[SIZES[-1]]
    return [*rows, row("a claim at 100,000 waiting / at 100", growth, "x", n=claims, aim=2.0, at_most=True)]


async def _fill(dispatcher: Dispatcher, arrived: int, size: int, now: float) -> int:
    """Let seekers arrive until `size` wait; returns how many ever arrived."""
    waits = (await dispatcher.store.counts())["waiting"]
    wanted = range(arrived, arrived + size - waits)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        await asyncio.gather(*(dispatcher.store.commit(waiting(each, now - size + each), now) for each in some))
    return wanted.stop


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
