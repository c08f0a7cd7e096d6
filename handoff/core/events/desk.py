"""What a supporter or lead does about one conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from handoff.core.entries import Attachment
from handoff.core.events.base import Event
from handoff.core.risk import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEvent(Event):
    """Something a supporter did about one conversation. `desk`: where they did it, `console` or `slack`."""

    supporter: str
    conversation: str
    desk: str = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed(DeskEvent):
    """Accept: the first one wins, later ones are told who has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(DeskEvent):
    """Not for me, with why; not offered to them again."""

    why: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterWrote(DeskEvent):
    """Words for the seeker, a file, or both. `refers` is the desk's own id of the message."""

    text: str = field(repr=False)
    refers: str = ""
    attachment: Attachment | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterEdited(DeskEvent):
    """The supporter changed the words they sent as `refers`."""

    text: str = field(repr=False)
    refers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterUnsaid(DeskEvent):
    """The supporter took back what they sent as `refers`."""

    refers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseTaken(DeskEvent):
    """The supporter needs `policy.pause_seconds`; the seeker is told, and the silence clocks wait as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(DeskEvent):
    """A private note, for the desk alone."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSent(DeskEvent):
    """A resource for the seeker; `body` is the resource as JSON, filled in by the service."""

    resource: str
    title: str = ""
    body: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(DeskEvent):
    """Back to the queue, at the original place, not to this supporter. In a crisis: relief is called, and they stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred(DeskEvent):
    """To another supporter, refused when they are offline, full or untrained."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver(DeskEvent):
    """A lead takes the conversation, from the queue or from a supporter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(DeskEvent):
    """A lead is asked to look."""

    why: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRaised(DeskEvent):
    """A human saw more risk than the screen."""

    tier: Tier
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLowered(DeskEvent):
    """A lead lowers the tier, with a reason. No machine ever does."""

    tier: Tier
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(DeskEvent):
    """A lead reads along from now on, and everybody at the desk knows; the supporter keeps the conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHeeded(DeskEvent):
    """A lead acknowledged an alert about this conversation, so that nobody else need be called for now."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFlagged(DeskEvent):
    """The screen was wrong about the seeker's entry `seq`: `missed_risk` or `false_alarm`.

    Its words and those before it are filled in by the service; empty when there is no such entry.
    """

    seq: int
    verdict: str
    words: str = field(default="", repr=False)
    context: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(DeskEvent):
    """A lead read a sampled conversation again and says what the screen did: see `handoff.core.moves.reviewing`."""

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedIn(DeskEvent):
    """A lead read a conversation they do not hold. Recorded, nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerReported(DeskEvent):
    """The supporter reports the person they talk with, which ends the talk; in a crisis leads are called instead.

    `reason` is one of `handoff.core.outcomes.REPORT_REASONS`; `note` is for leads alone.
    """

    reason: str
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerBlocked(DeskEvent):
    """A lead blocks the person for `seconds`, one of `handoff.core.outcomes.BLOCK_SECONDS`, with one of the reasons."""

    reason: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerUnblocked(DeskEvent):
    """A lead lifts a block before its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterClosed(DeskEvent):
    """The supporter wraps up. `outcome` is one of `handoff.core.outcomes.OUTCOMES`."""

    outcome: str
