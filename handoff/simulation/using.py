"""How much of the desk was in use, hour by hour of the week: seconds of places there were, and of places held."""

from __future__ import annotations

from handoff.simulation.staffing import HOUR, HOURS_A_WEEK


class Using:
    """Fed with every change. A talk counts as long as its supporter is on shift."""

    def __init__(self) -> None:
        self.slots = [0.0] * HOURS_A_WEEK
        self.held = [0.0] * HOURS_A_WEEK
        self.people = [0.0] * HOURS_A_WEEK
        self._at = 0.0

    def count(self, now: float, slots: int, held: int, people: int) -> None:
        """From the last call until `now` there were so many places, so many of them held, by so many people."""
        while self._at < now:
            hour = int(self._at // HOUR)
            ends = min(now, (hour + 1.0) * HOUR)
            seconds, bin_ = ends - self._at, hour % HOURS_A_WEEK
            self.slots[bin_] += seconds * slots
            self.held[bin_] += seconds * held
            self.people[bin_] += seconds * people
            self._at = ends

    def share(self) -> float | None:
        """Of all places there were, the share held; None when nobody was ever there."""
        slots = sum(self.slots)
        return sum(self.held) / slots if slots else None

    def share_at(self, hour: int) -> float | None:
        """Likewise in one hour of the day, all days together."""
        slots = sum(self.slots[hour::24])
        return sum(self.held[hour::24]) / slots if slots else None
