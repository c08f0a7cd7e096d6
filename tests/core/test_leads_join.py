"""Peers do not hold T5 and T6 alone: a lead is called until one answers, joins openly, and the peer rests after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core import events as e
from handoff.core.conversation import Conversation, Deadline, Phase
from handoff.core.effects import Cleared
from handoff.core.risk import Tier
from handoff.core.supporter import Supporter, Training
from tests.core.making import NOW, conversation, lead, supporter
from tests.core.world import World

SENIOR = supporter(training=Training.SENIOR)


def talking(*others: Supporter, tier: Tier = Tier.IMMINENT, holder: Supporter = SENIOR) -> World:
    """Sam has accepted somebody of this tier just now."""
    world = World(holder, *others, talk=waiting(tier))
    world.claims()
    return world


def waiting(tier: Tier) -> Conversation:
    return conversation(Phase.WAITING, tier=tier, assigned_to="sam", deadlines=_WAIT)


_WAIT = {Deadline.WAIT_LONG: NOW + 100, Deadline.CLIMB: NOW + 50}


@pytest.mark.parametrize("tier", [Tier.IMMINENT, Tier.EMERGENCY])
def test_a_lead_is_called_as_soon_as_a_peer_accepts(tier: Tier) -> None:
    world = talking(lead(), tier=tier)
    world.passes(0)
    assert "lead_wanted" in world.alerts()
    assert ("lou", "lead_wanted") in world.nudges()


def test_a_lead_is_called_when_it_becomes_that_urgent_in_the_talk() -> None:
    for how in ("words", "raised"):
        world = World(SENIOR, lead(), talk=conversation(Phase.LIVE))
        if how == "words":
            world.writes("tonight", Tier.IMMINENT)
        else:
            world.desk(e.RiskRaised, tier=Tier.IMMINENT, why="spoke of tonight")
        world.passes(0)
        assert "lead_wanted" in world.alerts()


def test_no_lead_is_called_below_that_or_when_a_lead_holds_it() -> None:
    calm = talking(lead(), tier=Tier.ACTIVE)
    led = talking(lead("ina"), holder=lead("sam"))
    for world in (calm, led):
        world.passes(100)
        assert not {"lead_wanted", "on_call_wanted"} & set(world.alerts())


def test_the_call_climbs_every_minute_to_everybody_on_call() -> None:
    away = lead("ina", present_until=NOW)
    world = talking(lead(), away)
    world.passes(0)
    assert ("ina", "lead_wanted") not in world.nudges()
    world.passes(world.line.policy.lead_call_seconds)
    assert "on_call_wanted" in world.alerts()
    assert ("ina", "lead_wanted") in world.nudges()
    before = len(world.alerts())
    world.says()
    world.passes(2 * world.line.policy.lead_call_seconds)
    assert world.alerts()[before:].count("on_call_wanted") == 2


def test_acknowledging_stops_the_climb_and_not_coming_begins_it_again() -> None:
    world = talking(lead())
    world.passes(0)
    world.says()
    world.desk(e.AlertHeeded, "lou", kind="lead_wanted")
    before = len(world.alerts())
    world.passes(world.line.policy.lead_answer_seconds - 1)
    assert "on_call_wanted" not in world.alerts()[before:]
    world.passes(1)
    assert "on_call_wanted" in world.alerts()[before:]


def test_acknowledging_another_alert_does_not_stop_it() -> None:
    world = talking(lead())
    world.desk(e.AlertHeeded, "lou", kind="card_unconfirmed")
    world.passes(world.line.policy.lead_call_seconds)
    assert "on_call_wanted" in world.alerts()


def test_a_lead_who_joins_is_seen_on_record_and_can_write_in_the_margin() -> None:
    world = talking(lead())
    world.passes(0)
    decision = world.desk(e.Joined, "lou")
    assert world.talk.supporter == "sam"
    assert world.margin[-1].text == world.text("margin_lead_joined", name="Lou")
    assert ("sam", "lead_joined") in world.nudges()
    assert "joined" in world.audited()
    assert Cleared(world.talk.id) in decision.effects
    assert not world.desk(e.NoteWritten, "lou", text="I am with you. Ask where they are.").refused
    told = world.told()
    world.passes(100)
    assert "on_call_wanted" not in world.alerts()
    assert world.told() == told, "the seeker is not told of reading along, which changes nothing for them"


def test_joining_twice_is_joining_once() -> None:
    world = talking(lead())
    world.desk(e.Joined, "lou")
    assert not world.desk(e.Joined, "lou").changes


def test_only_leads_join_and_only_what_is_live() -> None:
    world = talking(supporter("lee"))
    assert world.desk(e.Joined, "lee").refused == "leads_only"
    queued = World(lead(), talk=conversation(Phase.WAITING))
    assert queued.desk(e.Joined, "lou").refused == "accept_first"
    over = World(lead(), talk=conversation(Phase.CLOSED))
    assert over.desk(e.Joined, "lou").refused == "gone"


def test_a_lead_who_passes_it_on_to_a_peer_leaves_the_peer_not_alone() -> None:
    world = talking(lead("lou"), supporter("lee", training=Training.SENIOR))
    world.desk(e.TakenOver, "lou")
    world.desk(e.Transferred, "lou", to="lee")
    before = len(world.alerts())
    world.passes(0)
    assert "lead_wanted" in world.alerts()[before:]


def test_lowering_it_with_a_reason_ends_the_calls() -> None:
    world = talking(lead())
    world.passes(0)
    world.desk(e.RiskLowered, "lou", tier=Tier.PASSIVE, why="spoke by phone, safe with her sister")
    before = len(world.alerts())
    world.passes(100)
    assert "on_call_wanted" not in world.alerts()[before:]


@pytest.mark.parametrize("tier", [Tier.IMMINENT, Tier.EMERGENCY])
def test_afterwards_the_supporter_is_asked_how_they_are_and_rests(tier: Tier) -> None:
    world = talking(lead(), tier=tier)
    world.says()
    world.desk(e.SupporterClosed, outcome="crisis_referred")
    assert ("sam", "debrief") in world.nudges()
    assert world.supporters["sam"].cool_until == world.now + world.line.policy.crisis_cooldown_seconds
    resting = replace(world.supporters["sam"])
    assert not resting.takes_offers(world.now + 1)
    assert resting.takes_offers(world.now + world.line.policy.crisis_cooldown_seconds)
