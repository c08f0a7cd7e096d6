"""What concerns a supporter alone."""

from __future__ import annotations

from dataclasses import dataclass

from handoff.core.events.base import Event
from handoff.core.supporter import Presence, Supporter


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEvent(Event):
    """Something about a supporter alone."""

    supporter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceSet(RosterEvent):
    """The presence switch. `seconds`: how long the lease runs, the policy's when None; a desk that is a page renews it.

    `back_after`: with BUSY, the seconds after which they are available again by themselves.
    """

    presence: Presence
    seconds: int | None = None
    back_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceRenewed(RosterEvent):
    """The desk is still open, or they just did something: the lease runs on, never shorter than it was.

    `desk`: `console` or `slack`; `seconds`: the lease's length, the policy's when None.
    """

    desk: str = "console"
    seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged(RosterEvent):
    """A lead looks after an alert. The store has closed it already; this puts on record who did."""

    kind: str
    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterSaved(RosterEvent):
    """A profile was added or changed; presence and holdings stay as they are.

    `own`: they changed it themselves, so role, training, clearance and access stay as leads gave them.
    """

    profile: Supporter
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterRemoved(RosterEvent):
    """Access ends at once; what they held goes back to the queue. `left`: nobody removed them, the platform says so."""

    left: bool = False
