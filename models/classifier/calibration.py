"""From logits to shares that can be believed: one slope and one shift per figure and language, fitted on messages set
apart.

Platt's scaling (J. Platt, 1999), fitted by Newton's method with a light pull of the slope towards 1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
OTHER = "other"
_ROUNDS = 50
_PULL, _PULL_SHIFT = 1.0, 1e-3
_LEAST_SLOPE = 0.05


@dataclass(frozen=True, slots=True)
class Calibration:
    """`slopes` and `shifts`: one each for every tier above 0, then for every domain."""

    slopes: tuple[float, ...]
    shifts: tuple[float, ...]

    def shares(self, logits: NDArray[np.float32]) -> Floats:
        """Probabilities of shape (n, figures)."""
        return sigmoid(logits.astype(np.float64) * np.array(self.slopes) + np.array(self.shifts))


def write_calibrations(fitted: Mapping[str, Calibration], path: Path) -> None:
    """One per language; `OTHER` serves those that have none of their own."""
    kept = {language: asdict(each) for language, each in fitted.items()}
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def read_calibrations(path: Path) -> dict[str, Calibration]:
    """Raises `OSError` and `ValueError` (also for keys that are missing)."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    if OTHER not in kept or any(set(each) != {"slopes", "shifts"} for each in kept.values()):
        raise ValueError(f"{path.name} holds no calibrations")
    return {language: Calibration(tuple(each["slopes"]), tuple(each["shifts"])) for language, each in kept.items()}


def sigmoid(values: Floats) -> Floats:
    out: Floats = 1.0 / (1.0 + np.exp(-np.clip(values, -40.0, 40.0)))
    return out


def fit(logits: NDArray[np.float32], wanted: Sequence[Sequence[float]]) -> Calibration:
    """`logits` of shape (n, figures); `wanted` 0 or 1 likewise."""
    columns = np.array(wanted, dtype=np.float64)
    pairs = [_fit_one(logits[:, at].astype(np.float64), columns[:, at]) for at in range(logits.shape[1])]
    return Calibration(tuple(round(pair[0], 4) for pair in pairs), tuple(round(pair[1], 4) for pair in pairs))


def _fit_one(logits: Floats, wanted: Floats) -> tuple[float, float]:
    slope, shift = 1.0, 0.0
    for _ in range(_ROUNDS):
        share = sigmoid(slope * logits + shift)
        off, spread = share - wanted, np.maximum(share * (1 - share), 1e-6)
        across = float((spread * logits).sum())
        bend = np.array(
            [[float((spread * logits**2).sum()) + _PULL, across], [across, float(spread.sum()) + _PULL_SHIFT]]
        )
        slant = np.array([(off * logits).sum() + _PULL * (slope - 1), off.sum() + _PULL_SHIFT * shift])
        step = np.clip(np.linalg.solve(bend, slant), -1.0, 1.0)
        slope, shift = slope - float(step[0]), shift - float(step[1])
    return max(slope, _LEAST_SLOPE), shift
