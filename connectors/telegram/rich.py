"""Text with bold parts and links, as Telegram wants it: plain text beside a list of places counted in UTF-16 units.

Nothing is ever parsed, so nothing that a person types can break or format a message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

MOST = 4096
"""UTF-16 units of one message's text: Telegram's limit."""
_ENDS = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"(?<=[.!?…。！？])\s+"), re.compile(r"\s+"))
"""Where a long text is cut, the best places first: paragraphs, lines, sentences, words."""
_LEAST = 0.5
"""A part is at least this full, or the next best kind of place is taken."""


@dataclass(frozen=True, slots=True)
class Mark:
    """`kind` is Telegram's name for it (bold, italic, text_link); `at` and `length` in UTF-16 units."""

    kind: str
    at: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Rich:
    """Text with its marks."""

    text: str = ""
    marks: tuple[Mark, ...] = ()

    def __add__(self, other: Rich | str) -> Rich:
        more = plain(other) if isinstance(other, str) else other
        shift = units(self.text)
        return Rich(self.text + more.text, self.marks + tuple(replace(each, at=each.at + shift) for each in more.marks))

    def __bool__(self) -> bool:
        return bool(self.text)


def plain(text: str) -> Rich:
    """Text as it is."""
    return Rich(text)


def bold(text: str) -> Rich:
    """Text that stands out."""
    return Rich(text, (Mark("bold", 0, units(text)),) if text else ())


def joined(parts: list[Rich], between: str = "\n\n") -> Rich:
    """The parts that say something, with something between them."""
    whole = Rich()
    for part in parts:
        if part:
            whole = whole + between + part if whole else part
    return whole


def units(text: str) -> int:
    """How long Telegram counts a text: UTF-16 units, an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(rich: Rich, most: int = MOST) -> list[Rich]:
    """A long text in parts of at most `most` units, cut where a paragraph, line, sentence or word ends."""
    parts, rest = [], rich
    while units(rest.text) > most:
        cut, go_on = _cut(rest.text, most)
        parts.append(_slice(rest, 0, cut))
        rest = _slice(rest, go_on, len(rest.text))
    return [*parts, rest] if rest else parts


def _cut(text: str, most: int) -> tuple[int, int]:
    """Where the part ends and where the next begins, in characters."""
    window = _within(text, most)
    for pattern in _ENDS:
        places = [each for each in pattern.finditer(text[: window + 1]) if each.start() <= window]
        if places and places[-1].start() >= window * _LEAST:
            return places[-1].start(), places[-1].end()
    return window, window


def _within(text: str, most: int) -> int:
    """How many characters fit into `most` units."""
    fit, used = 0, 0
    for letter in text:
        used += 2 if ord(letter) > 0xFFFF else 1
        if used > most:
            break
        fit += 1
    return fit


def _slice(rich: Rich, start: int, end: int) -> Rich:
    text = rich.text[start:end]
    first, length = units(rich.text[:start]), units(text)
    marks = []
    for each in rich.marks:
        begins, ends = max(each.at - first, 0), min(each.at + each.length - first, length)
        if begins < ends:
            marks.append(replace(each, at=begins, length=ends - begins))
    return Rich(text, tuple(marks))
