"""What a desk may send: one frozen shape per frame type, who may send it, and the event it becomes."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, ClassVar, Literal

import msgspec

from handoff.core import events
from handoff.core.events import Event
from handoff.core.outcomes import OUTCOMES
from handoff.core.risk import Tier
from handoff.core.supporter import Presence

MOST_BYTES = 65536
WHY_LIMIT = 500

FrameId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.:-]{1,100}$")]
Why = Annotated[str, msgspec.Meta(max_length=WHY_LIMIT)]
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
TierName = Literal["none", "distress", "concern", "passive", "active", "imminent", "emergency"]


class Right(Enum):
    """Who may send a frame. Checked afresh for every frame, against the stored supporter."""

    DESK = "desk"
    """Anyone who is signed in."""
    HOLDER = "holder"
    """Whoever holds the conversation."""
    HOLDER_OR_LEAD = "holder_or_lead"
    LEAD = "lead"


class Frame(msgspec.Struct, frozen=True, tag_field="type"):
    """One frame of a desk. Unknown fields are ignored."""

    right: ClassVar[Right] = Right.DESK

    def __repr__(self) -> str:
        """Never a word of what was written."""
        return type(self).__name__


class Hello(Frame, frozen=True, tag="hello"):
    """The first frame: what the page still holds, as {conversation: (feed seq, margin seq)}."""

    after: dict[Key, tuple[Seq, Seq]] = {}


class Ping(Frame, frozen=True, tag="ping"):
    """Answered by `pong`."""


class About(Frame, frozen=True):
    """A frame about one conversation that is answered only where it is refused."""

    conversation: Key


class Read(About, frozen=True, tag="read"):
    right = Right.HOLDER
    seq: Seq


class Typing(About, frozen=True, tag="typing"):
    right = Right.HOLDER


class Unlook(About, frozen=True, tag="unlook"):
    """The lead stops reading a conversation they do not hold."""


class Asked(Frame, frozen=True):
    """A frame that is answered by `ok` or `refused` with the same id, which is the page's own and stays on a retry."""

    id: FrameId


class Search(Asked, frozen=True, tag="search"):
    """Resources found by meaning; answered by `found`."""

    text: Annotated[str, msgspec.Meta(max_length=300)] = ""
    conversation: Key | None = None


class Reviews(Asked, frozen=True, tag="reviews"):
    """What waits to be looked at again; answered by `reviews`."""

    right = Right.LEAD


class Concerns(Asked, frozen=True, tag="safeguarding"):
    """The safeguarding record; answered by `safeguarding`."""

    right = Right.LEAD


class ConcernNote(Asked, frozen=True, tag="safeguarding_note"):
    """A lead's own words about a row of the safeguarding record."""

    right = Right.LEAD
    concern: int
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class Acknowledge(Asked, frozen=True, tag="ack"):
    """A lead has seen an alert and looks after it."""

    right = Right.LEAD
    kind: Key
    conversation: Annotated[str, msgspec.Meta(max_length=100)] = ""


class Deed(Asked, frozen=True):
    """A frame that changes something: it becomes an event."""

    def event(self, by: str) -> Event:
        """The event, with an id that a resent frame has as well."""
        raise NotImplementedError

    def event_id(self, by: str) -> str:
        return f"desk:{by}:{self.id}"


class SetPresence(Deed, frozen=True, tag="presence"):
    state: Literal["available", "busy", "away"]

    def event(self, by: str) -> Event:
        return events.PresenceSet(id=self.event_id(by), supporter=by, presence=Presence(self.state))


class ConversationDeed(Deed, frozen=True):
    conversation: Key


class Accept(ConversationDeed, frozen=True, tag="accept"):
    def event(self, by: str) -> Event:
        return events.Claimed(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Decline(ConversationDeed, frozen=True, tag="decline"):
    why: Why = ""

    def event(self, by: str) -> Event:
        return events.Declined(id=self.event_id(by), supporter=by, conversation=self.conversation, why=self.why)


class Say(ConversationDeed, frozen=True, tag="say"):
    """Words for the seeker."""

    right = Right.HOLDER
    text: str

    def event(self, by: str) -> Event:
        return events.SupporterWrote(
            id=self.event_id(by), supporter=by, conversation=self.conversation, text=clean(self.text), refers=self.id
        )


class Edit(ConversationDeed, frozen=True, tag="edit"):
    """Other words for what this supporter sent as `refers`."""

    right = Right.HOLDER
    text: str
    refers: FrameId

    def event(self, by: str) -> Event:
        return events.SupporterEdited(
            id=self.event_id(by), supporter=by, conversation=self.conversation, text=clean(self.text),
            refers=self.refers,
        )  # fmt: skip


class Unsay(ConversationDeed, frozen=True, tag="unsay"):
    """What this supporter sent as `refers` is taken back."""

    right = Right.HOLDER
    refers: FrameId

    def event(self, by: str) -> Event:
        return events.SupporterUnsaid(
            id=self.event_id(by), supporter=by, conversation=self.conversation, refers=self.refers
        )


class Pause(ConversationDeed, frozen=True, tag="pause"):
    """A few minutes for oneself; the seeker is told, and nobody is hurried meanwhile."""

    right = Right.HOLDER

    def event(self, by: str) -> Event:
        return events.PauseTaken(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Note(ConversationDeed, frozen=True, tag="note"):
    """Words for the desk alone. A type of its own, so that no slip of a field can send one to the seeker."""

    right = Right.HOLDER_OR_LEAD
    text: str

    def event(self, by: str) -> Event:
        return events.NoteWritten(
            id=self.event_id(by), supporter=by, conversation=self.conversation, text=clean(self.text)
        )


class SendResource(ConversationDeed, frozen=True, tag="resource"):
    right = Right.HOLDER
    resource: Key

    def event(self, by: str) -> Event:
        return events.ResourceSent(
            id=self.event_id(by), supporter=by, conversation=self.conversation, resource=self.resource
        )


class Release(ConversationDeed, frozen=True, tag="release"):
    right = Right.HOLDER

    def event(self, by: str) -> Event:
        return events.Released(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Transfer(ConversationDeed, frozen=True, tag="transfer"):
    right = Right.HOLDER_OR_LEAD
    to: Key

    def event(self, by: str) -> Event:
        return events.Transferred(id=self.event_id(by), supporter=by, conversation=self.conversation, to=self.to)


class TakeOver(ConversationDeed, frozen=True, tag="takeover"):
    right = Right.LEAD

    def event(self, by: str) -> Event:
        return events.TakenOver(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Escalate(ConversationDeed, frozen=True, tag="escalate"):
    right = Right.HOLDER
    why: Why = ""

    def event(self, by: str) -> Event:
        return events.Escalated(id=self.event_id(by), supporter=by, conversation=self.conversation, why=self.why)


class Raise(ConversationDeed, frozen=True, tag="raise"):
    right = Right.HOLDER_OR_LEAD
    tier: TierName
    why: Why

    def event(self, by: str) -> Event:
        return events.RiskRaised(
            id=self.event_id(by), supporter=by, conversation=self.conversation, tier=tier_named(self.tier), why=self.why
        )


class Lower(ConversationDeed, frozen=True, tag="lower"):
    right = Right.LEAD
    tier: TierName
    why: Annotated[str, msgspec.Meta(min_length=1, max_length=WHY_LIMIT)]

    def event(self, by: str) -> Event:
        return events.RiskLowered(
            id=self.event_id(by), supporter=by, conversation=self.conversation, tier=tier_named(self.tier), why=self.why
        )


class Look(ConversationDeed, frozen=True, tag="look"):
    """A lead reads a conversation they do not hold. Recorded before the first word is shown."""

    right = Right.LEAD

    def event(self, by: str) -> Event:
        return events.LookedIn(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Join(Look, frozen=True, tag="join"):
    """A lead reads along with the supporter's knowledge, and writes in the margin."""

    def event(self, by: str) -> Event:
        return events.Joined(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Flag(ConversationDeed, frozen=True, tag="flag"):
    """The screen was wrong about one message of the seeker's."""

    right = Right.HOLDER_OR_LEAD
    seq: Seq
    verdict: Literal["missed_risk", "false_alarm"]

    def event(self, by: str) -> Event:
        return events.MessageFlagged(
            id=self.event_id(by), supporter=by, conversation=self.conversation, seq=self.seq, verdict=self.verdict
        )


class Reviewed(ConversationDeed, frozen=True, tag="reviewed"):
    """What a lead found in a sampled conversation."""

    right = Right.LEAD
    outcome: Literal["nothing_missed", "missed_risk", "false_alarm"]

    def event(self, by: str) -> Event:
        return events.Reviewed(id=self.event_id(by), supporter=by, conversation=self.conversation, outcome=self.outcome)


class Close(ConversationDeed, frozen=True, tag="close"):
    right = Right.HOLDER
    outcome: str

    def event(self, by: str) -> Event:
        return events.SupporterClosed(
            id=self.event_id(by), supporter=by, conversation=self.conversation, outcome=self.outcome
        )


AnyFrame = (
    Hello | Ping | Read | Typing | Unlook | Search | Acknowledge | SetPresence | Accept | Decline | Say | Note
    | SendResource | Edit | Unsay | Pause | Release | Transfer | TakeOver | Escalate | Raise | Lower | Look | Join
    | Close | Flag | Reviewed | Reviews | Concerns | ConcernNote
)  # fmt: skip


class _Envelope(msgspec.Struct, frozen=True):
    type: object = None
    id: object = None


_FRAME: msgspec.json.Decoder[AnyFrame] = msgspec.json.Decoder(AnyFrame)
_ENVELOPE = msgspec.json.Decoder(_Envelope)
_TYPES = frozenset(
    kind.__struct_config__.tag for kind in AnyFrame.__args__ if isinstance(kind.__struct_config__.tag, str)
)


class BadFrame(Exception):
    """A frame that cannot be taken. `code` is a refusal code; `id` is the page's own where it could be read."""

    def __init__(self, code: str, frame_id: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.id = frame_id


def parse(raw: str, message_limit: int) -> AnyFrame:
    """One frame as it came. Raises `BadFrame`."""
    try:
        envelope = _ENVELOPE.decode(raw)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise BadFrame("bad_frame") from None
    frame_id = envelope.id if isinstance(envelope.id, str) and len(envelope.id) <= 64 else None
    if not isinstance(envelope.type, str) or envelope.type not in _TYPES:
        raise BadFrame("unknown_type", frame_id)
    try:
        frame = _FRAME.decode(raw)
    except msgspec.ValidationError as wrong:
        raise BadFrame("bad_id" if str(wrong).endswith("`$.id`") else "bad_field", frame_id) from None
    except (msgspec.DecodeError, RecursionError):
        raise BadFrame("bad_frame", frame_id) from None
    _check_words(frame, message_limit)
    return frame


def tier_named(name: str) -> Tier:
    """The tier with this name in lower case."""
    return Tier[name.upper()]


def clean(text: str) -> str:
    """The text without control characters (tabs and line ends stay) and without space around it."""
    return "".join(letter for letter in text if letter in "\n\t" or ord(letter) >= 32).strip()


def _check_words(frame: AnyFrame, message_limit: int) -> None:
    if isinstance(frame, Say | Note | Edit):
        if not clean(frame.text):
            raise BadFrame("empty", frame.id)
        if len(frame.text) > message_limit:
            raise BadFrame("too_long", frame.id)
    if isinstance(frame, Close) and frame.outcome not in OUTCOMES:
        raise BadFrame("bad_outcome", frame.id)
