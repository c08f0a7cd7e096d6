"""Sentences a supporter can put into the message box and change before sending, from `wording/saved_replies`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from handoff.wording.reading import WORDING, Section, read

DEFAULT_FOLDER = WORDING / "saved_replies"


class Category(StrEnum):
    """Where in a conversation a reply belongs; the console shows them in this order."""

    OPENING = "opening"
    LISTENING = "listening"
    ASKING_ABOUT_SAFETY = "asking_about_safety"
    WAITING = "waiting"
    BOUNDARIES = "boundaries"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class SavedReply:
    """`text` may contain the place `{name}` for the supporter's first name."""

    id: str
    category: Category
    text: str
    language: str

    def filled(self, name: str) -> str:
        """The sentence with the supporter's first name in its place."""
        return self.text.replace("{name}", name)


def load_saved_replies(folder: Path = DEFAULT_FOLDER) -> dict[str, tuple[SavedReply, ...]]:
    """The replies of each language, ordered by category. Raises `WordingError` from `handoff.wording.reading`."""
    replies: dict[str, tuple[SavedReply, ...]] = {}
    for file in sorted(folder.glob("*.yml")):
        top = read(file)
        top.only("language", "written_by", "reviewed_by", "version", "replies")
        replies[top.text("language")] = _replies(top)
    return replies


def _replies(top: Section) -> tuple[SavedReply, ...]:
    order = list(Category)
    replies = [_reply(entry, top.text("language")) for entry in top.sections("replies")]
    if len({reply.id for reply in replies}) < len(replies):
        raise top.wrong("replies", "an id is used twice", "Choose another id")
    return tuple(sorted(replies, key=lambda reply: order.index(reply.category)))


def _reply(entry: Section, language: str) -> SavedReply:
    entry.only("id", "category", "text")
    return SavedReply(entry.text("id"), entry.one_of("category", Category), entry.text("text"), language)
