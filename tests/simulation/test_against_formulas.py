"""The simulation meets the formulas, where there are any, within what chance allows: 99 % confidence, fixed seeds.

Each has ten runs of 3,000 arrivals, the first fifth of which is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from handoff.core.risk import Tier
from handoff.simulation import formulas
from handoff.simulation.arriving import draw, steady
from handoff.simulation.durations import NEVER, Always, Duration, Exponential
from handoff.simulation.engine import Played, play
from handoff.simulation.figures import Waits, everybody, of_tier, waits
from tests.simulation.making import line, team

TALK = 600.0
RUNS, ARRIVALS, WARM_UP = 10, 3000, 0.2
WIDER = 3.250 / 2.262
"""Student's t with nine degrees of freedom: 99 % over 95 %."""
CALM = {Tier.NONE: 1.0}


class Steady:
    """Runs of a line whose load never changes."""

    def __init__(
        self, load: float, servers: int, tiers: Mapping[Tier, float] = CALM, patience: Duration = NEVER
    ) -> None:
        self.rate = load / TALK
        until = ARRIVALS / self.rate
        self.span = (WARM_UP * until, until)
        self.runs: list[Played] = []
        demand = steady(self.rate, Exponential(TALK), tiers, patience)
        for run in range(RUNS):
            self.runs.append(play(draw(demand, until, f"formulas {run}"), team(servers), line(), until))

    def waits(self, chosen: Callable[..., bool] = everybody) -> Waits:
        return waits(self.runs, self.span, chosen)


def meets(found: object, expected: float, tight: float) -> None:
    """Within the interval, which must be tight enough to mean something."""
    mean, half = getattr(found, "mean"), getattr(found, "half")  # noqa: B009
    assert half < tight * expected, f"±{half:.3g} around {mean:.3g} is no evidence for {expected:.3g}"
    assert abs(mean - expected) <= WIDER * half, f"{mean:.4g} ±{half:.3g}, by formula {expected:.4g}"


@pytest.mark.parametrize(("load", "servers"), [(0.7, 1), (2.4, 3), (8.0, 10)])
def test_one_queue_waits_as_erlang_c_says(load: float, servers: int) -> None:
    found = Steady(load, servers)
    waited = found.waits()
    rate = found.rate
    meets(waited.mean, formulas.mean_wait(rate, TALK, servers), tight=0.25)
    for limit, share in waited.within.items():
        meets(share, formulas.answered_within(limit, rate, TALK, servers), tight=0.12)
    for run in found.runs:
        assert run.using.share() == pytest.approx(load / servers, abs=0.05)


def test_urgent_people_wait_as_cobham_says() -> None:
    tiers = {Tier.IMMINENT: 0.05, Tier.ACTIVE: 0.1, Tier.PASSIVE: 0.15, Tier.NONE: 0.7}
    found = Steady(2.5, 3, tiers)
    expected = formulas.cobham([found.rate * share for share in tiers.values()], TALK, 3)
    for tier, wait in zip(tiers, expected, strict=True):
        meets(found.waits(of_tier(tier)).mean, wait, tight=0.3)


def test_impatient_people_leave_as_erlang_a_says() -> None:
    found = Steady(3.6, 3, patience=Exponential(500.0))
    expected = formulas.erlang_a(found.rate, TALK, 3, 500.0)
    meets(found.waits().left, expected.left, tight=0.05)
    waited = [
        sum(each.waited(run.until) for each in counted) / len(counted)
        for run in found.runs
        if (counted := [each for each in run.outcomes if each.arrival.at >= found.span[0]])
    ]
    assert sum(waited) / RUNS == pytest.approx(expected.mean_wait, rel=0.03)


def test_nobody_waits_where_nobody_has_patience_as_erlang_b_says() -> None:
    found = Steady(3.6, 3, patience=Always(0.0))
    meets(found.waits().left, formulas.erlang_b(found.rate, TALK, 3), tight=0.05)
    assert found.waits().longest == 0
