"""The simulation against the service itself: the same people, the same talks, through the dispatcher and its store."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from handoff.core.risk import Tier
from handoff.simulation.engine import Outcome, play
from handoff.simulation.staffing import DAY, WEEK, Person
from handoff.simulation.study import line_of
from tests.bench.queue_driven import QUIET, drive, in_memory, in_redis
from tests.bench.queue_optimum import (
    CAPACITY,
    SUPPORTERS,
    crowd,
    differences,
    optimum,
    p95s,
    simulated,
    staff,
    urgent_ratio,
)
from tests.simulation.making import ALWAYS, first_come, strictly

ENDS = float(WEEK)


@pytest.mark.parametrize("seed", ["a", "b"])
async def test_the_queue_serves_the_same_people_at_the_same_time_by_the_same_supporters(seed: str) -> None:
    people = crowd(seed, 150, load=0.95)
    async with in_memory() as front:
        assert differences(await drive(front, people, staff()), simulated(people, ENDS)) == 0


async def test_so_does_the_queue_in_redis(redis_url: str) -> None:
    people = crowd("redis", 90, load=0.95)
    async with in_redis(redis_url, time.time()) as front:
        served = await drive(front, people, staff())
    assert len(served) == len(people)
    assert differences(served, simulated(people, ENDS)) == 0


async def test_people_who_leave_leave_both() -> None:
    people = [replace(each, patience=300.0 + 40 * (each.number % 30)) for each in crowd("leaving", 150, load=1.2)]
    async with in_memory() as front:
        served = await drive(front, people, staff())
    assert len(served) < len(people)
    assert differences(served, simulated(people, ENDS)) == 0


@pytest.mark.parametrize("other", [first_come, strictly])
async def test_a_simulation_with_another_order_would_be_noticed(other: object) -> None:
    people = crowd("other", 150, load=0.95)
    desk = [Person(each, ALWAYS) for each in staff()]
    outcomes = play(people, desk, line_of(QUIET), ENDS, order=other).outcomes  # type: ignore[arg-type]
    async with in_memory() as front:
        real = {each.number: each.at for each in await drive(front, people, staff())}
    assert sum(real[each.arrival.number] != each.answered for each in outcomes) > len(people) / 4


def test_the_optimum_is_what_the_simulation_finds_under_strict_priority() -> None:
    """Two programs for one rule: a desk of one place where everybody accepts at once."""
    people = [replace(each, accept=0.0, tier=min(each.tier, Tier.CONCERN)) for each in crowd("strict", 400)]
    desk = [Person(each, ALWAYS) for each in staff(SUPPORTERS * CAPACITY, capacity=1)]
    found = play(people, desk, line_of(QUIET), ENDS, order=strictly).outcomes
    expected = optimum(people, SUPPORTERS * CAPACITY)
    assert [each.waited(ENDS) for each in found] == pytest.approx([expected[each.arrival.number] for each in found])


def test_high_risk_waits_within_a_twentieth_of_the_optimum() -> None:
    crowds = [crowd(seed, 2000, load=0.9) for seed in "12"]
    served = [list(simulated(each, each[-1].at + 30 * DAY).values()) for each in crowds]
    ratio, people = urgent_ratio(crowds, served)
    assert people > 500
    assert ratio <= 1.05


def test_no_calm_tier_waits_longer_the_longer_the_line_is_open() -> None:
    """At a load that the desk can carry, with 15 in 100 in a crisis and in front of them for ever."""
    for _, early, late in p95s([crowd(seed, 2400, load=0.8) for seed in "123"]).values():
        assert late < 4 * 3600
        assert late < 1.2 * early


def test_under_too_much_load_the_same_figure_grows() -> None:
    """So the one above can fail."""
    assert all(late > 1.2 * early for _, early, late in p95s([crowd("much", 1200, load=1.3)]).values())


def test_a_calm_person_is_overtaken_only_within_the_head_starts() -> None:
    """What strict priority does not give: T0 never waits for a T1 or T2 who came later than their head start."""
    people = [
        replace(each, tier=min(each.tier, Tier.CONCERN), accept=0.0) for each in crowd("overtaking", 800, load=0.97)
    ]
    desk = [Person(each, ALWAYS) for each in staff()]
    found = play(people, desk, line_of(QUIET), ENDS).outcomes
    longest = QUIET.head_start_concern_seconds
    assert _overtaken_by(found, later_than=longest + 1) == 0
    assert _overtaken_by(found, later_than=longest - 120) > 0


def _overtaken_by(found: Sequence[Outcome], later_than: float) -> int:
    """How many T0 had somebody accepted before them who came so much later."""
    served = [(each.arrival.at, each.answered, each.arrival.tier) for each in found if each.answered is not None]
    return sum(
        any(at > came + later_than and moment < answered for at, moment, _ in served)
        for came, answered, tier in served
        if tier is Tier.NONE
    )
