"""What a page may send: one frozen shape per frame type, and why a frame is not taken. See docs/web-protocol.md."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeVar

import msgspec

MOST_CHARACTERS = 262_144
"""Of one frame. Far above the limit of a message: a text that is too long gets an answer, not a closed door."""

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9-]*)?")

Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Mood = Annotated[int, msgspec.Meta(ge=0, le=10)]
Rating = Annotated[int, msgspec.Meta(ge=1, le=5)]
Short = Annotated[str, msgspec.Meta(max_length=200)]


class BadFrame(Exception):
    """A frame that cannot be taken. `code` is a refusal code; `id` the client's own where it could be read."""

    def __init__(self, code: str, frame_id: str | None = None) -> None:
        super().__init__(code)
        self.code, self.id = code, frame_id


@dataclass(frozen=True, slots=True)
class Hello:
    token: str | None = field(default=None, repr=False)
    after: Seq = 0
    language: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Say:
    id: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tap:
    id: str
    payload: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    label: Annotated[str, msgspec.Meta(max_length=500)] = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Feedback:
    id: str
    conversation: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    rating: Rating | None = None
    mood_before: Mood | None = None
    mood_after: Mood | None = None
    review: bool | None = None
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Link:
    """Asks for a code, or with `code` links this page to where it was made."""

    id: str
    code: Annotated[str, msgspec.Meta(max_length=32)] = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """Something was wrong with a supporter; for leads alone."""

    id: str
    reason: Literal["hurtful", "sexual", "unsafe", "contact", "other"]
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Got:
    seq: Seq


@dataclass(frozen=True, slots=True)
class Read:
    seq: Seq


@dataclass(frozen=True, slots=True)
class Typing:
    pass


@dataclass(frozen=True, slots=True)
class Ping:
    pass


Frame = Hello | Say | Tap | Feedback | Report | Link | Got | Read | Typing | Ping
Quiet = Got | Read | Typing | Ping
"""Frames that carry nothing to be kept; they have a pace of their own."""

SHAPES: dict[str, type[Frame]] = {
    "hello": Hello, "say": Say, "tap": Tap, "feedback": Feedback, "report": Report, "link": Link,
    "got": Got, "read": Read, "typing": Typing, "ping": Ping,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Envelope:
    type: object = None
    id: object = None
    text: object = ""
    words: object = ""


_Shape = TypeVar("_Shape")


def parse(raw: str) -> Frame:
    """One frame as it came over the wire. Raises `BadFrame`."""
    envelope = _decode(raw, _Envelope, None)
    frame_id = envelope.id if isinstance(envelope.id, str) and _CLIENT_ID.fullmatch(envelope.id) else None
    shape = SHAPES.get(envelope.type) if isinstance(envelope.type, str) else None
    if shape is None:
        raise BadFrame("unknown_type", frame_id)
    if shape in (Say, Tap, Feedback, Report, Link) and frame_id is None:
        raise BadFrame("bad_id")
    if not isinstance(envelope.text, str) or not isinstance(envelope.words, str):
        raise BadFrame("not_text", frame_id)
    return _decode(raw, shape, frame_id)


def words(text: str, limit: int, frame_id: str | None, *, may_be_empty: bool = False) -> str:
    """The text as it is kept: without control characters, except tabs and line ends. Raises `BadFrame`."""
    kept = "".join(letter for letter in text if letter in "\n\t" or not _control(letter))
    if not may_be_empty and not any(_visible(letter) for letter in kept):
        raise BadFrame("empty", frame_id)
    if len(kept) > limit:
        raise BadFrame("too_long", frame_id)
    return kept


def is_client_id(text: str) -> bool:
    """Whether a page may call something of its own so."""
    return _CLIENT_ID.fullmatch(text) is not None


def language_of(text: str | None) -> str | None:
    """The two-letter language of a tag such as `en-GB`; None for anything else: no reason to refuse anybody."""
    found = _LANGUAGE.fullmatch(text or "")
    return found[1].lower() if found else None


def country_of(text: str | None) -> str | None:
    """The two-letter country in upper case; None for anything else."""
    return text.upper() if text and _COUNTRY.fullmatch(text) else None


def _decode(raw: str, shape: type[_Shape], frame_id: str | None) -> _Shape:
    try:
        return msgspec.json.decode(raw, type=shape)
    except UnicodeEncodeError:
        raise BadFrame("not_text", frame_id) from None
    except (msgspec.DecodeError, RecursionError):
        raise BadFrame("bad_frame", frame_id) from None


def _control(letter: str) -> bool:
    return unicodedata.category(letter) == "Cc"


def _visible(letter: str) -> bool:
    return not letter.isspace() and unicodedata.category(letter) not in {"Cf", "Cc", "Mn"}
