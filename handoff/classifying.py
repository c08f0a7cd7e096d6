"""The trained classifier as the screen uses it: opinions from `models`, in the words of `core.risk`."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from handoff.core.risk import Reading, Subject
from handoff.screening import RiskScreen, screen_stream
from models.classifier.reader import SHIPPED, ClassifierUnavailable, Opinion, ScreenClassifier

LIKELY_DOMAIN = 0.5
"""P(domain) from which a domain is named. Calibrated, so: more likely than not."""

READINGS_KEPT = 4096
"""Some minutes of a busy line; a few hundred bytes each."""

_KEY_BYTES, _MARK_BYTES = 32, 16

_log = logging.getLogger(__name__)


class TrainedClassifier:
    """`screening.Classifier` over the shipped weights.

    Each message is read alone first, with its context once the store answered, and later as context itself. What was
    made of it is remembered under a keyed hash, so that reading it again costs next to nothing; its words are not.
    """

    def __init__(self, reader: ScreenClassifier) -> None:
        self._reader = reader
        self._known: dict[bytes, Reading] = {}
        self._key = os.urandom(_KEY_BYTES)
        self._turn = threading.Lock()

    def read(self, text: str, language: str) -> Reading:
        mark = self._mark(text, language)
        known = self._known.get(mark)
        if known is None:
            known = _reading(self._reader.read(text, language))
            self._remember(mark, known)
        return known

    def _mark(self, text: str, language: str) -> bytes:
        whole = f"{language} {text}".encode(errors="surrogatepass")
        return hashlib.blake2b(whole, key=self._key, digest_size=_MARK_BYTES).digest()

    def _remember(self, mark: bytes, reading: Reading) -> None:
        """The oldest goes when there is no room."""
        with self._turn:
            if len(self._known) >= READINGS_KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[mark] = reading


class MissingClassifier:
    """Stands in for a classifier that can't be loaded: every message is then read by the rules alone, and says so."""

    def read(self, text: str, language: str) -> Reading:
        """Raises `ClassifierUnavailable`."""
        raise ClassifierUnavailable("the classifier was not loaded; see what `warmline doctor` says")


def full_screen(folder: Path = SHIPPED) -> RiskScreen:
    """Rules and classifier. Where the classifier can't be loaded, every assessment says `degraded`. Takes a second."""
    try:
        return RiskScreen(classifier=TrainedClassifier(ScreenClassifier(folder)))
    except ClassifierUnavailable as error:
        _log.error("classifier_not_loaded", extra={"kind": str(error)})
        return RiskScreen(classifier=MissingClassifier())


def full_stream(lines: Iterable[str]) -> Iterator[str]:
    """`warmline screen`: JSON lines out for lines in, by rules and classifier."""
    return screen_stream(lines, full_screen())


def rules_stream(lines: Iterable[str]) -> Iterator[str]:
    """The same by the rules alone, as when the classifier is broken."""
    return screen_stream(lines, RiskScreen())


def _reading(opinion: Opinion) -> Reading:
    likely = [name for name, share in opinion.domains if share >= LIKELY_DOMAIN]
    return Reading(opinion.tiers, tuple(likely or [opinion.domains[0][0]]), Subject(opinion.subject))
