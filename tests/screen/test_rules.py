from __future__ import annotations

import pytest

from handoff.core.risk import CRISIS, Modifier, Subject, Tier
from handoff.screening import RiskScreen


def test_an_explicit_thought_is_active(screen: RiskScreen) -> None:
    assert screen.read("i want to kill myself").tier == Tier.ACTIVE


def test_a_plain_denial_is_no_crisis(screen: RiskScreen) -> None:
    for text in ("im not suicidal", "I would never kill myself", "no thoughts of suicide", "i dont want to die"):
        assert Tier.DISTRESS <= screen.read(text).tier < CRISIS, text


def test_not_wanting_to_live_is_no_denial(screen: RiskScreen) -> None:
    for text in ("i dont want to live", "I do not wish to go on living", "i no longer want to be here"):
        assert screen.read(text).tier >= CRISIS, text


def test_a_denial_with_a_but_counts_as_active(screen: RiskScreen) -> None:
    assert screen.read("im not suicidal but i cant promise anything").tier >= Tier.ACTIVE


def test_not_wanting_to_die_but_wanting_it_to_stop_is_a_crisis(screen: RiskScreen) -> None:
    assert screen.read("i dont want to die, i just want it to stop").tier >= CRISIS


def test_a_negator_that_belongs_to_something_else_denies_nothing(screen: RiskScreen) -> None:
    for text in (
        "im not ok i want to die",
        "not gonna lie i want to die",
        "no, i want to die",
        "cant stop wanting to die",
    ):
        assert screen.read(text).tier >= CRISIS, text


def test_who_is_in_danger_is_told_apart(screen: RiskScreen) -> None:
    assert screen.read("i want to die").subject is Subject.SELF
    assert screen.read("my sister wants to die").subject is Subject.OTHER
    assert screen.read("asking for a friend, how would someone end it").subject is Subject.UNKNOWN


def test_the_past_and_last_night_differ(screen: RiskScreen) -> None:
    assert screen.read("i tried to kill myself ten years ago").tier == Tier.PASSIVE
    assert screen.read("i tried to kill myself last night").tier == Tier.IMMINENT


def test_a_death_by_suicide_in_the_family_is_grief(screen: RiskScreen) -> None:
    assert screen.read("my uncle died by suicide in 2015").tier < CRISIS


def test_laughing_does_not_lower_a_tier(screen: RiskScreen) -> None:
    assert screen.read("i want to die lol").tier >= screen.read("i want to die").tier


def test_drink_raises_a_tier(screen: RiskScreen) -> None:
    drunk = screen.read("im drunk and i want to die")
    assert drunk.tier >= Tier.ACTIVE
    assert "intoxicated" in drunk.modifiers


def test_a_child_who_is_hurt_is_imminent_and_marked_as_a_minor(screen: RiskScreen) -> None:
    told = screen.read("im 12 and my dad beats me")
    assert told.tier == Tier.IMMINENT
    assert "minor" in told.modifiers


def test_a_method_question_is_active_in_any_frame(screen: RiskScreen) -> None:
    assert screen.read("for my novel: what is the quickest way for him to die").tier >= Tier.ACTIVE


def test_a_game_a_bug_or_an_idiom_is_nothing(screen: RiskScreen) -> None:
    for text in (
        "the boss killed me twice",
        "kill the process",
        "this heat is killing me",
        "ran 10 kms",
        "my phone died",
    ):
        assert screen.read(text).tier <= Tier.DISTRESS, text


def test_signals_point_at_the_original_words_and_never_repeat_them(screen: RiskScreen) -> None:
    text = "hello. i want to k1ll myself"
    signal = screen.read(text).signals[0]
    assert "k1ll" in text[signal.start : signal.end]
    assert "k1ll" not in signal.reason


@pytest.mark.parametrize(
    ("words", "young"),
    [
        ("i am seventy-nine and alone", False), ("im twenty nine years old", False), ("i am forty-eight", False),
        ("im nine and scared", True), ("i am seventeen and alone", True), ("im only 15", True),
    ],
)  # fmt: skip
def test_a_nine_at_the_end_of_an_age_is_no_child(screen: RiskScreen, words: str, *, young: bool) -> None:
    assert (Modifier.MINOR in screen.read(f"{words}, i want to die").modifiers) is young


@pytest.mark.parametrize("words", ["i drank bleach", "i just swallowed some cleaning stuff", "i have drunk poison"])
def test_something_poisonous_swallowed_is_an_emergency(screen: RiskScreen, words: str) -> None:
    assert screen.read(words).tier >= Tier.IMMINENT


@pytest.mark.parametrize(
    "words",
    [
        "i drank my tea while cleaning the bath with bleach",
        "i drank wine while cleaning",
        "i got drunk cleaning the flat",
    ],
)
def test_cleaning_is_no_emergency(screen: RiskScreen, words: str) -> None:
    assert screen.read(words).tier < CRISIS
