"""Figures of a screen: shares with intervals, calibration, and what they mean for the people who read alerts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.classifier.axes import CRISIS_TIER
from models.screen_cases import Case

MESSAGES_AN_HOUR = 60
"""Messages that one supporter's seekers write in an hour: two conversations, one message every two minutes in each.
Our own assumption; a line can put its own figure here."""


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95% Wilson interval of a share; (0, 1) when there is nothing to count."""
    if n == 0:
        return 0.0, 1.0
    z, share = 1.959964, hits / n
    middle = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - spread) / (1 + z * z / n)), min(1.0, (middle + spread) / (1 + z * z / n))


@dataclass(frozen=True, slots=True)
class Share:
    """A counted share with its interval."""

    name: str
    hits: int
    n: int
    kind: str

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else 0.0

    def line(self) -> str:
        low, high = wilson(self.hits, self.n)
        return f"{self.name:<36}{self.kind:<14}{self.hits:>6}/{self.n:<6}{self.value:>7.1%}  [{low:.1%}, {high:.1%}]"


def shares(cases: Sequence[Case], answers: Sequence[dict[str, Any]]) -> list[Share]:
    """Recall per danger slice, false alarms per safe slice, and both over all; precision at this mixture."""
    flagged = [given["tier"] >= CRISIS_TIER for given in answers]
    pairs = list(zip(cases, flagged, strict=True))
    out = [
        Share(name, sum(hits), len(hits), kind)
        for name in dict.fromkeys(case.slice for case in cases)
        for crisis, kind in ((True, "recall"), (False, "false alarms"))
        if (hits := [hit for case, hit in pairs if (case.slice, case.crisis) == (name, crisis)])
    ]
    dangers = [hit for case, hit in pairs if case.crisis]
    safe = [hit for case, hit in pairs if not case.crisis]
    at_floor = [given["tier"] >= case.floor for case, given in zip(cases, answers, strict=True) if case.crisis]
    return [
        *out,
        Share("all", sum(dangers), len(dangers), "recall"),
        Share("all", sum(safe), len(safe), "false alarms"),
        Share("all", sum(dangers), sum(flagged), "precision"),
        Share("all, at the right tier or above", sum(at_floor), len(at_floor), "recall"),
    ]


def alerts_an_hour(recall: float, false_alarms: float, prevalence: float) -> tuple[float, float]:
    """Alerts per supporter-hour, and the share of them that is right."""
    right = prevalence * recall * MESSAGES_AN_HOUR
    wrong = (1 - prevalence) * false_alarms * MESSAGES_AN_HOUR
    return right + wrong, right / max(1e-9, right + wrong)


def calibration_error(shares_given: Sequence[float], happened: Sequence[bool], bins: int = 10) -> float:
    """The expected calibration error: how far, on average, a share is from how often it came true."""
    total = 0.0
    for at in range(bins):
        inside = [(s, h) for s, h in zip(shares_given, happened, strict=True) if min(bins - 1, int(s * bins)) == at]
        if inside:
            total += abs(sum(s for s, _ in inside) - sum(h for _, h in inside))
    return total / max(1, len(shares_given))
