"""Screens to compare ours with: the keyword list that most bots ship, and the encoder as it came with a regression.

The keyword list is our own writing of such a list, 42 phrases, matched as whole words without regard to case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from models.classifier.axes import CRISIS_TIER
from models.classifier.corpus import read_corpus

KEYWORDS = (
    "suicide", "suicidal", "kill myself", "killing myself", "end my life", "ending my life", "take my own life",
    "want to die", "wanna die", "wish i was dead", "wish i were dead", "better off dead", "don't want to live",
    "dont want to live", "no reason to live", "not worth living", "end it all", "can't go on", "cant go on",
    "self harm", "self-harm", "hurt myself", "hurting myself", "cut myself", "cutting myself", "overdose",
    "hang myself", "jump off", "shoot myself", "kms", "unalive", "goodbye forever", "ready to die", "tired of living",
    "want to disappear", "never wake up", "nobody would miss me", "hopeless", "worthless", "kill him", "kill her",
    "kill them",
)  # fmt: skip
_KEYWORD = re.compile(r"\b(?:" + "|".join(map(re.escape, KEYWORDS)) + r")\b", re.IGNORECASE)


class Encoder(Protocol):
    def encode(self, texts: Sequence[str]) -> object: ...


def keyword_stream(lines: Iterable[str]) -> Iterator[str]:
    """A screen that knows keywords only."""
    for line in lines:
        yield _answer(bool(_KEYWORD.search(_text(line))))


def untuned_stream(lines: Iterable[str]) -> Iterator[str]:
    """The untuned encoder with a logistic regression over its vectors, trained on the same messages as ours."""
    from sklearn.linear_model import LogisticRegression

    from models.encoder import SentenceEncoder

    encoder = SentenceEncoder(threads=2)
    learned = [each for each in read_corpus() if each.split == "train"]
    told = [each.tier >= CRISIS_TIER for each in learned]
    model = LogisticRegression(max_iter=2000, C=10.0).fit(encoder.encode([each.text for each in learned]), told)
    given = list(lines)
    yield from (_answer(bool(each)) for each in model.predict(encoder.encode([_text(line) for line in given])))


def _text(line: str) -> str:
    return str(json.loads(line)["text"]) if line.startswith("{") else line


def _answer(crisis: bool) -> str:
    return json.dumps({"tier": CRISIS_TIER if crisis else 0, "domains": [], "subject": "unknown", "signals": []})
