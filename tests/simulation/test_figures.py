"""Figures: quantiles, intervals, who counts, and the desk's use."""

from __future__ import annotations

import statistics
from random import Random

import pytest

from handoff.core.risk import Tier
from handoff.simulation.arriving import draw, steady
from handoff.simulation.durations import Always, Exponential, Lognormal, Measured
from handoff.simulation.engine import play
from handoff.simulation.figures import everybody, in_crisis, of_tier, over_runs, quantile, waits
from handoff.simulation.staffing import DAY, HOUR, WEEK, changes, hourly, joined, staffed
from tests.simulation.making import coming, line, person, team


def test_quantiles_are_values_that_occurred() -> None:
    assert [quantile([1, 2, 3, 4], share) for share in (0, 0.25, 0.5, 0.95)] == [1, 1, 2, 4]


def test_the_interval_is_students() -> None:
    found = over_runs([1.0, 2.0, 3.0])
    assert found is not None
    assert found.mean == 2
    assert found.half == pytest.approx(4.303 / 3**0.5, abs=1e-3)
    assert over_runs([]) is None
    single = over_runs([7.0])
    assert single is not None
    assert (single.mean, single.half) == (7, None)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    chance = Random("coverage")
    held = 0
    for _ in range(400):
        found = over_runs([chance.gauss(10, 3) for _ in range(8)])
        assert found is not None
        assert found.half is not None
        held += abs(found.mean - 10) <= found.half
    assert 0.92 < held / 400 < 0.98


def test_waits_are_of_the_answered_and_shares_of_all_who_queued() -> None:
    arrivals = coming((0, Tier.NONE), (0.0, Tier.NONE), (0.0, Tier.NONE), talk=90.0, patience=100.0)
    found = waits([play(arrivals, team(1), line(), DAY)], (0, DAY), everybody)
    assert found.mean is not None
    assert (found.came, found.mean.mean, found.longest) == (3, 45, 100)
    assert {limit: round(share.mean, 2) for limit, share in found.within.items()} == {60: 0.33, 120: 0.67, 300: 0.67}
    assert found.left is not None
    assert found.left.mean == pytest.approx(1 / 3)


def test_only_the_span_and_the_chosen_count() -> None:
    run = play(coming((0, Tier.NONE), (DAY, Tier.NONE), (DAY + 1, Tier.ACTIVE)), team(3), line(), 3 * DAY)
    assert [waits([run], (DAY, 2 * DAY), chosen).came for chosen in (everybody, in_crisis, of_tier(Tier.NONE))] == [
        2,
        1,
        1,
    ]


@pytest.mark.parametrize(
    "duration", [Always(30.0), Exponential(30.0), Lognormal(20.0, 80.0), Measured((10.0, 20.0, 60.0))]
)
def test_many_draws_come_to_the_mean(duration: Exponential) -> None:
    chance = Random("durations")
    assert statistics.fmean(duration.draw(chance) for _ in range(40_000)) == pytest.approx(duration.mean, rel=0.02)


def test_a_lognormal_has_the_median_and_the_p95_it_was_given() -> None:
    chance = Random("lognormal")
    drawn = sorted(Lognormal(20.0, 80.0).draw(chance) for _ in range(40_000))
    assert quantile(drawn, 0.5) == pytest.approx(20, rel=0.03)
    assert quantile(drawn, 0.95) == pytest.approx(80, rel=0.04)


def test_arrivals_follow_the_hours_and_the_seed() -> None:
    demand = steady(30 / HOUR, Always(1.0), {Tier.NONE: 3, Tier.ACTIVE: 1})
    rates = [rate if hour % 24 >= 12 else 0.0 for hour, rate in enumerate(demand.rates)]
    arrivals = draw(type(demand)(rates=rates, tiers=demand.tiers, talk=demand.talk, patience={}), 4 * WEEK, "1")
    assert all(each.at % DAY >= 12 * HOUR for each in arrivals)
    assert len(arrivals) == pytest.approx(28 * 12 * 30, rel=0.03)
    assert sum(each.tier is Tier.ACTIVE for each in arrivals) / len(arrivals) == pytest.approx(0.25, abs=0.02)
    assert draw(demand, DAY, "7") == draw(demand, DAY, "7") != draw(demand, DAY, "8")


def test_spans_come_round_and_join() -> None:
    night = (6 * DAY + 20.0 * HOUR, WEEK + 2.0 * HOUR)
    assert joined([night, (2.0 * HOUR, 3.0 * HOUR)]) == ((0.0, 3.0 * HOUR), (6 * DAY + 20.0 * HOUR, float(WEEK)))
    sam = person(spans=joined([night]))
    assert [sam.is_there(at) for at in (HOUR, 3 * HOUR, 6 * DAY + 21 * HOUR, WEEK + HOUR)] == [True, False, True, True]
    assert changes([sam], 2 * WEEK)[:3] == [0.0, 2.0 * HOUR, 6 * DAY + 20.0 * HOUR]


def test_hourly_counts_become_people_and_are_counted_again() -> None:
    counts = [(hour % 24) // 6 for hour in range(7 * 24)]
    people = staffed(counts, [each.supporter for each in team(5)])
    assert len(people) == 3
    assert hourly(people) == counts
