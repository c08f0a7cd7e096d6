"""What a home tab is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handoff.core.conversation import Conversation
from handoff.core.effects import Alert
from handoff.core.queue import Place
from handoff.core.supporter import Supporter


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation of mine, and a link to its thread (empty: none yet)."""

    conversation: Conversation
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeScene:
    """Everything read before drawing. What follows `waiting` only leads are shown; links are whole addresses."""

    me: Supporter
    now: float
    held: Sequence[Held] = ()
    places: Sequence[Place] = ()
    """The head of the queue, in its order."""
    supporters: Sequence[Supporter] = ()
    waiting: int = 0
    """How many wait in all; `places` may be cut short."""
    queue_link: str = ""
    alerts: Sequence[Alert] = ()
    dead_letters: int = 0
    reports: Sequence[Any] = ()
    """Open ones (`handoff.reports.Report`) that are not about me, without what was written."""
    console: str = ""
