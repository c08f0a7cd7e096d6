"""Finding resources by meaning: the person's own words against what each resource says and how people say such things.

Without the encoder, or until it is ready, words in common and topics rank alone, and `degraded` says so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.encoder import EncoderUnavailable, Vectors
from models.passage_vectors import Encoder, vectors_of
from models.shared_words import SharedWords

FALLBACK = "en"
"""The language searched when there is nothing in the one asked for."""

LONGEST_QUERY = 1000
"""Characters of a message that are looked at; about what the encoder's 256 word pieces hold."""

FIRST_TOPIC, OTHER_TOPIC = 1.0, 0.6
"""How far an entry's first, or any other, topic counts when the intake named it. Our own choice."""

Scores = NDArray[np.float64]


class Timed(Protocol):
    @property
    def text(self) -> str: ...


class Findable(Protocol):
    """What the search needs to know of a resource."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def topics(self) -> Sequence[str]: ...
    @property
    def language(self) -> str: ...
    @property
    def said_like(self) -> Sequence[str]: ...
    @property
    def body(self) -> Sequence[str]: ...
    @property
    def steps(self) -> Sequence[Timed]: ...


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of a score. Cosines run from -1 to 1, words and topics from 0 to 1.

    All but `topics` were chosen by leaving one `said_like` phrase out at a time and asking for its resource with it,
    never on the held-out queries. `topics` is our own choice: clear words of today outweigh an old intake.
    """

    closest: float = 0.16
    """The closest of title, summary and phrases."""
    all_phrases: float = 0.48
    """The mean over title, summary and phrases."""
    closest_text: float = 0.16
    """The closest paragraph of the body or the steps."""
    all_text: float = 0.16
    """The mean over the body and the steps."""
    words: float = 0.05
    """Words in common with anything the resource says."""
    head_words: float = 0.0
    """Words in common with title, summary and phrases: what it is about."""
    topics: float = 0.05
    """Topics of the intake."""


DEFAULT_WEIGHTS = Weights()
WITHOUT_MEANING = Weights(
    closest=0.0, all_phrases=0.0, closest_text=0.0, all_text=0.0, words=0.2, head_words=0.5, topics=0.3
)
"""The degraded ranking. Our own choice: what it is about first, the intake's topics where words say nothing."""


class ResourceSearch:
    """Search over one library. Answers at once from words and topics; by meaning as soon as `prepare()` is through."""

    def __init__(self, resources: Sequence[Findable], encoder: Encoder | None, cache: Path | None = None) -> None:
        """`cache`: a folder for the encoded passages; None encodes them again in every process."""
        self._encoder = encoder
        self._cache = cache
        languages = dict.fromkeys(resource.language for resource in resources)
        self._shelves = {
            language: _Shelf([one for one in resources if one.language == language]) for language in languages
        }
        self._ready = False
        self._problem: str | None = "not prepared yet"

    @property
    def degraded(self) -> bool:
        """Whether meaning is missing: not prepared yet, no encoder, or the last message could not be encoded."""
        return self._problem is not None

    @property
    def problem(self) -> str | None:
        """Why meaning is missing, in words for the log and for whoever runs the line; None when it is not."""
        return self._problem

    def prepare(self) -> None:
        """Load the encoder and encode all passages: seconds, blocking. A failure is kept in `problem`."""
        try:
            vectors = self._all_vectors()
        except EncoderUnavailable as failure:
            self._problem = str(failure)
            return
        start = 0
        for shelf in self._shelves.values():
            shelf.vectors = vectors[start : start + len(shelf.passages)]
            start += len(shelf.passages)
        self._ready, self._problem = True, None

    def _all_vectors(self) -> Vectors:
        if self._encoder is None:
            raise EncoderUnavailable("this search was made without an encoder")
        self._encoder.encode(["one word"])  # loads it: passages kept on disk would leave that to the first person
        passages = [passage for shelf in self._shelves.values() for passage in shelf.passages]
        return vectors_of(passages, self._encoder, self._cache)

    def search(
        self,
        text: str,
        topics: Collection[str] = (),
        language: str = FALLBACK,
        limit: int = 3,
        exclude: Collection[str] = (),
    ) -> list[tuple[str, float]]:
        """Ids with scores, best first, at most `limit`, all in one language. Scores only compare within one answer."""
        shelf = self._shelves.get(language.lower().split("-")[0]) or self._shelves.get(FALLBACK)
        if shelf is None or limit < 1:
            return []
        scores = self._scores(shelf, text.strip()[:LONGEST_QUERY], topics)
        best = sorted(range(len(scores)), key=lambda place: -scores[place])
        found = [(shelf.ids[place], float(scores[place])) for place in best if shelf.ids[place] not in exclude]
        return found[:limit]

    def _scores(self, shelf: _Shelf, text: str, topics: Collection[str]) -> Scores:
        meaning = self._encoded(text) if text and self._ready else None
        if meaning is None:
            return shelf.by_words(text, topics, WITHOUT_MEANING)
        return shelf.by_words(text, topics, DEFAULT_WEIGHTS) + shelf.by_meaning(meaning, DEFAULT_WEIGHTS)

    def _encoded(self, text: str) -> Vectors | None:
        assert self._encoder is not None
        try:
            vector: Vectors = self._encoder.encode([text])[0]
        except EncoderUnavailable as failure:
            self._problem = str(failure)  # the next message tries again
            return None
        self._problem = None
        return vector


class _Shelf:
    """The resources of one language, with their passages in the order of `vectors`."""

    def __init__(self, resources: Sequence[Findable]) -> None:
        self.ids = [resource.id for resource in resources]
        self.passages: list[str] = []
        self.vectors: Vectors | None = None
        self._topics = [tuple(resource.topics) for resource in resources]
        self._phrases: list[slice] = []
        self._text: list[slice] = []
        for resource in resources:
            self._phrases.append(self._put([f"{resource.title}. {resource.summary}", *resource.said_like]))
            self._text.append(self._put([*resource.body, " ".join(step.text for step in resource.steps)]))
        self._words = SharedWords(
            [
                " ".join(self.passages[one.start : other.stop])
                for one, other in zip(self._phrases, self._text, strict=True)
            ]
        )
        self._head_words = SharedWords([" ".join(self.passages[head]) for head in self._phrases])

    def _put(self, passages: Sequence[str]) -> slice:
        start = len(self.passages)
        self.passages.extend(passage for passage in passages if passage)
        return slice(start, len(self.passages))

    def by_words(self, text: str, topics: Collection[str], weights: Weights) -> Scores:
        words, heads = np.array(self._words.scores(text)), np.array(self._head_words.scores(text))
        matched = np.array([_topic_match(own, topics) for own in self._topics])
        return weights.words * words + weights.head_words * heads + weights.topics * matched

    def by_meaning(self, meaning: Vectors, weights: Weights) -> Scores:
        assert self.vectors is not None
        cosines = self.vectors @ meaning
        return np.array(
            [
                weights.closest * cosines[phrases].max()
                + weights.all_phrases * cosines[phrases].mean()
                + weights.closest_text * cosines[text].max()
                + weights.all_text * cosines[text].mean()
                for phrases, text in zip(self._phrases, self._text, strict=True)
            ]
        )


def _topic_match(own: Sequence[str], asked: Collection[str]) -> float:
    if own and own[0] in asked:
        return FIRST_TOPIC
    return OTHER_TOPIC if set(own) & set(asked) else 0.0
