"""The small pattern language of the lexicon, compiled to regular expressions over normalised words.

A pattern is a sequence of elements separated by spaces:

- `word` is that word;
- `{name}` is a class of the lexicon (`words:`), whose members are patterns themselves;
- `(a b|c|{name})` is one of several; a `?` after a group, a class or a word makes it optional;
- `~3` is a gap of up to three words that holds no negator and does not leave the sentence;
- `#` is a number, in digits or as a word.

Every pattern also yields its *anchors*: a set of words of which at least one is in every text that matches.
The scanner looks patterns up by the words of a message, so that an everyday message tries few of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NUMBER = r"(?:\d{1,5}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|few|couple|hundred) "
_PLAIN_GROUP = r"\([\w' |]+\)"
_TOKEN = re.compile(_PLAIN_GROUP + r"\??|[(|)]|~\d+|#|\{\w+\}\??|[^\s()|?]+\??|\?")
_COMMON_COST = 1000


class PatternError(ValueError):
    """A pattern in the lexicon cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A compiled part: its expression, the words one of which must occur (None: no such set), and every word in it."""

    expression: str
    anchors: frozenset[str] | None
    words: frozenset[str]


class Compiler:
    """Compiles patterns of one language. `classes` maps a class's name to its members' patterns."""

    def __init__(self, classes: Mapping[str, Sequence[str]], common: frozenset[str], negators: frozenset[str]) -> None:
        self._classes = classes
        self._common = common
        self._known: dict[str, Piece] = {}
        refused = "|".join(sorted(map(re.escape, negators)))
        self._gap = rf"(?:(?!(?:{refused}) )[^ .?]+ )" if refused else r"(?:[^ .?]+ )"

    def compile(self, pattern: str) -> Piece:
        """Raises `PatternError` for unbalanced groups and unknown classes."""
        tokens = _TOKEN.findall(pattern)
        piece, rest = self._alternatives(tokens, 0, pattern)
        if rest != len(tokens):
            raise PatternError(f"unbalanced group in pattern: {pattern}")
        return piece

    def _alternatives(self, tokens: list[str], at: int, pattern: str) -> tuple[Piece, int]:
        options = []
        while True:
            piece, at = self._sequence(tokens, at, pattern)
            options.append(piece)
            if at >= len(tokens) or tokens[at] != "|":
                return self._one_of(options), at
            at += 1

    def _sequence(self, tokens: list[str], at: int, pattern: str) -> tuple[Piece, int]:
        pieces: list[Piece] = []
        while at < len(tokens) and tokens[at] not in "|)":
            piece, at = self._element(tokens, at, pattern)
            pieces.append(piece)
        return self._joined(pieces), at

    def _element(self, tokens: list[str], at: int, pattern: str) -> tuple[Piece, int]:
        token = tokens[at]
        if token == "(":
            piece, at = self._alternatives(tokens, at + 1, pattern)
            if at >= len(tokens):
                raise PatternError(f"unbalanced group in pattern: {pattern}")
            optional = at + 1 < len(tokens) and tokens[at + 1] == "?"
            return (_optional(piece), at + 2) if optional else (piece, at + 1)
        return self._single(token, pattern), at + 1

    def _single(self, token: str, pattern: str) -> Piece:
        if token.startswith("~"):
            return Piece(f"{self._gap}{{0,{token[1:]}}}?", None, frozenset())
        if token == "#":
            return Piece(NUMBER, None, frozenset())
        bare, optional = (token[:-1], True) if token.endswith("?") and token != "?" else (token, False)
        if bare.startswith("("):
            piece = self._plain_group(bare)
        else:
            piece = self._class(bare[1:-1], pattern) if bare.startswith("{") else _word(bare)
        return _optional(piece) if optional else piece

    def _plain_group(self, group: str) -> Piece:
        """The common case, a choice of plain words and phrases, without the general parser."""
        known = self._known.get(group)
        if known is None:
            options = {" ".join(option.split()): option.split() for option in group[1:-1].split("|") if option.strip()}
            anchors = frozenset(min(words, key=self._is_common) for words in options.values())
            longest_first = sorted(options, key=len, reverse=True)
            expression = "|".join(f"{re.escape(option)} ".replace("\\ ", " ") for option in longest_first)
            every = frozenset(word for words in options.values() for word in words)
            known = self._known[group] = Piece(f"(?:{expression})", anchors, every)
        return known

    def _is_common(self, word: str) -> bool:
        return word in self._common

    def _class(self, name: str, pattern: str) -> Piece:
        if name not in self._classes:
            raise PatternError(f"unknown class {{{name}}} in pattern: {pattern}")
        if name not in self._known:
            self._known[name] = self._one_of([self.compile(member) for member in self._classes[name]])
        return self._known[name]

    def _one_of(self, options: list[Piece]) -> Piece:
        if len(options) == 1:
            return options[0]
        anchors: frozenset[str] | None = frozenset()
        for option in options:
            anchors = None if anchors is None or option.anchors is None else anchors | option.anchors
        longest_first = sorted({option.expression for option in options}, key=len, reverse=True)
        return Piece(f"(?:{'|'.join(longest_first)})", anchors, _all_words(options))

    def _joined(self, pieces: list[Piece]) -> Piece:
        sets = [piece.anchors for piece in pieces if piece.anchors is not None]
        anchors = min(sets, key=self._cost, default=None)
        return Piece("".join(piece.expression for piece in pieces), anchors, _all_words(pieces))

    def _cost(self, anchors: frozenset[str]) -> int:
        return sum(_COMMON_COST if word in self._common else 1 for word in anchors)


def _word(word: str) -> Piece:
    return Piece(re.escape(word) + " ", frozenset({word}), frozenset({word}))


def _optional(piece: Piece) -> Piece:
    return Piece(f"(?:{piece.expression})?", None, piece.words)


def _all_words(pieces: Sequence[Piece]) -> frozenset[str]:
    return frozenset().union(*(piece.words for piece in pieces))
