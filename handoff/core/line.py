"""A line: one helpline, with its own queue, hours, wording and supporters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from handoff.core.hours import ALWAYS, Hours, is_open
from handoff.core.policy import Policy
from handoff.core.risk import Assessment
from handoff.core.wording import Wording

_SEARCH_STEP = timedelta(minutes=5)
_SEARCH_DAYS = 8


@dataclass(frozen=True, slots=True)
class Card:
    """A crisis card: for pages as JSON, for everything else as text."""

    text: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWish:
    """What a crisis card is made for. `staffed`: a supporter could be found now; `live`: one is talking with them."""

    assessment: Assessment
    country: str | None
    language: str
    topics: tuple[str, ...]
    staffed: bool
    live: bool
    at: datetime
    nobody_comes: bool = False
    """Nothing is said about who comes: it is for somebody who is blocked, and for whom nobody is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Everything fixed about one helpline. `card` composes a crisis card; it is pure and never fails."""

    id: str
    name: str
    policy: Policy
    wording: Wording
    card: Callable[[CardWish], Card]
    hours: Hours = ALWAYS
    language: str = "en"
    country: str | None = None
    contact: str = ""
    """Where somebody can complain to the line: an address or a page. Empty: it is not spoken of."""
    review_key: bytes = field(default=b"", repr=False)
    """Draws the conversations that leads read again; nobody outside can tell which."""

    def is_open(self, now: float) -> bool:
        """Whether supporters may be expected at `now` (seconds since the epoch)."""
        return is_open(self.hours, moment(now)) is not False

    def opens_at(self, now: float) -> datetime | None:
        """When it opens next, in its own time zone and to five minutes; None when not within eight days."""
        start = moment(now).replace(second=0, microsecond=0)
        start -= timedelta(minutes=start.minute % 5)
        for step in range(1, _SEARCH_DAYS * 24 * 12):
            then = start + step * _SEARCH_STEP
            if is_open(self.hours, then):
                return then.astimezone(self.hours.zone)
        return None


def moment(now: float) -> datetime:
    """Seconds since the epoch as a time in UTC."""
    return datetime.fromtimestamp(now, UTC)
