"""Words that a message and a document have in common, rare ones counting more. Needs no model."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]{2,}")


def words_of(text: str) -> frozenset[str]:
    """Lower-case words of two letters or more, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.lower()).translate({ord("'"): None, ord("’"): None})
    return frozenset(_WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))


class SharedWords:
    """The documents' words and how rare each is among them."""

    def __init__(self, documents: Sequence[str]) -> None:
        self._documents = [words_of(document) for document in documents]
        self._counts = Counter(word for document in self._documents for word in document)

    def scores(self, text: str) -> list[float]:
        """For each document, the share of the text's words (weighted by rarity) that it has: 0 to 1."""
        asked = {word: self._rarity(word) for word in words_of(text)}
        whole = math.fsum(asked.values())  # exact, so that ties do not hang on the order of a set
        if not whole:
            return [0.0] * len(self._documents)
        return [math.fsum(asked[word] for word in document & asked.keys()) / whole for document in self._documents]

    def _rarity(self, word: str) -> float:
        return math.log(1 + len(self._documents) / (0.5 + self._counts[word]))
