"""The end of a conversation, feedback, and beginning again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core import events as e
from handoff.core.conversation import Intake, Owner, Phase
from handoff.core.effects import Cleared
from handoff.core.entries import EntryKind
from handoff.core.outcomes import OUTCOMES
from handoff.core.risk import Tier
from handoff.core.transitions import decide
from tests.core.making import NOW, SEEKER, conversation, lead, supporter
from tests.core.world import World


def closed(**changes: object) -> World:
    world = World(supporter(), talk=conversation(Phase.LIVE, **changes))
    world.desk(e.SupporterClosed, outcome="supported")
    return world


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_supporter_closes_with_an_outcome(outcome: str) -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE))
    assert not world.desk(e.SupporterClosed, outcome=outcome).refused
    assert (world.talk.phase, world.talk.owner, world.talk.outcome) == (Phase.CLOSING, Owner.NOBODY, outcome)


def test_an_outcome_nobody_knows_is_refused_with_the_ones_there_are() -> None:
    refusal = World(supporter(), talk=conversation(Phase.LIVE)).desk(e.SupporterClosed, outcome="cured")
    assert refusal.refused == "bad_outcome"
    assert all(outcome in refusal.about["outcomes"] for outcome in OUTCOMES)


def test_closing_thanks_invites_to_feedback_frees_the_supporter_and_writes_the_records() -> None:
    world = closed()
    assert world.told() == [world.text("closed_by_supporter", name="Sam"), world.text("feedback_invite")]
    assert (world.feed[-1].kind, world.feed[-1].body) == (EntryKind.FEEDBACK, {"conversation": "c1"})
    assert world.supporters["sam"].holding == ()
    assert world.of(Cleared)
    assert world.records("conversation")[0]["outcome"] == "supported"
    assert (world.records("transcript")[0]["first_seq"], world.records("transcript")[0]["last_seq"]) == (
        1,
        world.talk.seq,
    )


def test_what_the_records_keep_of_a_conversation_has_no_words_name_or_address() -> None:
    world = closed(recent=("canary",), intake=Intake(name="canary", preferences=("canary",)))
    assert "canary" not in str(world.records("conversation"))
    assert SEEKER.id not in str(world.records("conversation"))


def test_a_lead_may_close_what_somebody_else_holds_and_that_supporter_is_free() -> None:
    world = World(supporter(), lead(), talk=conversation(Phase.LIVE))
    world.desk(e.SupporterClosed, "lou", outcome="other")
    assert world.supporters["sam"].holding == ()


def test_after_a_crisis_conversation_the_supporter_rests_and_is_asked_how_they_are() -> None:
    world = closed(tier=Tier.ACTIVE)
    assert world.supporters["sam"].cool_until == NOW + world.line.policy.crisis_cooldown_seconds
    assert ("sam", "debrief") in world.nudges()


def test_nothing_of_the_desk_reaches_a_conversation_that_is_over() -> None:
    world = closed()
    for event, about in (
        (e.SupporterWrote, {"text": "one more thing"}),
        (e.NoteWritten, {"text": "x"}),
        (e.Claimed, {}),
        (e.Released, {}),
        (e.SupporterClosed, {"outcome": "other"}),
    ):
        assert world.desk(event, **about).refused == "gone"


def test_nobody_who_gives_no_feedback_is_waited_for_for_ever() -> None:
    world = closed()
    read = len(world.feed)
    world.passes(world.line.policy.feedback_seconds)
    assert world.talk.phase is Phase.CLOSED
    assert len(world.feed) == read


def give_feedback(world: World, **changes: object) -> str | None:
    about = {"rating": 5, "mood_before": 2, "mood_after": 6, "words": "canary-words", **changes}
    return world.do(e.FeedbackGiven(id=world.id(), seeker=SEEKER, conversation="c1", **about)).refused  # type: ignore[arg-type]


def test_feedback_is_kept_thanked_for_and_closes() -> None:
    world = closed()
    assert give_feedback(world) is None
    assert world.talk.phase is Phase.CLOSED
    assert world.told()[-1] == world.text("feedback_thanks")
    kept = world.records("feedback")[0]
    assert (kept["rating"], kept["mood_before"], kept["mood_after"], kept["words"]) == (5, 2, 6, "canary-words")


def test_the_desk_never_sees_what_somebody_said_about_it() -> None:
    world = closed()
    nudged = len(world.nudges())
    give_feedback(world)
    assert len(world.nudges()) == nudged
    assert world.margin == []
    assert "canary-words" not in "".join(world.told())
    assert "supporter" not in world.records("feedback")[0]


def test_feedback_is_refused_when_it_is_too_late_or_too_early() -> None:
    world = closed()
    world.put(replace(world.talk, deadlines={}))
    world.now += world.line.policy.feedback_seconds + 1
    assert give_feedback(world) == "gone"
    assert give_feedback(World(supporter(), talk=conversation(Phase.LIVE))) == "gone"


def test_feedback_on_a_conversation_that_has_a_successor_is_kept_without_a_word_in_the_feed() -> None:
    world = closed()
    event = e.FeedbackGiven(id="f", seeker=SEEKER, conversation="c1", rating=4)
    decision = decide(replace(world.scene(event), superseded=True), event, world.now)
    assert [effect.kind for effect in decision.effects if hasattr(effect, "kind")] == ["feedback"]
    assert decision.conversations[0].seq == world.talk.seq


@pytest.mark.parametrize("phase", [Phase.CLOSING, Phase.CLOSED])
def test_words_after_the_end_begin_anew_with_the_same_feed_and_the_same_consent(phase: Phase) -> None:
    world = World(supporter(), talk=conversation(phase, intake=Intake(name="Ana"), tier=Tier.ACTIVE))
    world.writes("I am back")
    new = world.talk
    assert (new.id, new.phase, new.pseudonym, new.consent) == ("c2", Phase.INTAKE, "p-ana", True)
    assert (new.first_seq, new.seq) == (5, 5)
    assert (new.tier, new.intake.name, new.supporter, new.excluded) == (Tier.NONE, "Ana", None, ())
    assert world.asked() == ["I am back"]
    assert world.conversations["c1"].phase is phase


def test_who_never_answered_the_three_lines_is_asked_again() -> None:
    world = World(talk=conversation(Phase.CLOSED, consent=None))
    world.writes("I am back")
    assert world.text("opening_consent") in world.told()


def test_a_crisis_after_the_end_gets_its_card_and_a_place_at_once() -> None:
    world = World(supporter(), talk=conversation(Phase.CLOSED))
    world.writes("words", Tier.ACTIVE)
    assert (world.talk.id, world.talk.phase) == ("c2", Phase.WAITING)
    assert len(world.cards()) == 1


def test_opening_the_page_after_the_end_begins_nothing() -> None:
    world = World(talk=conversation(Phase.CLOSED))
    assert not world.do(e.SeekerOpened(id="o", seeker=SEEKER)).changes


def test_the_urgent_button_works_after_the_end_without_beginning_anything() -> None:
    world = World(talk=conversation(Phase.CLOSED))
    world.taps("warmline:urgent")
    assert len(world.cards()) == 1
    assert (world.talk.id, world.talk.phase) == ("c1", Phase.CLOSED)


def test_asking_for_a_person_after_the_end_begins_anew_and_waits() -> None:
    world = World(supporter(), talk=conversation(Phase.CLOSED))
    world.taps("warmline:person")
    assert (world.talk.id, world.talk.phase) == ("c2", Phase.WAITING)


def test_stopping_closes_kindly_in_intake_and_while_waiting() -> None:
    for phase in (Phase.INTAKE, Phase.WAITING):
        world = World(talk=conversation(phase))
        world.bot(e.SeekerStopped)
        assert (world.talk.phase, world.talk.outcome) == (Phase.CLOSING, "seeker_left")
        assert world.text("closed_by_seeker") in world.told()


def test_stopping_in_the_crisis_lane_keeps_the_place() -> None:
    world = World(talk=conversation(Phase.WAITING, tier=Tier.ACTIVE))
    world.bot(e.SeekerStopped)
    assert world.talk.phase is Phase.WAITING
    assert world.told() == [world.text("stop_in_crisis")]
