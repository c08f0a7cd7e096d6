"""T2: one direct question about suicide, asked once; a yes, no clear answer, and silence raise to T3."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.risk import Tier
from handoff.core.supporter import Supporter
from tests.core.making import SEEKER, conversation, heard, lead, supporter
from tests.core.world import World


def asked(*staff: str, language: str = "en") -> World:
    world = World(*(supporter(name) for name in staff), talk=conversation(language=language))
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


YES = [
    "yes", "Yes.", "YEAH", "i think so", "sometimes", "yes i do", "sometimes, at night", "honestly yes", "I do.",
    "well... kind of", "yes but i wouldn't do anything", "i've been having them for weeks", "lately", "yep :(",
]  # fmt: skip
NO = [
    "no, just tired", "no", "No!", "nope", "I'm not", "not really", "no not really", "no i am not", "god no",
    "I don't think so", "no, im not suicidal, i just feel low all the time", "no thanks for asking", "not at all!",
    "I'm not suicidal",
]  # fmt: skip
UNSURE = ["i don't know", "maybe", "not sure", "no idea", "not right now", "no, but sometimes", "I'd rather not say"]
NEITHER = ["what a day", "no one understands my job", "no reason to get up early", "i don't want to go to work", "hi"]
SI = [
    "sí",
    "Si",
    "a veces, por la noche",
    "la verdad es que sí",
    "pues sí",
    "creo que sí",
    "un poco",
    "de vez en cuando",
]
NO_ES = ["no", "para nada", "no, para nada", "No, gracias", "qué va", "la verdad es que no", "claro que no"]
NO_SE = ["no sé", "no lo sé", "quizás", "no estoy segura", "ahora no", "no, pero a veces", "prefiero no decirlo"]
NI = ["qué día", "no puedo dormir", "si me llaman del trabajo", "no tengo trabajo"]


@pytest.mark.parametrize(("language", "text"), [*(("en", each) for each in YES), *(("es", each) for each in SI)])
def test_a_typed_yes_counts(language: str, text: str) -> None:
    world = asked(language=language)
    world.writes(text)
    assert world.talk.tier is Tier.PASSIVE
    assert len(world.cards()) == 1
    assert world.text("reason_safety_yes") in [reason.text for reason in world.talk.reasons]


@pytest.mark.parametrize(("language", "text"), [*(("en", each) for each in NO), *(("es", each) for each in NO_ES)])
def test_a_typed_no_leaves_the_tier_and_is_thanked_for(language: str, text: str) -> None:
    world = asked(language=language)
    world.writes(text)
    assert world.talk.tier is Tier.CONCERN
    assert world.told()[-1] == world.line.wording.say("safety_thanks", language)
    assert Deadline.SAFETY_ANSWER not in world.talk.deadlines


@pytest.mark.parametrize(("language", "text"), [*(("en", each) for each in UNSURE), *(("es", each) for each in NO_SE)])
def test_a_typed_answer_that_is_neither_counts_as_a_yes(language: str, text: str) -> None:
    world = asked(language=language)
    world.writes(text)
    assert world.talk.tier is Tier.PASSIVE
    assert world.text("reason_safety_unsure") in [reason.text for reason in world.talk.reasons]


@pytest.mark.parametrize(("language", "text"), [*(("en", each) for each in NEITHER), *(("es", each) for each in NI)])
def test_words_that_only_begin_like_an_answer_leave_the_question_open(language: str, text: str) -> None:
    world = asked(language=language)
    world.writes(text)
    assert Deadline.SAFETY_ANSWER in world.talk.deadlines
    assert world.asked() == [text]


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


def test_talking_about_something_else_is_no_answer_and_silence_after_it_counts_from_then() -> None:
    world = asked()
    world.passes(200)
    world.writes("what a day")
    assert world.asked() == ["what a day"]
    world.passes(world.line.policy.unanswered_question_seconds - 1)
    assert world.cards() == []
    world.passes(1)
    assert world.talk.tier is Tier.PASSIVE


def test_who_goes_on_about_something_else_is_told_that_they_need_not_answer_and_is_not_taken_for_silent() -> None:
    world = asked("sam")
    for text in ("what a day", "my boss was odd", "and the bus was late"):
        world.writes(text)
    assert world.told().count(world.text("safety_set_aside")) == 1
    assert [button.payload for button in world.feed[-1].buttons] == ["warmline:person", "warmline:urgent"]
    assert Deadline.SAFETY_ANSWER not in world.talk.deadlines
    world.passes(3 * world.line.policy.unanswered_question_seconds)
    assert (world.talk.tier, world.cards()) == (Tier.CONCERN, [])
    assert world.text("reason_safety_set_aside") in [reason.text for reason in world.talk.reasons]
    assert world.asked() == ["what a day", "my boss was odd", "and the bus was late"]
    world.writes("all of it again", Tier.CONCERN)
    assert world.told().count(world.text("safety_question")) == 1


def test_the_supporter_is_told_when_the_question_was_left_open() -> None:
    world = accepted_with_an_open_question()
    for text in ("what a day", "my boss was odd", "and the bus was late"):
        world.writes(text)
    assert world.text("margin_safety_set_aside") in [note.text for note in world.margin]
    assert world.text("safety_set_aside") not in world.told()


@pytest.mark.parametrize("phase", [Phase.INTAKE, Phase.WAITING])
def test_concern_in_changed_words_asks_too(phase: Phase) -> None:
    world = World(supporter(), talk=conversation(phase))
    world.do(e.SeekerEdited(id="edit", seeker=SEEKER, text="done with it", refers="m1", assessment=heard(Tier.CONCERN)))
    assert world.told() == [world.text("safety_question")]
    assert (world.talk.phase, Deadline.SAFETY_ANSWER in world.talk.deadlines) == (phase, True)


def test_who_waits_is_asked_as_well() -> None:
    world = World(supporter(), talk=conversation(Phase.WAITING))
    world.writes("I am done with all of it", Tier.CONCERN)
    assert world.told() == [world.text("safety_question")]
    world.writes("sometimes, at night")
    assert (world.talk.tier, len(world.cards())) == (Tier.PASSIVE, 1)


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


def accepted_with_an_open_question(*leads: Supporter) -> World:
    world = asked("sam")
    world.supporters |= {each.id: each for each in leads}
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


@pytest.mark.parametrize("who", ["sam", "lou"])
def test_nobody_wraps_up_while_the_question_is_open(who: str) -> None:
    world = accepted_with_an_open_question(lead("lou"))
    refusal = world.desk(e.SupporterClosed, who, outcome="supported")
    assert (refusal.refused, refusal.about["minutes"]) == ("close_while_asked", "5")
    world.passes(world.line.policy.unanswered_question_seconds)
    assert (world.talk.tier, len(world.cards())) == (Tier.PASSIVE, 1)
    assert world.desk(e.SupporterClosed, who, outcome="supported").refused is None


def test_after_a_no_it_is_wrapped_up_as_ever() -> None:
    world = accepted_with_an_open_question()
    world.writes("no")
    assert world.desk(e.SupporterClosed, outcome="supported").refused is None
