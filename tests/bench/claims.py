"""How many claims a second, with 100, 10,000 and 100,000 waiting: each the whole way from the event to the commit.

Each size is a line of its own on one server, and the sizes take turns, so that noise hits all of them. Beside them, by
the same client and as many at once, a bare script pops as many from a sorted set: nothing is read, decided or sealed.
"""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import time
from contextlib import AsyncExitStack
from typing import Any

from redis.asyncio.connection import AbstractConnection

from handoff.core.events import Claimed
from handoff.dispatcher import Dispatcher
from handoff.ports import Commit
from handoff.store.nodes import Nodes
from handoff.store.wire import Script, Wire
from tests.bench.rows import row
from tests.bench.sizes import Size
from tests.bench.world import front, redis_server, supporter, waiting

SUPPORTERS = 500
CLAIMS = 60
_AT_ONCE = 64
_UNDER_WAY = 8
_POP = b"return redis.call('ZPOPMIN', KEYS[1])"


class Popper:
    """The bare pop: one script of one command on the service's own client."""

    def __init__(self, url: str) -> None:
        self._wire = Wire(Nodes(url, "{pop}"), "{pop}", _no_greeting)
        self._script = Script(_POP, hashlib.sha1(_POP, usedforsecurity=False).hexdigest())

    async def fill(self, size: int) -> None:
        """Add until so many are in the set."""
        for start in range(0, size, 1000):
            pairs = [str(part) for each in range(start, min(start + 1000, size)) for part in (each, f"waiting{each}")]
            await self._wire.ask("ZADD", "{pop}", *pairs)

    async def rate(self) -> float:
        """Pops a second, as many under way as claims."""
        gate = asyncio.Semaphore(_UNDER_WAY)

        async def pop() -> None:
            async with gate:
                assert await self._wire.ask("EVALSHA", self._script.sha, 1, "{pop}")

        await self._wire.ask("SCRIPT", "LOAD", _POP)
        begun = time.perf_counter()
        await asyncio.gather(*(pop() for _ in range(CLAIMS)))
        return CLAIMS / (time.perf_counter() - begun)

    async def close(self) -> None:
        await self._wire.close()


async def _no_greeting(connection: AbstractConnection) -> None:
    """A set of numbers has no format to agree on."""


async def measure(size: Size) -> list[dict[str, Any]]:
    """Claims a second at each size, against the bare pop, and the cost at the largest against that at the smallest."""
    sizes = (100, 10_000, 100_000) if size is Size.FULL else (100, 1000)
    rounds: list[list[float]] = []
    with redis_server() as url:
        async with AsyncExitStack() as open_now:
            lines = [await open_now.enter_async_context(front(url, f"bench{each}")) for each in sizes]
            popper = Popper(url)
            open_now.push_async_callback(popper.close)
            now = time.time()
            for dispatcher, waits in zip(lines, sizes, strict=True):
                await _staff(dispatcher, now)
                await _fill(dispatcher, 0, waits, now)
                await _rate(dispatcher, "warming-up")
            for turn in range(size.of(full=15, small=3)):
                rounds.append([])
                for dispatcher, waits in zip(lines, sizes, strict=True):
                    await _fill(dispatcher, waits + CLAIMS * turn, waits, now)
                    rounds[-1].append(await _rate(dispatcher, f"{turn}"))
                await popper.fill(sizes[1])
                rounds[-1].append(await popper.rate())
    return _rows(rounds, sizes)


def _rows(rounds: list[list[float]], sizes: tuple[int, ...]) -> list[dict[str, Any]]:
    n = CLAIMS * len(rounds)
    *rates, pops = (statistics.median(each) for each in zip(*rounds, strict=True))
    growth = statistics.median(each[0] / each[-2] for each in rounds)
    to_pop = statistics.median(each[1] / each[-1] for each in rounds)
    name = f"{sizes[1]:,} waiting and {SUPPORTERS} supporters"
    return [
        *(row(f"claims with {waits:,} waiting", rate, "/s", n=n) for waits, rate in zip(sizes, rates, strict=True)),
        row("bare pops from a sorted set, by the same client", pops, "/s", n=n),
        row(f"claims with {name} / bare pops", to_pop, "x", n=n, aim=0.3),
        row(f"a claim at {sizes[-1]:,} waiting / at {sizes[0]}", growth, "x", n=n, aim=2.0, at_most=True),
    ]


async def _staff(dispatcher: Dispatcher, now: float) -> None:
    staff = [supporter(f"supporter{each}", now) for each in range(SUPPORTERS)]
    for start in range(0, SUPPORTERS, 100):
        await dispatcher.store.commit(
            Commit(event_id=f"staff{start}", supporters=tuple(staff[start : start + 100])), now
        )


async def _fill(dispatcher: Dispatcher, arrived: int, size: int, now: float) -> None:
    """Let seekers arrive until `size` wait; `arrived` have come before."""
    waits = (await dispatcher.store.counts())["waiting"]
    wanted = range(arrived, arrived + size - waits)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        await asyncio.gather(*(dispatcher.store.commit(waiting(each, now - size + each), now) for each in some))


async def _rate(dispatcher: Dispatcher, turn: str) -> float:
    """Claims a second in one round, every claim for another place, a few under way at a time."""
    places = await dispatcher.store.waiting(CLAIMS)
    gate = asyncio.Semaphore(_UNDER_WAY)
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
