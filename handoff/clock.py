"""The line's clock: the time of its Redis, carried on by this machine's steady clock, so that all processes agree.

Leases and deadlines are compared between processes. One whose wall clock is off, or steps, would take what others hold,
or leave what is due.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

_log = logging.getLogger(__name__)

_AGREES = 0.1
"""Seconds of difference that are left alone. Our own choice: far below the shortest lease, above a busy moment."""
_WORTH_A_WORD = 5.0


class LineClock:
    """Seconds since 1970. The machine's own wall clock until the store has told its time."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._ahead = wall() - steady()

    def __call__(self) -> float:
        return self._steady() + self._ahead

    def hear(self, told: float, took: float) -> None:
        """The store's time was `told` somewhere within an answer that took so many seconds."""
        now = self()
        if told - _AGREES <= now <= told + took + _AGREES:
            return
        off = now - told - took / 2
        self._ahead -= off
        if abs(off) > _WORTH_A_WORD:
            _log.warning(
                "clock_differs",
                extra={
                    "seconds": round(off, 1),
                    "next": "let this machine and that of Redis keep the same time",
                },
            )
