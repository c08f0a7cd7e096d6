"""How near the queue comes to the best there is: waits of T3 and above against strict priority, and nobody starved.

The real queue is the service's dispatcher, driven by arrivals that are known beforehand, over the store in memory and
over a real Redis. It is compared with the simulation of the same arrivals, person by person, and with the optimum.
"""

from __future__ import annotations

import heapq
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handoff.core.risk import CRISIS, Tier
from handoff.core.supporter import Supporter, Training
from handoff.simulation.arriving import Arrival, draw, steady
from handoff.simulation.durations import Exponential
from handoff.simulation.engine import play
from handoff.simulation.staffing import WEEK, Person
from handoff.simulation.study import line_of
from tests.bench.queue_driven import QUIET, Served, drive, in_memory, in_redis
from tests.bench.rows import quantile, row
from tests.bench.sizes import Size
from tests.bench.world import redis_server

TIERS = {
    Tier.NONE: 0.5, Tier.DISTRESS: 0.2, Tier.CONCERN: 0.15, Tier.PASSIVE: 0.08, Tier.ACTIVE: 0.05, Tier.IMMINENT: 0.01,
    Tier.EMERGENCY: 0.01,
}  # fmt: skip
CALM = (Tier.NONE, Tier.DISTRESS, Tier.CONCERN)
SUPPORTERS, CAPACITY, LOAD = 4, 2, 0.85
TALK_SECONDS, ACCEPT_SECONDS = 2100.0, 20.0
SEEDS = ("1", "2", "3", "4", "5")
_SAME_SECONDS = 0.01
"""What is rounded on the way through the store."""


async def measure(size: Size) -> list[dict[str, Any]]:
    """Ratios to the optimum, differences from the simulation, and how the calm tiers' waits grow with time."""
    crowds = [crowd(seed, size.of(full=1000, small=40)) for seed in SEEDS]
    in_one = []
    for each in crowds:
        async with in_memory() as front:
            in_one.append(await drive(front, each, staff()))
    few = crowd(SEEDS[0], size.of(full=600, small=40))
    with redis_server() as url:
        async with in_redis(url, time.time()) as front:
            in_server = await drive(front, few, staff())
    many = size.of(full=8000, small=1500)
    return [
        *_against_optimum(crowds, in_one, many),
        *_against_simulation(crowds, in_one, few, in_server),
        *_starved(many),
    ]


def crowd(seed: str, arrivals: int, load: float = LOAD) -> list[Arrival]:
    """About so many people, at a load that the desk can carry."""
    rate = load * SUPPORTERS * CAPACITY / TALK_SECONDS
    demand = replace(steady(rate, Exponential(TALK_SECONDS), TIERS), accept=Exponential(ACCEPT_SECONDS))
    return draw(demand, arrivals / rate, seed)


def staff(count: int = SUPPORTERS, capacity: int = CAPACITY) -> list[Supporter]:
    """Trained for every tier, so that the order alone decides."""
    return [
        Supporter(id=f"supporter{each}", name=f"supporter{each}", training=Training.SENIOR, capacity=capacity)
        for each in range(count)
    ]


def simulated(arrivals: Sequence[Arrival], until: float) -> dict[int, Served]:
    """The same people in the simulation: who was accepted when and by whom."""
    people = [Person(each, ((0.0, float(WEEK)),)) for each in staff()]
    outcomes = play(arrivals, people, line_of(QUIET), until).outcomes
    return {
        each.arrival.number: Served(each.arrival.number, each.answered, each.by)
        for each in outcomes
        if each.answered is not None
    }


def differences(real: Sequence[Served], expected: dict[int, Served]) -> int:
    """How many people were accepted at another time, by somebody else, or in one of the two alone."""
    found = {each.number: each for each in real}
    return sum(
        number not in found
        or number not in expected
        or found[number].by != expected[number].by
        or abs(found[number].at - expected[number].at) > _SAME_SECONDS
        for number in found.keys() | expected.keys()
    )


def optimum(arrivals: Sequence[Arrival], places: int) -> dict[int, float]:
    """The waits under strict priority: whenever a place is free it goes to the most urgent, the oldest of them first.

    Nothing is assigned, climbs or is swept; accepting takes as long as it does in the real queue.
    """
    coming = list(reversed(arrivals))
    waiting: list[tuple[int, float, int, Arrival]] = []
    waits: dict[int, float] = {}
    free = [0.0] * places
    while coming or waiting:
        now = heapq.heappop(free)
        if not waiting:
            now = max(now, coming[-1].at)
        while coming and coming[-1].at <= now:
            each = coming.pop()
            heapq.heappush(waiting, (-each.tier, each.at, each.number, each))
        chosen = heapq.heappop(waiting)[-1]
        waits[chosen.number] = now + chosen.accept - chosen.at
        heapq.heappush(free, now + chosen.accept + chosen.talk + chosen.wrap_up)
    return waits


def urgent_ratio(crowds: Sequence[Sequence[Arrival]], served: Sequence[Sequence[Served]]) -> tuple[float, int]:
    """The mean wait of T3 and above over the optimum's for the same people, and how many they were."""
    ours, best = [], []
    for people, answers in zip(crowds, served, strict=True):
        waits, known = optimum(people, SUPPORTERS * CAPACITY), {each.number: each for each in people}
        urgent = [each for each in answers if known[each.number].tier >= CRISIS]
        ours += [each.at - known[each.number].at for each in urgent]
        best += [waits[each.number] for each in urgent]
    return statistics.fmean(ours) / statistics.fmean(best), len(ours)


def p95s(crowds: Sequence[Sequence[Arrival]]) -> dict[Tier, tuple[float, float, float]]:
    """By tier, in seconds: of everybody, of who came in the second and third fifth of the time, and in the last two.

    Whoever still waits at the end counts with the wait so far.
    """
    waits: dict[Tier, list[tuple[float, float]]] = {tier: [] for tier in CALM}
    for arrivals in crowds:
        until = arrivals[-1].at
        ends = {number: each.at for number, each in simulated(arrivals, until).items()}
        for each in arrivals:
            if each.tier in CALM:
                waits[each.tier].append((each.at / until, ends.get(each.number, until) - each.at))
    return {tier: (_p95(met), _p95(met, 0.2, 0.6), _p95(met, 0.6)) for tier, met in waits.items()}


def _p95(met: Sequence[tuple[float, float]], begins: float = 0.0, stops: float = 1.1) -> float:
    return quantile([wait for part, wait in met if begins <= part < stops], 0.95)


def _against_optimum(
    crowds: Sequence[Sequence[Arrival]], served: Sequence[Sequence[Served]], many: int
) -> list[dict[str, Any]]:
    ratio, people = urgent_ratio(crowds, served)
    large = [crowd(seed, many) for seed in SEEDS]
    longer, more = urgent_ratio(large, [list(simulated(each, each[-1].at + WEEK).values()) for each in large])
    return [
        row("queue: mean wait of T3 and above / strict priority", ratio, "x", n=people, aim=1.05, at_most=True),
        row("queue: the same, simulated", longer, "x", n=more, aim=1.05, at_most=True),
    ]


def _against_simulation(
    crowds: Sequence[Sequence[Arrival]], in_one: Sequence[Sequence[Served]], few: Sequence[Arrival], real: list[Served]
) -> list[dict[str, Any]]:
    differ = sum(
        differences(answers, simulated(people, people[-1].at + WEEK))
        for people, answers in zip(crowds, in_one, strict=True)
    )
    in_server = differences(real, simulated(few, few[-1].at + WEEK))
    everybody, name = sum(map(len, crowds)), "served otherwise than simulated"
    return [
        row(f"queue in memory: {name}", differ, "people", n=everybody, aim=0, at_most=True),
        row(f"queue in Redis: {name}", in_server, "people", n=len(few), aim=0, at_most=True),
    ]


def _starved(many: int) -> list[dict[str, Any]]:
    """The 95th percentile of every calm tier, and whether it grows while the line stays open."""
    found = []
    for tier, (all_of_it, early, late) in p95s([crowd(seed, many) for seed in SEEDS]).items():
        name = f"queue: p95 wait of T{int(tier)} at {LOAD:.0%} load"
        found.append(row(name, all_of_it / 60, "min", n=many * len(SEEDS)))
        found.append(row(f"{name}, later / earlier", late / early, "x", n=many * len(SEEDS), aim=1.25, at_most=True))
    return found
