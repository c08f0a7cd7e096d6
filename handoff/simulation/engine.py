"""One run: people come, wait in the queue of `handoff/core`, are accepted, talk, and go. Discrete events, by simpy.

The order of the queue, who may accept what, whom a crisis is assigned to and how it climbs are the service's own
functions (`place`, `eligible`, `decide`). What people do is ours to assume:

- a supporter with room goes for the first place in the queue that they may accept, and needs a moment to accept it;
- a lead leaves a crisis to others until it climbs;
- of several supporters the one with the fewest conversations goes first;
- a crisis that is assigned to somebody comes before what they were about to accept and is less urgent; when it climbs,
  they still accept it unless the next is faster;
- who stops waiting is gone; who goes home finishes the talks they hold.
"""

from __future__ import annotations

import itertools
import math
from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import simpy

from handoff.core.conversation import Deadline
from handoff.core.line import Line
from handoff.core.matching import eligible
from handoff.core.queue import Place
from handoff.core.risk import CRISIS, Tier
from handoff.core.supporter import Presence, Supporter
from handoff.deadlines import SWEEP_SECONDS
from handoff.simulation.arriving import Arrival
from handoff.simulation.seekers import Seeker
from handoff.simulation.staffing import Person, changes
from handoff.simulation.using import Using

Order = Callable[[Tier, float], float]
"""A place's key, lowest first, from its tier and since when it waits."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one arrival. `answered` and `left` are moments; neither: still waiting when the run ended.

    `closed`: they came while nobody was expected, were told so, and did not queue.
    """

    arrival: Arrival
    answered: float | None = None
    left: float | None = None
    by: str = ""
    closed: bool = False

    def waited(self, until: float) -> float:
        """Seconds until they were answered or left, or up to the run's end."""
        moments = (each for each in (self.answered, self.left) if each is not None)
        return next(moments, until) - self.arrival.at


@dataclass(frozen=True, slots=True)
class Played:
    """A finished run: outcomes in the order of arrival, and how the desk was used, by hour of the week."""

    outcomes: tuple[Outcome, ...]
    using: Using
    until: float


def play(
    arrivals: Sequence[Arrival], people: Sequence[Person], line: Line, until: float, order: Order | None = None
) -> Played:
    """Let these people come to these supporters until `until` (seconds after a Monday 00:00).

    `order` replaces the queue's own, for comparing. Who comes while nobody is on shift is told so and does not queue,
    but for the crisis lane.
    """
    return _Run(people, line, order, until).played(arrivals)


def leaves_it_to_others(supporter: Supporter, place: Place) -> bool:
    """Whether it is a lead who might take a crisis at any time, but that has not climbed to them."""
    return supporter.is_lead and place.tier >= CRISIS and place.climb == 0


class _Run:
    def __init__(self, people: Sequence[Person], line: Line, order: Order | None, until: float) -> None:
        self._env = simpy.Environment()
        self._line = line
        self._order = order
        self._until = until
        self._people = {each.supporter.id: each for each in people}
        self._staff = {each.supporter.id: replace(each.supporter, present_until=math.inf) for each in people}
        self._reaching: dict[str, list[Seeker]] = {name: [] for name in self._staff}
        self._queue: list[tuple[float, int, Seeker]] = []
        self._parked: list[tuple[Seeker, Deadline, float]] = []
        self._outcomes: dict[int, Outcome] = {}
        self._using = Using()

    def played(self, arrivals: Sequence[Arrival]) -> Played:
        for at in changes(list(self._people.values()), self._until):
            self._at(at, self._staff_changes)
        self._env.process(self._coming(arrivals))
        self._env.run(until=self._until)
        self._count()
        outcomes = (self._outcomes.get(each.number, Outcome(each)) for each in arrivals)
        return Played(tuple(outcomes), self._using, self._until)

    # --- people come and go -----------------------------------------------------------------------------------------

    def _coming(self, arrivals: Sequence[Arrival]) -> simpy.events.ProcessGenerator:
        for each in arrivals:
            yield self._env.timeout(each.at - self._env.now)
            self._arrives(each)

    def _arrives(self, arrival: Arrival) -> None:
        seeker = Seeker(arrival, self._line.policy)
        if not seeker.in_crisis and not any(each.is_there(arrival.at) for each in self._people.values()):
            self._outcomes[arrival.number] = Outcome(arrival, closed=True)
            return
        insort(self._queue, self._key(seeker))
        for kind, at in seeker.deadlines():
            self._swept(at, seeker, kind)
        self._look()
        if arrival.patience < math.inf:
            self._after(arrival.patience, lambda: self._leaves(seeker))

    def _leaves(self, seeker: Seeker) -> None:
        if seeker.waits:
            self._off_the_queue(seeker)
            self._outcomes[seeker.number] = Outcome(seeker.arrival, left=self._env.now)
            self._look()

    def _staff_changes(self) -> None:
        self._count()
        for name, person in self._people.items():
            here = person.is_there(self._env.now)
            self._staff[name] = replace(self._staff[name], presence=Presence.AVAILABLE if here else Presence.AWAY)
        for name in self._staff:
            if not self._people[name].is_there(self._env.now):
                self._drop_what_is_reached(name)
        self._look()

    # --- offers and accepting ---------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Everybody with room goes for the first place that they may accept and nobody else goes for."""
        free = self._free()
        if free and self._parked:
            self._unpark()
        able = [each for each in free if self._spare(each) > 0]
        for _, _, seeker in list(self._queue) if able else ():
            if not seeker.reached_by and (found := self._first_for(seeker.place, able)) is not None:
                self._reach(seeker, found.id)
                able = [each for each in able if self._spare(self._staff[each.id]) > 0]
                if not able:
                    return

    def _first_for(self, place: Place, able: Sequence[Supporter]) -> Supporter | None:
        fit = [
            each
            for each in able
            if eligible(place, each, self._env.now, self._line.policy).ok and not leaves_it_to_others(each, place)
        ]
        return min(fit, key=lambda each: (self._load(each), each.id), default=None)

    def _free(self) -> list[Supporter]:
        """Whom the service might ask."""
        return [each for each in self._staff.values() if each.takes_offers(self._env.now)]

    def _load(self, supporter: Supporter) -> int:
        now = self._staff[supporter.id]
        return len(now.holding) + len(self._reaching[supporter.id])

    def _spare(self, supporter: Supporter) -> int:
        return supporter.capacity - self._load(supporter)

    def _reach(self, seeker: Seeker, name: str) -> None:
        since = seeker.reached_by[name] = self._env.now
        self._reaching[name].append(seeker)
        if seeker.arrival.accept > 0:
            self._after(seeker.arrival.accept, lambda: self._accepts(seeker, name, since))
        else:
            self._accepts(seeker, name, since)

    def _accepts(self, seeker: Seeker, name: str, since: float) -> None:
        if seeker.reached_by.get(name) != since:
            return
        self._let_go(seeker, name)
        if eligible(seeker.place, self._staff[name], self._env.now, self._line.policy).ok:
            self._takes(seeker, name)
        else:
            self._look()

    def _takes(self, seeker: Seeker, name: str) -> None:
        self._count()
        self._off_the_queue(seeker)
        known = self._staff[name]
        self._staff[name] = replace(known, holding=(*known.holding, seeker.place.conversation))
        self._outcomes[seeker.number] = Outcome(seeker.arrival, answered=self._env.now, by=name)
        self._after(seeker.arrival.talk + seeker.arrival.wrap_up, lambda: self._closes(seeker, name))

    def _closes(self, seeker: Seeker, name: str) -> None:
        self._count()
        known = self._staff[name]
        held = tuple(each for each in known.holding if each != seeker.place.conversation)
        self._staff[name] = replace(known, holding=held)
        rest = self._line.policy.crisis_cooldown_seconds
        if seeker.in_crisis and rest > 0:
            self._staff[name] = replace(self._staff[name], cool_until=self._env.now + rest)
            self._after(rest, self._look)
        self._look()

    # --- the crisis lane --------------------------------------------------------------------------------------------

    def _swept(self, at: float, seeker: Seeker, kind: Deadline) -> None:
        """At the first sweep at which it is due."""
        self._at(max(self._env.now, math.ceil(at / SWEEP_SECONDS) * SWEEP_SECONDS), lambda: self._due(seeker, kind))

    def _due(self, seeker: Seeker, kind: Deadline) -> None:
        if not seeker.waits or seeker.due_at(kind) > self._env.now:
            return
        if not self._free() and seeker.is_settled(kind):
            self._parked.append((seeker, kind, self._env.now))
            return
        before, old = seeker.deadlines(), seeker.place
        ahead = itertools.takewhile(lambda each: each is not seeker, (each for _, _, each in self._queue))
        seeker.falls_due(kind, self._line, tuple(self._staff.values()), ahead, self._env.now)
        for each, at in seeker.deadlines() - before:
            self._swept(at, seeker, each)
        new = seeker.place
        if new.assigned_to is not None and new.assigned_to != old.assigned_to:
            self._is_assigned(seeker, new.assigned_to)
        if new != old:
            self._look()

    def _unpark(self) -> None:
        """What the sweeps in between would have decided, nothing, was passed over: on to the next that may differ."""
        parked, self._parked = self._parked, []
        for seeker, kind, since in parked:
            every = seeker.looked_at_every(kind, self._line.policy)
            moment = since + math.ceil((self._env.now - since) / every) * every
            self._at(moment, lambda seeker=seeker, kind=kind: self._due(seeker, kind))  # type: ignore[misc]

    def _is_assigned(self, seeker: Seeker, name: str) -> None:
        """Whoever was about to accept it still may. With no room left, the assignee lets something calmer go."""
        if name in seeker.reached_by:
            return
        calmest = min(self._reaching[name], key=lambda each: each.arrival.tier, default=seeker)
        if self._spare(self._staff[name]) <= 0 and calmest.arrival.tier < seeker.arrival.tier:
            self._let_go(calmest, name)
        self._reach(seeker, name)

    # --- small things -----------------------------------------------------------------------------------------------

    def _let_go(self, seeker: Seeker, name: str) -> None:
        del seeker.reached_by[name]
        self._reaching[name].remove(seeker)

    def _drop_what_is_reached(self, name: str) -> None:
        for each in list(self._reaching[name]):
            self._let_go(each, name)

    def _off_the_queue(self, seeker: Seeker) -> None:
        for name in list(seeker.reached_by):
            self._let_go(seeker, name)
        seeker.waits = False
        self._queue.remove(self._key(seeker))

    def _key(self, seeker: Seeker) -> tuple[float, int, Seeker]:
        first = self._order(seeker.arrival.tier, seeker.arrival.at) if self._order else seeker.place.score
        return (first, seeker.number, seeker)

    def _count(self) -> None:
        here = [each for each in self._staff.values() if each.presence is Presence.AVAILABLE]
        slots = sum(each.capacity for each in here)
        self._using.count(self._env.now, slots, sum(len(each.holding) for each in here), len(here))

    def _after(self, seconds: float, what: Callable[[], None]) -> None:
        timer = self._env.timeout(seconds)
        assert timer.callbacks is not None
        timer.callbacks.append(lambda _: what())

    def _at(self, moment: float, what: Callable[[], None]) -> None:
        self._after(moment - self._env.now, what)
