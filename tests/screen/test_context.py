from __future__ import annotations

import pytest

from handoff.core.risk import CRISIS, Tier
from handoff.screening import RiskScreen

WORN_OUT = "i cant do this anymore"


def test_a_question_about_a_bridge_after_a_loss_is_imminent(screen: RiskScreen) -> None:
    question = "how high is the bridge over the river"
    assert screen.read(question).tier == Tier.NONE
    assert screen.read(question, ["i lost my job and my flat"]).tier == Tier.IMMINENT


def test_worn_out_after_debt_is_a_crisis_and_after_homework_a_question(screen: RiskScreen) -> None:
    assert screen.read(WORN_OUT, ["we are in so much debt", "the bailiffs came"]).tier >= CRISIS
    assert screen.read(WORN_OUT, ["this maths homework", "and the essay is due"]).tier == Tier.CONCERN


def test_taking_it_back_keeps_the_earlier_tier(screen: RiskScreen) -> None:
    earlier = ["im going to kill myself tonight"]
    assert screen.read("jk forget it", earlier).tier == screen.read(earlier[0]).tier


@pytest.mark.parametrize(
    "words",
    [
        "nvm", "ignore my last message", "sorry about that, i was drunk", "you dont have to call anyone",
        "i wouldnt actually do it", "got carried away there", "feeling better now honestly",
    ],
)  # fmt: skip
def test_taking_it_back_has_many_words(screen: RiskScreen, words: str) -> None:
    assert screen.read(words, ["i want to end my life"]).tier >= CRISIS
    assert screen.read(words, ["the printer is broken"]).tier < CRISIS


@pytest.mark.parametrize(
    "words",
    [
        "does it hurt",
        "would anyone notice",
        "does insurance still pay out",
        "who would look after the dog if anything happens to me",
    ],
)
def test_asking_what_it_would_be_like_counts_after_despair_alone(screen: RiskScreen, words: str) -> None:
    assert screen.read(words, ["i dont want to be here any more"]).tier >= Tier.ACTIVE
    assert screen.read(words, ["we are moving house in may"]).tier < CRISIS


def test_a_yes_to_the_direct_question_is_active(screen: RiskScreen) -> None:
    assert screen.read("yes", ["are you thinking of suicide?"]).tier >= Tier.ACTIVE
    assert screen.read("yes", ["would you like a cup of tea?"]).tier == Tier.NONE


def test_only_the_last_turns_are_read(screen: RiskScreen) -> None:
    long_ago = ["i want to die", *["the weather is fine"] * 50]
    assert screen.read("never mind", long_ago).tier == Tier.NONE
