"""A dispatcher over the store in memory, with a clock that stands still and a screen that hears one word."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handoff.commits import Sent
from handoff.core import events as e
from handoff.core.conversation import Conversation
from handoff.core.entries import Entry, EntryKind
from handoff.core.ids import Address
from handoff.core.line import Line
from handoff.core.risk import Assessment, Modifier, Tier
from handoff.core.supporter import Supporter
from handoff.dispatcher import Dispatcher
from handoff.ports import Commit, Outcome, Parcel, Reply, StoreDown
from handoff.store.memory import MemoryStore
from tests.core.making import NOW, SEEKER, heard, line

CRISIS_WORD = "nightfall"
"""What the screen of these tests takes for T4."""
CONCERN_WORD = "dusk"
"""What it takes for T2."""
YOUNG_WORD = "schoolbag"
"""Beside the first, what it takes for somebody under 18."""
NEAR_WORD = "footsteps"
"""Beside the first, what it takes for somebody dangerous nearby."""
UNREADABLE = "kolme"
"""What it takes for a language that nobody here can read."""


_BESIDE = {YOUNG_WORD: Modifier.MINOR, NEAR_WORD: Modifier.PERPETRATOR_NEARBY}


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class OneWordScreen:
    """T4 for one word, T2 for the same word in what was said before; remembers what it was asked to read."""

    def __init__(self) -> None:
        self.read_with: list[tuple[str, tuple[str, ...]]] = []

    def read(self, text: str, context: Sequence[str] = (), language: str | None = None) -> Assessment:
        self.read_with.append((text, tuple(context)))
        if CRISIS_WORD in text:
            return heard(Tier.ACTIVE, *(modifier for word, modifier in _BESIDE.items() if word in text))
        if UNREADABLE in text:
            return heard(Tier.CONCERN, Modifier.LANGUAGE_UNKNOWN)
        if CONCERN_WORD in text:
            return heard(Tier.CONCERN)
        return heard(Tier.CONCERN) if any(CRISIS_WORD in each for each in context) else heard()


class TroubledStore(MemoryStore):
    """Answers `conflict` the next `conflicts` times, and loses the connection after the next `answers` answers."""

    conflicts = 0
    commits = 0

    async def commit(self, commit: Commit, now: float) -> Outcome:
        self.commits += 1
        if self.conflicts > 0:
            self.conflicts -= 1
            return Outcome.CONFLICT
        return await super().commit(commit, now)


class House:
    """What most tests of the service need, in one hand."""

    def __init__(self, at: Line | None = None, pushed: frozenset[str] = frozenset(), desk: bool = False) -> None:
        self.line = at or line()
        self.clock = Clock()
        self.store = TroubledStore("test", self.line.policy, self.clock)
        self.screen = OneWordScreen()
        self.stirred: list[frozenset[str]] = []
        self._ids = itertools.count(1)
        self.front = Dispatcher(
            self.line,
            self.store,
            self.screen,
            key=b"k" * 32,
            clock=self.clock,
            new_id=lambda: f"c{next(self._ids)}",
            sent=Sent(pushed, desk),
            stir=self.stirred.append,
            resource=lambda resource: {"id": resource, "title": "Breathing"} if resource == "breathing" else None,
        )
        self.name = self.front.pseudonym(SEEKER)

    def id(self) -> str:
        return f"event-{next(self._ids)}"

    async def writes(self, text: str = "hello", event_id: str = "", seeker: Address = SEEKER) -> Reply:
        return await self.front.handle(e.SeekerWrote(id=event_id or self.id(), seeker=seeker, text=text))

    async def taps(self, payload: str) -> Reply:
        return await self.front.handle(e.SeekerTapped(id=self.id(), seeker=SEEKER, payload=payload, label="a button"))

    async def desk(self, kind: type[e.DeskEvent], who: str = "sam", event_id: str = "", **about: Any) -> Reply:
        talk = (await self.talk()).id
        return await self.front.handle(kind(id=event_id or self.id(), supporter=who, conversation=talk, **about))

    async def bot(self, kind: type[e.BotEvent], **about: Any) -> Reply:
        return await self.front.handle(kind(id=self.id(), conversation=(await self.talk()).id, **about))

    async def talk(self) -> Conversation:
        found = await self.store.current(SEEKER, self.name)
        assert found is not None
        return found

    async def feed(self) -> list[Entry]:
        return await self.store.feed(self.name)

    async def said(self) -> list[str]:
        return [entry.text for entry in await self.feed()]

    async def cards(self) -> list[Entry]:
        return [entry for entry in await self.feed() if entry.kind is EntryKind.CARD]

    async def add(self, *staff: Supporter) -> None:
        """On the roster as given."""
        for each in staff:
            known = await self.store.supporter(each.id)
            kept = replace(each, version=known.version if known else 0)
            saved = await self.store.commit(Commit(event_id=self.id(), supporters=(kept,)), self.clock())
            assert saved is Outcome.DONE

    async def live(self, *staff: Supporter) -> None:
        """Ana and the first of `staff` are talking."""
        await self.add(*staff)
        await self.writes()
        await self.taps("warmline:person")
        assert (await self.desk(e.Claimed, staff[0].id)).refused is None

    async def lane(self, kind: str) -> tuple[Parcel, ...]:
        """What waits in the lane of this kind, which stays held for a second."""
        hold = await self.store.claim_lane([kind], 1, self.clock(), most=100)
        return hold.parcels if hold else ()


async def down_in_the_middle(house: House, answers: int) -> None:
    """The store answers this often, and then no more."""
    left = itertools.count(answers, -1)
    up = house.store._up

    async def falter() -> None:
        await up()
        if next(left) <= 0:
            raise StoreDown("lost in the middle")

    house.store._up = falter  # type: ignore[method-assign]
