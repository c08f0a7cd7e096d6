"""What falls due."""

from __future__ import annotations

from dataclasses import dataclass

from handoff.core.conversation import Deadline
from handoff.core.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Due(Event):
    """A deadline came. The handler checks the state itself: an early or stale one changes nothing."""

    kind: Deadline
    conversation: str
    at: float
