"""Pace: how many frames a connection may send in a stretch of time."""

from __future__ import annotations

from enum import Enum


class Verdict(Enum):
    """What a frame meets: FINE is taken, FAST is told to slow down, FLOOD ends the connection."""

    FINE = "fine"
    FAST = "fast"
    FLOOD = "flood"


class Pace:
    """`fine` frames in any `seconds` are taken in silence, `most` are the end. Time is an argument, in seconds."""

    def __init__(self, fine: int, most: int, seconds: float) -> None:
        self._fine, self._most, self._seconds = fine, most, seconds
        self._times: list[float] = []

    def take(self, now: float) -> Verdict:
        """Count one frame."""
        self._times = [*(at for at in self._times if at > now - self._seconds), now]
        if len(self._times) > self._most:
            return Verdict.FLOOD
        return Verdict.FAST if len(self._times) > self._fine else Verdict.FINE
