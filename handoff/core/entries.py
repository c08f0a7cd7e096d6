"""Entries: what a seeker or a desk reads, one after the other, each with a sequence number."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Speaker(StrEnum):
    """Who is speaking. Pages tell the four apart at a glance."""

    SEEKER = "seeker"
    BOT = "bot"
    SUPPORTER = "supporter"
    SYSTEM = "system"


class EntryKind(StrEnum):
    """How an entry is drawn; `body` holds what the kind needs."""

    TEXT = "text"
    NOTICE = "notice"
    CARD = "card"
    """A crisis card; body: `handoff.core.crisis.as_json`."""
    RESOURCE = "resource"
    """A resource or timed exercise; body: `handoff.resources.as_json`."""
    FEEDBACK = "feedback"
    """An invitation to give feedback; body: {"conversation": id}."""
    NOTE = "note"
    """A supporter's private note. Only ever in a margin."""
    FILE = "file"
    """A voice note, image or document; body: an `Attachment` as JSON, text: what was written with it."""
    EDIT = "edit"
    """What the same speaker's entry with the same `refers` says from now on: `text`."""
    UNSAID = "unsaid"
    """The same speaker's entry with the same `refers` was taken back."""


class AttachmentKind(StrEnum):
    """What a file is to whoever receives it."""

    VOICE = "voice"
    IMAGE = "image"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file on the shelf, cleaned of metadata. `name` is neutral, never the sender's own; `size` in bytes."""

    file: str
    kind: AttachmentKind
    type: str
    """Media type, such as `image/jpeg`."""
    name: str
    size: int
    seconds: int | None = None
    """How long a voice note plays."""


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply: `title` is shown, `payload` comes back as `SeekerTapped`."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a feed (read by the seeker and the desk) or of a margin (read by the desk alone).

    `seq` counts from 1 without gaps within its feed or margin. `at` is seconds since the epoch.
    """

    seq: int
    id: str
    at: float
    conversation: str
    speaker: Speaker
    name: str = ""
    kind: EntryKind = EntryKind.TEXT
    text: str = field(default="", repr=False)
    buttons: tuple[Button, ...] = ()
    body: dict[str, Any] | None = field(default=None, repr=False)
    refers: str = ""
    """The id the sender gave, so that a page can match its own unsent message."""
    answers: int = 0
    """The `seq` of the entry that this one replies to; 0 for none."""
    private: bool = False
    """For the seeker alone: withheld from every desk, and left out of the records."""
