"""Opening hours of a hotline, in its own time zone, and whether it answers at a given moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

MINUTES_A_DAY = 1440


@dataclass(frozen=True, slots=True)
class Interval:
    """Open on `days` (0 is Monday) from `opens` to `closes`, in minutes after midnight.

    A line that closes after midnight has a `closes` above 1440: 11:00 to 04:00 is 660 to 1680.
    """

    days: frozenset[int]
    opens: int
    closes: int

    def covers(self, day: int, minute: int) -> bool:
        """Whether it covers this minute of this weekday, on its own day or running over from the day before."""
        if day in self.days and self.opens <= minute < self.closes:
            return True
        return (day - 1) % 7 in self.days and minute + MINUTES_A_DAY < self.closes


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours: always, or intervals in a time zone, or (neither) unknown."""

    always: bool = False
    intervals: tuple[Interval, ...] = ()
    zone: tzinfo | None = None


ALWAYS = Hours(always=True)
HOURS_UNKNOWN = Hours()


def is_open(hours: Hours, now: datetime) -> bool | None:
    """Whether a line with these hours answers at `now` (with a time zone); None where nobody knows."""
    if now.tzinfo is None:
        raise ValueError("now has no time zone: pass datetime.now(UTC) or the like")
    if hours.always:
        return True
    if not hours.intervals:
        return None
    local = now.astimezone(hours.zone)
    minute = local.hour * 60 + local.minute
    return any(interval.covers(local.weekday(), minute) for interval in hours.intervals)
