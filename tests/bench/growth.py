"""How costs grow with what there is: messages, conversations, supporters and lines, each ten and a hundred times.

A row's exponent is the slope of log cost over log amount: 0 where an operation does not notice, 1 where it grows in
step. The operations are the service's own, in this process, on a real Redis that writes every change to disk: a message
across (the seeker's words and a supporter's answer), a claim, a desk drawn afresh, a sweep that finds nothing due. What
one takes is the second fastest tenth's, since other work on the machine only ever adds.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import redis.asyncio

from connectors.console.options import ConsoleOptions
from connectors.console.picture import draw
from handoff.core.events import Claimed, Event, HandoffAsked, SeekerOpened, SeekerWrote, SupporterWrote
from handoff.core.ids import Address
from handoff.core.supporter import Role
from handoff.deadlines import sweep
from handoff.dispatcher import Dispatcher
from handoff.ports import Commit
from tests.bench.rows import exponent, quantile, row
from tests.bench.sizes import Size
from tests.bench.world import front, redis_server, supporter, waiting

_AT_ONCE = 64
_TIMED = 60
"""Operations of each kind."""
_QUIET_SHARE = 0.2
_FACTORS = (1, 10, 100)
_KB = 1024
_numbers = itertools.count()

Operation = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How much there is of everything on one server. `messages` in the one conversation that is measured."""

    messages: int = 20
    conversations: int = 20
    waiting: int = 100
    supporters: int = 10
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of each operation, by name, and kilobytes that Redis holds of it all."""

    took: dict[str, float]
    stored: float


async def measure(size: Size) -> list[dict[str, Any]]:
    """Exponents of every operation's cost and of Redis's memory, for each thing that grows."""
    factors = _FACTORS if size is Size.FULL else _FACTORS[:2]
    rows = []
    for thing, start in (("messages", 20), ("conversations", 20), ("supporters", 10), ("lines", 1)):
        amounts = [start * factor for factor in factors]
        costs = await _costs([replace(World(), **{thing: amount}) for amount in amounts])
        rows += _rows(thing, amounts, costs)
    return rows


def _rows(thing: str, amounts: Sequence[int], costs: Sequence[Cost]) -> list[dict[str, Any]]:
    span = f"{amounts[0]:,} to {amounts[-1]:,} {thing}"
    rows = [
        row(f"{span}: {name}, exponent", exponent(amounts, [each.took[name] for each in costs]), "", n=_TIMED)
        for name in costs[0].took
    ]
    rows += [row(f"{amounts[-1]:,} {thing}: {name}", took, "ms", n=_TIMED) for name, took in costs[-1].took.items()]
    each = (costs[-1].stored - costs[0].stored) / (amounts[-1] - amounts[0])
    return [
        *rows,
        row(f"{span}: memory in Redis, exponent", exponent(amounts, [max(each.stored, 1) for each in costs]), "", n=1),
        row(f"{span}: memory in Redis for one more", each, "KB", n=amounts[-1] - amounts[0]),
    ]


async def _costs(worlds: Sequence[World]) -> list[Cost]:
    """Each on a server of its own; their operations are timed by turns, so that noise hits all of them."""
    async with AsyncExitStack() as open_now:
        firsts, stored = [], []
        for world in worlds:
            url = open_now.enter_context(redis_server())
            empty = await _stored(url)
            lines = [await open_now.enter_async_context(front(url, f"line{each}")) for each in range(world.lines)]
            for line in lines:
                await _fill(line, world)
            firsts.append(lines[0])
            stored.append(await _stored(url) - empty)
        timed = [await _operations(line) for line in firsts]
        took = {name: await _by_turns([each[name] for each in timed]) for name in timed[0]}
        return [Cost({name: each[place] for name, each in took.items()}, stored[place]) for place in range(len(worlds))]


async def _stored(url: str) -> float:
    client = redis.asyncio.from_url(url)
    used = (await client.info("memory"))["used_memory"] / _KB
    await client.aclose()
    return float(used)


async def _fill(line: Dispatcher, world: World) -> None:
    """Supporters 0 and 1 hold one conversation each, the first of which is measured; the others hold all the rest."""
    now = time.time()
    staff = [supporter(f"supporter{each}", now) for each in range(world.supporters)]
    commits = [Commit(event_id=f"staff{each.id}", supporters=(each,)) for each in staff]
    commits += [waiting(each, now - each) for each in range(world.waiting)]
    for start in range(0, len(commits), _AT_ONCE):
        await asyncio.gather(*(line.store.commit(each, now) for each in commits[start : start + _AT_ONCE]))
    for start in range(0, world.conversations, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, world.conversations))
        await asyncio.gather(*(_go_live(line, number, _holder(number, world)) for number in numbers))
    talk = await _first(line)
    for _ in range(world.messages // 2):
        await _message(line, talk)


def _holder(number: int, world: World) -> str:
    return f"supporter{number if number < 2 else 2 + number % (world.supporters - 2)}"


async def _go_live(line: Dispatcher, number: int, by: str) -> None:
    opened = await line.handle(SeekerOpened(id=f"open{number}", seeker=Address("web", f"live{number}")))
    assert opened.conversation is not None
    name = opened.conversation.id
    for event in (
        HandoffAsked(id=f"asked{number}", conversation=name, why="asked"),
        Claimed(id=f"taken{number}", supporter=by, conversation=name),
        SupporterWrote(id=f"hello{number}", supporter=by, conversation=name, text="Hello"),
    ):
        await _done(line, event)


async def _done(line: Dispatcher, event: Event) -> None:
    reply = await line.handle(event)
    assert reply.refused is None, reply.refused


async def _first(line: Dispatcher) -> str:
    """The conversation that supporter 0 holds."""
    one = await line.store.supporter("supporter0")
    assert one is not None
    return one.holding[0]


async def _operations(line: Dispatcher) -> dict[str, Operation]:
    talk = await _first(line)
    return {
        "a message across and its answer": lambda: _message(line, talk),
        "a claim": lambda: _claim(line),
        "a supporter's desk drawn": lambda: _desk(line, Role.SUPPORTER),
        "a lead's desk drawn": lambda: _desk(line, Role.LEAD),
        "a sweep": lambda: sweep(line, line.store),
    }


async def _desk(line: Dispatcher, role: Role) -> None:
    options = ConsoleOptions(line_name="Bench", policy=line.line.policy, wording={}, search=_nothing)
    found = await line.store.supporter("supporter0")
    assert found is not None
    await draw(line.store, options, replace(found, role=role), (), line.clock())


async def _by_turns(operations: Sequence[Operation]) -> list[float]:
    """Milliseconds of each."""
    took: list[list[float]] = [[] for _ in operations]
    for _ in range(_TIMED):
        for operation, times in zip(operations, took, strict=True):
            begun = time.perf_counter()
            await operation()
            times.append(time.perf_counter() - begun)
    return [quantile(each, _QUIET_SHARE) * 1000 for each in took]


async def _message(line: Dispatcher, talk: str) -> None:
    number = next(_numbers)
    said = "It went a little better today."
    await _done(line, SeekerWrote(id=f"said{number}", seeker=Address("web", "live0"), text=said))
    answer = "I am glad that you told me."
    await _done(line, SupporterWrote(id=f"answer{number}", supporter="supporter0", conversation=talk, text=answer))


async def _claim(line: Dispatcher) -> None:
    place = (await line.store.waiting(1))[0]
    await _done(line, Claimed(id=f"claim{next(_numbers)}", supporter="supporter1", conversation=place.conversation))


async def _nothing(*_: object) -> list[dict[str, Any]]:
    return []
