"""What a seeker does, as a channel tells it."""

from __future__ import annotations

from dataclasses import dataclass, field

from handoff.core.entries import Attachment
from handoff.core.events.base import Event
from handoff.core.ids import Address
from handoff.core.risk import Assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerEvent(Event):
    """Something the seeker did. The dispatcher finds the seeker's current conversation by the address."""

    seeker: Address = field(repr=False)
    language: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerOpened(SeekerEvent):
    """The chat was opened. Says hello once per conversation; opening again changes nothing.

    `topic`: what a link that opened it was about, one of the intake's topics or empty.
    """

    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerWrote(SeekerEvent):
    """The seeker sent words, a file, or both. The dispatcher screens the words first and fills in `assessment`.

    `refers` is the client's own id of the message, `answers` the `seq` of the entry it replies to.
    """

    text: str = field(repr=False)
    refers: str = ""
    answers: int = 0
    attachment: Attachment | None = field(default=None, repr=False)
    assessment: Assessment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerEdited(SeekerEvent):
    """The seeker changed the words they sent as `refers`. Screened like new ones."""

    text: str = field(repr=False)
    refers: str
    assessment: Assessment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerGone(SeekerEvent):
    """The platform can't reach the seeker any more. `why`: blocked or deactivated."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerMoved(SeekerEvent):
    """The platform gave the same chat another id, or the seeker goes on in another channel: `to` is where they are."""

    to: Address = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChosen(SeekerEvent):
    """The seeker chose the language we write in, one of the wording's."""

    chosen: str


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
class SupporterReported(SeekerEvent):
    """The seeker reports whoever talks, or talked last, with them. Leaves no trace in the feed, which they read too.

    `reason` is one of `handoff.core.outcomes.SUPPORTER_REASONS`; `words` are for leads alone. They are screened like
    any: danger in them brings the card.
    """

    reason: str
    words: str = field(default="", repr=False)
    assessment: Assessment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackGiven(SeekerEvent):
    """Feedback after a close. Moods 0 to 10, rating 1 to 5; never shown to the supporter as this person's.

    `review`: whether leads may read the conversation again to make the line safer; None when nothing was said of it.
    """

    conversation: str
    rating: int | None = None
    mood_before: int | None = None
    mood_after: int | None = None
    review: bool | None = None
    words: str = field(default="", repr=False)
