"""The risk screen as the service uses it: rules from `models`, an optional classifier, the policy of `core.risk`.

Everything here is synchronous, local and safe between threads: no network, no store. It never raises on any text:
what fails makes an assessment that leans towards help and says `degraded`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from handoff.core.risk import CRISIS, Assessment, Modifier, Reading, assess, unreadable
from handoff.core.risk_policy import Heard, leans_on_context
from models.screen.scan import Found, Scanner

LAST_TURNS = 8
"""How many earlier turns are read for context; older ones no longer change the meaning of a message."""

_log = logging.getLogger(__name__)


class Classifier(Protocol):
    """The seam for a trained classifier. May raise: the rules then decide alone and health says so."""

    def read(self, text: str, language: str) -> Reading:
        """`language`: what the text is written in, ISO 639-1, as far as can be told."""
        ...


class RiskScreen:
    """The screen. Building it reads the lexicon (under a second); reading a message takes well under a millisecond."""

    def __init__(self, scanner: Scanner | None = None, classifier: Classifier | None = None) -> None:
        """Without a classifier the rules decide alone."""
        self._scanner = scanner or Scanner()
        self._classifier = classifier
        self._failed: str | None = None

    @property
    def versions(self) -> Mapping[str, str]:
        """The lexicon's version per language, for records and health."""
        return self._scanner.versions

    @property
    def failing(self) -> str | None:
        """The name of the part that failed at the last reading, or None."""
        return self._failed

    def prepare(self) -> None:
        """Gets everything ready before the first message; about half a second of one core, safe in a thread."""
        self._scanner.prepare()

    def read(self, text: str, context: Sequence[str] = (), language: str | None = None) -> Assessment:
        """Assess one message; `context` holds the earlier turns, oldest first. Never raises on any text.

        `language` is what the person chose, when known: a supported choice keeps short texts from being
        called unreadable.
        """
        try:
            found = self._scanner.read(text)
            turns = context[-LAST_TURNS:]
            reading, failed = self._classified(text, found.language.code or "en")
            assessment = assess(
                found.matches,
                reading,
                earlier=[self._scanner.read(turn).matches for turn in turns],
                before=self._before(turns, found),
                modifiers=self._modifiers(found, language),
                degraded=failed,
            )
        except Exception as failure:  # noqa: BLE001 (whatever breaks here must become help, not silence)
            self._failed = type(failure).__name__
            _log.error("the screen failed on a message: %s", self._failed)
            return unreadable("the screen could not read this message; a person must look at it")
        if not failed:
            self._failed = None
        return assessment

    def _classified(self, text: str, language: str) -> tuple[Reading | None, bool]:
        if self._classifier is None:
            return None, False
        try:
            return self._classifier.read(text, language), False
        except Exception as failure:  # noqa: BLE001 (the rules alone must still answer)
            self._failed = f"classifier: {type(failure).__name__}"
            _log.error("the classifier failed: %s", type(failure).__name__)
            return None, True

    def _before(self, turns: Sequence[str], found: Found) -> Reading | None:
        """The most urgent reading of the earlier turns, where the message's meaning hangs on them."""
        if not leans_on_context(Heard.of(found.matches)):
            return None
        language = found.language.code or "en"
        read = [reading for turn in turns if (reading := self._classified(turn, language)[0]) is not None]
        return max(read, key=lambda each: each.at_least(CRISIS), default=None)

    def _modifiers(self, found: Found, language: str | None) -> Iterator[str]:
        chosen = language is not None and language.partition("-")[0].lower() in self._scanner.versions
        if not found.language.readable and not (chosen and found.language.code):
            yield Modifier.LANGUAGE_UNKNOWN
        if found.cut:
            yield Modifier.PARTLY_READ


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of `warmline screen`: a text and the turns before it."""

    text: str = field(repr=False)
    context: tuple[str, ...] = field(default=(), repr=False)


def parse_line(line: str) -> Turn:
    """A JSON object with `text` and perhaps `context`; anything else is taken as a bare line of text."""
    bare = line.rstrip("\r\n")
    if not bare.lstrip().startswith("{"):
        return Turn(bare)
    try:
        entry = json.loads(bare)
    except (json.JSONDecodeError, RecursionError):
        return Turn(bare)
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        return Turn(bare)
    return Turn(entry["text"], _turns(entry.get("context")))


def _turns(value: object) -> tuple[str, ...]:
    """Earlier turns as texts: a list of strings, or of objects that carry a `text` or `content`."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        return ()
    return tuple(turn for item in value if (turn := _turn(item)))


def _turn(item: object) -> str:
    if isinstance(item, dict):
        item = item.get("text", item.get("content"))
    return item if isinstance(item, str) else ""


def as_json(assessment: Assessment) -> str:
    """One line of JSON, in the shape that outside programs rely on."""
    signals = [
        {
            "domain": signal.domain,
            "tier": int(signal.tier),
            "kind": signal.kind,
            "reason": signal.reason,
            "start": signal.start,
            "end": signal.end,
        }
        for signal in assessment.signals
    ]
    return json.dumps(
        {
            "tier": int(assessment.tier),
            "domains": list(assessment.domains),
            "subject": str(assessment.subject),
            "signals": signals,
            "score": assessment.score,
            "modifiers": [str(modifier) for modifier in assessment.modifiers],
            "degraded": assessment.degraded,
        }
    )


def screen_stream(lines: Iterable[str], screen: RiskScreen) -> Iterator[str]:
    """One JSON line per input line, in order, as they come. An empty line gets an answer too."""
    for line in lines:
        turn = parse_line(line)
        yield as_json(screen.read(turn.text, turn.context))
