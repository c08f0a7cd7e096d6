"""Who is at the desk when: people with their times of the week, in seconds from Monday 00:00."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handoff.core.supporter import Supporter

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY
HOURS_A_WEEK = 7 * 24
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Person:
    """One supporter and when they are there. `spans` lie within the week, in order, and never touch each other."""

    supporter: Supporter
    spans: tuple[Span, ...]

    def is_there(self, at: float) -> bool:
        """At so many seconds after some Monday 00:00."""
        moment = at % WEEK
        return any(begins <= moment < ends for begins, ends in self.spans)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans within the week: what runs over its end comes round to its beginning, what touches becomes one."""
    whole = sorted(part for span in spans for part in _within_the_week(*span))
    merged: list[Span] = []
    for begins, ends in whole:
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((begins, ends))
    return tuple(merged)


def changes(people: Sequence[Person], until: float) -> list[float]:
    """Every moment before `until` at which somebody comes or goes, the first at 0."""
    of_a_week = {0.0, *(edge for each in people for span in each.spans for edge in span if edge < WEEK)}
    weeks = range(int(until // WEEK) + 1)
    return sorted(at for week in weeks for edge in of_a_week if (at := week * WEEK + edge) < until)


def hourly(people: Sequence[Person]) -> list[int]:
    """How many are there in each hour of the week, from Monday 00:00; a part of an hour counts as one."""
    return [
        sum(any(begins < (hour + 1) * HOUR and ends > hour * HOUR for begins, ends in each.spans) for each in people)
        for hour in range(HOURS_A_WEEK)
    ]


def staffed(counts: Sequence[int], each: Sequence[Supporter]) -> list[Person]:
    """People who make up so many in each hour of the week: the first of `each` is there whenever anybody is."""
    return [
        Person(who, joined((hour * HOUR, (hour + 1) * HOUR) for hour, wanted in enumerate(counts) if wanted > rank))
        for rank, who in enumerate(each[: max(counts, default=0)])
    ]


def _within_the_week(begins: float, ends: float) -> Iterable[Span]:
    if ends <= WEEK:
        return [(begins, ends)]
    return [(begins, WEEK), (0.0, min(ends - WEEK, begins))]
