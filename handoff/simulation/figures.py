"""Figures of runs: waits and shares of each run, and over several runs their mean with a 95 % confidence interval."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from handoff.core.risk import CRISIS, Tier
from handoff.simulation.engine import Outcome, Played
from handoff.simulation.staffing import HOUR, Span

WITHIN_SECONDS = (60, 120, 300)
"""The shares that are always told: answered within one, two and five minutes."""

_T975 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
    2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""Student's t for 95 %, two-sided, with 1 to 30 degrees of freedom; beyond, the normal distribution is near enough."""
_NORMAL = 1.96

Chosen = Callable[[Outcome], bool]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over runs and half the width of its 95 % confidence interval; None of it after a single run."""

    mean: float
    half: float | None


@dataclass(frozen=True, slots=True)
class Waits:
    """What some of the people met, over all runs. Waits in seconds; of those who were answered, and of those who still
    waited when the run ended as far as it went. Shares are of everybody who queued.

    `came` is a run's mean. `longest` is the longest wait of any run, whether it ended in an answer or in leaving.
    """

    came: float
    mean: Estimate | None
    p50: Estimate | None
    p95: Estimate | None
    longest: float
    within: dict[int, Estimate]
    left: Estimate | None
    turned_away: Estimate | None
    """Of all who came, the share that found the line closed."""


def everybody(_: Outcome) -> bool:
    return True


def of_tier(tier: Tier) -> Chosen:
    return lambda outcome: outcome.arrival.tier is tier


def in_crisis(outcome: Outcome) -> bool:
    """T3 and above."""
    return outcome.arrival.tier >= CRISIS


def at_hour(hour: int) -> Chosen:
    """Who came in this hour of the day."""
    return lambda outcome: int(outcome.arrival.at // HOUR) % 24 == hour


def waits(runs: Sequence[Played], span: Span, chosen: Chosen, within: Iterable[int] = WITHIN_SECONDS) -> Waits:
    """The figures of the chosen among those who came within `span`."""
    picked = [among(run, span, chosen) for run in runs]
    queued = [[each for each in some if not each.closed] for some in picked]
    met = [
        sorted(each.waited(run.until) for each in some if each.left is None)
        for run, some in zip(runs, queued, strict=True)
    ]
    every = (each.waited(run.until) for run, some in zip(runs, queued, strict=True) for each in some)
    return Waits(
        came=statistics.fmean(map(len, picked)),
        mean=over_runs(statistics.fmean(each) for each in met if each),
        p50=over_runs(quantile(each, 0.50) for each in met if each),
        p95=over_runs(quantile(each, 0.95) for each in met if each),
        longest=max(every, default=0.0),
        within={limit: share for limit in within if (share := _share(queued, _answered_within(limit))) is not None},
        left=_share(queued, lambda each: each.left is not None),
        turned_away=_share(picked, lambda each: each.closed),
    )


def among(run: Played, span: Span, chosen: Chosen) -> list[Outcome]:
    """The chosen among those who came within `span`."""
    return [each for each in run.outcomes if span[0] <= each.arrival.at < span[1] and chosen(each)]


def over_runs(values: Iterable[float]) -> Estimate | None:
    """Their mean and half its 95 % confidence interval, by Student's t; None of none."""
    every = list(values)
    if not every:
        return None
    if len(every) == 1:
        return Estimate(every[0], None)
    degrees = len(every) - 1
    factor = _T975[degrees - 1] if degrees <= len(_T975) else _NORMAL
    return Estimate(statistics.fmean(every), factor * statistics.stdev(every) / math.sqrt(len(every)))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed; `ordered` must be sorted and not empty."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _answered_within(limit: float) -> Chosen:
    return lambda each: each.answered is not None and each.answered - each.arrival.at <= limit


def _share(runs: Sequence[Sequence[Outcome]], counts: Chosen) -> Estimate | None:
    return over_runs(sum(map(counts, some)) / len(some) for some in runs if some)
