"""The crisis card in every phase in the same decision, and the lane that finds a person: assigned, climbing, paging."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.effects import Alert
from handoff.core.risk import Modifier, Subject, Tier
from handoff.core.supporter import Presence, Training
from tests.core.laws import said
from tests.core.making import CLOSED_ALL_DAY, NOW, SEEKER, conversation, heard, lead, line, supporter
from tests.core.world import World

CRISES = [tier for tier in Tier if tier >= Tier.PASSIVE]


def world_in(phase: Phase) -> World:
    return World(supporter(), talk=None if phase is Phase.NEW else conversation(phase))


@pytest.mark.parametrize("tier", CRISES)
@pytest.mark.parametrize("phase", Phase)
def test_a_crisis_gets_its_card_in_the_same_decision_in_every_phase(phase: Phase, tier: Tier) -> None:
    world = world_in(phase)
    decision = world.writes("words", tier)
    texts = [entry.text for entry in said(decision)]
    card = world.cards()[0]
    assert texts.index("words") < texts.index(card.text)
    assert "999" in card.text
    assert card.body is not None
    assert card.body["emergency_first"] is (tier >= Tier.IMMINENT)
    assert world.asked() == []
    assert ("crisis_now" if tier >= Tier.IMMINENT else "crisis") in world.alerts()
    assert Deadline.CARD_CONFIRM in world.talk.deadlines


@pytest.mark.parametrize("phase", Phase)
def test_the_urgent_button_shows_the_card_in_every_phase_and_says_nothing_about_risk(phase: Phase) -> None:
    world = world_in(phase)
    world.taps("warmline:urgent")
    assert len(world.cards()) == 1
    assert world.talk.tier is Tier.NONE
    assert not {"crisis", "crisis_now"} & set(world.alerts())


def test_distress_gets_no_hotline_pushed() -> None:
    world = world_in(Phase.INTAKE)
    world.writes("a hard day", Tier.DISTRESS)
    assert world.cards() == []
    assert world.asked() == ["a hard day"]


def test_a_repeated_card_is_small_and_a_risen_or_imminent_one_is_whole() -> None:
    world = world_in(Phase.INTAKE)
    for tier in (Tier.PASSIVE, Tier.PASSIVE, Tier.ACTIVE, Tier.IMMINENT, Tier.IMMINENT):
        world.writes("words", tier)
    assert [card.body and card.body["compact"] for card in world.cards()] == [False, True, False, False, False]
    world.passes(700)
    world.writes("words", Tier.PASSIVE)
    assert "compact" not in [key for key, kept in (world.cards()[-1].body or {}).items() if kept]


@pytest.mark.parametrize("modifier", [Modifier.MINOR, Modifier.INGESTED])
def test_a_repeated_card_that_has_something_new_to_say_is_whole(modifier: Modifier) -> None:
    world = world_in(Phase.INTAKE)
    for modifiers in ((), (modifier,), (modifier,)):
        world.writes("words", Tier.ACTIVE, *modifiers)
    assert [card.body and card.body["compact"] for card in world.cards()] == [False, False, True]


def test_the_card_is_for_the_country_the_channel_or_the_seeker_named() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE, country="ES", language="es"))
    world.writes("words", Tier.ACTIVE)
    assert "112" in world.cards()[0].text
    named = World(supporter(), talk=conversation(Phase.LIVE, country=None))
    named.do(e.SeekerTapped(id="t", seeker=SEEKER, payload="warmline:urgent", label="urgent", country="US"))
    assert "911" in named.cards()[0].text


def test_a_young_person_keeps_the_child_line_on_every_card() -> None:
    world = World(supporter(minors=True), talk=conversation(Phase.LIVE))
    world.writes("words", Tier.PASSIVE, Modifier.MINOR)
    first = world.cards()[0].text
    world.writes("words", Tier.PASSIVE)
    assert "Childline" in first
    assert "Childline" in world.cards()[1].text


def test_a_card_counts_as_given_once_the_device_confirmed_it() -> None:
    world = world_in(Phase.INTAKE)
    world.writes("words", Tier.ACTIVE)
    shown = world.cards()[0].seq
    world.do(e.CardConfirmed(id="early", seeker=SEEKER, seq=shown - 1))
    assert "card_confirmed" not in world.audited()
    world.do(e.CardConfirmed(id="now", seeker=SEEKER, seq=shown))
    assert world.talk.card_confirmed
    assert "card_confirmed" in world.audited()
    world.passes(world.line.policy.card_confirm_seconds)
    assert "card_unconfirmed" not in world.alerts()


def test_a_card_nobody_confirmed_pages_a_lead() -> None:
    world = world_in(Phase.LIVE)
    world.writes("words", Tier.ACTIVE)
    world.passes(world.line.policy.card_confirm_seconds)
    assert "card_unconfirmed" in world.alerts()


@pytest.mark.parametrize("phase", [Phase.INTAKE, Phase.LIVE])
@pytest.mark.parametrize(("tier", "urgent"), [(Tier.ACTIVE, False), (Tier.IMMINENT, True)])
def test_an_unconfirmed_card_is_shown_again_and_pages_until_it_is_confirmed(
    phase: Phase, tier: Tier, urgent: bool
) -> None:
    world = world_in(phase)
    world.writes("words", tier)
    for _ in range(10):
        world.passes(world.line.policy.card_confirm_seconds)
    pages = [alert for alert in world.of(Alert) if alert.kind == "card_unconfirmed"]
    assert [alert.urgent for alert in pages] == [urgent] * 10
    cards = world.cards()
    assert [card.text for card in cards] == [cards[0].text] * (1 + world.line.policy.card_again)
    assert not any(card.body and card.body["compact"] for card in cards)
    world.do(e.CardConfirmed(id="late", seeker=SEEKER, seq=cards[0].seq))
    world.passes(300)
    assert world.talk.card_confirmed
    assert len([alert for alert in world.of(Alert) if alert.kind == "card_unconfirmed"]) == 10


def test_the_card_shown_again_is_for_the_same_situation() -> None:
    world = world_in(Phase.INTAKE)
    helper = replace(heard(Tier.ACTIVE), subject=Subject.OTHER)
    world.do(e.SeekerWrote(id="w", seeker=SEEKER, text="my friend", assessment=helper))
    world.passes(world.line.policy.card_confirm_seconds)
    assert [card.body and card.body["headline"] for card in world.cards()] == [
        "Thank you for looking out for them."
    ] * 2  # fmt: skip


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("tier", [Tier.IMMINENT, Tier.EMERGENCY])
def test_a_third_party_in_danger_now_brings_the_helpers_card_and_people_in_every_phase(
    phase: Phase, tier: Tier
) -> None:
    world = world_in(phase)
    somebody_else = replace(heard(tier), subject=Subject.OTHER)
    world.do(e.SeekerWrote(id="w", seeker=SEEKER, text="my friend", assessment=somebody_else))
    card = world.cards()[0]
    assert card.body is not None
    assert card.body["headline"] == "Please call 999 for them now."
    assert card.body["question"] == "And you: are you safe right now?"
    assert "crisis_now" in world.alerts()
    assert world.talk.in_crisis_lane


def test_a_card_that_was_only_asked_for_is_shown_again_once_and_pages_once() -> None:
    world = world_in(Phase.INTAKE)
    world.taps("warmline:urgent")
    world.passes(10 * world.line.policy.card_confirm_seconds)
    assert len(world.cards()) == 2
    assert world.alerts().count("card_unconfirmed") == 1


def test_once_the_talk_is_over_no_card_is_shown_again() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE))
    world.writes("words", Tier.ACTIVE)
    world.desk(e.SupporterClosed, outcome="supported")
    world.passes(10 * world.line.policy.card_confirm_seconds)
    assert len(world.cards()) == 1
    assert "card_unconfirmed" not in world.alerts()


@pytest.mark.parametrize("phase", [Phase.INTAKE, Phase.WAITING, Phase.LIVE])
def test_a_lead_who_looks_after_an_unconfirmed_card_has_time_before_the_next_page(phase: Phase) -> None:
    world = world_in(phase)
    world.writes("words", Tier.ACTIVE)
    world.passes(world.line.policy.card_confirm_seconds)
    world.desk(e.AlertHeeded, "lou", kind="card_unconfirmed")
    world.passes(world.line.policy.lead_answer_seconds - 1)
    assert world.alerts().count("card_unconfirmed") == 1
    world.passes(1)
    assert world.alerts().count("card_unconfirmed") == 2


def test_a_new_card_wants_its_own_confirmation() -> None:
    world = world_in(Phase.INTAKE)
    world.writes("words", Tier.ACTIVE)
    world.do(e.CardConfirmed(id="one", seeker=SEEKER, seq=world.cards()[0].seq))
    world.writes("words", Tier.IMMINENT)
    assert not world.talk.card_confirmed


# --- a person is found ------------------------------------------------------------------------------------------------


def test_a_crisis_enters_the_queue_though_the_line_is_closed_and_nobody_asked() -> None:
    world = World(at=line(CLOSED_ALL_DAY))
    world.writes("words", Tier.ACTIVE)
    assert world.talk.phase is Phase.WAITING


def test_a_crisis_is_assigned_and_not_picked() -> None:
    world = World(supporter(), supporter("lee", holding=("x",)))
    world.writes("words", Tier.ACTIVE)
    world.passes(1)
    assert world.talk.assigned_to == "sam"
    assert ("sam", "assigned") in world.nudges()
    assert world.claims("lee").refused == "not_eligible_assigned"
    assert not world.claims("sam").refused


def test_an_assignment_nobody_accepts_climbs_to_a_lead_and_then_to_anyone_trained() -> None:
    world = World(supporter(), lead(), supporter("lee"))
    world.writes("words", Tier.ACTIVE)
    world.passes(1)
    first = world.talk.assigned_to
    world.passes(world.line.policy.crisis_ack_seconds)
    assert (world.talk.climb, world.talk.assigned_to, world.talk.passed_over) == (1, "lou", (first,))
    world.passes(world.line.policy.crisis_ack_seconds)
    assert world.talk.climb == 2
    assert world.talk.assigned_to in ("lee", "sam")
    assert sum(alert.urgent for alert in world.of(Alert) if alert.kind == "not_accepted") == 2


def test_danger_now_pages_beside_an_alert_that_is_open_already() -> None:
    world = World(supporter())
    world.writes("words", Tier.PASSIVE)
    world.writes("words", Tier.IMMINENT)
    assert [(alert.kind, alert.urgent) for alert in world.of(Alert)] == [("crisis", False), ("crisis_now", True)]


def test_with_nobody_there_leads_are_paged_and_it_is_tried_again_every_few_seconds() -> None:
    world = World(supporter(presence=Presence.AWAY))
    world.writes("words", Tier.ACTIVE)
    world.passes(20)
    assert "nobody_for_crisis" in world.alerts()
    assert Deadline.ASSIGN in world.talk.deadlines
    world.do(e.PresenceSet(id="here", supporter="sam", presence=Presence.AVAILABLE))
    world.passes(6)
    assert world.talk.assigned_to == "sam"


@pytest.mark.parametrize("tier", [Tier.IMMINENT, Tier.EMERGENCY])
def test_with_a_life_in_danger_and_nobody_there_leads_are_paged_again_until_one_looks_after_it(tier: Tier) -> None:
    world = World()
    every = world.line.policy.crisis_ack_seconds
    world.writes("words", tier)
    world.passes(10)
    before = world.alerts().count("nobody_for_crisis")
    world.passes(5 * every)
    assert world.alerts().count("nobody_for_crisis") == before + 5
    world.desk(e.AlertHeeded, "lou", kind="nobody_for_crisis")
    world.passes(world.line.policy.lead_answer_seconds - 1)
    assert world.alerts().count("nobody_for_crisis") == before + 5
    world.passes(every)
    assert world.alerts().count("nobody_for_crisis") == before + 6


def test_imminent_danger_goes_to_a_senior_first_and_to_any_crisis_training_when_there_is_none() -> None:
    world = World(supporter("amy"), supporter("zoe", training=Training.SENIOR, holding=("x",)))
    world.writes("words", Tier.IMMINENT)
    world.passes(1)
    assert world.talk.assigned_to == "zoe"
    alone = World(supporter("amy"))
    alone.writes("words", Tier.IMMINENT)
    alone.passes(15)
    assert alone.talk.assigned_to == "amy"


def test_an_assignee_who_declines_passes_it_on_at_once() -> None:
    world = World(supporter(), supporter("lee"))
    world.writes("words", Tier.ACTIVE)
    world.passes(1)
    first = world.talk.assigned_to or ""
    world.desk(e.Declined, first)
    world.passes(1)
    assert world.talk.assigned_to not in (None, first)


def test_more_risk_while_waiting_re_ranks_re_assigns_and_silences_the_bot() -> None:
    world = World(supporter(), supporter("zoe", training=Training.SENIOR, holding=("x",)))
    world.writes("hello")
    world.taps("warmline:person")
    epoch = world.talk.epoch
    world.writes("words", Tier.ACTIVE)
    world.passes(1)
    assert world.talk.epoch == epoch + 1
    world.writes("words", Tier.IMMINENT)
    world.passes(1)
    assert (world.talk.assigned_to, world.talk.epoch) == ("zoe", epoch + 2)


def test_in_the_crisis_lane_calm_words_are_kept_and_the_line_says_that_it_is_still_here_now_and_then() -> None:
    world = World(supporter())
    world.writes("words", Tier.ACTIVE)
    for _ in range(3):
        world.writes("are you there")
        world.passes(1)
    assert world.told().count(world.text("crisis_waiting")) == 1
    world.passes(120)
    world.writes("still there?")
    assert world.told().count(world.text("crisis_waiting")) == 2
    assert world.asked() == []


def test_in_the_crisis_lane_with_nobody_here_the_line_says_so() -> None:
    world = World()
    world.writes("words", Tier.ACTIVE)
    world.writes("hello?")
    assert world.told()[-1] == world.text("crisis_waiting_nobody")


def test_exercises_alone_are_the_bots_in_the_crisis_lane() -> None:
    world = World(supporter())
    world.writes("words", Tier.ACTIVE)
    world.taps("/ask_privacy")
    world.taps("warmline:leave_message")
    world.taps("warmline:resources")
    assert world.asked() == ["/ask_exercise"]


def test_a_crisis_while_live_shows_the_card_and_tells_the_desk_why() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE))
    world.writes("words", Tier.ACTIVE)
    assert (world.talk.phase, world.talk.supporter) == (Phase.LIVE, "sam")
    assert "words of tier 4" in world.margin[-1].text
    assert ("sam", "risk") in world.nudges()


def test_reasons_are_kept_in_our_words_and_the_last_turns_for_the_screen() -> None:
    world = World(supporter())
    for count in range(20):
        world.writes(f"canary {count}", Tier.ACTIVE)
    assert world.talk.recent == tuple(f"canary {count}" for count in range(14, 20))
    assert len(world.talk.reasons) == 12
    assert all("canary" not in reason.text for reason in world.talk.reasons)


def test_an_unscreened_message_is_still_kept() -> None:
    """The dispatcher screens every message; should one come through without, it is words all the same."""
    world = World()
    world.do(e.SeekerWrote(id="w", seeker=SEEKER, text="hello"))
    assert "hello" in [entry.text for entry in world.feed]


def test_a_requeued_crisis_is_assigned_again_at_once() -> None:
    world = World(supporter(), supporter("lee"), talk=conversation(Phase.LIVE, tier=Tier.ACTIVE))
    world.supporters["sam"] = replace(world.supporters["sam"], present_until=NOW)
    world.passes(145)
    assert world.talk.assigned_to == "lee"
