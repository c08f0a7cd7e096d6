"""What `decide()` wants done. Effects are committed with the state that caused them, then carried out by lanes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from handoff.core.entries import Entry


@dataclass(frozen=True, slots=True)
class Say:
    """An entry for the seeker's feed; the desk reads it too."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Jot:
    """An entry for the conversation's margin: the desk alone."""

    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBot:
    """The bot's turn. `context` is the metadata the bot gets (language, phase, consent, ...)."""

    id: str
    conversation: str
    epoch: int
    text: str = field(repr=False)
    context: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row for the SQL records, idempotent by `id`. Kinds and fields: `handoff/records.py`."""

    id: str
    kind: str
    fields: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Leads must see this until one of them acknowledges it, or it is over (`Cleared`).

    One open alert per conversation and kind: raised again, it has its newest words, time and urgency, and is counted,
    so that no repeat is silent.

    Kinds: crisis, crisis_now, not_accepted, nobody_for_crisis, card_unconfirmed, quiet_in_crisis, escalated,
    supporter_silent, waiting_long, bot_down, message_left, dead_letter, seeker_gone, lead_wanted, on_call_wanted,
    relief_wanted, bounced, minor_uncleared, another_wanted. About the line itself, with a word
    in place of a conversation: queue_long ("queue"), supporter_left (the supporter's id), report ("reports"),
    degraded (the part's name).
    """

    kind: str
    conversation: str
    at: float
    text: str
    urgent: bool = False
    times: int = 1
    """How often it was raised since it was opened; the store counts."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """Every open alert of a conversation is over."""

    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A supporter's desk should draw their eye to a conversation: assigned, unanswered, transferred, taken."""

    supporter: str
    conversation: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Everything about this seeker goes: feed, conversations, records, the bot's tracker."""

    pseudonym: str
    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A block of this seeker, under all their names, until a time (seconds since the epoch; 0 lifts it).

    It is kept apart from the conversation, so that it outlasts retention and erasure.
    """

    pseudonym: str
    conversation: str
    until: float


@dataclass(frozen=True, slots=True)
class Waited:
    """One claim's waiting time in seconds, for the estimate."""

    seconds: float


Effect = Say | Jot | AskBot | Record | Alert | Cleared | Nudge | Forget | Bar | Waited
