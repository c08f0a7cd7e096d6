"""Tiers only rise by themselves: a lead lowers one, with a reason, on record; no machine and no clock ever does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.effects import Forget
from handoff.core.risk import CRISIS, Tier
from tests.core.making import conversation, lead, supporter
from tests.core.test_any_order import SEEKERS, House, seekers, staff, tiers
from tests.core.world import World

DEEDS = st.sampled_from((e.Declined, e.Released, e.TakenOver, e.Transferred))


class WithoutAHand(House):
    """The same nights, but that no lead lowers anything and no supporter ends anything."""

    def __init__(self) -> None:
        super().__init__()
        self.highest: dict[str, Tier] = {}
        self.of_person: dict[str, Tier] = {}

    @rule(seeker=seekers, who=staff, tier=tiers)
    def judges_the_risk(self, seeker: Any, who: str, tier: Tier) -> None:
        self.ask(e.RiskRaised, seeker, supporter=who, tier=tier, why="as I see it")

    @rule(seeker=seekers, who=staff, kind=DEEDS, to=staff)
    def does_something(self, seeker: Any, who: str, kind: type[e.DeskEvent], to: str) -> None:
        self.ask(kind, seeker, supporter=who, **({"to": to} if kind is e.Transferred else {}))

    @rule(seeker=seekers, why=st.sampled_from(("blocked", "deactivated")))
    def goes_away(self, seeker: Any, why: str) -> None:
        if self.talk(seeker) is not None:
            self.world.do(e.SeekerGone(id=self.world.id(), seeker=seeker, why=why))

    @invariant()
    def no_conversation_became_less_urgent(self) -> None:
        for talk in self.world.conversations.values():
            assert talk.tier >= self.highest.get(talk.id, Tier.NONE)
            self.highest[talk.id] = talk.tier

    @invariant()
    def nobody_left_the_crisis_lane_by_beginning_anew(self) -> None:
        forgotten = {effect.conversation for effect in self.world.of(Forget)}
        for seeker in SEEKERS:
            talk = self.talk(seeker)
            if talk is None:
                continue
            before = self.of_person.get(talk.pseudonym, Tier.NONE)
            assert talk.tier >= before or before < CRISIS
            self.of_person[talk.pseudonym] = Tier.NONE if talk.id in forgotten else talk.tier

    @invariant()
    def nobody_in_danger_was_closed_by_a_machine(self) -> None:
        """Who blocks us has gone by themselves; what was urgent about them is what `come_back` is for."""


def test_no_order_of_events_makes_anybody_less_urgent() -> None:
    run_state_machine_as_test(WithoutAHand, settings=settings(max_examples=120, stateful_step_count=40))


def test_only_a_lead_lowers_only_with_a_reason_and_on_record() -> None:
    world = World(supporter(), lead(), talk=conversation(Phase.LIVE, tier=Tier.ACTIVE))
    assert world.desk(e.RiskLowered, tier=Tier.NONE, why="better now").refused == "leads_only"
    assert world.desk(e.RiskLowered, "lou", tier=Tier.NONE, why=" ").refused == "reason_needed"
    assert not world.desk(e.RiskLowered, "lou", tier=Tier.CONCERN, why="spoke with them, safe at home").refused
    [row] = [each for each in world.records("audit") if each["action"] == "risk_lowered"]
    assert (row["actor"], row["detail"]["tier"], row["detail"]["before"]) == ("lou", 2, 4)


@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.LIVE])
def test_lowering_takes_no_service_away(phase: Phase) -> None:
    """They keep their place, their supporter and their card; only the order among those who wait changes."""
    world = World(supporter(), lead(), talk=conversation(phase, tier=Tier.ACTIVE, card_seq=4))
    before = world.talk
    world.desk(e.RiskLowered, "lou", tier=Tier.NONE, why="a misunderstanding")
    after = world.talk
    assert (after.phase, after.supporter, after.waiting_since) == (before.phase, before.supporter, before.waiting_since)
    assert after.card_seq == before.card_seq
    assert after.is_open


def test_who_blocked_us_in_a_crisis_and_comes_back_is_in_the_lane_again() -> None:
    world = World(supporter(), talk=conversation(Phase.WAITING, tier=Tier.IMMINENT, domains=("suicide",)))
    world.do(e.SeekerGone(id="g", seeker=SEEKERS[0], why="blocked"))
    assert world.is_in(Phase.CLOSED)
    world.writes("i am back")
    assert (world.talk.id, world.talk.phase, world.talk.tier) == ("c2", Phase.WAITING, Tier.IMMINENT)
    assert Deadline.ASSIGN in world.talk.deadlines
    assert world.alerts().count("crisis_now") == 1


def test_who_was_helped_and_comes_back_begins_anew() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE, tier=Tier.ACTIVE))
    world.desk(e.SupporterClosed, outcome="supported")
    world.writes("hello again")
    assert (world.talk.phase, world.talk.tier) == (Phase.INTAKE, Tier.NONE)


def test_no_tier_is_in_anything_that_the_person_is_told() -> None:
    for tier in Tier:
        world = World(talk=conversation(Phase.INTAKE))
        world.writes("words", tier)
        for entry in world.feed[1:]:
            shown = f"{entry.text} {entry.body}".lower()
            assert "tier" not in shown
            assert not {f"t{each}" for each in range(1, 7)} & set(shown.replace('"', " ").split())
