"""Tiers that people set: raised by whoever holds it or a lead, lowered by a lead alone, always with a reason."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.risk import Tier
from tests.core.making import conversation, lead, supporter
from tests.core.world import World


def test_a_supporter_raises_the_risk_and_the_seeker_gets_the_card() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE))
    world.desk(e.RiskRaised, tier=Tier.IMMINENT, why="spoke of tonight")
    assert world.talk.tier is Tier.IMMINENT
    assert len(world.cards()) == 1
    assert "crisis_now" in world.alerts()
    assert world.margin[0].text.endswith("spoke of tonight")
    assert "risk_raised" in world.audited()


def test_raising_below_the_crisis_lane_shows_no_card() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE))
    world.desk(e.RiskRaised, tier=Tier.CONCERN, why="a feeling")
    assert (world.talk.tier, world.feed) == (Tier.CONCERN, [])


def test_a_lead_raises_the_risk_of_somebody_who_waits_or_talks_with_the_bot() -> None:
    for phase in (Phase.INTAKE, Phase.WAITING):
        world = World(lead(), talk=conversation(phase))
        world.desk(e.RiskRaised, "lou", tier=Tier.ACTIVE, why="called before")
        assert world.talk.phase is Phase.WAITING
        assert len(world.cards()) == 1
        assert Deadline.ASSIGN in world.talk.deadlines


@pytest.mark.parametrize("tier", [Tier.NONE, Tier.ACTIVE])
def test_raising_to_what_it_is_or_less_is_refused(tier: Tier) -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE, tier=Tier.ACTIVE))
    assert world.desk(e.RiskRaised, tier=tier, why="x").refused == "not_higher"


def test_only_a_lead_lowers_only_with_a_reason_and_it_is_on_record() -> None:
    world = World(supporter(), lead(), talk=conversation(Phase.LIVE, tier=Tier.ACTIVE))
    assert world.desk(e.RiskLowered, tier=Tier.CONCERN, why="calm now").refused == "leads_only"
    assert world.desk(e.RiskLowered, "lou", tier=Tier.CONCERN, why="  ").refused == "reason_needed"
    assert world.desk(e.RiskLowered, "lou", tier=Tier.ACTIVE, why="calm").refused == "not_lower"
    assert not world.desk(e.RiskLowered, "lou", tier=Tier.CONCERN, why="talked on the phone").refused
    assert world.talk.tier is Tier.CONCERN
    assert world.records("audit")[-1]["detail"] == {"tier": 2, "before": 4}
    assert world.margin[-1].text.endswith("talked on the phone")


def test_lowering_out_of_the_crisis_lane_ends_its_assignment_and_not_the_wait() -> None:
    world = World(supporter(), lead(), talk=conversation(Phase.WAITING, tier=Tier.ACTIVE))
    world.passes(1)
    assert ("sam", "assigned") in world.nudges()
    world.desk(e.RiskLowered, "lou", tier=Tier.DISTRESS, why="a misunderstanding")
    assert (world.talk.phase, world.talk.assigned_to) == (Phase.WAITING, None)
    assert not {Deadline.ASSIGN, Deadline.CLIMB} & world.talk.deadlines.keys()


def test_after_a_lead_lowered_it_new_words_raise_it_again() -> None:
    world = World(supporter(), lead(), talk=conversation(Phase.LIVE, tier=Tier.ACTIVE))
    world.desk(e.RiskLowered, "lou", tier=Tier.NONE, why="a misunderstanding")
    world.writes("it is back", Tier.PASSIVE)
    assert world.talk.tier is Tier.PASSIVE
    assert len(world.cards()) == 1


def test_the_tier_is_never_among_what_the_seeker_reads() -> None:
    world = World(supporter(), lead(), talk=conversation(Phase.LIVE))
    world.desk(e.RiskRaised, tier=Tier.ACTIVE, why="canary-reason")
    world.desk(e.RiskLowered, "lou", tier=Tier.NONE, why="canary-reason")
    assert all("canary-reason" not in f"{entry.text}{entry.body}" for entry in world.feed)
    assert all("tier" not in (entry.body or {}) for entry in world.feed)
