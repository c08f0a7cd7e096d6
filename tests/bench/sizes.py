"""How much a benchmark does: a small form to see that it runs, and the full one whose figures count."""

from __future__ import annotations

from enum import StrEnum


class Size(StrEnum):
    SMALL = "small"
    FULL = "full"

    def of(self, full: int, small: int) -> int:
        """The number for this size."""
        return full if self is Size.FULL else small
