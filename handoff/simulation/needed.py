"""How many supporters each hour of the day needs so that a target holds in it: found by simulating, hour by hour."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from handoff.core.supporter import Supporter
from handoff.simulation.arriving import Demand
from handoff.simulation.figures import Chosen, Estimate, at_hour, waits
from handoff.simulation.scenario import Scenario
from handoff.simulation.staffing import HOUR, HOURS_A_WEEK, hourly, staffed
from handoff.simulation.study import counted, crowds_of, line_of, played

_TARGET = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s+within\s+(\d+(?:\.\d+)?)\s*(second|minute)s?\s*")
_SEARCH_RUNS = 6
"""Runs for each attempt; the same people every time, so that attempts differ by their staffing alone."""


class BadTarget(Exception):
    """A target that cannot be read; the message says how to write one."""


@dataclass(frozen=True, slots=True)
class Target:
    """This share of those who queue is answered within so many seconds."""

    share: float
    seconds: int

    def __str__(self) -> str:
        minutes, rest = divmod(self.seconds, 60)
        limit = f"{self.seconds} seconds" if rest else f"{minutes} minute{'s' if minutes > 1 else ''}"
        return f"{self.share * 100:g}% within {limit}"


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day: how many supporters, and what share of its people they answer in time.

    `supporters` is None where no number of them reaches the target; `reached` in closed hours and where nobody came.
    """

    supporters: int | None
    reached: Estimate | None


def parse_target(text: str) -> Target:
    """Reads "90% within 2 minutes". Raises BadTarget."""
    found = _TARGET.fullmatch(text)
    share = float(found[1]) / 100 if found else 0.0
    seconds = round(float(found[2]) * (60 if found[3] == "minute" else 1)) if found else 0
    if not 0 < share < 1 or not 0 < seconds <= HOUR:
        raise BadTarget(
            f"The target '{text}' is not usable. Write it as \"90% within 2 minutes\": above 0% and below 100%, "
            "within an hour at most."
        )
    return Target(share, seconds)


def needed(
    scenario: Scenario, target: Target, *, days: int, runs: int, seed: int, tell: Callable[[str], None]
) -> tuple[Hour, ...]:
    """For each of the 24 hours. Supporters have the trainings and capacities of the scenario's, in its proportions.

    First every hour in which the target is missed gets more, until it holds; then one after the other is taken away
    where the target holds without. What twice as many as the talks fill and twenty more cannot reach is not tried.
    `tell` hears how far it is.
    """
    search = _Search(scenario, target, days, min(runs, _SEARCH_RUNS), seed, tell)
    search.grow()
    search.shrink()
    return search.found()


class _Search:
    def __init__(
        self, scenario: Scenario, target: Target, days: int, runs: int, seed: int, tell: Callable[[str], None]
    ) -> None:
        self._target = target
        self._days = days
        self._tell = tell
        self._open = [there > 0 for there in hourly(scenario.people)]
        self._crowds = crowds_of(scenario, days=days, runs=runs, seed=seed)
        self._line = line_of(scenario.policy)
        self._each = _in_proportion(scenario)
        self._loads = [_load(scenario.demand, hour) for hour in range(24)]
        self._reachable = list(range(24))
        beyond = self._missed(self._try([len(self._each)] * 24))
        self._reachable = [hour for hour in range(24) if hour not in beyond]
        self._counts = [self._least(hour) for hour in range(24)]
        self._shares = self._try(self._counts)

    def grow(self) -> None:
        while missed := [hour for hour in self._missed(self._shares) if self._counts[hour] < len(self._each)]:
            for hour in missed:
                self._counts[hour] += max(1, self._counts[hour] // 10)
            self._shares = self._try(self._counts)

    def shrink(self) -> None:
        for hour in sorted(self._reachable, key=lambda hour: -self._counts[hour]):
            while self._counts[hour] > 1:
                fewer = [count - (place == hour) for place, count in enumerate(self._counts)]
                shares = self._try(fewer)
                if self._missed(shares):
                    break
                self._counts, self._shares = fewer, shares

    def found(self) -> tuple[Hour, ...]:
        missed = self._missed(self._shares)
        return tuple(
            Hour(count if hour in self._reachable and hour not in missed else None, share)
            for hour, (count, share) in enumerate(zip(self._counts, self._shares, strict=True))
        )

    def _try(self, counts: Sequence[int]) -> list[Estimate | None]:
        self._tell(f"trying {sum(counts)} supporter hours a day ...")
        week = [counts[hour % 24] if self._open[hour] else 0 for hour in range(HOURS_A_WEEK)]
        runs = played(self._crowds, staffed(week, self._each), self._line, self._days)
        within = self._target.seconds
        every = (waits(runs, counted(self._days), self._while_open(hour), (within,)).within for hour in range(24))
        return [each.get(within) for each in every]

    def _while_open(self, hour: int) -> Chosen:
        """Who came in this hour of the day, but for the crises that must wait for the next shift."""
        in_hour = at_hour(hour)
        return lambda each: in_hour(each) and self._open[int(each.arrival.at // HOUR) % HOURS_A_WEEK]

    def _missed(self, shares: Sequence[Estimate | None]) -> list[int]:
        share = self._target.share
        return [hour for hour in self._reachable if (met := shares[hour]) is not None and met.mean < share]

    def _least(self, hour: int) -> int:
        """One, or with whom the talks of this hour just fit in."""
        count = 1 if self._is_open(hour) else 0
        while count and sum(each.capacity for each in self._each[:count]) < self._loads[hour] < len(self._each):
            count += 1
        return count

    def _is_open(self, hour: int) -> bool:
        return any(self._open[hour::24])


def _load(demand: Demand, hour: int) -> float:
    """Conversations at once that this hour brings on its busiest day."""
    weights = sum(demand.tiers.values())
    talk = sum(demand.talk_of(tier).mean * share for tier, share in demand.tiers.items()) / weights
    return max(demand.rates[hour::24]) * (talk + demand.wrap_up.mean + demand.accept.mean)


def _in_proportion(scenario: Scenario) -> list[Supporter]:
    """As many supporters as could ever be needed, in the proportions of the scenario; the most trained first."""
    kinds: Counter[Supporter] = Counter()
    for person in scenario.people:
        kinds[replace(person.supporter, id="", name="")] += round(sum(ends - begins for begins, ends in person.spans))
    most = math.ceil(2 * max(_load(scenario.demand, hour) for hour in range(24))) + 20
    total, given, every = kinds.total(), Counter[Supporter](), []
    for number in range(1, most + 1):
        first = max(kinds, key=lambda kind: (kind.is_lead, kind.training))
        owed = max(kinds, key=lambda kind: kinds[kind] * number / total - given[kind])
        chosen = first if number == 1 else owed
        given[chosen] += 1
        every.append(replace(chosen, id=f"supporter {number:04}", name=f"supporter {number}"))
    return every
