"""What a desk may send, and who may send it: what asks, what tells. What changes something is in `deeds`."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, ClassVar, Literal

import msgspec

from handoff.core.events import Event
from handoff.core.risk import Tier

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


class Reports(Asked, frozen=True, tag="reports"):
    """Reports and running blocks; answered by `reports`, without what was written."""

    right = Right.LEAD


class ReportOpen(Asked, frozen=True, tag="report_open"):
    """One report with what was written, on record; answered by `report`."""

    right = Right.LEAD
    report: int


class ReportNote(Asked, frozen=True, tag="report_note"):
    """A lead's own words about a report."""

    right = Right.LEAD
    report: int
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class ReportClose(Asked, frozen=True, tag="report_close"):
    """A lead has dealt with a report."""

    right = Right.LEAD
    report: int


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


def tier_named(name: str) -> Tier:
    """The tier with this name in lower case."""
    return Tier[name.upper()]


def clean(text: str) -> str:
    """The text without control characters (tabs and line ends stay) and without space around it."""
    return "".join(letter for letter in text if letter in "\n\t" or ord(letter) >= 32).strip()
