"""The crisis card where a life is in danger now, and in situations that need words of their own."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

import connectors
from handoff.core.crisis import CrisisCard, as_text, card_maker
from handoff.core.crisis_wording import Situation, situation_of
from handoff.core.line import CardWish
from handoff.core.risk import Modifier, Subject, Tier
from handoff.screening import RiskScreen
from tests.wording.cards import DOMAINS, LANGUAGES, SHIPPED, WORDINGS, card_for, said
from tests.wording.shapes import NOON, SHAPE, hotlines

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
