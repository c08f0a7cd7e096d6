"""Marks: what every message of a run carries, so that it can be found again wherever it arrives.

`s12-3` is the third thing that seeker 12 said, `p12-3` the third that a supporter said to them, `b12-3` the bot's
answer to `s12-3`. What somebody in danger says has its mark as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SEEKER, SUPPORTER, BOT = "s", "p", "b"
_MARK = re.compile(r"\b([spb])(\d+)-(\d+)\b")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Whose it is (`s`, `p` or `b`), in which talk, and its number there, from 1."""

    by: str
    talk: int
    number: int

    def __str__(self) -> str:
        return f"{self.by}{self.talk}-{self.number}"


def marks_in(text: str) -> list[Mark]:
    """Every mark in a text, as they stand."""
    return [Mark(by, int(talk), int(number)) for by, talk, number in _MARK.findall(text)]
