"""A typed answer to a question of yes or no: read from lists of phrases, so that every language has its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_WORD = re.compile(r"\w+")
_TURNS_WITHIN = 3
"""Words after a no within which a "but" takes it back; later ones begin a new thought."""


class Answer(StrEnum):
    """What somebody answered."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language, as words without accents and apostrophes.

    `whole` are answers only as a whole message; `begins` may go on, and the longest that fits counts: None is no answer
    ("no one cares"). `before` are words that say nothing yet ("well"); after a no, `turns` make it unsure ("but").
    """

    whole: Mapping[tuple[str, ...], Answer]
    begins: Mapping[tuple[str, ...], Answer | None]
    before: frozenset[str]
    turns: frozenset[str]

    def read(self, text: str) -> Answer | None:
        """The answer in these words; None when they are about something else."""
        words = words_of(text)
        if (answer := self.whole.get(words)) is not None:
            return answer
        while words and words[0] in self.before:
            words = words[1:]
        fitting = [phrase for phrase in self.begins if words[: len(phrase)] == phrase]
        if not fitting:
            return self.whole.get(words)
        longest = max(fitting, key=len)
        rest = words[len(longest) :][:_TURNS_WITHIN]
        answer = self.begins[longest]
        return Answer.UNSURE if answer is Answer.NO and self.turns & set(rest) else answer


def words_of(text: str) -> tuple[str, ...]:
    """Plain words: small letters, no accents, no apostrophes, no punctuation."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("'", "").replace("’", ""))
    return tuple(_WORD.findall("".join(each for each in folded if not unicodedata.combining(each))))


def listed(text: str) -> list[tuple[str, ...]]:
    """The phrases of a wording text, which stand between commas."""
    return [words for each in text.split(",") if (words := words_of(each))]
