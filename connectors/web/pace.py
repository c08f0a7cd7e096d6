"""Pace: how many frames a connection may send in a stretch of time."""

from __future__ import annotations

from collections import deque
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
        self._times: deque[float] = deque()

    def take(self, now: float) -> Verdict:
        """Count one frame."""
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        self._times.append(now)
        if len(self._times) > self._most:
            return Verdict.FLOOD
        return Verdict.FAST if len(self._times) > self._fine else Verdict.FINE
