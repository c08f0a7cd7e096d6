"""The intake, one turn at a time: what somebody wrote, and what that fills in. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.reading.heaviness import heaviness
from bot.reading.languages import language
from bot.reading.names import name
from bot.reading.places import country
from bot.reading.preferences import preferences
from bot.reading.topics import TITLES, topics

SKIPPED = "skipped"
"""Fills a slot of the form that somebody left out, so that it is not asked again."""

SLOTS = ("name", "topics", "heaviness", "language", "country", "preferences", "share")

_ANSWERING = frozenset(
    ("feelings", "nlu_fallback", "tell_name", "tell_heaviness", "tell_language", "tell_country", "tell_preference",
     "tell_topics", "correct", "affirm", "deny", "skip", "gibberish", "other_language", "smalltalk", "thank", "greet",
     "goodbye", "helped", "not_helped", "off_topic")
)  # fmt: skip
"""Intents that may hold an answer. Any other is a digression: it is answered first, then the question comes again."""

_UNSURE = 0.5
"""A digression recognised with less than this may still be an answer, if one can be read from it."""

_SHORT_ANSWER = 4
"""So many words can be nothing but an answer to the question just asked, when one can be read from them."""

_NO_BARE_NAME = ("affirm", "deny", "skip", "thank", "greet", "gibberish", "feelings", "goodbye")
"""With these a word or two are no name, unless introduced as one."""

_NAMED = re.compile(r"\b(name|names|call me|called)\b", re.IGNORECASE)
_TOLD_BY = {
    "tell_name": "name", "tell_heaviness": "heaviness", "tell_language": "language", "tell_country": "country",
    "tell_preference": "preferences", "tell_topics": "topics", "feelings": "topics",
}  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """One message. `picked` holds what a button sent, by slot; `known` the slots filled so far."""

    text: str = field(repr=False)
    intent: str
    confidence: float = 1.0
    requested: str | None = None
    picked: dict[str, str] = field(default_factory=dict, repr=False)
    known: dict[str, Any] = field(default_factory=dict, repr=False)


def read(heard: Heard) -> dict[str, Any]:
    """The slots this message fills or corrects; empty when it is about something else."""
    if heard.picked:
        return _picked(heard)
    filled = _answer(heard) if heard.requested and _may_answer(heard) else {}
    for slot in _volunteered(heard):
        value = _value(slot, heard.text, asked=_TOLD_BY.get(heard.intent) == slot == "country")
        if slot not in filled and value not in (None, []):
            filled[slot] = _with_those_before(value, heard.known.get(slot)) if slot == "topics" else value
    return {slot: value for slot, value in filled.items() if value != heard.known.get(slot) or slot == heard.requested}


def summary(slots: dict[str, Any]) -> dict[str, Any]:
    """What the service keeps of the intake so far, for POST /bot/intake; skipped and unasked are left out."""
    said = {slot: slots[slot] for slot in SLOTS if slots.get(slot) not in (None, SKIPPED)}
    return {"topics": [], "heaviness": None, "preferences": [], "share": None, **said}


def _may_answer(heard: Heard) -> bool:
    return heard.intent in _ANSWERING or heard.confidence < _UNSURE or _is_short_answer(heard)


def _is_short_answer(heard: Heard) -> bool:
    if heard.requested in (None, "share", "name") or len(heard.text.split()) > _SHORT_ANSWER or "?" in heard.text:
        return False
    return _value(heard.requested, heard.text, asked=True) not in (None, [])


def _answer(heard: Heard) -> dict[str, Any]:
    requested = heard.requested or ""
    if requested == "share":
        return {"share": heard.intent == "affirm"} if heard.intent in ("affirm", "deny", "skip") else {}
    value = _value(requested, heard.text, asked=True, intent=heard.intent)
    if value not in (None, []):
        return {requested: value}
    if value == [] and requested == "preferences":
        return {requested: []}
    if heard.intent in ("skip", "deny"):
        return {requested: SKIPPED}
    is_told = heard.intent in ("feelings", "nlu_fallback", "tell_topics") and len(heard.text.split()) > 2
    return {requested: ["other"]} if requested == "topics" and is_told else {}


def _value(slot: str, text: str, *, asked: bool, intent: str = "") -> Any:
    if slot == "name":
        return name(text, asked=asked and intent not in _NO_BARE_NAME)
    if slot == "topics":
        return topics(text)
    if slot == "heaviness":
        return heaviness(text)
    if slot == "language":
        return language(text, asked=asked)
    if slot == "country":
        return country(text, asked=asked)
    return preferences(text)


def _volunteered(heard: Heard) -> tuple[str, ...]:
    """The slots that a message may fill without having been asked for them."""
    told = _TOLD_BY.get(heard.intent)
    if heard.intent == "correct":
        return tuple(slot for slot in SLOTS[:5] if heard.known.get(slot) is not None)
    if told is None:
        return ()
    named = ("name",) if told == "name" or _NAMED.search(heard.text) else ()
    alongside = (told,) if told in ("topics", "preferences") else (told, *named, "country", "topics")
    return tuple(slot for slot in alongside if slot != heard.requested or told != slot)


def _with_those_before(found: list[str], before: Any) -> list[str]:
    """Topics add up: somebody who goes on telling has not taken anything back."""
    both = {*found, *(before if isinstance(before, list) else [])}
    return [code for code in TITLES if code in both and (code != "other" or both == {"other"})]


def _picked(heard: Heard) -> dict[str, Any]:
    slot, raw = next(iter(heard.picked.items()))
    if slot == "heaviness":
        number = heaviness(raw)
        return {} if number is None else {slot: number}
    if slot == "topics":
        return {slot: topics(raw)} if topics(raw) else {}
    if slot == "preferences":
        return {slot: [raw]}
    return {slot: raw}
