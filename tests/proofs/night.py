"""A night at the line on both stores at once: the people and events of the core's own machine, through the service's
dispatcher, its sweep and its erasures, over a real Redis and over the twin in memory."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from handoff.commits import Sent
from handoff.core import events as e
from handoff.core.conversation import Conversation
from handoff.core.entries import Entry
from handoff.core.ids import Address
from handoff.core.line import Line
from handoff.core.risk import NO_RISK, Assessment, Modifier, Tier
from handoff.core.supporter import Supporter
from handoff.deadlines import sweep
from handoff.delivery import Erasures
from handoff.dispatcher import Dispatcher
from handoff.ports import Commit, LaneHold, Outcome, Reply, Store
from handoff.sealing import Sealer
from handoff.store.memory import MemoryStore
from handoff.store.redis import RedisStore
from tests.bench.world import KEY
from tests.core.making import LONG, heard, line, supporter
from tests.core.test_any_order import SEEKERS, STAFF, House
from tests.proofs.desk import Clock

SENT = Sent(channels=frozenset({"web"}))
_lines = itertools.count(1)
T = TypeVar("T")


class Ear:
    """A screen that hears what the machine has just decided it should."""

    def __init__(self) -> None:
        self.hears = NO_RISK

    def read(self, text: str, context: Sequence[str] = (), language: str | None = None) -> Assessment:
        return self.hears


@dataclass(frozen=True, slots=True)
class Seen:
    """What one store has."""

    current: dict[Address, str]
    conversations: dict[str, Conversation]
    supporters: dict[str, Supporter]
    feeds: dict[str, list[Entry]]
    margins: dict[str, list[Entry]]
    rest: tuple[Any, ...]


async def look(store: Store, names: dict[Address, str], conversations: Sequence[str]) -> Seen:
    """Everything of these seekers, and of the line."""
    current = {each: await store.current(each, name) for each, name in names.items()}
    talks = [await store.conversation(each) for each in conversations]
    return Seen(
        current={seeker: talk.id for seeker, talk in current.items() if talk is not None},
        conversations={talk.id: talk for talk in talks if talk is not None},
        supporters={each.id: each for each in await store.supporters()},
        feeds={name: await store.feed(name, limit=10_000) for name in names.values()},
        margins={each: await store.margin(each) for each in conversations},
        rest=(
            await store.waiting(),
            await store.due(9e99, 10_000),
            await store.alerts(),
            await store.counts(),
            await store.dead_letters(),
        ),
    )


class StoredWorld:
    """What the core's `World` is, kept in two stores that must agree."""

    def __init__(self, url: str, *staff: Supporter) -> None:
        self._runner = asyncio.Runner()
        name = f"night-{next(_lines)}"
        self.clock, self._ear, self._ids = Clock(), Ear(), itertools.count(1)
        redis = self._runner.run(RedisStore.connect(url, name, line().policy, Sealer([KEY])))
        self.stores: tuple[Store, Store] = (MemoryStore(name, line().policy), redis)
        self._seen: Seen | None = None
        self._counts = [itertools.count(1), itertools.count(1)]
        self.line = line()
        people = tuple(replace(each, version=0) for each in staff)
        assert self.both(lambda store: store.commit(Commit(event_id="staff", supporters=people), 0)) is Outcome.DONE

    def close(self) -> None:
        for store in self.stores:
            self._runner.run(store.close())
        self._runner.close()

    def both(self, ask: Callable[[Store], Awaitable[T]]) -> T:
        """The one answer of both stores."""

        async def asked() -> tuple[T, T]:
            return await ask(self.stores[0]), await ask(self.stores[1])

        mine, theirs = self._runner.run(asked())
        assert mine == theirs
        return mine

    def changes(self, ask: Callable[[Store], Awaitable[T]]) -> T:
        """Likewise, and both have to be looked at again."""
        self._seen = None
        return self.both(ask)

    @property
    def line(self) -> Line:
        return self._line

    @line.setter
    def line(self, value: Line) -> None:
        self._line = value
        self._fronts = [self._front(store, count) for store, count in zip(self.stores, self._counts, strict=True)]

    def _front(self, store: Store, count: Any) -> Dispatcher:
        new_id = lambda: f"c{next(count)}"  # noqa: E731
        return Dispatcher(self._line, store, self._ear, key=KEY, clock=self.clock, new_id=new_id, sent=SENT)

    @property
    def now(self) -> float:
        return self.clock.now

    def id(self) -> str:
        return f"e{next(self._ids)}"

    def do(self, event: e.Event) -> Reply:
        """One event, and whatever it makes due at once; then what was to be erased is."""
        self.clock.now += 0.125
        self._seen = None
        replies = [self._runner.run(front.handle(event)) for front in self._fronts]
        assert replies[0] == replies[1]
        self._sweep()
        self._erase()
        return replies[0]

    def writes(self, text: str, tier: Tier = Tier.NONE, *modifiers: Modifier, seeker: Address) -> Reply:
        self._ear.hears = heard(tier, *modifiers)
        reply = self.do(e.SeekerWrote(id=self.id(), seeker=seeker, text=text))
        self._ear.hears = NO_RISK
        return reply

    def passes(self, seconds: float) -> None:
        """Time passes, and every deadline on the way falls due in its turn."""
        until = self.now + seconds
        while (due := self.both(lambda store: store.due(until, 1))) and due[0][2] <= until:
            self.clock.now = max(self.now, due[0][2])
            self._sweep()
        self.clock.now = until

    def _sweep(self) -> None:
        self._seen = None
        for front, store in zip(self._fronts, self.stores, strict=True):
            self._runner.run(sweep(front, store))

    def _erase(self) -> None:
        while hold := self.claims(["erase"]):
            for store in self.stores:
                carried = self._runner.run(Erasures(store, lambda: self.now + 60).carry(hold))
                self._runner.run(_as_coroutine(store.settle(hold, carried.settled, self.now)))

    def claims(self, kinds: Sequence[str]) -> LaneHold | None:
        return self.changes(lambda store: store.claim_lane(kinds, 30, self.now))

    # --- what is seen -----------------------------------------------------------------------------------------------

    @property
    def current(self) -> dict[Address, str]:
        return self._look().current

    @property
    def conversations(self) -> dict[str, Conversation]:
        return self._look().conversations

    @property
    def supporters(self) -> dict[str, Supporter]:
        return self._look().supporters

    @property
    def feeds(self) -> dict[str, list[Entry]]:
        return self._look().feeds

    @property
    def margins(self) -> dict[str, list[Entry]]:
        return self._look().margins

    def _look(self) -> Seen:
        """What both stores have, compared once after each change."""
        if self._seen is None:
            memory = self.stores[0]
            assert isinstance(memory, MemoryStore)
            names = {each: self._fronts[0].pseudonym(each) for each in SEEKERS}
            self._seen = self.both(lambda store: look(store, names, list(memory._books.conversations)))
        return self._seen

    def lapses(self, who: str) -> None:
        """A supporter's presence ends now."""
        gone = replace(self.supporters[who], present_until=self.now)
        self.changes(lambda store: store.commit(Commit(event_id=self._fresh(), supporters=(gone,)), self.now))

    def _fresh(self) -> str:
        return f"lapse{self.now}"


async def _as_coroutine(asked: Awaitable[T]) -> T:
    return await asked


class Night(House):
    """The core's house, stored."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        staff = [replace(self.world.supporters[each], present_until=self.world.now + LONG) for each in STAFF]
        self.stored = StoredWorld(self.url, *staff)
        self.world = self.stored  # type: ignore[assignment]

    def teardown(self) -> None:
        self.stored.close()

    @rule(who=st.sampled_from(STAFF))
    def loses_the_connection(self, who: str) -> None:
        if who in self.stored.supporters:
            self.stored.lapses(who)

    @rule(who=st.sampled_from(("sam", "lee")))
    def is_removed_and_comes_back(self, who: str) -> None:
        self.stored.do(e.SupporterRemoved(id=self.stored.id(), supporter=who))
        self.stored.do(e.SupporterSaved(id=self.stored.id(), supporter=who, profile=supporter(who)))

    @rule(kind=st.sampled_from(("web", "bot", "records")), ends=st.sampled_from(("settle", "postpone", "bury", "die")))
    def a_worker_sends(self, kind: str, ends: str) -> None:
        """Of one kind: which of two kinds due at the same moment comes first is nobody's promise."""
        self.stored.passes(0.125)
        hold = self.stored.claims([kind])
        if hold is None or ends == "die":
            return
        now = self.stored.now
        if ends == "settle":
            assert self.stored.changes(lambda store: store.settle(hold, 1, now))
        elif ends == "postpone":
            assert self.stored.changes(lambda store: store.postpone(hold, now + 5))
        else:
            assert self.stored.changes(lambda store: store.bury(hold, "gone", now))

    @invariant()
    def whoever_is_open_is_looked_at_again(self) -> None:
        due = {who for _, who, _ in self.stored.both(lambda store: store.due(9e99, 10_000))}
        assert all(talk.id in due for talk in self.stored.conversations.values() if talk.is_open and talk.deadlines)
