"""Everything that can happen, as frozen events. An event's id is what it is de-duplicated by.

Connectors make the seeker's and the desk's events, the bot lane and the bot's actions the bot's, the sweep `Due`.
People's words are hidden from `repr`, so that no log can show them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from handoff.core.conversation import Deadline, Intake
from handoff.core.entries import Button
from handoff.core.ids import Address
from handoff.core.risk import Assessment, Tier
from handoff.core.supporter import Presence, Supporter


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`id` is unique for ever within its source: a redelivery carries the same one."""

    id: str


# --- the seeker, from a channel ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerEvent(Event):
    """Something the seeker did. The dispatcher finds the seeker's current conversation by the address."""

    seeker: Address = field(repr=False)
    language: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerOpened(SeekerEvent):
    """The chat was opened. Says hello once per conversation; opening again changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerWrote(SeekerEvent):
    """The seeker sent words. The dispatcher screens them before anything else and fills in `assessment`."""

    text: str = field(repr=False)
    refers: str = ""
    assessment: Assessment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerTapped(SeekerEvent):
    """The seeker chose a quick reply. Payloads: `/intent` goes to the bot, `warmline:...` is ours."""

    payload: str
    label: str = field(repr=False)
    refers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardConfirmed(SeekerEvent):
    """The seeker's device has shown everything up to `seq`, a crisis card among it."""

    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackGiven(SeekerEvent):
    """Feedback after a close. Moods 0 to 10, rating 1 to 5; never shown to the supporter as this person's."""

    conversation: str
    rating: int | None = None
    mood_before: int | None = None
    mood_after: int | None = None
    words: str = field(default="", repr=False)


# --- the desk: supporters and leads -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEvent(Event):
    """Something a supporter did about one conversation."""

    supporter: str
    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed(DeskEvent):
    """Accept: the first one wins, later ones are told who has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(DeskEvent):
    """Not for me, with why; not offered to them again."""

    why: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterWrote(DeskEvent):
    """Words for the seeker."""

    text: str = field(repr=False)
    refers: str = ""


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
    """Back to the queue, at the original place, not to this supporter."""


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
class LookedIn(DeskEvent):
    """A lead read a conversation they do not hold. Recorded, nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterClosed(DeskEvent):
    """The supporter wraps up. `outcome` is one of `handoff.core.outcomes.OUTCOMES`."""

    outcome: str


# --- the desk: a supporter on their own -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEvent(Event):
    """Something about a supporter alone."""

    supporter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceSet(RosterEvent):
    """The presence switch."""

    presence: Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceRenewed(RosterEvent):
    """The desk is still open: the lease runs on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged(RosterEvent):
    """A lead looks after an alert. The store has closed it already; this puts on record who did."""

    kind: str
    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterSaved(RosterEvent):
    """A profile was added or changed; presence and holdings stay as they are."""

    profile: Supporter


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterRemoved(RosterEvent):
    """Access ends at once; what they held goes back to the queue."""


# --- the bot ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BotMessage:
    """One message of the bot; `body` is a resource as JSON when it sent one."""

    text: str = field(repr=False)
    buttons: tuple[Button, ...] = ()
    body: dict[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotEvent(Event):
    """Something the bot or one of its actions did in one conversation."""

    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BotReplied(BotEvent):
    """The bot's answer to what was asked under `epoch`; dropped when that is over."""

    epoch: int
    messages: tuple[BotMessage, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSlow(BotEvent):
    """The bot has not answered yet. `waking`: it cannot be reached at all, so far."""

    epoch: int
    waking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BotFailed(BotEvent):
    """The bot will not answer this: the conversation is opened to people."""

    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(BotEvent):
    """The seeker answered the three plain lines."""

    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSaved(BotEvent):
    """The whole intake as known now; `language` and `country` only when the seeker said them."""

    intake: Intake
    language: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffAsked(BotEvent):
    """A person is wanted. `why`: asked, intake, fallback or bot_down."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLeft(BotEvent):
    """A message for the supporters, to be read when one is there."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRated(BotEvent):
    """Did this help? Kept without words."""

    resource: str
    helped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetAsked(BotEvent):
    """The seeker confirmed: delete everything about me."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerStopped(BotEvent):
    """The seeker wants to stop here."""


# --- time -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Due(Event):
    """A deadline came. The handler checks the state itself: an early or stale one changes nothing."""

    kind: Deadline
    conversation: str
    at: float
