"""T2: one direct question about suicide, asked once; a yes, no clear answer, and silence raise to T3."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.risk import Tier
from tests.core.making import SEEKER, conversation, supporter
from tests.core.world import World


def asked(*staff: str) -> World:
    world = World(*(supporter(name) for name in staff))
    world.writes("I am done with all of it", Tier.CONCERN)
    return world


def test_concern_is_answered_with_one_direct_question_and_not_by_the_bot() -> None:
    world = asked()
    assert world.told()[-1] == world.text("safety_question")
    assert [button.payload for button in world.feed[-1].buttons] == [
        "warmline:safety_yes", "warmline:safety_no", "warmline:safety_unsure",
    ]  # fmt: skip
    assert (world.talk.tier, world.talk.phase, world.asked()) == (Tier.CONCERN, Phase.INTAKE, [])


def test_the_question_is_never_asked_twice() -> None:
    world = asked()
    world.taps("warmline:safety_no")
    for _ in range(3):
        world.writes("all of it again", Tier.CONCERN)
    assert world.told().count(world.text("safety_question")) == 1
    assert world.asked() == ["all of it again"] * 3


@pytest.mark.parametrize("answer", ["warmline:safety_yes", "warmline:safety_unsure"])
def test_a_yes_and_an_unsure_are_a_crisis(answer: str) -> None:
    world = asked("sam")
    world.taps(answer)
    assert (world.talk.tier, world.talk.phase) == (Tier.PASSIVE, Phase.WAITING)
    assert len(world.cards()) == 1
    assert Deadline.ASSIGN in world.talk.deadlines


@pytest.mark.parametrize("text", ["yes", "Yes.", "YEAH", "i think so", "sometimes"])
def test_a_typed_yes_counts(text: str) -> None:
    world = asked()
    world.writes(text)
    assert world.talk.tier is Tier.PASSIVE
    assert len(world.cards()) == 1


@pytest.mark.parametrize("text", ["no", "No!", "nope", "I'm not", "not really"])
def test_a_typed_no_leaves_the_tier_and_is_thanked_for(text: str) -> None:
    world = asked()
    world.writes(text)
    assert world.talk.tier is Tier.CONCERN
    assert world.told()[-1] == world.text("safety_thanks")
    assert Deadline.SAFETY_ANSWER not in world.talk.deadlines


def test_a_no_by_button_leaves_the_tier() -> None:
    world = asked()
    world.taps("warmline:safety_no")
    world.passes(world.line.policy.unanswered_question_seconds)
    assert (world.talk.tier, world.cards()) == (Tier.CONCERN, [])


def test_silence_counts_as_a_yes() -> None:
    world = asked("sam")
    world.passes(world.line.policy.unanswered_question_seconds)
    assert (world.talk.tier, world.talk.phase) == (Tier.PASSIVE, Phase.WAITING)
    assert len(world.cards()) == 1
    assert world.text("reason_safety_silence") in [reason.text for reason in world.talk.reasons]


def test_talking_about_something_else_is_no_answer() -> None:
    world = asked()
    world.writes("what a day")
    assert world.asked() == ["what a day"]
    world.passes(world.line.policy.unanswered_question_seconds)
    assert world.talk.tier is Tier.PASSIVE


def test_stopping_instead_of_answering_is_no_answer_either() -> None:
    world = asked("sam")
    world.bot(e.SeekerStopped)
    assert (world.talk.tier, world.talk.phase) == (Tier.PASSIVE, Phase.WAITING)
    assert len(world.cards()) == 1
    assert world.told()[-1] == world.text("stop_in_crisis")


def test_a_yes_long_after_the_question_is_only_a_word() -> None:
    world = asked()
    world.taps("warmline:safety_no")
    world.writes("yes")
    assert (world.talk.tier, world.asked()) == (Tier.CONCERN, ["yes"])


def test_a_crisis_before_the_answer_ends_the_question() -> None:
    world = asked("sam")
    world.writes("no, it is worse", Tier.ACTIVE)
    world.do(e.CardConfirmed(id="seen", seeker=SEEKER, seq=world.cards()[0].seq))
    world.passes(world.line.policy.unanswered_question_seconds - 1)
    cards = len(world.cards())
    world.passes(2)
    assert len(world.cards()) == cards == 1


def accepted_with_an_open_question() -> World:
    world = asked("sam")
    world.taps("warmline:person")
    world.claims()
    world.says()
    return world


def test_the_question_stays_open_when_a_supporter_accepts() -> None:
    world = accepted_with_an_open_question()
    world.passes(200)
    world.says()
    world.passes(100)
    assert (world.talk.tier, world.talk.phase) == (Tier.PASSIVE, Phase.LIVE)
    assert len(world.cards()) == 1


@pytest.mark.parametrize("how", ["typed", "tapped"])
def test_a_no_to_the_supporter_is_heard_and_left_to_them(how: str) -> None:
    world = accepted_with_an_open_question()
    if how == "typed":
        world.writes("no")
    else:
        world.taps("warmline:safety_no", label="No")
    assert Deadline.SAFETY_ANSWER not in world.talk.deadlines
    assert world.feed[-1].text in ("no", "No")
    assert (world.talk.tier, world.cards()) == (Tier.CONCERN, [])


def test_a_typed_yes_to_the_supporter_is_a_crisis_too() -> None:
    world = accepted_with_an_open_question()
    world.writes("yes")
    assert (world.talk.tier, world.talk.phase) == (Tier.PASSIVE, Phase.LIVE)
    assert len(world.cards()) == 1
    assert ("sam", "risk") in world.nudges()


def test_in_a_live_conversation_concern_is_the_supporters_to_ask_about() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE))
    world.writes("I am done with all of it", Tier.CONCERN)
    assert world.told() == []
    assert [note.text for note in world.margin] == [world.text("margin_concern")]


def test_the_yes_button_still_works_after_a_no() -> None:
    world = asked()
    world.taps("warmline:safety_no")
    world.taps("warmline:safety_yes")
    assert world.talk.tier is Tier.PASSIVE
