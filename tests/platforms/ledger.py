"""What was said and what arrived: lost, doubled and reordered lines of one direction, counted."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """Of lines numbered from 0. `doubled` counts repeats that nobody marked as such, `marked` those that are."""

    sent: int
    lost: int
    doubled: int
    marked: int
    reordered: int

    def __str__(self) -> str:
        return (
            f"{self.sent} sent, {self.lost} lost, {self.doubled} doubled unmarked, "
            f"{self.marked} doubled and marked, {self.reordered} reordered"
        )


def count(prefix: str, sent: int, arrived: list[str], mark: str) -> Figures:
    """`arrived`: texts in the order they stand; each holds some of the lines `<prefix><number>.`."""
    seen: list[int] = []
    doubled = marked = 0
    for text in arrived:
        for number in map(int, re.findall(rf"\b{prefix}(\d+)\.", text)):
            if number not in seen:
                seen.append(number)
            elif mark in text:
                marked += 1
            else:
                doubled += 1
    reordered = sum(later < earlier for earlier, later in itertools.pairwise(seen))
    return Figures(sent, sent - len(seen), doubled, marked, reordered)
