"""The crisis card: the right card, the right number on top, one question, and nothing that tells a tier."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.core.crisis import as_json, as_text, card_maker, compose
from handoff.core.crisis_wording import CrisisWording, Situation, situation_of
from handoff.core.hotlines import Channel, choose
from handoff.core.line import Card, CardWish
from handoff.core.risk import Assessment, Modifier, Subject, Tier
from tests.wording.cards import DOMAINS, LANGUAGES, SHIPPED, WORDINGS, card_for, said
from tests.wording.shapes import CHECKED, DIRECTORY, NOON, SHAPE, hotlines, hours


@pytest.mark.parametrize(
    ("assessment", "situation"),
    [
        (said(Tier.NONE), Situation.ASKED),
        (said(Tier.CONCERN, "suicide"), Situation.ASKED),
        (said(Tier.PASSIVE, "suicide"), Situation.STEADY),
        (said(Tier.ACTIVE, "self_harm"), Situation.STEADY),
        (said(Tier.ACTIVE, "psychosis_mania"), Situation.STEADY),
        (said(Tier.IMMINENT, "suicide"), Situation.IMMINENT),
        (said(Tier.IMMINENT, "self_neglect", "suicide"), Situation.IMMINENT),
        (said(Tier.IMMINENT, "eating_disorder"), Situation.MEDICAL),
        (said(Tier.EMERGENCY, "suicide"), Situation.NOW),
        (said(Tier.EMERGENCY, "medical_emergency"), Situation.NOW),
        (said(Tier.EMERGENCY, "overdose_intoxication"), Situation.OVERDOSE),
        (said(Tier.IMMINENT, "overdose_intoxication", "suicide"), Situation.OVERDOSE),
        (said(Tier.ACTIVE, "overdose_intoxication"), Situation.OVERDOSE),
        (said(Tier.PASSIVE, "overdose_intoxication"), Situation.STEADY),
        (said(Tier.EMERGENCY, "suicide", modifiers=("ingested",)), Situation.OVERDOSE),
        (said(Tier.PASSIVE, "suicide", modifiers=("ingested",)), Situation.OVERDOSE),
        (said(Tier.NONE, modifiers=("ingested",)), Situation.OVERDOSE),
        (said(Tier.EMERGENCY, "suicide", subject=Subject.OTHER, modifiers=("ingested",)), Situation.THIRD_PARTY_NOW),
        (said(Tier.PASSIVE, "domestic_abuse"), Situation.ABUSE),
        (said(Tier.IMMINENT, "child_abuse"), Situation.ABUSE_NOW),
        (said(Tier.EMERGENCY, "domestic_abuse"), Situation.ABUSE_NOW),
        (said(Tier.IMMINENT, "domestic_abuse", "suicide"), Situation.IMMINENT),
        (said(Tier.IMMINENT, "suicide", modifiers=("perpetrator_nearby",)), Situation.ABUSE_NOW),
        (said(Tier.ACTIVE, "violence_to_others"), Situation.OTHERS_AT_RISK),
        (said(Tier.IMMINENT, "child_abuse", "violence_to_others"), Situation.OTHERS_AT_RISK),
        (said(Tier.PASSIVE, "suicide", subject=Subject.OTHER), Situation.THIRD_PARTY),
        (said(Tier.EMERGENCY, "overdose_intoxication", subject=Subject.OTHER), Situation.THIRD_PARTY_NOW),
        (said(Tier.ACTIVE, "suicide", subject=Subject.UNKNOWN), Situation.STEADY),
    ],
)
def test_the_card_fits_what_was_said(assessment: Assessment, situation: Situation) -> None:
    assert situation_of(assessment) is situation


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", ["GB", "BR", "TR", None])
@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("tier", [Tier.IMMINENT, Tier.EMERGENCY])
def test_in_imminent_danger_the_first_line_is_the_emergency_number(
    tier: Tier, domain: str, country: str | None, language: str
) -> None:
    for subject in Subject:
        card = card_for(said(tier, domain, subject=subject), country, language)
        first_line = as_text(card).splitlines()[0]
        assert card.emergency_first
        assert card.emergency.number in first_line


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tier", [Tier.NONE, Tier.PASSIVE, Tier.ACTIVE])
def test_below_that_people_come_first_and_the_emergency_number_is_still_there(tier: Tier, language: str) -> None:
    card = card_for(said(tier, "suicide"), "GB", language)
    text = as_text(card)
    assert not card.emergency_first
    assert text.index("116 123") < text.index("999")


def test_an_unknown_country_is_told_to_call_its_local_emergency_number() -> None:
    card = card_for(said(Tier.EMERGENCY, "suicide"), None)
    assert card.emergency.number == "your local emergency number"
    assert card.emergency.dial == ""
    assert card.international
    assert "https://findahelpline.com" in as_text(card)


def test_numbers_are_written_as_they_are_dialled() -> None:
    text = as_text(card_for(said(Tier.PASSIVE, "suicide"), "US"))
    assert "Call 988" in text
    assert "Text HOME to 741741" in text
    assert "+1" not in text


def test_an_extension_is_shown_with_its_number() -> None:
    line = card_for(said(Tier.PASSIVE, "suicide"), "ID").lines[0]
    assert (line.how, line.dial) == ("Call 119 ext 8", "119")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("situation", list(Situation))
def test_every_card_says_it_is_a_bot_and_asks_exactly_one_question(situation: Situation, language: str) -> None:
    said_here = WORDINGS[language].cards[situation]
    before = " ".join((*said_here.opening, *said_here.steps))
    assert "bot" in before
    assert said_here.question.count("?") == 1
    assert "?" not in before
    assert all("?" not in " ".join(closing) for closing in _closings(WORDINGS[language], situation))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("situation", list(Situation))
def test_what_happens_next_differs_by_who_is_there(situation: Situation, language: str) -> None:
    assert len(set(_closings(WORDINGS[language], situation))) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_long(language: str) -> None:
    for situation, card in WORDINGS[language].cards.items():
        assert len(card.headline) <= 110, situation
        assert len(card.opening) <= 2, situation
        closings = [one for closing in _closings(WORDINGS[language], situation) for one in closing]
        assert all(len(one) <= 150 for one in (*card.opening, *card.steps, card.question, *closings)), situation


def _closings(wording: CrisisWording, situation: Situation) -> list[tuple[str, ...]]:
    closings = wording.cards[situation].closings
    return [closings.finding, closings.nobody, closings.live]


def test_in_an_emergency_nobody_is_told_to_wait_for_a_supporter() -> None:
    for staffed in (True, False):
        text = as_text(card_for(said(Tier.EMERGENCY, "suicide"), staffed=staffed))
        assert "Call first" in text
        assert "please wait" not in text.lower()


def test_nobody_there_is_said_in_the_card_itself() -> None:
    assert "no supporter is here right now" in as_text(card_for(said(Tier.PASSIVE, "suicide"), staffed=False))


def test_in_a_live_conversation_the_card_points_to_the_supporter_who_is_there() -> None:
    text = as_text(card_for(said(Tier.IMMINENT, "suicide"), live=True))
    assert "The supporter you are talking with stays here with you" in text
    assert "being called" not in text


def test_imminent_danger_says_be_with_someone_and_get_away_from_the_means() -> None:
    steps = " ".join(card_for(said(Tier.IMMINENT, "suicide")).steps)
    assert "someone you trust" in steps
    assert "Move away from anything you could hurt yourself with" in steps


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_on_the_card_tells_the_tier_or_the_kind_of_danger(language: str) -> None:
    body = as_json(card_for(said(Tier.IMMINENT, "domestic_abuse"), language=language, pool=hotlines(SHAPE)))
    written = json.dumps(body).lower()
    assert not {"tier", "situation", "domains", "score"} & body.keys()
    assert not any(word in written for word in ("tier", "imminent", "domestic_abuse", "high risk", "low risk"))


def test_the_card_says_that_numbers_were_not_checked_until_they_are() -> None:
    note = "We have not been able to check every number"
    assert note in as_text(card_for(said(Tier.PASSIVE, "suicide")))
    checked = hotlines(replace(SHAPE, verification=CHECKED))
    card = card_for(said(Tier.PASSIVE, "suicide"), "ZZ", pool=checked)
    assert note not in as_text(card)
    assert card.lines[0].verified


def test_a_language_without_wording_gets_english_and_is_told_about_other_languages() -> None:
    card = card_for(said(Tier.PASSIVE, "suicide"), "DE", "tr")
    assert card.language == "en"
    assert WORDINGS["en"].phrases.other_language in card.notes


def test_wording_no_clinician_signed_is_marked() -> None:
    assert not any(wording.reviewed for wording in WORDINGS.values())
    signed = replace(WORDINGS["en"], reviewed_by="Dr. A. Example", review_date=date(2026, 12, 1))
    choice = choose(SHIPPED, "GB", now=NOON)
    assert compose(signed, choice, said(Tier.PASSIVE), staffed=True, language="en").reviewed


def test_hours_are_told_in_words() -> None:
    by_night = replace(SHAPE, hours=hours(19, 31, "Europe/Tallinn"))
    by_week = replace(SHAPE, id="zz-b-voice", service="B", hours=hours(10, 20, days=frozenset({0, 1, 2, 3, 4, 5})))
    odd_days = replace(SHAPE, id="zz-c-voice", service="C", hours=hours(10, 24, days=frozenset({1, 5})))
    told = {
        line.name: line.hours
        for line in card_for(said(Tier.PASSIVE), "ZZ", pool=hotlines(by_night, by_week, odd_days)).lines
    }
    assert told == {
        "B": "open now, Mon–Sat 10:00–20:00",
        "C": "open now, Tue, Sat 10:00–24:00",
        "A": "closed now, every day 19:00–07:00",
    }


def test_a_directory_has_no_hours_and_no_number() -> None:
    line = card_for(said(Tier.PASSIVE), None, pool=hotlines()).lines[0]
    assert (line.name, line.channel, line.hours, line.dial) == (DIRECTORY.service, Channel.WEB, "", "")


def test_the_json_is_plain_and_holds_what_a_page_needs() -> None:
    body = as_json(card_for(said(Tier.IMMINENT, "suicide"), "BR"))
    assert json.loads(json.dumps(body)) == body
    assert body["emergency"] == {"label": "Ambulance", "number": "192", "dial": "192"}
    assert body["emergency_others"] == [{"label": "Police", "number": "190", "dial": "190"}]
    assert body["lines"][0]["dial"] == "188"


@given(
    tier=st.sampled_from(list(Tier)),
    domains=st.sets(st.sampled_from(DOMAINS)),
    subject=st.sampled_from(list(Subject)),
    modifiers=st.sets(st.sampled_from([modifier.value for modifier in Modifier])),
    country=st.sampled_from([*sorted(SHIPPED.countries), None, "XX"]),
    language=st.sampled_from(["en", "es", "de", ""]),
    staffed=st.booleans(),
    live=st.booleans(),
)
def test_there_is_always_a_whole_card(
    tier: Tier, domains: set[str], subject: Subject, modifiers: set[str], country: str | None, language: str,
    staffed: bool, live: bool,
) -> None:  # fmt: skip
    assessment = Assessment(tier, tuple(domains), subject, modifiers=tuple(modifiers))
    wish = CardWish(
        assessment=assessment, country=country, language=language, topics=(), staffed=staffed, live=live,
        at=datetime(2026, 11, 21, 3, tzinfo=UTC),
    )  # fmt: skip
    card: Card = card_maker(SHIPPED, WORDINGS)(wish)
    assert card.body["lines"]
    assert "{" not in card.text
    assert "}" not in card.text
    assert card.body["emergency"]["number"] in card.text
