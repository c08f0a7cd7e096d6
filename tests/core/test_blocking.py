"""Blocking: for a time, with a reason, by a lead; what is said in danger is answered all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.effects import Bar
from handoff.core.outcomes import BLOCK_SECONDS
from handoff.core.risk import Modifier, Tier
from tests.core.making import NOW, SEEKER, conversation, heard, lead, line, supporter
from tests.core.world import World

HOUR = 3600
UNTIL = {"date": "2026-05-28", "time": "21:26", "zone": "UTC"}


def a_house(phase: Phase = Phase.LIVE, **changes: object) -> World:
    return World(supporter("sam"), lead("lou"), talk=conversation(phase, **changes))


def blocked(phase: Phase = Phase.LIVE, seconds: int = HOUR) -> World:
    world = a_house(phase)
    world.desk(e.SeekerBlocked, who="lou", reason="abusive", seconds=seconds)
    return world


def test_a_block_ends_the_talk_says_until_when_and_is_on_record() -> None:
    world = blocked()
    assert world.is_in(Phase.CLOSED)
    assert world.talk.outcome == "blocked"
    assert world.told() == [world.text("blocked_until", **UNTIL)]
    assert world.supporters["sam"].holding == ()
    assert ("sam", "blocked") in world.nudges()
    [row] = world.records("block")
    assert (row["by"], row["reason"], row["until"]) == ("lou", "abusive", NOW + HOUR)
    [audit] = [each for each in world.records("audit") if each["action"] == "blocked"]
    assert (audit["actor"], audit["detail"]) == ("lou", {"reason": "abusive", "seconds": HOUR})
    assert world.of(Bar) == [Bar(pseudonym="p-ana", conversation="c1", until=NOW + HOUR)]


def test_how_to_complain_is_said_where_the_line_has_a_way() -> None:
    contact = replace(line(), contact="complaints@line.example")
    world = World(lead("lou"), talk=conversation(Phase.INTAKE), at=contact)
    world.desk(e.SeekerBlocked, who="lou", reason="other", seconds=HOUR)
    assert "complaints@line.example" in world.told()[-1]


@pytest.mark.parametrize("seconds", BLOCK_SECONDS)
def test_a_block_ends_by_itself(seconds: int) -> None:
    world = blocked(seconds=seconds)
    world.passes(seconds - 1)
    world.writes("hello?")
    assert world.is_in(Phase.CLOSED)
    assert world.asked() == []
    world.passes(2)
    world.writes("hello again")
    assert world.is_in(Phase.INTAKE)
    assert world.asked() == ["hello again"]


def test_only_a_lead_blocks_and_only_for_one_of_our_times_and_reasons() -> None:
    world = a_house()
    assert world.desk(e.SeekerBlocked, who="sam", reason="abusive", seconds=HOUR).refused == "leads_only"
    assert world.desk(e.SeekerBlocked, who="lou", reason="ugly", seconds=HOUR).refused == "bad_reason"
    assert world.desk(e.SeekerBlocked, who="lou", reason="abusive", seconds=10**9).refused == "bad_block_time"
    assert world.desk(e.SeekerUnblocked, who="lou").refused == "not_blocked"
    assert world.is_in(Phase.LIVE)


def test_nobody_is_blocked_in_the_middle_of_a_crisis() -> None:
    world = a_house(tier=Tier.PASSIVE, card_at=NOW, card_seq=1)
    assert world.desk(e.SeekerBlocked, who="lou", reason="abusive", seconds=HOUR).refused == "block_in_crisis"


def test_what_is_written_while_blocked_is_kept_and_answered_now_and_then_and_never_by_the_bot() -> None:
    world = blocked()
    for text in ("one", "two", "three"):
        world.passes(60)
        world.writes(text, Tier.DISTRESS)
    world.taps("warmline:person", "I want a person")
    assert [entry.text for entry in world.feed if entry.speaker == "seeker"] == [
        "one",
        "two",
        "three",
        "I want a person",
    ]
    assert len(world.told()) == 1
    world.passes(1800)
    world.writes("four")
    assert len(world.told()) == 2
    assert world.asked() == []
    assert world.is_in(Phase.CLOSED)


@pytest.mark.parametrize("tier", [tier for tier in Tier if tier >= Tier.PASSIVE])
def test_danger_brings_the_card_at_once_and_leads_alone(tier: Tier) -> None:
    world = blocked()
    world.writes("words", tier)
    assert len(world.cards()) == 1
    assert world.is_in(Phase.WAITING)
    assert world.alerts()[-1] in ("crisis", "crisis_now")
    assert world.asked() == []
    assert world.claims("sam").refused == "not_eligible_for_leads_alone"
    world.falls_due(Deadline.ASSIGN)
    assert world.talk.assigned_to == "lou"
    for _ in range(6):
        world.passes(70)
        assert world.talk.assigned_to in ("lou", None)
    assert world.claims("lou").refused is None
    assert world.is_in(Phase.LIVE)
    assert [entry.text for entry in world.margin] == [world.text("margin_blocked_in_danger")]


def test_a_second_message_in_danger_brings_the_card_again() -> None:
    world = blocked()
    world.writes("words", Tier.PASSIVE)
    world.writes("more words", Tier.IMMINENT)
    assert len(world.cards()) == 2
    assert world.asked() == []


def test_what_nobody_can_ask_about_brings_the_card_without_a_promise() -> None:
    world = blocked()
    world.writes("words", Tier.CONCERN)
    [card] = world.cards()
    assert card.body is not None
    assert card.body["closing"] == []
    assert world.is_in(Phase.CLOSED)
    world.writes("kolme", Tier.NONE, Modifier.LANGUAGE_UNKNOWN)
    assert len(world.cards()) == 2


def test_urgent_help_and_deletion_work_while_blocked_and_what_stays_is_said() -> None:
    world = blocked()
    world.taps("warmline:urgent")
    assert world.cards()
    world.taps("warmline:forget")
    assert world.text("forget_blocked") in world.told()


def test_a_late_yes_to_the_question_about_suicide_counts() -> None:
    world = blocked()
    world.taps("warmline:safety_yes")
    assert world.cards()
    assert world.is_in(Phase.WAITING)


def test_changed_words_in_danger_count_and_others_begin_nothing() -> None:
    world = blocked()
    calm = e.SeekerEdited(id="x1", seeker=SEEKER, refers="m1", text="words")
    assert not world.do(calm).changes
    world.do(replace(calm, id="x2", assessment=heard(Tier.ACTIVE)))
    assert world.cards()


def test_a_lead_lifts_it_and_they_can_write_as_before() -> None:
    world = blocked()
    world.desk(e.SeekerUnblocked, who="lou")
    world.writes("hello")
    assert world.asked() == ["hello"]
    assert world.of(Bar)[-1].until == 0
    assert "unblocked" in world.audited()
    assert len(world.told()) == 1


def test_lowering_the_urgency_of_somebody_blocked_leaves_the_block() -> None:
    world = blocked()
    world.writes("words", Tier.PASSIVE)
    world.desk(e.RiskLowered, who="lou", tier=Tier.NONE, why="a quote from a song")
    assert world.is_in(Phase.CLOSED)
    world.writes("hello")
    assert world.asked() == []


@pytest.mark.parametrize("how", ["opens", "writes", "taps", "chooses"])
def test_somebody_whose_words_are_erased_is_met_as_blocked(how: str) -> None:
    world = World(lead("lou"))
    blank = world._blank
    world._blank = lambda seeker: replace(blank(seeker), blocked_until=NOW + HOUR)  # type: ignore[method-assign]
    seeker = conversation().seeker
    if how == "opens":
        world.do(e.SeekerOpened(id="o", seeker=seeker))
    elif how == "writes":
        world.writes("hello")
    elif how == "taps":
        world.taps("warmline:person")
    else:
        world.do(e.LanguageChosen(id="o", seeker=seeker, chosen="es"))
    assert world.is_in(Phase.CLOSED)
    assert world.asked() == []
    assert len(world.told()) == 1
    assert world.records("block_met")[0]["conversation"] == world.talk.id


def test_somebody_whose_words_are_erased_gets_the_card_in_danger() -> None:
    world = World(lead("lou"))
    blank = world._blank
    world._blank = lambda seeker: replace(blank(seeker), blocked_until=NOW + HOUR)  # type: ignore[method-assign]
    world.writes("words", Tier.ACTIVE)
    assert world.cards()
    assert world.is_in(Phase.WAITING)


@pytest.mark.parametrize("payload", ["warmline:safety_yes", "warmline:safety_unsure"])
def test_somebody_whose_words_are_erased_says_yes_to_an_old_question(payload: str) -> None:
    world = World(lead("lou"))
    blank = world._blank
    world._blank = lambda seeker: replace(blank(seeker), blocked_until=NOW + HOUR)  # type: ignore[method-assign]
    world.taps(payload)
    assert world.cards()
    assert world.is_in(Phase.WAITING)
    assert [entry.text for entry in world.margin] == [world.text("margin_blocked_in_danger")]


def left_in_a_crisis() -> World:
    world = blocked()
    world.writes("words", Tier.ACTIVE)
    world.do(e.SeekerGone(id="gone", seeker=SEEKER, why="blocked"))
    assert world.is_in(Phase.CLOSED)
    return world


@pytest.mark.parametrize("how", ["writes", "taps"])
def test_who_left_in_the_middle_of_a_crisis_comes_back_into_it_block_or_not(how: str) -> None:
    world = left_in_a_crisis()
    told, alerts = len(world.told()), len(world.alerts())
    world.writes("hello again") if how == "writes" else world.taps("warmline:person")
    assert world.is_in(Phase.WAITING)
    assert (world.talk.tier, world.talk.is_blocked(world.now)) == (Tier.ACTIVE, True)
    assert world.alerts()[alerts:] == ["crisis"]
    assert world.text("blocked_until", **UNTIL) not in world.told()[told:]
    assert [entry.text for entry in world.margin] == [world.text("margin_blocked_in_danger")]
    assert world.claims("sam").refused == "not_eligible_for_leads_alone"
    assert world.claims("lou").refused is None


def test_urgent_help_after_leaving_in_a_crisis_begins_nothing() -> None:
    world = left_in_a_crisis()
    cards = len(world.cards())
    world.taps("warmline:urgent")
    assert (world.talk.phase, len(world.cards())) == (Phase.CLOSED, cards + 1)


def test_nobody_is_blocked_who_left_in_the_middle_of_a_crisis() -> None:
    world = a_house(tier=Tier.PASSIVE, card_at=NOW, card_seq=1)
    world.do(e.SeekerGone(id="gone", seeker=SEEKER, why="blocked"))
    block = {"reason": "abusive", "seconds": HOUR}
    assert world.desk(e.SeekerBlocked, "lou", **block).refused == "block_left_in_crisis"
    world.writes("hello again")
    assert world.is_in(Phase.WAITING)
    world.desk(e.RiskLowered, who="lou", tier=Tier.NONE, why="a quote from a song")
    assert world.desk(e.SeekerBlocked, "lou", **block).refused is None


def test_nobody_is_blocked_while_the_question_about_suicide_is_open() -> None:
    world = a_house(Phase.INTAKE)
    world.writes("I am done with all of it", Tier.CONCERN)
    block = {"reason": "abusive", "seconds": HOUR}
    refused = world.desk(e.SeekerBlocked, "lou", **block)
    assert (refused.refused, refused.about["minutes"]) == ("block_in_crisis", "5")
    world.writes("yes")
    assert (world.is_in(Phase.WAITING), len(world.cards())) == (True, 1)
    calm = a_house(Phase.INTAKE)
    calm.writes("I am done with all of it", Tier.CONCERN)
    calm.writes("no")
    assert calm.desk(e.SeekerBlocked, "lou", **block).refused is None
