"""Somebody dangerous may be near and read along: what follows the card is short, neutral, and asks for nothing."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.risk import Modifier, Tier
from handoff.wording.system_files import load_system_wording
from tests.core.making import conversation, lead, line, supporter
from tests.core.world import World

TELLING = (
    "suicid", "abus", "violen", "partner", "police", "danger", "crisis", "safe", "hurt", "help", "plan", "support",
    "suicidi", "maltrat", "peligro", "policía", "pareja", "violencia", "ayuda", "apoyo", "segur",
)  # fmt: skip
WATCHED = {
    (language, key): text
    for language, texts in load_system_wording().texts.items()
    for key, text in texts.items()
    if key.endswith("_watched")
}


@pytest.mark.parametrize(("language", "key"), WATCHED)
def test_each_short_form_stands_for_a_sentence_tells_nothing_and_is_short(language: str, key: str) -> None:
    texts = load_system_wording().texts
    assert key.removesuffix("_watched") in texts["en"]
    assert not [word for word in TELLING if word in WATCHED[language, key].lower()]
    assert len(WATCHED[language, key]) <= 80


def test_the_short_forms_are_the_same_in_every_language() -> None:
    by_language = {language: {key for each, key in WATCHED if each == language} for language in ("en", "es")}
    assert by_language["en"] == by_language["es"]


def near(*staff: object, phase: Phase = Phase.INTAKE) -> World:
    world = World(*staff, talk=conversation(phase))  # type: ignore[arg-type]
    world.writes("he is in the next room", Tier.IMMINENT, Modifier.PERPETRATOR_NEARBY)
    return world


def test_the_wait_is_told_in_few_neutral_words() -> None:
    world = near(supporter())
    world.writes("hello?")
    assert world.told()[-1] == world.text("crisis_waiting_watched")
    assert [button.payload for button in world.feed[-1].buttons] == ["warmline:urgent"]
    alone = near()
    alone.writes("hello?")
    assert alone.told()[-1] == alone.text("crisis_waiting_nobody_watched")
    alone.taps("warmline:wait")
    assert alone.told()[-1] == alone.text("nobody_here_watched")


def test_who_comes_and_the_question_whether_they_are_still_there_are_neutral() -> None:
    world = near(lead("sam"))
    world.passes(1)
    world.claims()
    assert world.told()[-1] == world.text("supporter_joined_watched", name="Sam")
    world.says()
    world.passes(world.line.policy.seeker_checkin_seconds)
    assert world.text("check_in_watched", name="Sam") in world.told()


def test_neither_the_question_about_calling_nor_the_offers_of_a_plan_or_a_follow_up_come() -> None:
    world = near(lead("sam"))
    world.do(e.CardConfirmed(id="seen", seeker=world.talk.seeker, seq=world.cards()[0].seq))
    world.passes(60)
    world.writes("hello?")
    world.claims()
    world.says()
    world.desk(e.SupporterClosed, outcome="supported")
    told = world.told()
    assert world.text("calling_question") not in told
    assert world.text("follow_offer") not in told
    assert not [each for entry in world.feed for each in entry.buttons if each.payload == "warmline:plan"]
    assert told[-2:-1] == [world.text("closed_by_supporter_watched")]


def test_the_question_about_suicide_is_not_asked_onto_a_screen_that_somebody_else_may_read() -> None:
    world = World(supporter(), talk=conversation(Phase.INTAKE, modifiers=("perpetrator_nearby",)))
    world.writes("done with all of it", Tier.CONCERN)
    assert world.text("safety_question") not in world.told()
    assert Deadline.SAFETY_ANSWER not in world.talk.deadlines


def test_everybody_else_is_told_in_full() -> None:
    world = World(supporter(), at=line())
    world.writes("words", Tier.IMMINENT)
    world.writes("hello?")
    assert world.told()[-1] == world.text("crisis_waiting")
