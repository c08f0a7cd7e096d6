"""Every order in which clients' round trips can reach Redis: one client moves at a time, by one command.

A client is a coroutine over a store whose wire waits at a gate before every command. A schedule says whose command goes
next. `orders` walks all schedules depth first; with `pruned` it walks one of each class that differ only in the order
of neighbouring reads (sleep sets: a client whose next read was tried here already sleeps until somebody writes).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoff.store.redis import RedisStore
from handoff.store.wire import Wire

_READING = frozenset({"HGET", "HMGET", "HVALS", "GET", "EXISTS", "LRANGE", "SMEMBERS", "ZRANGE", "ZRANGEBYSCORE",
                      "ZREVRANGEBYSCORE", "PING", "current", "standing", "waiting", "counts"})  # fmt: skip
_PATIENCE = 60.0
"""Seconds without any client coming to its gate: a defect of the test, not a measurement."""

Client = Callable[[], Coroutine[Any, Any, Any]]


class Gate:
    """Where one client waits before each command."""

    def __init__(self) -> None:
        self.wants: str | None = None
        self.stirred = asyncio.Event()
        self._may = asyncio.Event()

    async def pass_with(self, command: str) -> None:
        self.wants = command
        self.stirred.set()
        await self._may.wait()

    def open(self) -> None:
        self.wants = None
        may, self._may = self._may, asyncio.Event()
        may.set()


class GatedWire:
    """A wire whose every command waits its turn. Without a gate it is the wire itself."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.gate: Gate | None = None

    async def ask(self, *command: str | bytes | int, copies: int = 0) -> Any:
        if self.gate is not None:
            await self.gate.pass_with(str(command[0]))
        return await self._wire.ask(*command, copies=copies)

    async def run(self, script: str, *arguments: str | bytes | int, copies: int = 0) -> Any:
        if self.gate is not None:
            await self.gate.pass_with(script)
        return await self._wire.run(script, *arguments, copies=copies)

    async def close(self) -> None:
        await self._wire.close()


def gated(store: RedisStore) -> GatedWire:
    """Put a gate before every command of this store."""
    wire = GatedWire(store._wire)
    store._wire = wire  # type: ignore[assignment]
    return wire


@dataclass(slots=True)
class _Fork:
    """A place in a schedule: who could go, who went, and who need not be tried (any more)."""

    wants: dict[int, bool]
    """Clients at their gate; whether what they want to do writes."""
    chosen: int
    asleep: set[int]


@dataclass(slots=True)
class Walk:
    """What one walk over all orders saw."""

    orders: int = 0
    cut_short: int = 0
    """Orders left half way, because another one shows the same."""
    longest: int = 0
    trail: list[_Fork] = field(default_factory=list)


Begin = Callable[
    [], Awaitable[tuple[Sequence[Client], Callable[[], Awaitable[None]], Callable[[list[Any]], Awaitable[None]]]]
]
"""Makes a fresh world; returns the clients, what to look at after each write, and what to look at in the end."""


async def orders(begin: Begin, wires: Sequence[GatedWire], *, pruned: bool, most: int = 10**9) -> Walk:
    """Walk every order, at most `most` of them. What `begin` gave raises AssertionError where an order breaks a law."""
    walk = Walk()
    while walk.orders + walk.cut_short < most:
        clients, looked, ended = await begin()
        whole = await _one(walk, clients, wires, looked, ended, pruned)
        walk.orders += whole
        walk.cut_short += not whole
        walk.longest = max(walk.longest, len(walk.trail))
        if not _next(walk.trail):
            break
    return walk


async def _one(
    walk: Walk,
    clients: Sequence[Client],
    wires: Sequence[GatedWire],
    looked: Callable[[], Awaitable[None]],
    ended: Callable[[list[Any]], Awaitable[None]],
    pruned: bool,
) -> bool:
    gates = [Gate() for _ in clients]
    for wire, gate in zip(wires, gates, strict=False):
        wire.gate = gate
    tasks = [asyncio.create_task(client()) for client in clients]
    try:
        if not await _play(walk, tasks, gates, looked, pruned):
            return False
        await ended([task.result() for task in tasks])
    except AssertionError as broken:
        broken.add_note(f"in the order {[fork.chosen for fork in walk.trail]}")
        raise
    finally:
        for wire in wires:
            wire.gate = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return True


async def _play(
    walk: Walk,
    tasks: Sequence[asyncio.Task[Any]],
    gates: Sequence[Gate],
    looked: Callable[[], Awaitable[None]],
    pruned: bool,
) -> bool:
    """False when everybody who could go is asleep: another order shows the same."""
    place, asleep = 0, set[int]()
    while wants := await _at_their_gates(tasks, gates):
        if place < len(walk.trail):
            fork = walk.trail[place]
            assert fork.wants == wants, "the clients do not do the same twice"
        else:
            free = [each for each in wants if each not in asleep]
            if not free:
                return False
            fork = _Fork(wants, free[0], set(asleep))
            walk.trail.append(fork)
        place += 1
        gates[fork.chosen].open()
        writes = wants[fork.chosen]
        asleep = {each for each in fork.asleep if pruned and not writes and not wants[each] and each != fork.chosen}
        await _moved(tasks[fork.chosen], gates[fork.chosen])
        if writes:
            await looked()
    return True


async def _at_their_gates(tasks: Sequence[asyncio.Task[Any]], gates: Sequence[Gate]) -> dict[int, bool]:
    for task, gate in zip(tasks, gates, strict=True):
        await _moved(task, gate)
    return {each: gate.wants not in _READING for each, gate in enumerate(gates) if gate.wants is not None}


async def _moved(task: asyncio.Task[Any], gate: Gate) -> None:
    """Wait until the client is at its gate again, or done. Raises what it failed with."""
    while gate.wants is None and not task.done():
        gate.stirred.clear()
        stirred = asyncio.ensure_future(gate.stirred.wait())
        done, _ = await asyncio.wait({task, stirred}, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        stirred.cancel()
        assert done, "a client neither asked Redis nor ended"
    if task.done():
        task.result()


def _next(trail: list[_Fork]) -> bool:
    """Turn to the next order: the deepest fork with somebody left to try. False when there is none."""
    while trail:
        fork = trail[-1]
        fork.asleep.add(fork.chosen)
        left = [each for each in fork.wants if each not in fork.asleep]
        if left:
            fork.chosen = left[0]
            return True
        trail.pop()
    return False
