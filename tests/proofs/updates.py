"""Updates that come twice, late and out of order, at three processes at once: each is done once, in order of saving.

Every seeker's messages are delivered one to four times, somewhere near where they belong, as platforms redeliver them.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from handoff.core import events as e
from handoff.core.entries import Entry, Speaker
from handoff.core.ids import Address
from handoff.dispatcher import Dispatcher
from handoff.ports import Contended, Reply
from handoff.store.redis import RedisStore
from tests.proofs.desk import Desk, staff, stores
from tests.proofs.rows import row
from tests.proofs.servers import server

PROCESSES = 3
AT_ONCE = 64
_SCATTER = 200
"""How far a delivery may stray from its place."""


@dataclass(slots=True)
class Told:
    """What the deliverers were answered."""

    saved: dict[str, Entry] = field(default_factory=dict)
    """By event: where it was saved."""
    duplicates: int = 0
    twice: int = 0


def deliveries(seekers: int, many: int, chance: random.Random) -> list[e.SeekerWrote]:
    """`many` deliveries of about half as many messages, scattered."""
    found: list[tuple[float, e.SeekerWrote]] = []
    number = 0
    while len(found) < many:
        seeker = Address("telegram", f"seeker{number % seekers}")
        event = e.SeekerWrote(id=f"update/{number}", seeker=seeker, text=f"message {number}")
        for _ in range(min(chance.choice((1, 1, 2, 4)), many - len(found))):
            found.append((len(found) + chance.uniform(0, _SCATTER), event))
        number += 1
    return [event for _, event in sorted(found, key=lambda each: each[0])]


async def deliver(own: RedisStore, others: Sequence[RedisStore], seekers: int, many: int, seed: int) -> Told:
    """Deliver them all and compare what was answered with what is kept. Raises AssertionError."""
    desk, told, gate = Desk(own), Told(), asyncio.Semaphore(AT_ONCE)
    await desk.begins(*staff("sam"))
    fronts = [desk.front(store, f"process{n}-") for n, store in enumerate(others)]
    events = deliveries(seekers, many, random.Random(seed))

    async def one(number: int, event: e.SeekerWrote) -> None:
        async with gate:
            _note(told, event, await _handle(fronts[number % len(fronts)], event))

    for start in range(0, len(events), 2000):
        some = events[start : start + 2000]
        await asyncio.gather(*(one(start + n, event) for n, event in enumerate(some)))
    await _compare(desk, told, events)
    return told


def _note(told: Told, event: e.SeekerWrote, reply: Reply) -> None:
    assert reply.refused is None
    if reply.duplicate:
        told.duplicates += 1
        return
    told.twice += event.id in told.saved
    told.saved[event.id] = next(each for each in reply.entries if each.text == event.text)


async def _handle(front: Dispatcher, event: e.SeekerWrote) -> Reply:
    while True:
        try:
            return await front.handle(event)
        except Contended:
            continue


async def _compare(desk: Desk, told: Told, events: Sequence[e.SeekerWrote]) -> None:
    """Every message lies once in its seeker's feed, and there where its deliverer was told that it lies."""
    assert told.twice == 0, "an update was done twice"
    assert len(told.saved) == len({event.id for event in events})
    assert told.duplicates == len(events) - len(told.saved)
    by_seeker: dict[Address, dict[str, str]] = {}
    for event in events:
        by_seeker.setdefault(event.seeker, {})[event.id] = event.text
    for seeker, texts in by_seeker.items():
        feed = await desk.store.feed(desk.front().pseudonym(seeker), limit=1_000_000)
        assert [each.seq for each in feed] == list(range(1, len(feed) + 1))
        said = Counter(each.text for each in feed if each.speaker is Speaker.SEEKER)
        assert said == Counter(texts.values())
        at = {each.id: each.seq for each in feed}
        assert all(at[told.saved[event].id] == told.saved[event].seq for event in texts)


async def measure() -> list[dict[str, Any]]:
    """100,000 deliveries of some 50,000 messages of 200 people."""
    many = 100_000
    with server() as url:
        async with stores(url, PROCESSES + 1) as (own, *others):
            told = await deliver(own, others, 200, many, seed=1)
    return [
        row("duplicate and shuffled updates: done twice", told.twice, "", n=many, aim=0, at_most=True),
        row("duplicate and shuffled updates: told to be duplicates", told.duplicates, "", n=many),
    ]
