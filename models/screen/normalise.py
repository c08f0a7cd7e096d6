"""Normalisation: what a stranger typed, as the plain words that the lexicon is written in.

Undoes zero-width characters, look-alike letters, leet, spaced letters, repeated letters, asterisks, run-together
words, missing apostrophes, phone spelling and single typing slips in long words. Every word keeps its place in the
original text, because a supporter is shown the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from models.screen.characters import fold
from models.screen.spelling import Spelling

_PIECE = re.compile(r"[^\W_](?:[\w'*@$€£+!|#]*[\w*$])?|[$@][\w'*@$!|]*\w|[.?!;\n]+|\S")
_SPACED = re.compile(r"(?<![^\W_'])[^\W_](?:[ \t.\-_*]{1,3}[^\W_](?![^\W_'])){2,}")
_REPEATED = re.compile(r"(.)\1{2,}")
_TWICE = re.compile(r"(.)\1+")
_LEET = str.maketrans(
    {"1": "i", "0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "$": "s", "@": "a", "!": "i", "|": "l"}
)
_MARKS = re.compile(r"[0-9$@!|]")
_STOPS = {".", "!", ";", "\n"}


class Word(NamedTuple):
    """One normalised word and its place (character offsets) in the original text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """Normalised words, joined for matching. `text` starts and ends with a space; sentences end with `.` or `?`, the
    last one always."""

    text: str = field(repr=False)
    words: tuple[Word, ...] = field(repr=False)
    offsets: tuple[int, ...] = field(repr=False)
    commas: frozenset[int]
    seen: frozenset[str] = field(repr=False)

    def index_at(self, offset: int) -> int:
        """The index of the word that covers this offset of `text`."""
        return max(0, bisect_right(self.offsets, offset) - 1)


def normalise(text: str, spelling: Spelling) -> Line:
    """Never raises on any text. Linear in its length."""
    folded, origin = fold(text)
    folded = _SPACED.sub(lambda found: _close_up(found.group(), spelling), folded)
    words: list[Word] = []
    commas: set[int] = set()
    seen: set[str] = set()
    for found in _PIECE.finditer(folded):
        start, end = origin[found.start()], origin[found.end() - 1] + 1
        _take(found.group(), start, end, spelling, words, commas, seen)
    words = spelling.expand_pairs(words)
    return _line(words, commas, seen)


def _line(words: list[Word], commas: set[int], seen: set[str]) -> Line:
    offsets, at = [], 1
    for word in words:
        offsets.append(at)
        at += len(word.text) + 1
    seen.update(word.text for word in words)
    seen.add(".")
    text = f" {' '.join(word.text for word in words)} . "
    return Line(text, tuple(words), tuple(offsets), frozenset(commas), frozenset(seen))


def _take(
    piece: str, start: int, end: int, spelling: Spelling, words: list[Word], commas: set[int], seen: set[str]
) -> None:
    first = piece[0]
    if not (first.isalnum() or first in "$@"):
        _take_mark(piece, start, end, words, commas)
        return
    if piece == "2" and words and words[-1].text in spelling.before_to:
        piece = "to"
    for plain in _plain_words(piece, spelling):
        if plain in spelling.fillers and not spelling.keeps_filler(words[-1].text if words else "", plain):
            seen.add(plain)
        else:
            words.append(Word(plain, start, end))


def _take_mark(piece: str, start: int, end: int, words: list[Word], commas: set[int]) -> None:
    if "?" in piece:
        words.append(Word("?", start, end))
    elif piece[0] in _STOPS and not piece.startswith(".."):
        words.append(Word(".", start, end))
    elif words and piece[0] in ',.-()":*':
        commas.add(len(words))


def _close_up(letters: str, spelling: Spelling) -> str:
    """Joins spaced letters, keeping the length so that places stay true."""
    groups = re.split(r"[ \t]{2,}", letters)
    joined = [re.sub(r"[^\w]|_", "", group) for group in groups]
    if len(joined) == 1 and joined[0] not in spelling.vocabulary:
        joined = list(spelling.split(joined[0])) or [letters]
    closed = " ".join(joined)
    return closed + " " * (len(letters) - len(closed)) if len(closed) <= len(letters) else letters


def _plain_words(piece: str, spelling: Spelling) -> tuple[str, ...]:
    if piece.isalpha() or piece.isdigit():
        return spelling.words(_unrepeat(piece, spelling))
    whole = piece.strip("'*!|+#") or piece
    if "*" in whole:
        whole = spelling.uncensor(whole)
    if _MARKS.search(whole):
        whole = _unleet(whole, spelling)
    return spelling.words(_unrepeat(whole, spelling))


def _unleet(piece: str, spelling: Spelling) -> str:
    if piece.isdigit() or piece in spelling.expansions:
        return piece
    plain = piece.translate(_LEET)
    for candidate in (plain, piece.replace("1", "l").translate(_LEET), _unrepeat(plain, spelling)):
        if candidate in spelling.vocabulary or spelling.corrected(candidate) in spelling.vocabulary:
            return candidate
    parts = re.findall(r"[^\W\d_]+|\d+", piece)
    return plain if piece[0].isalpha() and piece[-1].isalpha() and len(piece) > 3 else " ".join(parts) or piece


def _unrepeat(piece: str, spelling: Spelling) -> str:
    if not _REPEATED.search(piece) or piece.isdigit():
        return piece
    for candidate in (_REPEATED.sub(r"\1\1", piece), _REPEATED.sub(r"\1", piece), _TWICE.sub(r"\1", piece)):
        if candidate in spelling.vocabulary or candidate in spelling.expansions:
            return candidate
    return _REPEATED.sub(r"\1", piece)
