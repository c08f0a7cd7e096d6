"""The real queue, driven by arrivals that are known beforehand: events through the dispatcher, on a clock of its own.

What people at the desk do is written here a second time, from the documents and not from the simulation, so that the
two can be held against each other.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from handoff.core import events as e
from handoff.core.ids import Address
from handoff.core.matching import eligible
from handoff.core.policy import Policy
from handoff.core.queue import Place
from handoff.core.risk import CRISIS, NO_RISK, Assessment, Signal, Subject, Tier
from handoff.core.supporter import Presence, Supporter
from handoff.deadlines import SWEEP_SECONDS, sweep
from handoff.dispatcher import Dispatcher
from handoff.ports import Commit, Store
from handoff.sealing import Sealer
from handoff.simulation.arriving import Arrival
from handoff.store.memory import MemoryStore
from handoff.store.redis import RedisStore
from tests.bench.world import KEY, LONG, make_line

QUIET = Policy(
    unanswered_question_seconds=LONG, card_confirm_seconds=LONG, seeker_checkin_seconds=LONG, presence_seconds=LONG,
    crisis_cooldown_seconds=0,
)  # fmt: skip
"""Nothing happens but what the arrivals bring: no silence ends, no question turns into a crisis, nobody rests."""
_ALL = 100_000


@dataclass(frozen=True, slots=True)
class Served:
    """Who was accepted, when (on the arrivals' own clock), and by whom."""

    number: int
    at: float
    by: str


class Clock:
    """Stands still until it is set. The arrivals' 0 is `begins`, seconds since the epoch."""

    def __init__(self, begins: float) -> None:
        self.begins = begins
        self.moment = 0.0

    def __call__(self) -> float:
        return self.begins + self.moment


class TierScreen:
    """Hears the tier that the words name."""

    def read(self, text: str, context: Sequence[str] = (), language: str | None = None) -> Assessment:
        name, _, tier = text.partition(" ")
        if name != "tier":
            return NO_RISK
        signal = Signal("suicide", Tier(int(tier)), "explicit", f"words of tier {tier}")
        return Assessment(signal.tier, (signal.domain,), Subject.SELF, (signal,), 0.5)


@asynccontextmanager
async def in_memory(policy: Policy = QUIET) -> AsyncIterator[Dispatcher]:
    """A dispatcher over the store in memory."""
    clock = Clock(1_780_000_000.0)
    yield _front(MemoryStore("bench", policy, clock), clock, policy)


@asynccontextmanager
async def in_redis(url: str, begins: float, policy: Policy = QUIET) -> AsyncIterator[Dispatcher]:
    """A dispatcher over a real server; `begins`: about now, since records expire by the server's own clock."""
    store = await RedisStore.connect(url, "driven", policy, Sealer([KEY]))
    yield _front(store, Clock(float(round(begins))), policy)
    await store.close()


def _front(store: Store, clock: Clock, policy: Policy) -> Dispatcher:
    count = itertools.count()
    return Dispatcher(make_line(policy), store, TierScreen(), key=KEY, clock=clock, new_id=lambda: f"c{next(count):08}")


async def drive(front: Dispatcher, arrivals: Sequence[Arrival], staff: Sequence[Supporter]) -> list[Served]:
    """Let them all come, and every supporter do their work, until everybody was served or left."""
    present = tuple(
        replace(each, presence=Presence.AVAILABLE, present_until=front.clock() + 2 * LONG) for each in staff
    )
    await front.store.commit(Commit(event_id="staff", supporters=present), front.clock())
    desk = _Desk(front)
    for each in arrivals:
        desk.at(each.at, lambda each=each: desk.comes(each))  # type: ignore[misc]
    await desk.runs()
    return desk.served


class _Desk:
    def __init__(self, front: Dispatcher) -> None:
        assert isinstance(front.clock, Clock)
        self.served: list[Served] = []
        self._front = front
        self._clock = front.clock
        self._agenda: list[tuple[float, int, Callable[[], Awaitable[None]]]] = []
        self._count = itertools.count()
        self._known: dict[str, Arrival] = {}
        self._going: dict[tuple[str, str], int] = {}
        """A conversation and who is about to accept it: which of all attempts this is."""
        self._urgent: set[str] = set()
        self._assigned: dict[str, str | None] = {}
        self._next_sweep = math.inf

    def at(self, moment: float, what: Callable[[], Awaitable[None]]) -> None:
        heapq.heappush(self._agenda, (moment, next(self._count), what))

    async def runs(self) -> None:
        while self._agenda:
            self._clock.moment, _, what = heapq.heappop(self._agenda)
            await what()

    async def comes(self, arrival: Arrival) -> None:
        seeker = Address("web", f"seeker{arrival.number}")
        if arrival.tier > Tier.NONE:
            await self._event(e.SeekerWrote(id=self._id(), seeker=seeker, text=f"tier {int(arrival.tier)}"))
        if arrival.tier is Tier.CONCERN:
            await self._event(e.SeekerTapped(id=self._id(), seeker=seeker, payload="warmline:safety_no", label="no"))
        if arrival.tier < CRISIS:
            await self._event(e.SeekerTapped(id=self._id(), seeker=seeker, payload="warmline:person", label="a person"))
        found = await self._front.store.current(seeker, await self._front.who(seeker))
        assert found is not None
        self._known[found.id] = arrival
        if found.in_crisis_lane:
            self._urgent.add(found.id)
            self._sweep_soon()
        await self._looks()
        if arrival.patience < math.inf:
            self.at(self._clock.moment + arrival.patience, lambda: self._gives_up(found.id, seeker))

    async def _gives_up(self, conversation: str, seeker: Address) -> None:
        if conversation in self._known:
            self._off(conversation)
            await self._event(e.SeekerGone(id=self._id(), seeker=seeker, why="blocked"))
            await self._looks()

    async def _looks(self) -> None:
        """Whoever has room goes for the first place they may accept; the least busy first."""
        staff = await self._front.store.supporters()
        if all(self._room(each) <= 0 for each in staff):
            return
        for place in await self._front.store.waiting(_ALL):
            if any(conversation == place.conversation for conversation, _ in self._going):
                continue
            able = [each for each in staff if self._room(each) > 0 and self._may(place, each)]
            if able:
                first = min(able, key=lambda each: (each.capacity - self._room(each), each.id))
                await self._goes_for(place.conversation, first.id)
                staff = await self._front.store.supporters()

    def _may(self, place: Place, supporter: Supporter) -> bool:
        return eligible(place, supporter, self._front.clock(), self._front.line.policy).ok

    def _room(self, supporter: Supporter) -> int:
        going = sum(name == supporter.id for _, name in self._going)
        return supporter.capacity - len(supporter.holding) - going

    async def _goes_for(self, conversation: str, supporter: str) -> None:
        attempt = next(self._count)
        self._going[conversation, supporter] = attempt
        needs = self._known[conversation].accept
        if needs:
            self.at(self._clock.moment + needs, lambda: self._accepts(conversation, supporter, attempt))
        else:
            await self._accepts(conversation, supporter, attempt)

    async def _accepts(self, conversation: str, supporter: str, attempt: int) -> None:
        if self._going.get((conversation, supporter)) != attempt:
            return
        del self._going[conversation, supporter]
        event = e.Claimed(id=self._id(), supporter=supporter, conversation=conversation)
        if (await self._front.handle(event)).refused is not None:
            await self._looks()
            return
        arrival = self._known[conversation]
        self._off(conversation)
        self.served.append(Served(arrival.number, self._clock.moment, supporter))
        await self._event(
            e.SupporterWrote(id=self._id(), supporter=supporter, conversation=conversation, text="Hello, I am here.")
        )
        ends = self._clock.moment + arrival.talk + arrival.wrap_up
        self.at(ends, lambda: self._closes(conversation, supporter))

    async def _closes(self, conversation: str, supporter: str) -> None:
        await self._event(
            e.SupporterClosed(id=self._id(), supporter=supporter, conversation=conversation, outcome="supported")
        )
        await self._looks()

    # --- the sweep --------------------------------------------------------------------------------------------------

    def _sweep_soon(self) -> None:
        moment = math.ceil(self._clock.moment / SWEEP_SECONDS) * SWEEP_SECONDS
        if self._next_sweep > moment:
            self._next_sweep = moment
            self.at(moment, self._sweeps)

    async def _sweeps(self) -> None:
        """As the service does twice a second; while nobody in a crisis waits, nothing that matters here can be due."""
        self._next_sweep = math.inf
        if not self._urgent:
            return
        while await sweep(self._front, self._front.store):
            pass
        for place in await self._front.store.waiting(_ALL):
            before, now = self._assigned.get(place.conversation), place.assigned_to
            self._assigned[place.conversation] = now
            if now is not None and now != before:
                await self._was_assigned(place.conversation, now)
        await self._looks()
        self._next_sweep = self._clock.moment + SWEEP_SECONDS
        self.at(self._next_sweep, self._sweeps)

    async def _was_assigned(self, conversation: str, supporter: str) -> None:
        """A crisis comes first: for it, whoever has no room left lets what is least urgent go."""
        if (conversation, supporter) in self._going:
            return
        known = await self._front.store.supporter(supporter)
        assert known is not None
        going = [each for each, name in self._going if name == supporter]
        calmest = min(going, key=lambda each: self._known[each].tier, default=conversation)
        if self._room(known) <= 0 and self._known[calmest].tier < self._known[conversation].tier:
            del self._going[calmest, supporter]
        await self._goes_for(conversation, supporter)

    def _off(self, conversation: str) -> None:
        del self._known[conversation]
        for pair in [each for each in self._going if each[0] == conversation]:
            del self._going[pair]
        self._urgent.discard(conversation)

    async def _event(self, event: e.Event) -> None:
        reply = await self._front.handle(event)
        assert reply.refused is None, reply.refused

    def _id(self) -> str:
        return f"driven{next(self._count)}"
