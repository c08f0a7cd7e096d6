"""The trained classifier as the screen uses it: opinions from `models`, in the words of `core.risk`."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from handoff.core.risk import Reading, Subject
from handoff.screening import RiskScreen, screen_stream
from models.classifier.reader import SHIPPED, ClassifierUnavailable, Opinion, ScreenClassifier

LIKELY_DOMAIN = 0.5
"""P(domain) from which a domain is named. Calibrated, so: more likely than not."""

_log = logging.getLogger(__name__)


class TrainedClassifier:
    """`screening.Classifier` over the shipped weights."""

    def __init__(self, reader: ScreenClassifier) -> None:
        self._reader = reader

    def read(self, text: str, language: str) -> Reading:
        return _reading(self._reader.read(text, language))


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
