"""Small slips, as thumbs make them, so that the classifier does not lean on tidy spelling; and two messages of one
author sent as one, so that a line of danger is heard among other lines. Seeded by the caller.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

from models.classifier.corpus import Message

_PUNCTUATION = re.compile(r"[.,!?;:'’]")
_SHORTER = (("you", "u"), ("are", "r"), ("please", "pls"), ("because", "cuz"), ("though", "tho"), ("people", "ppl"))
_TAILS = (" lol", " tbh", "...", "!!", " ngl", " idk", " 😔", " 💀", " pls", " 😭")
_LONG_ENOUGH = 5
"""Letters of a word that may lose one: shorter ones turn into other words."""


def together(first: Message, then: Message) -> Message:
    """Both texts in one; as urgent, and about as much, as the two are."""
    graver = then if then.tier > first.tier else first
    domains = tuple(dict.fromkeys((*first.domains, *then.domains)))
    return replace(graver, text=f"{first.text} {then.text}", domains=domains)


def slipped(text: str, chance: random.Random) -> str:
    """The message with one or two slips, or as it was."""
    out = text
    if chance.random() < 0.5:
        out = out.lower()
    if chance.random() < 0.4:
        out = _PUNCTUATION.sub("", out)
    if chance.random() < 0.3:
        out = _shortened(out)
    if chance.random() < 0.4:
        out = _mistyped(out, chance)
    if chance.random() < 0.08:
        out += chance.choice(_TAILS)
    return out or text


def _shortened(text: str) -> str:
    words = dict(_SHORTER)
    return " ".join(words.get(word, word) for word in text.split(" "))


def _mistyped(text: str, chance: random.Random) -> str:
    """One long word with two letters changed round, one left out, or one doubled."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= _LONG_ENOUGH and word.isalpha()]
    if not long:
        return text
    place = chance.choice(long)
    word, at = words[place], chance.randrange(1, len(words[place]) - 1)
    words[place] = chance.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at : at + 1] + word[at:],
        )
    )
    return " ".join(words)
