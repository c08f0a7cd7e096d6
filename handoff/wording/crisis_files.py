"""Reads `<language>/crisis.yml` into `handoff.core.crisis_wording`."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

from handoff.core.crisis_wording import CardPhrases, CardWording, Closings, CrisisWording, Situation
from handoff.core.hotlines import Channel, EmergencyService
from handoff.wording.reading import WORDING, Section, WordingError, read

FILE = "crisis.yml"

_TOP = ("version", "language", "reviewed_by", "review_date", "native_reviewed_by", "phrases", "cards")
_PHRASES = (
    *("local_number", "sms_keyword", "heading", "heading_after_emergency", "emergency_after_lines", "unverified"),
    *("helper_of_minor", "place"),
    *("minor_with_line", "minor_without_line", "country_unknown", "country_without_line", "other_language"),
    *("always", "open_now", "closed_now", "hours_unknown", "span", "every_day"),
)
_PLACES = {"sms_keyword": {"keyword", "number"}, "span": {"days", "opens", "closes"}}


def load_crisis_wording(language: str, folder: Path = WORDING) -> CrisisWording:
    """The crisis wording of one language. Raises WordingError, which names the file, the key and the next step."""
    top = read(folder / language / FILE)
    top.only(*_TOP)
    if top.text("language") != language:
        raise top.wrong("language", f"'{top.text('language')}' stands in the folder {language}", "Make them agree")
    cards = top.section("cards")
    cards.only(*Situation)
    return CrisisWording(
        language=language,
        version=top.text("version"),
        reviewed_by=top.maybe("reviewed_by"),
        review_date=top.maybe_day("review_date"),
        native_reviewed_by=top.maybe("native_reviewed_by"),
        phrases=_phrases(top.section("phrases")),
        cards={situation: _card(cards.section(situation)) for situation in Situation},
    )


def load_all_crisis_wording(folder: Path = WORDING) -> dict[str, CrisisWording]:
    """Every language that has crisis wording, English among them. Raises WordingError."""
    languages = sorted(file.parent.name for file in folder.glob(f"*/{FILE}"))
    if "en" not in languages:
        raise WordingError(folder / "en" / FILE, "", "the file is missing", "English is the fallback: restore it")
    return {language: load_crisis_wording(language, folder) for language in languages}


def _phrases(section: Section) -> CardPhrases:
    section.only("emergency", "ways", "days", *_PHRASES)
    days = section.texts("days")
    if len(days) != 7:
        raise section.wrong("days", f"{len(days)} names", "Write seven, Monday first")
    emergency, ways = section.section("emergency"), section.section("ways")
    emergency.only(*EmergencyService)
    ways.only(*Channel)
    return CardPhrases(
        emergency={service: emergency.text(service) for service in EmergencyService},
        ways={channel: _sentence(ways, channel, {"number"}) for channel in Channel},
        days=days,
        **{name: _sentence(section, name, _PLACES.get(name, {"emergency"})) for name in _PHRASES},
    )


def _card(section: Section) -> CardWording:
    section.only("headline", "opening", "steps", "question", "closings")
    closings = section.section("closings")
    closings.only("finding", "nobody", "live")
    return CardWording(
        headline=_sentence(section, "headline", {"emergency"}),
        opening=_sentences(section, "opening"),
        steps=_sentences(section, "steps") if section.fields.get("steps") else (),
        question=_sentence(section, "question", {"emergency"}),
        closings=Closings(*(_sentences(closings, name) for name in ("finding", "nobody", "live"))),
    )


def _sentences(section: Section, name: str) -> tuple[str, ...]:
    sentences = section.texts(name)
    if not sentences:
        raise section.wrong(name, "no sentence", "Write at least one")
    for sentence in sentences:
        _check_places(section, name, sentence, {"emergency"})
    return sentences


def _sentence(section: Section, name: str, places: set[str]) -> str:
    sentence = section.text(name)
    _check_places(section, name, sentence, places)
    return sentence


def _check_places(section: Section, name: str, sentence: str, places: set[str]) -> None:
    try:
        found = {place for _, place, _, _ in Formatter().parse(sentence) if place is not None}
    except ValueError as error:
        raise section.wrong(name, f"stray brace: {error}", "Write places as {emergency}, no other braces") from error
    if stray := found - places:
        known = ", ".join(f"{{{place}}}" for place in sorted(places))
        raise section.wrong(name, f"no value for {{{', '.join(sorted(stray))}}}", f"Use only {known}")
