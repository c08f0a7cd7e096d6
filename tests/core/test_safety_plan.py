"""The safety plan: five headings in the chat, one at a time, for the person alone."""

from __future__ import annotations

from typing import Any

from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.effects import Forget
from handoff.core.entries import Attachment, AttachmentKind, Entry
from handoff.core.plan import NO_PLAN, Heading
from handoff.core.risk import Modifier, Tier
from tests.core.making import SEEKER, conversation, heard, supporter
from tests.core.world import World

ANSWERS = {
    Heading.SIGNS: "I stop answering my sister", Heading.HELPS: "walking to the river",
    Heading.PEOPLE: "Rosa, and Ben from choir", Heading.LINES: "Doctor Adeyemi", Heading.PLACE: "my brother keeps it",
}  # fmt: skip
SIGNS = ANSWERS[Heading.SIGNS]


def planning(**changes: Any) -> World:
    world = World(supporter(), talk=conversation(Phase.WAITING, **changes))
    world.taps("warmline:plan")
    return world


def planned(*headings: Heading) -> World:
    world = planning()
    for each in Heading:
        if each in (headings or tuple(Heading)):
            writes(world, ANSWERS[each], refers=f"m-{each}")
        else:
            world.taps("warmline:plan_skip")
    return world


def writes(world: World, text: str, tier: Tier = Tier.NONE, *modifiers: Modifier, refers: str = "") -> None:
    world.do(e.SeekerWrote(id=world.id(), seeker=SEEKER, text=text, refers=refers, assessment=heard(tier, *modifiers)))


def asks(world: World) -> Heading | None:
    return world.talk.plan.asks


def last(world: World) -> Entry:
    return world.feed[-1]


def payloads(entry: Entry) -> list[str]:
    return [button.payload.removeprefix("warmline:") for button in entry.buttons]


def public(world: World) -> list[str]:
    """What a desk may read of it."""
    return [entry.text for entry in world.feed if not entry.private]


# --- building -------------------------------------------------------------------------------------------------------


def test_it_begins_by_saying_whose_it_is_and_asks_one_heading() -> None:
    world = planning()
    assert world.told()[-2:] == [world.text("plan_intro", days=30), world.text("plan_ask_signs")]
    assert payloads(last(world)) == ["plan_skip", "plan_stop", "urgent"]


def test_each_answer_leads_to_the_next_heading_and_the_last_to_the_whole_plan() -> None:
    world = planning()
    for heading in Heading:
        assert world.told()[-1] == world.text(f"plan_ask_{heading}")
        writes(world, ANSWERS[heading])
    shown = last(world).text
    assert all(f"{world.text(f'button_plan_{each}')}\n{ANSWERS[each]}" in shown for each in Heading)
    assert payloads(last(world)) == ["plan_change", "plan_delete", "urgent"]
    assert asks(world) is None
    assert world.asked() == []


def test_each_heading_may_be_skipped_by_a_tap_or_a_word() -> None:
    world = planning()
    world.taps("warmline:plan_skip")
    assert asks(world) is Heading.HELPS
    writes(world, "Skip!")
    assert asks(world) is Heading.PEOPLE
    assert world.talk.plan.written == ()


def test_it_can_be_stopped_at_any_time_and_keeps_what_there_is() -> None:
    for stop in ("warmline:plan_stop", "that's enough"):
        world = planning()
        writes(world, SIGNS)
        if stop.startswith("warmline:"):
            world.taps(stop)
        else:
            writes(world, stop)
        assert (asks(world), world.talk.plan.written) == (None, (Heading.SIGNS,))
        writes(world, "hello")
        assert world.asked() == ["hello"]


def test_whoever_asks_for_help_instead_is_heard_like_anybody() -> None:
    world = planning()
    writes(world, "I need help!")
    assert (asks(world), world.asked()) == (None, ["I need help!"])
    assert "I need help!" in public(world)


def test_words_that_come_much_later_are_no_answer() -> None:
    world = planning()
    world.now += world.line.policy.plan_answer_seconds + 1
    writes(world, "hello, it is worse now")
    assert (world.talk.plan.written, world.asked()) == ((), ["hello, it is worse now"])
    assert "hello, it is worse now" in public(world)


def test_another_quick_reply_lets_go_of_the_plan_and_the_numbers_do_not() -> None:
    world = planning()
    world.taps("warmline:urgent")
    assert asks(world) is Heading.SIGNS
    world.taps("warmline:resources")
    writes(world, "breathing")
    assert (asks(world), world.asked()) == (None, ["/ask_exercise", "breathing"])


def test_in_the_next_conversation_words_are_words_again() -> None:
    world = planning()
    writes(world, SIGNS)
    world.put(conversation(Phase.CLOSED, plan=world.talk.plan, deadlines={}))
    writes(world, "hello")
    assert (world.talk.phase, world.talk.plan.written, world.asked()) == (Phase.INTAKE, (Heading.SIGNS,), ["hello"])


def test_stopping_before_any_answer_says_that_there_is_none() -> None:
    world = planning()
    world.taps("warmline:plan_stop")
    assert world.told()[-1] == world.text("plan_empty")


def test_it_is_offered_beside_something_to_try_while_waiting() -> None:
    world = World(supporter(), talk=conversation())
    world.taps("warmline:person")
    assert {"plan", "resources"} <= set(payloads(last(world)))
    world.writes("danger", Tier.PASSIVE)
    world.writes("hello?")
    assert payloads(last(world)) == ["urgent", "plan", "resources"]


def test_with_a_life_in_danger_only_the_numbers_are_offered() -> None:
    world = World(supporter(), talk=conversation())
    world.writes("danger", Tier.IMMINENT)
    world.writes("hello?")
    assert payloads(last(world)) == ["urgent"]


# --- every answer is screened ---------------------------------------------------------------------------------------


def test_danger_in_an_answer_brings_the_card_and_the_plan_waits() -> None:
    world = planning()
    writes(world, "words of danger", Tier.ACTIVE)
    assert (world.talk.tier, len(world.cards())) == (Tier.ACTIVE, 1)
    assert world.talk.plan.answers[Heading.SIGNS] == "words of danger"
    assert (asks(world), world.told()[-1]) == (None, world.text("plan_paused"))
    world.taps("warmline:plan_go_on")
    assert asks(world) is Heading.HELPS


def test_danger_that_is_known_already_does_not_stop_the_plan() -> None:
    world = planning(tier=Tier.ACTIVE)
    writes(world, "what I think of then", Tier.ACTIVE)
    assert (len(world.cards()), asks(world)) == (1, Heading.HELPS)
    assert world.talk.plan.written == (Heading.SIGNS,)


def test_with_a_life_in_danger_nothing_comes_after_the_card() -> None:
    world = planning()
    writes(world, "words of danger", Tier.IMMINENT)
    assert (asks(world), last(world)) == (None, world.cards()[-1])


def test_a_worrying_answer_is_met_with_the_direct_question() -> None:
    world = planning()
    writes(world, "no way out", Tier.CONCERN)
    assert world.text("safety_question") in world.told()
    assert asks(world) is None
    writes(world, "no")
    assert world.told()[-1] == world.text("safety_thanks")
    assert world.talk.plan.answers == {Heading.SIGNS: "no way out"}


def test_a_no_to_the_direct_question_is_not_taken_for_an_answer_of_the_plan() -> None:
    world = World(supporter(), talk=conversation(Phase.WAITING))
    world.writes("no way out", Tier.CONCERN)
    world.taps("warmline:plan")
    writes(world, "no")
    assert world.text("safety_thanks") in world.told()


def test_an_answer_in_a_language_nobody_knows_is_met_once() -> None:
    world = planning()
    writes(world, "zzz", Tier.NONE, Modifier.LANGUAGE_UNKNOWN)
    assert (len(world.cards()), asks(world)) == (1, None)
    world.taps("warmline:plan_go_on")
    writes(world, "zzz", Tier.NONE, Modifier.LANGUAGE_UNKNOWN)
    assert (len(world.cards()), asks(world)) == (1, Heading.PEOPLE)


# --- for the person alone -------------------------------------------------------------------------------------------


def test_nothing_of_it_is_for_the_desk() -> None:
    world = planned()
    world.taps("warmline:plan_show", label="Show my plan")
    assert not [text for text in public(world) for answer in ANSWERS.values() if answer in text]
    assert all(entry.private for entry in world.feed)
    assert world.margin == []


def test_danger_in_an_answer_is_told_to_the_desk_without_its_words() -> None:
    world = planning()
    writes(world, "words of danger", Tier.ACTIVE)
    assert "words of danger" not in public(world)
    assert [reason.text for reason in world.talk.reasons] == ["words of tier 4"]


def test_a_file_is_for_the_supporter_as_always_and_no_answer() -> None:
    world = planning()
    picture = Attachment(file="f1", kind=AttachmentKind.IMAGE, type="image/jpeg", name="p.jpg", size=9)
    world.do(e.SeekerWrote(id=world.id(), seeker=SEEKER, text="look", attachment=picture, assessment=heard()))
    assert (asks(world), world.talk.plan.written) == (Heading.SIGNS, ())
    assert "look" in public(world)


def test_when_a_supporter_comes_words_are_no_longer_answers_and_they_are_told() -> None:
    world = planning()
    writes(world, SIGNS)
    world.claims()
    assert world.told()[-1] == world.text("plan_kept_for_later", name="Sam")
    writes(world, "hello Sam")
    assert world.talk.plan.written == (Heading.SIGNS,)
    assert "hello Sam" in public(world)


def test_while_a_supporter_is_here_it_is_shown_to_the_person_alone() -> None:
    world = planned(Heading.SIGNS)
    world.claims()
    world.taps("warmline:plan")
    assert SIGNS in last(world).text
    assert last(world).private
    assert not [text for text in public(world) if SIGNS in text]
    assert world.talk.unanswered_since is None


def test_while_a_supporter_is_here_no_new_one_is_asked_for() -> None:
    world = World(supporter(), talk=conversation(Phase.WAITING))
    world.claims()
    for payload in ("plan", "plan_place", "plan_go_on"):
        world.taps(f"warmline:{payload}")
        assert world.told()[-1] == world.text("plan_with_supporter", name="Sam")
    assert asks(world) is None


def test_the_person_may_show_it_to_their_supporter() -> None:
    world = planned(Heading.SIGNS, Heading.PLACE)
    world.taps("warmline:plan_send")
    assert world.told()[-1] == world.text("plan_send_later")
    world.claims()
    world.taps("warmline:plan_show")
    assert "plan_send" in payloads(last(world))
    world.taps("warmline:plan_send")
    assert SIGNS in public(world)[-1]


# --- changing, deleting ---------------------------------------------------------------------------------------------


def test_one_heading_can_be_written_anew() -> None:
    world = planned()
    world.taps("warmline:plan_change")
    assert payloads(last(world)) == [f"plan_{each}" for each in Heading]
    world.taps("warmline:plan_people")
    writes(world, "Rosa only")
    assert "Rosa only" in last(world).text
    assert ANSWERS[Heading.PEOPLE] not in last(world).text
    assert asks(world) is None


def test_correcting_a_message_corrects_the_plan() -> None:
    world = planned()
    world.do(
        e.SeekerEdited(
            id=world.id(), seeker=SEEKER, text="a walk with the dog", refers="m-helps", assessment=heard()
        )
    )  # fmt: skip
    assert last(world).private
    assert world.talk.plan.answers[Heading.HELPS] == "a walk with the dog"


def test_it_is_deleted_after_a_second_yes() -> None:
    world = planned()
    world.taps("warmline:plan_delete")
    assert world.talk.plan.written
    world.taps("warmline:plan_delete_confirmed")
    assert world.talk.plan == NO_PLAN
    world.taps("warmline:plan_show")
    assert world.told()[-1] == world.text("plan_empty")


def test_deleting_everything_deletes_it_too() -> None:
    world = planned()
    world.taps("warmline:forget_confirmed")
    assert world.talk.plan == NO_PLAN
    assert world.of(Forget)


def test_it_goes_with_them_into_the_next_conversation_and_leaves_no_second_copy() -> None:
    world = planned()
    world.claims()
    world.says()
    world.desk(e.SupporterClosed, outcome="supported")
    first = world.talk.id
    world.writes("me again")
    assert world.talk.id != first
    assert world.talk.plan.answers == ANSWERS
    assert world.conversations[first].plan == NO_PLAN


def test_after_the_end_it_can_be_shown_and_deleted_without_beginning_anew() -> None:
    world = planned()
    world.talk.deadlines.clear()
    world.put(conversation(Phase.CLOSED, plan=world.talk.plan))
    for payload in ("plan_show", "plan_delete", "plan_delete_confirmed"):
        world.taps(f"warmline:{payload}")
    assert world.is_in(Phase.CLOSED)
    assert world.talk.plan == NO_PLAN
    world.taps("warmline:plan")
    assert (world.talk.phase, asks(world)) == (Phase.INTAKE, Heading.SIGNS)
