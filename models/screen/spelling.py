"""Spelling: what short, sloppy or hidden forms of a word stand for. All of it comes from the lexicon's files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.screen.normalise import Word

_SHORTEST_CORRECTED = 6
_SHORTEST_SPLIT = 6
_LONGEST_WORD = 40
_CONTRACTED = frozenset({"", "s", "t", "m", "d", "ll", "re", "ve"})


class Spelling:
    """Immutable after construction and safe to share between threads (its caches are bounded)."""

    def __init__(
        self,
        vocabulary: frozenset[str],
        common: frozenset[str],
        *,
        sensitive: frozenset[str],
        expansions: Mapping[str, tuple[str, ...]],
        fillers: frozenset[str],
        kept_after: Mapping[str, frozenset[str]],
        pairs: Mapping[str, tuple[str, frozenset[str], frozenset[str]]],
        not_slips: frozenset[str],
        before_to: frozenset[str],
    ) -> None:
        self.vocabulary = vocabulary | common
        self.expansions = expansions
        self.fillers = fillers
        self.before_to = before_to
        self._kept_after = kept_after
        self._pairs = pairs
        self._sensitive = sensitive
        self._right = self.vocabulary | not_slips | frozenset(expansions)
        long_words = [word for word in vocabulary if len(word) >= _SHORTEST_CORRECTED and word.isalpha()]
        self._slips = _deletions(sorted(set(long_words) - common))
        self._censored = [word for word in sorted(sensitive) if len(word) > 2]
        self.words = lru_cache(maxsize=8192)(self._words)
        self.corrected = lru_cache(maxsize=8192)(self._corrected)

    def keeps_filler(self, before: str, word: str) -> bool:
        """Some fillers carry meaning after certain words ("not even", "feel like")."""
        return before in self._kept_after.get(word, frozenset())

    def _words(self, piece: str) -> tuple[str, ...]:
        if " " in piece:
            return tuple(word for part in piece.split() for word in self._words(part))
        if piece in self.expansions:
            return self.expansions[piece]
        if "'" in piece:
            return self._without_apostrophe(piece)
        if piece in self._right or len(piece) > _LONGEST_WORD:
            return (piece,)
        slip = self.corrected(piece)
        if slip != piece:
            return self.expansions.get(slip, (slip,))
        parts = self.split(piece)
        return tuple(word for part in parts for word in self.expansions.get(part, (part,))) if parts else (piece,)

    def _without_apostrophe(self, piece: str) -> tuple[str, ...]:
        head, _, tail = piece.rpartition("'")
        if piece.replace("'", "") in self.expansions:
            return self.expansions[piece.replace("'", "")]
        parts = (head, *((tail,) if tail not in _CONTRACTED else ()))
        return tuple(part.replace("'", "") for part in parts if part)

    def _corrected(self, piece: str) -> str:
        """The long lexicon word at distance one, when there is one and the piece is no word of its own."""
        if piece in self._right or not _SHORTEST_CORRECTED - 1 <= len(piece) <= _LONGEST_WORD:
            return piece
        for form in (piece, *_shorter(piece)):
            for word in self._slips.get(form, ()):
                if _one_slip_apart(piece, word):
                    return word
        return piece

    def split(self, piece: str) -> tuple[str, ...]:
        """Run-together words ("killmyself") taken apart, only when one of them is sensitive; else nothing."""
        if not _SHORTEST_SPLIT <= len(piece) <= _LONGEST_WORD or not piece.isalpha():
            return ()
        best: list[tuple[str, ...] | None] = [()] + [None] * len(piece)
        for end in range(1, len(piece) + 1):
            for start in range(max(0, end - 12), end):
                head = best[start]
                if head is None or not self._may_stand(piece[start:end]):
                    continue
                known = best[end]
                if known is None or len(head) + 1 < len(known):
                    best[end] = (*head, piece[start:end])
        parts = best[-1] or ()
        return parts if len(parts) > 1 and any(part in self._sensitive for part in parts) else ()

    def _may_stand(self, word: str) -> bool:
        return word in self.vocabulary if len(word) > 1 else word in ("i", "a")

    def uncensor(self, piece: str) -> str:
        """`k*ll` and `su**ide`: the sensitive word whose remaining letters fit."""
        wanted = re.compile("".join("[a-z]?" if c == "*" else re.escape(c) for c in piece[:_LONGEST_WORD]))
        if sum(c != "*" for c in piece) < 2:
            return piece.replace("*", "")
        fits = [word for word in self._censored if wanted.fullmatch(word)]
        return min(fits, key=lambda word: abs(len(word) - len(piece)), default=piece.replace("*", ""))

    def expand_pairs(self, words: list[Word]) -> list[Word]:
        """Forms that need their neighbour: `ill kill` is "i will kill", `feel ill` is not."""
        out: list[Word] = []
        for index, word in enumerate(words):
            rule = self._pairs.get(word.text)
            if rule and self._applies(rule, words, index):
                out.extend(word._replace(text=part) for part in rule[0].split())
            else:
                out.append(word)
        return out

    def _applies(self, rule: tuple[str, frozenset[str], frozenset[str]], words: list[Word], index: int) -> bool:
        before = words[index - 1].text if index else ""
        after = words[index + 1].text if index + 1 < len(words) else ""
        return after in rule[1] and before not in rule[2]


def _deletions(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        for form in (word, *_shorter(word)):
            found[form] = (*found.get(form, ()), word)
    return found


def _shorter(word: str) -> Iterable[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def _one_slip_apart(left: str, right: str) -> bool:
    """One letter missing, extra, changed, or two neighbours swapped; the first letter must be right."""
    if left[0] != right[0] or abs(len(left) - len(right)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    if len(left) != len(right):
        return left[at + 1 :] == right[at:] if len(left) > len(right) else left[at:] == right[at + 1 :]
    swapped = left[at : at + 2] == right[at : at + 2][::-1] and left[at + 2 :] == right[at + 2 :]
    return swapped or left[at + 1 :] == right[at + 1 :]
