"""Everything that can happen, as frozen events. An event's id is what it is de-duplicated by.

Connectors make the seeker's and the desk's events, the bot lane and the bot's actions the bot's, the sweep `Due`.
People's words are hidden from `repr`, so that no log can show them.
"""

from handoff.core.events.base import Event
from handoff.core.events.bot import (
    BotEvent,
    BotFailed,
    BotMessage,
    BotReplied,
    BotSlow,
    ConsentGiven,
    ForgetAsked,
    HandoffAsked,
    IntakeSaved,
    MessageLeft,
    ResourceRated,
    SeekerStopped,
)
from handoff.core.events.clock import Due
from handoff.core.events.desk import (
    Claimed,
    Declined,
    DeskEvent,
    Escalated,
    LookedIn,
    NoteWritten,
    Released,
    ResourceSent,
    RiskLowered,
    RiskRaised,
    SupporterClosed,
    SupporterWrote,
    TakenOver,
    Transferred,
)
from handoff.core.events.roster import (
    AlertAcknowledged,
    PresenceRenewed,
    PresenceSet,
    RosterEvent,
    SupporterRemoved,
    SupporterSaved,
)
from handoff.core.events.seeker import (
    CardConfirmed,
    FeedbackGiven,
    SeekerEvent,
    SeekerOpened,
    SeekerTapped,
    SeekerWrote,
)

__all__ = [
    "AlertAcknowledged",
    "BotEvent",
    "BotFailed",
    "BotMessage",
    "BotReplied",
    "BotSlow",
    "CardConfirmed",
    "Claimed",
    "ConsentGiven",
    "Declined",
    "DeskEvent",
    "Due",
    "Escalated",
    "Event",
    "FeedbackGiven",
    "ForgetAsked",
    "HandoffAsked",
    "IntakeSaved",
    "LookedIn",
    "MessageLeft",
    "NoteWritten",
    "PresenceRenewed",
    "PresenceSet",
    "Released",
    "ResourceRated",
    "ResourceSent",
    "RiskLowered",
    "RiskRaised",
    "RosterEvent",
    "SeekerEvent",
    "SeekerOpened",
    "SeekerStopped",
    "SeekerTapped",
    "SeekerWrote",
    "SupporterClosed",
    "SupporterRemoved",
    "SupporterSaved",
    "SupporterWrote",
    "TakenOver",
    "Transferred",
]
