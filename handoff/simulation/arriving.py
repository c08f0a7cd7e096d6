"""Who comes: drawn once, so that other staffing, another order or the real queue meet the same people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from handoff.core.risk import Tier
from handoff.simulation.durations import NEVER, Always, Duration
from handoff.simulation.staffing import HOUR, HOURS_A_WEEK

_AT_ONCE = Always(0.0)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One seeker. `at` is seconds after Monday 00:00, the rest durations in seconds, drawn beforehand.

    `accept`: what their supporter needs to see the offer and accept it. `patience`: after it they go unanswered.
    """

    number: int
    at: float
    tier: Tier
    talk: float
    wrap_up: float = 0.0
    accept: float = 0.0
    patience: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """`rates`: arrivals a second in each hour of the week; `tiers`: weights; `None` stands for tiers not named."""

    rates: Sequence[float]
    tiers: Mapping[Tier, float]
    talk: Mapping[Tier | None, Duration]
    wrap_up: Duration = _AT_ONCE
    accept: Duration = _AT_ONCE
    patience: Mapping[Tier | None, Duration]

    def patience_of(self, tier: Tier) -> Duration:
        return self.patience.get(tier, self.patience.get(None, NEVER))

    def talk_of(self, tier: Tier) -> Duration:
        return self.talk.get(tier, self.talk[None]) if None in self.talk else self.talk[tier]


def steady(rate: float, talk: Duration, tiers: Mapping[Tier, float], patience: Duration = NEVER) -> Demand:
    """The same at every hour: what the formulas are about."""
    return Demand(rates=[rate] * HOURS_A_WEEK, tiers=tiers, talk={None: talk}, patience={None: patience})


def draw(demand: Demand, until: float, seed: str) -> list[Arrival]:
    """Everybody who comes before `until`. Each kind of chance has a stream of its own."""
    which, talks, rests, waits = (Random(f"{seed} {name}") for name in ("tier", "talk", "rest", "patience"))
    tiers, weights = list(demand.tiers), list(demand.tiers.values())
    arrivals = []
    for number, at in enumerate(_moments(demand.rates, until, Random(f"{seed} arrivals"))):
        (tier,) = which.choices(tiers, weights)
        talk, patience = demand.talk_of(tier).draw(talks), demand.patience_of(tier).draw(waits)
        wrap_up, accept = demand.wrap_up.draw(rests), demand.accept.draw(rests)
        arrivals.append(Arrival(number, at, tier, talk, wrap_up, accept, patience))
    return arrivals


def _moments(rates: Sequence[float], until: float, chance: Random) -> Iterator[float]:
    """A Poisson stream whose rate changes with the hour of the week."""
    hour = 0
    while hour * HOUR < until:
        rate, at = rates[hour % HOURS_A_WEEK], float(hour * HOUR)
        ends = min(until, at + HOUR)
        while rate > 0 and (at := at + chance.expovariate(rate)) < ends:
            yield at
        hour += 1
