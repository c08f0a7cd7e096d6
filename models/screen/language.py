"""A cheap guess at the language, by script and by the smallest words. It decides only whether we can read a text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from models.screen.lexicon import Language
    from models.screen.normalise import Line

_FEW_LETTERS = 2
_FEW_WORDS = 3


class Guess(NamedTuple):
    """The best language (empty: none) and whether we can read it; too little text counts as readable."""

    code: str
    readable: bool


NOT_GUESSED = Guess("", True)


def guess(text: str, line: Line, languages: Iterable[Language]) -> Guess:
    """Unreadable: mostly letters of another script, or several words without one that we know."""
    letters = [c for c in text[:2000] if c.isalpha()]
    foreign = sum(not _is_latin(c) for c in letters)
    if foreign > _FEW_LETTERS and foreign * 2 > len(letters):
        return Guess("", False)
    words = [word.text for word in line.words if word.text.isalpha()]
    counts = {language.code: sum(word in language.vocabulary for word in words) for language in languages}
    best = max(counts, key=lambda code: counts[code], default="")
    known = counts.get(best, 0)
    if known * 4 >= len(words) and known:
        return Guess(best, True)
    return Guess(best if known else "", len(words) < _FEW_WORDS or _looks_random(words))


def _is_latin(character: str) -> bool:
    return character.isascii() or "LATIN" in unicodedata.name(character, "")


def _looks_random(words: list[str]) -> bool:
    """Keys hit at random: no vowels, or one word over and over."""
    vowelless = sum(not set(word) & set("aeiouy") for word in words)
    return vowelless * 2 > len(words) or len(set(words)) == 1
