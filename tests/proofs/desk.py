"""A line over a real Redis for proofs: its dispatchers, its people, and the laws that must hold at every moment."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from handoff.commits import Sent
from handoff.core import events as e
from handoff.core.conversation import Conversation, Owner, Phase
from handoff.core.ids import Address
from handoff.core.line import Line
from handoff.core.risk import NO_RISK, Assessment, Tier
from handoff.core.supporter import Supporter
from handoff.dispatcher import Dispatcher
from handoff.ports import Commit, Outcome, Reply, Store
from handoff.sealing import Sealer
from handoff.store.redis import RedisStore
from tests.bench.world import KEY
from tests.core.laws import OWNERS
from tests.core.making import NOW, heard, line, supporter

_MARKS = frozenset(f"T{int(tier)}" for tier in Tier)
SENT = Sent(channels=frozenset({"telegram"}))


class Clock:
    """What a dispatcher takes for now."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class MarkedWords:
    """Hears the tier that a text names with its last word, such as `I am not well T4`."""

    def read(self, text: str, context: Sequence[str] = (), language: str | None = None) -> Assessment:
        mark = text.split(" ")[-1]
        return heard(Tier(int(mark[1:]))) if mark in _MARKS else NO_RISK


def front(store: Store, at: Line, clock: Clock, name: str) -> Dispatcher:
    """A process's way in; its ids begin with `name`."""
    count = itertools.count(1)
    return Dispatcher(at, store, MarkedWords(), key=KEY, clock=clock, new_id=lambda: f"{name}{next(count)}", sent=SENT)


@dataclass(slots=True)
class Desk:
    """One line: a store of our own to look with, a dispatcher of our own to begin with, and what was seen so far."""

    store: RedisStore
    clock: Clock = field(default_factory=Clock)
    line: Line = field(default_factory=line)
    epochs: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    seekers: dict[str, Address] = field(default_factory=dict)
    _count: Any = field(default_factory=lambda: itertools.count(1))

    def front(self, store: Store | None = None, name: str = "own") -> Dispatcher:
        return front(store or self.store, self.line, self.clock, name)

    def event_id(self) -> str:
        return f"begin{next(self._count)}"

    async def begins(self, *staff: Supporter) -> None:
        """An empty line with these supporters."""
        await self.store._wire.ask("FLUSHALL")
        self.store._roster.clear()
        people = tuple(replace(each, version=0) for each in staff)
        assert await self.store.commit(Commit(event_id="staff", supporters=people), self.clock()) is Outcome.DONE

    async def do(self, event: e.Event, by: Dispatcher | None = None) -> Reply:
        return await (by or self.front(name=event.id)).handle(event)

    async def waits(self, who: str, channel: str = "telegram") -> Conversation:
        """Somebody who has asked for a person."""
        seeker = Address(channel, who)
        await self.do(e.SeekerWrote(id=self.event_id(), seeker=seeker, text="hello"))
        await self.do(e.SeekerTapped(id=self.event_id(), seeker=seeker, payload="warmline:person", label="a person"))
        talk = await self.current(seeker)
        self.seekers[talk.id] = seeker
        assert talk.phase is Phase.WAITING
        return talk

    async def held(self, who: str, by: str, channel: str = "telegram") -> Conversation:
        """Somebody who talks with a supporter."""
        talk = await self.waits(who, channel)
        await self.do(e.Claimed(id=self.event_id(), supporter=by, conversation=talk.id))
        return await self.talk(talk.id)

    async def talk(self, conversation: str) -> Conversation:
        found = await self.store.conversation(conversation)
        assert found is not None
        return found

    async def current(self, seeker: Address) -> Conversation:
        found = await self.store.current(seeker, self.front().pseudonym(seeker))
        assert found is not None
        return found

    async def texts(self, pseudonym: str) -> list[str]:
        return [each.text for each in await self.store.feed(pseudonym)]

    async def laws(self) -> None:
        """One owner, capacity, epochs and versions that never fall, feeds without a gap, indexes that say the truth."""
        roster = await self.store.supporters()
        held = [conversation for each in roster for conversation in each.holding]
        assert len(held) == len(set(held)), "somebody is held by two"
        assert all(len(each.holding) <= each.capacity for each in roster), "capacity is exceeded"
        talks = await all_talks(self.store)
        live = {each.id: each.supporter for each in talks if each.phase is Phase.LIVE}
        assert {conversation: each.id for each in roster for conversation in each.holding} == live
        waiting = {each.conversation for each in await self.store.waiting(10_000)}
        assert waiting == {each.id for each in talks if each.phase is Phase.WAITING}
        counts = await self.store.counts()
        assert (counts["waiting"], counts["live"]) == (len(waiting), len(live))
        for talk in talks:
            self._never_falls(talk)
        open_ones = [each.pseudonym for each in talks if each.is_open]
        assert len(open_ones) == len(set(open_ones)), "somebody has two open talks"
        await self._feeds(talks)
        await self._nobody_is_forgotten(talks)

    def _never_falls(self, talk: Conversation) -> None:
        assert talk.owner is OWNERS[talk.phase]
        assert (talk.owner is Owner.SUPPORTER) == (talk.supporter is not None and talk.phase is Phase.LIVE)
        assert talk.epoch >= self.epochs.get(talk.id, 0), "an epoch fell"
        assert talk.version >= self.versions.get(talk.id, 0), "a version fell"
        self.epochs[talk.id], self.versions[talk.id] = talk.epoch, talk.version

    async def _feeds(self, talks: Sequence[Conversation]) -> None:
        for pseudonym in {each.pseudonym for each in talks}:
            entries = await self.store.feed(pseudonym, limit=100_000)
            assert [each.seq for each in entries] == list(range(1, len(entries) + 1)), "a feed has a gap"
            assert len({each.id for each in entries}) == len(entries), "an entry is there twice"

    async def _nobody_is_forgotten(self, talks: Sequence[Conversation]) -> None:
        """Every deadline of a talk lies in the index, at its time or earlier."""
        due = {(kind, who): at for kind, who, at in await self.store.due(float("inf"), 100_000)}
        for talk in talks:
            for kind, at in talk.deadlines.items():
                assert due.get((kind, talk.id), float("inf")) <= at, f"the deadline {kind} is forgotten"


async def all_talks(store: RedisStore) -> list[Conversation]:
    """Every conversation that is stored."""
    keys = await store._wire.ask("KEYS", "*:conversation:*")
    found = [await store.conversation(each.decode().rsplit(":", 1)[1]) for each in keys]
    return [each for each in found if each is not None]


@asynccontextmanager
async def stores(url: str, many: int) -> AsyncIterator[list[RedisStore]]:
    """So many processes' stores of one line; all know the line's secret, which a flush does not take from them."""
    made = [await RedisStore.connect(url, "proof", line().policy, Sealer([KEY])) for _ in range(many)]
    try:
        yield made
    finally:
        for each in made:
            await each.close()


def staff(*names: str, capacity: int = 2) -> tuple[Supporter, ...]:
    return tuple(supporter(name, capacity=capacity) for name in names)
