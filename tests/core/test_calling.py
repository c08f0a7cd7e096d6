"""What makes calling hard: one question after the card, once, and to every answer one of ours that leads back."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.moves.calling import HURDLES
from handoff.core.risk import Modifier, Tier
from tests.core.making import SEEKER, conversation, supporter
from tests.core.world import World

QUESTION = "calling_question"


def in_crisis(tier: Tier = Tier.ACTIVE, *modifiers: Modifier, seen: bool = True) -> World:
    world = World(supporter())
    world.writes("words of danger", tier, *modifiers)
    if seen:
        shows_the_card(world)
    return world


def shows_the_card(world: World) -> None:
    world.do(e.CardConfirmed(id=world.id(), seeker=SEEKER, seq=world.talk.seq))


def waits(world: World) -> None:
    world.passes(world.line.policy.calling_question_seconds)


def asked(world: World) -> int:
    return world.told().count(world.text(QUESTION))


def test_it_comes_after_the_card_had_its_time() -> None:
    world = in_crisis()
    assert asked(world) == 0
    waits(world)
    assert world.told()[-1] == world.text(QUESTION)
    assert [button.payload for button in world.feed[-1].buttons] == [f"warmline:calling_{each}" for each in HURDLES]
    assert "asked_about_calling" in world.audited()


def test_it_comes_once_in_a_conversation() -> None:
    world = in_crisis()
    waits(world)
    world.writes("and again", Tier.ACTIVE)
    shows_the_card(world)
    world.writes("still here")
    waits(world)
    assert asked(world) == 1


@pytest.mark.parametrize("tier", [Tier.IMMINENT, Tier.EMERGENCY])
def test_with_a_life_in_danger_the_emergency_number_is_seen_first(tier: Tier) -> None:
    world = in_crisis(tier, seen=False)
    world.writes("are you there")
    waits(world)
    assert asked(world) == 0
    shows_the_card(world)
    waits(world)
    assert asked(world) == 1


def test_going_on_to_write_below_the_card_counts_as_having_seen_it() -> None:
    world = in_crisis(seen=False)
    world.writes("are you there")
    waits(world)
    assert asked(world) == 1


def test_it_is_not_asked_while_a_supporter_is_here() -> None:
    world = in_crisis()
    world.passes(1)
    world.claims()
    waits(world)
    assert (asked(world), Deadline.CALLING in world.talk.deadlines) == (0, False)
    world.writes("words of danger", Tier.ACTIVE)
    shows_the_card(world)
    waits(world)
    assert asked(world) == 0


def test_it_is_not_asked_with_somebody_near_who_must_not_read_it() -> None:
    world = in_crisis(Tier.ACTIVE, Modifier.PERPETRATOR_NEARBY)
    waits(world)
    world.writes("quick")
    waits(world)
    assert asked(world) == 0


def test_it_is_not_asked_below_a_card_for_a_language_nobody_knows() -> None:
    world = World(supporter())
    world.writes("zzz", Tier.NONE, Modifier.LANGUAGE_UNKNOWN)
    shows_the_card(world)
    waits(world)
    assert (len(world.cards()), asked(world)) == (1, 0)


def test_whoever_asks_for_the_numbers_is_asked_too() -> None:
    world = World(supporter(), talk=conversation())
    world.taps("warmline:urgent")
    shows_the_card(world)
    waits(world)
    assert asked(world) == 1


def test_it_waits_until_the_plan_is_done() -> None:
    world = in_crisis()
    world.taps("warmline:plan")
    waits(world)
    assert asked(world) == 0
    world.taps("warmline:plan_stop")
    waits(world)
    assert asked(world) == 1


@pytest.mark.parametrize("hurdle", HURDLES)
def test_every_hurdle_has_an_answer_that_leads_back_to_the_card(hurdle: str) -> None:
    world = in_crisis()
    waits(world)
    world.taps(f"warmline:calling_{hurdle}")
    assert world.told()[-1] == world.text(f"calling_answer_{hurdle}")
    assert [button.payload for button in world.feed[-1].buttons] == ["warmline:urgent"]
    before = len(world.cards())
    world.taps("warmline:urgent")
    assert len(world.cards()) == before + 1


def test_an_answer_is_given_in_every_phase_and_changes_nothing_else() -> None:
    for phase in (Phase.INTAKE, Phase.WAITING, Phase.LIVE, Phase.CLOSING, Phase.CLOSED):
        world = World(supporter(), talk=conversation(phase))
        world.taps("warmline:calling_police")
        assert world.told()[-1] == world.text("calling_answer_police")
        assert world.is_in(phase)


def test_no_sentence_of_it_names_what_happened_to_somebody() -> None:
    """It may stand on a screen that somebody else reads."""
    named = ("abus", "violen", "hurt", "partner", "suicid", "kill", "maltrat", "daño", "pareja", "suicid", "matar")
    world = World()
    for language in world.line.wording.languages():
        said = [world.line.wording.say(f"calling_answer_{each}", language) for each in HURDLES]
        said.append(world.line.wording.say(QUESTION, language))
        assert not [word for word in named for text in said if word in text.lower()]
