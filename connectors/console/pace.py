"""How fast a desk may send."""

from __future__ import annotations

from enum import Enum

FRAMES = 40
SECONDS = 10.0
_TOLD = 40
"""Refused frames that are answered before the connection is closed."""


class Pace(Enum):
    FINE = "fine"
    TOO_FAST = "too_fast"
    FLOODED = "flooded"


class Pacer:
    """A bucket that holds `FRAMES` and fills in `SECONDS`; typing fast never empties it, a stuck page does."""

    def __init__(self, now: float) -> None:
        self._left = float(FRAMES)
        self._at = now
        self._refused = 0

    def take(self, now: float) -> Pace:
        """Count one frame that came at `now` (seconds)."""
        self._left = min(float(FRAMES), self._left + max(0.0, now - self._at) * FRAMES / SECONDS)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            self._refused = 0
            return Pace.FINE
        self._refused += 1
        return Pace.FLOODED if self._refused > _TOLD else Pace.TOO_FAST
