"""Young people: a lead joins whoever is not cleared for them, and what concerns a child is put on record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.effects import Alert, Record
from handoff.core.risk import Modifier, Subject, Tier
from tests.core.making import SEEKER, conversation, heard, lead, supporter
from tests.core.world import World


def on_record(world: World) -> list[dict[str, Any]]:
    return [each.fields for each in world.of(Record) if each.kind == "safeguarding"]


def about(world: World, tier: Tier, domain: str, *modifiers: Modifier, subject: Subject = Subject.SELF) -> None:
    said = replace(heard(tier, *modifiers, domain=domain), subject=subject)
    world.do(e.SeekerWrote(id=world.id(), seeker=SEEKER, text="canary words", assessment=said))


@pytest.mark.parametrize("tier", [Tier.NONE, Tier.DISTRESS, Tier.PASSIVE])
def test_who_says_in_a_talk_that_they_are_under_18_gets_a_lead_beside_a_supporter_not_cleared(tier: Tier) -> None:
    world = World(supporter(), lead(), talk=conversation(Phase.LIVE))
    world.writes("i am 15 by the way", tier, Modifier.MINOR)
    world.passes(0)
    assert "minor_uncleared" in world.alerts()
    assert next(alert for alert in world.of(Alert) if alert.kind == "minor_uncleared").urgent
    assert ("lou", "lead_wanted") in world.nudges()
    assert world.text("margin_minor_uncleared") in [note.text for note in world.margin]
    assert (world.talk.phase, world.talk.supporter) == (Phase.LIVE, "sam")


def test_leads_are_called_again_until_one_joins() -> None:
    world = World(supporter(), lead(), talk=conversation(Phase.LIVE))
    world.writes("i am 15", Tier.NONE, Modifier.MINOR)
    world.passes(3 * world.line.policy.lead_call_seconds)
    assert world.alerts().count("minor_uncleared") == 4
    world.desk(e.Joined, "lou")
    world.passes(3 * world.line.policy.lead_call_seconds)
    assert world.alerts().count("minor_uncleared") == 4


@pytest.mark.parametrize("holder", [supporter(minors=True), lead("sam")])
def test_a_supporter_who_is_cleared_is_left_to_it(holder: Any) -> None:
    world = World(holder, lead(), talk=conversation(Phase.LIVE))
    world.writes("i am 15", Tier.NONE, Modifier.MINOR)
    world.passes(300)
    assert "minor_uncleared" not in world.alerts()


def test_a_young_person_somebody_else_is_worried_about_needs_no_clearance() -> None:
    world = World(supporter(), lead(), talk=conversation(Phase.LIVE))
    world.writes("my daughter is 12", Tier.NONE, Modifier.MINOR_OTHER)
    world.passes(300)
    assert "minor_uncleared" not in world.alerts()


@pytest.mark.parametrize("phase", Phase)
def test_a_minor_in_a_crisis_is_put_on_record_in_every_phase_without_words(phase: Phase) -> None:
    world = World(supporter(minors=True), talk=None if phase is Phase.NEW else conversation(phase))
    about(world, Tier.ACTIVE, "suicide", Modifier.MINOR)
    held_by = "sam" if phase is Phase.LIVE else None
    found = on_record(world)
    assert [(each["why"], each["tier"], each["domain"], each["held_by"]) for each in found] == [
        ("under_18", 4, "suicide", held_by)
    ]
    assert found[0]["conversation"] == world.talk.id
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    ("domain", "modifiers", "subject", "why"),
    [
        ("child_abuse", (), Subject.SELF, "child_domain"),
        ("neglect", (), Subject.OTHER, "child_domain"),
        ("suicide", (Modifier.MINOR_OTHER,), Subject.OTHER, "worried_about_a_child"),
    ],
)
def test_so_is_what_concerns_a_child(domain: str, modifiers: tuple[Modifier, ...], subject: Subject, why: str) -> None:
    world = World(supporter())
    about(world, Tier.PASSIVE, domain, *modifiers, subject=subject)
    assert [(each["why"], each["domain"]) for each in on_record(world)] == [(why, domain)]


def test_it_is_on_record_once_and_again_when_the_tier_rises() -> None:
    world = World(supporter(minors=True))
    for tier in (Tier.CONCERN, Tier.PASSIVE, Tier.PASSIVE, Tier.NONE, Tier.IMMINENT, Tier.ACTIVE):
        about(world, tier, "suicide", Modifier.MINOR)
    assert [each["tier"] for each in on_record(world)] == [3, 5]


def test_who_says_their_age_after_a_crisis_is_put_on_record_then() -> None:
    world = World(supporter(minors=True))
    world.writes("words", Tier.ACTIVE)
    assert on_record(world) == []
    world.writes("i am 15", Tier.NONE, Modifier.MINOR)
    assert [each["tier"] for each in on_record(world)] == [4]


def test_silence_after_the_question_and_a_raise_by_a_supporter_count_as_well() -> None:
    world = World(supporter(minors=True))
    world.writes("i am 15 and done", Tier.CONCERN, Modifier.MINOR)
    world.passes(world.line.policy.unanswered_question_seconds)
    assert [each["tier"] for each in on_record(world)] == [3]
    talking = World(supporter(minors=True), talk=conversation(Phase.LIVE, modifiers=("minor",)))
    talking.desk(e.RiskRaised, tier=Tier.ACTIVE, why="they told me")
    assert [(each["tier"], each["held_by"]) for each in on_record(talking)] == [(4, "sam")]


def test_an_adult_in_a_crisis_is_not_on_that_record() -> None:
    world = World(supporter())
    world.writes("words", Tier.EMERGENCY)
    assert on_record(world) == []
