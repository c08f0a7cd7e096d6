"""The crisis card: the right card, the right number on top, one question, and nothing that tells a tier."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import connectors
from handoff.core.crisis import CrisisCard, as_json, as_text, card_maker, compose
from handoff.core.crisis_wording import CrisisWording, Situation, situation_of
from handoff.core.hotlines import Channel, Hotlines, choose
from handoff.core.line import Card, CardWish
from handoff.core.risk import Assessment, Modifier, Subject, Tier
from handoff.screening import RiskScreen
from handoff.wording.crisis_files import load_all_crisis_wording
from handoff.wording.hotline_files import load_hotlines
from tests.wording.shapes import CHECKED, DIRECTORY, NOON, SHAPE, hotlines, hours

SHIPPED = load_hotlines()
WORDINGS = load_all_crisis_wording()
LANGUAGES = sorted(WORDINGS)
DOMAINS = [
    *("suicide", "self_harm", "self_neglect", "violence_to_others", "domestic_abuse", "sexual_violence", "child_abuse"),
    *("neglect", "exploitation", "stalking", "psychosis_mania", "eating_disorder", "overdose_intoxication"),
    *("medical_emergency", "bullying"),
]


def said(tier: Tier, *domains: str, subject: Subject = Subject.SELF, modifiers: tuple[str, ...] = ()) -> Assessment:
    return Assessment(tier, domains, subject, modifiers=modifiers)


def card_for(
    assessment: Assessment,
    country: str | None = "GB",
    language: str = "en",
    *,
    staffed: bool = True,
    live: bool = False,
    pool: Hotlines = SHIPPED,
    now: datetime = NOON,
) -> CrisisCard:
    minor = Modifier.MINOR in assessment.modifiers
    choice = choose(pool, country, topics=assessment.domains, minor=minor, language=language, now=now)
    wording = WORDINGS.get(language, WORDINGS["en"])
    return compose(wording, choice, assessment, staffed=staffed, language=language, live=live)


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


ON_TOP = [each for each in Situation if each.value.endswith("_now")] + [
    Situation.IMMINENT, Situation.NOW, Situation.OVERDOSE, Situation.MEDICAL, Situation.OTHERS_AT_RISK,
]  # fmt: skip
"""The cards that T5 and T6 may call for."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_these_cards_are_shown_with_a_life_in_danger(language: str) -> None:
    for tier, subject, domain in product((Tier.IMMINENT, Tier.EMERGENCY), Subject, DOMAINS):
        for modifiers in ((), ("ingested",), ("perpetrator_nearby",), ("minor",)):
            assert situation_of(said(tier, domain, subject=subject, modifiers=modifiers)) in ON_TOP


@pytest.mark.parametrize("situation", ON_TOP)
@pytest.mark.parametrize(("language", "words"), [("en", "can't see where"), ("es", "ver dónde est")])
def test_with_a_life_in_danger_the_card_says_that_we_cannot_see_where_they_are(
    language: str, words: str, situation: Situation
) -> None:
    told = " ".join(WORDINGS[language].cards[situation].opening)
    assert words in told
    assert ("can't call for you" if language == "en" else "llamar por ti") in told or "call for you" in told


NEAR = {"en": ("stay with", "be with you"), "es": ("quede contigo", "esté contigo", "quédate")}
MEANS = {
    "en": ("out of reach", "away from", "anything that could hurt", "out of their reach"),
    "es": ("lejos", "aléjate"),
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("situation", [each for each in ON_TOP if each is not Situation.ABUSE_NOW])
def test_with_a_life_in_danger_the_card_says_be_with_someone_and_away_from_the_means(
    situation: Situation, language: str
) -> None:
    """Not in the short neutral words for somebody who may be watched; with an illness there are no means."""
    told = " ".join(WORDINGS[language].cards[situation].steps).lower()
    assert any(each in told for each in NEAR[language])
    if situation is not Situation.MEDICAL:
        assert any(each in told for each in MEANS[language])


@pytest.mark.parametrize("language", ["en", "es"])
def test_in_an_emergency_telling_the_place_is_up_to_them(language: str) -> None:
    place = WORDINGS[language].phrases.place
    assert place.startswith(("Only if you want to", "Solo si quieres"))
    for domain, modifiers in (("suicide", ()), ("suicide", ("ingested",)), ("domestic_abuse", ())):
        assert card_for(said(Tier.EMERGENCY, domain, modifiers=modifiers), language=language).steps[-1] == place
        if not modifiers:
            assert place not in card_for(said(Tier.IMMINENT, domain), language=language).steps
    assert place not in card_for(said(Tier.EMERGENCY, "suicide", subject=Subject.OTHER), language=language).steps


def test_no_page_and_no_connector_asks_a_device_for_the_place() -> None:
    """Where somebody is, they tell by their own act, in words or by sharing it, or not at all."""
    asking = ("navigator.geolocation", "getcurrentposition", "watchposition", "request_location", "getlocation")
    root = Path(connectors.__file__).parent
    files = [each for each in root.rglob("*") if each.suffix in (".py", ".js", ".html", ".yml")]
    assert len(files) > 50
    assert [(each.name, word) for each in files for word in asking if word in each.read_text("utf-8").lower()] == []


@pytest.mark.parametrize(
    "fine", ["i took 20 of my pills an hour ago but i feel fine", "i've taken an overdose, i'm ok"]
)
def test_who_took_something_and_feels_fine_gets_the_overdose_card(fine: str) -> None:
    assert situation_of(RiskScreen().read(fine)) is Situation.OVERDOSE


def test_who_only_thinks_of_taking_something_or_did_years_ago_does_not() -> None:
    screen = RiskScreen()
    for text in ("i want to take all my pills", "i took all my pills two years ago", "i just took my pills"):
        assert situation_of(screen.read(text)) is not Situation.OVERDOSE


def test_an_overdose_is_an_emergency_even_if_they_feel_fine() -> None:
    card = card_for(said(Tier.EMERGENCY, "overdose_intoxication"), "US")
    assert card.headline == "Please call 911 now, even if you feel fine."


def own_words(card: CrisisCard) -> str:
    """What the card says of itself, without numbers to call."""
    said_here = (card.headline, *card.opening, *card.steps, *card.notes, *card.closing, card.question)
    return " ".join(said_here).replace(card.emergency.number, "").lower()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("tier", [tier for tier in Tier if tier >= Tier.PASSIVE])
def test_who_hears_voices_is_neither_agreed_with_nor_argued_with(tier: Tier, language: str) -> None:
    """The card speaks of how hard it is, of safety and of people; of what is heard or believed it says nothing."""
    for staffed, live in ((True, False), (False, False), (True, True)):
        card = card_for(said(tier, "psychosis_mania"), language=language, staffed=staffed, live=live)
        about = ("voice", "real", "imagin", "believe", "watch", "follow", "voces", "real", "crees", "vigil", "persig")
        told = own_words(card).replace("realmente", "").replace("really", "")
        assert not [word for word in about if word in told]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("tier", [tier for tier in Tier if tier >= Tier.PASSIVE])
def test_with_an_eating_disorder_there_are_no_numbers_and_no_advice_on_eating(tier: Tier, language: str) -> None:
    card = card_for(said(tier, "eating_disorder"), language=language)
    told = own_words(card)
    assert not any(letter.isdigit() for letter in told)
    about = ("calor", "weight", "weigh", "diet", "meal", "eat ", "food", "peso", "dieta", "comida", "comer", "kilo")
    assert not [word for word in about if word in told]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("tier", [Tier.IMMINENT, Tier.EMERGENCY])
@pytest.mark.parametrize("domain", DOMAINS)
def test_with_somebody_elses_life_in_danger_the_helper_is_told_what_to_do_then_asked_about_themselves(
    domain: str, tier: Tier, language: str
) -> None:
    card = card_for(said(tier, domain, subject=Subject.OTHER), language=language)
    text = as_text(card)
    assert card.emergency.number in card.headline
    assert len(card.steps) == 3
    assert text.rstrip().endswith(card.question)
    assert "you" in card.question or "tú" in card.question


def test_the_screen_takes_a_friend_who_wants_to_die_and_is_not_answering_for_a_danger_now() -> None:
    screen = RiskScreen()
    for text in (
        "my friend says she wants to die and isn't answering",
        "my brother wants to die and his phone is off",
        "mi amiga dice que quiere morir y no contesta",
    ):
        heard = screen.read(text)
        assert (heard.tier, situation_of(heard)) == (Tier.IMMINENT, Situation.THIRD_PARTY_NOW), text
    calm = screen.read("my friend isn't answering, she is at work")
    assert calm.tier < Tier.CONCERN


def test_a_helper_is_told_how_to_help_and_asked_how_they_are() -> None:
    card = card_for(said(Tier.PASSIVE, "suicide", subject=Subject.OTHER))
    assert card.headline == "Thank you for looking out for them."
    assert card.question == "And how are you doing with this yourself?"


def test_a_minor_gets_the_childrens_line_first_and_is_told_so() -> None:
    card = card_for(said(Tier.ACTIVE, "suicide", modifiers=("minor",)))
    assert card.lines[0].name == "Childline"
    assert WORDINGS["en"].phrases.minor_with_line in card.notes


def test_a_helper_of_a_minor_gets_the_childrens_line_as_well_and_is_told_whom_it_is_for() -> None:
    worried = said(Tier.ACTIVE, "suicide", subject=Subject.OTHER, modifiers=("minor_other",))
    made = card_maker(SHIPPED, WORDINGS)(
        CardWish(assessment=worried, country="GB", language="en", topics=(), staffed=True, live=False, at=NOON)
    )
    assert made.body["lines"][0]["name"] == "Childline"
    assert WORDINGS["en"].phrases.helper_of_minor in made.body["notes"]
    assert WORDINGS["en"].phrases.minor_with_line not in made.body["notes"]
    assert made.body["headline"] == "Thank you for looking out for them."


@pytest.mark.parametrize(
    "text", ["my daughter is 12 and says she wants to die", "mi hija tiene 13 años y quiere morir"]
)
def test_the_screen_hears_that_somebody_else_is_under_eighteen(text: str) -> None:
    heard = RiskScreen().read(text)
    assert (heard.subject, heard.crisis) == (Subject.OTHER, True)
    assert Modifier.MINOR_OTHER in heard.modifiers
    assert Modifier.MINOR not in heard.modifiers


def test_a_minor_where_there_is_no_childrens_line_is_pointed_to_an_adult() -> None:
    card = card_for(said(Tier.ACTIVE, "suicide", modifiers=("minor",)), "PK")
    assert WORDINGS["en"].phrases.minor_without_line in card.notes


@pytest.mark.parametrize("tier", [Tier.PASSIVE, Tier.IMMINENT])
def test_abuse_gets_short_neutral_words_in_which_the_abuse_is_not_named(tier: Tier) -> None:
    card = card_for(said(tier, "domestic_abuse", modifiers=("perpetrator_nearby",)), pool=hotlines(SHAPE))
    own_words = " ".join((card.headline, *card.opening, *card.steps, *card.closing, card.question)).lower()
    assert not any(word in own_words for word in ("abus", "violen", "partner", "leave him", "police", "hurt", "hit"))
    assert len(own_words) < 400


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
