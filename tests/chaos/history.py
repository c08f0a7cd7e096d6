"""What a run left behind: what was said, what stands where, and what the audit holds. Plain values, no words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.chaos.marks import Mark, marks_in


class Place(StrEnum):
    """Where something is read."""

    WEB = "web"
    TELEGRAM = "telegram"
    CONSOLE = "console"
    SLACK = "slack"


MAY_REPEAT = frozenset({Place.TELEGRAM, Place.SLACK})
"""Where an answer can get lost, so that a message may stand there twice: the second time marked as a repeat."""


class Kind(StrEnum):
    """What a line is, as far as the ledger cares."""

    WORDS = "words"
    NOTICE = "notice"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stands somewhere: who spoke (`seeker`, `supporter`, `bot`, `system`), and its marks.

    `again`: it says of itself that it may be a repeat.
    """

    speaker: str
    marks: tuple[Mark, ...] = ()
    kind: Kind = Kind.WORDS
    conversation: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """All lines of one place in reading order: a seeker's chat, or one conversation at one desk."""

    place: Place
    lines: tuple[Line, ...]
    reader: str = ""

    def marks(self, by: str) -> list[Mark]:
        return [mark for line in self.lines for mark in line.marks if mark.by == by]


@dataclass(frozen=True, slots=True)
class Audited:
    """One row of the audit, in the order of the commits."""

    actor: str
    action: str
    conversation: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """`said`: what its sender believes to be on its way for good. `refused`: what they were told is not.

    `chats`: what seekers see, by talk; `feeds`: what the store keeps for them; `desks` by conversation. `heard`: what
    the bot was asked. `capacity` by supporter; `crowded`: the most that a desk said it holds, by supporter. `holders`:
    who holds each conversation at the end, by the store.
    """

    said: frozenset[Mark] = frozenset()
    refused: frozenset[Mark] = frozenset()
    crises: frozenset[Mark] = frozenset()
    chats: dict[int, View] = field(default_factory=dict)
    feeds: dict[int, View] = field(default_factory=dict)
    desks: dict[str, tuple[View, ...]] = field(default_factory=dict)
    heard: frozenset[Mark] = frozenset()
    audit: tuple[Audited, ...] = ()
    capacity: dict[str, int] = field(default_factory=dict)
    crowded: dict[str, int] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=dict)
    unconfirmed: frozenset[str] = frozenset()
    """Conversations whose newest crisis card was not confirmed."""
    unwritten: int = 0
    """Records that never reached the database."""
    clashes: int = 0
    """Lines that came to a page a second time under the same number, and were others."""
    phases: dict[str, str] = field(default_factory=dict)
    """Where each conversation stands in the store."""
    answers_lost: bool = False
    """Whether anything happened that can lose a platform's answer."""


def line_of(speaker: str, text: str, *, again: str = "\0", **more: Any) -> Line:
    """A line from its text; `again` are the words that mark a repeat."""
    return Line(speaker, tuple(marks_in(text)), again=again in text, **more)
