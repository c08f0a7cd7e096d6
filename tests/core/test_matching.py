"""Matching: every reason why somebody may not be offered a handoff, and whom a crisis is given to."""

from __future__ import annotations

from typing import Any

import pytest

from handoff.core.conversation import Intake, Phase
from handoff.core.matching import eligible, pick, trained, wishes_met
from handoff.core.policy import Policy
from handoff.core.queue import Place, place
from handoff.core.risk import Modifier, Tier
from handoff.core.supporter import Presence, Supporter, Training
from tests.core.making import NOW, conversation, lead, supporter

POLICY = Policy()


def waiting(tier: Tier = Tier.NONE, **changes: Any) -> Place:
    spot = place(conversation(Phase.WAITING, tier=tier, **changes), POLICY)
    assert spot is not None
    return spot


GRIEF = waiting(intake=Intake(topics=("grief",)))
REASONS: dict[str, tuple[Place, Supporter]] = {
    "away": (waiting(), supporter(presence=Presence.AWAY)),
    "busy": (waiting(), supporter(presence=Presence.BUSY)),
    "full": (waiting(), supporter(holding=("a", "b"))),
    "cooling": (waiting(), supporter(cool_until=NOW + 1)),
    "excluded": (waiting(excluded=("sam",)), supporter()),
    "knows": (waiting(), supporter(knows=("p-ana",))),
    "opted_out": (GRIEF, supporter(opted_out=("grief",))),
    "minor": (waiting(modifiers=(Modifier.MINOR,)), supporter()),
    "training": (waiting(Tier.PASSIVE), supporter(training=Training.BASIC)),
    "assigned": (waiting(Tier.PASSIVE, assigned_to="lee"), supporter()),
    "language": (waiting(language="es"), supporter()),
    "topic": (GRIEF, supporter(topics=("anxiety",))),
}


@pytest.mark.parametrize("why", REASONS)
def test_a_reason_against_an_offer_is_named(why: str) -> None:
    verdict = eligible(*REASONS[why], NOW, POLICY)
    assert (verdict.ok, verdict.why) == (False, why)


def test_who_fits_is_eligible() -> None:
    assert eligible(waiting(), supporter(), NOW, POLICY).ok
    assert eligible(GRIEF, supporter(topics=("grief", "family")), NOW, POLICY).ok


def test_a_lapsed_presence_and_a_removed_supporter_are_away() -> None:
    assert eligible(waiting(), supporter(present_until=NOW), NOW, POLICY).why == "away"
    assert eligible(waiting(), supporter(removed=True), NOW, POLICY).why == "away"


@pytest.mark.parametrize("why", ["language", "topic"])
def test_a_wished_for_skill_is_required_for_a_while_and_then_relaxed(why: str) -> None:
    spot, who = REASONS[why]
    relaxed = spot.since + POLICY.skill_required_seconds
    assert eligible(spot, who, relaxed - 1, POLICY).why == why
    assert eligible(spot, who, relaxed, POLICY).ok


@pytest.mark.parametrize("why", sorted(REASONS.keys() - {"language", "topic"}))
def test_no_other_reason_is_ever_relaxed(why: str) -> None:
    spot, who = REASONS[why]
    late = {"cooling": 0}.get(why, 86400)
    assert eligible(spot, who, NOW + late, POLICY).why == why


def test_stated_wishes_order_offers_and_withhold_none() -> None:
    spot = waiting(intake=Intake(preferences=("veteran", "over 50")))
    assert wishes_met(spot, supporter(traits=("veteran",))) == 1
    assert eligible(spot, supporter(), NOW, POLICY).ok


@pytest.mark.parametrize(
    ("training", "tier", "climb", "may"),
    [
        (Training.BASIC, Tier.CONCERN, 0, True),
        (Training.BASIC, Tier.PASSIVE, 0, False),
        (Training.CRISIS, Tier.ACTIVE, 0, True),
        (Training.CRISIS, Tier.IMMINENT, 0, False),
        (Training.CRISIS, Tier.EMERGENCY, 2, True),
        (Training.BASIC, Tier.EMERGENCY, 2, False),
        (Training.SENIOR, Tier.EMERGENCY, 0, True),
    ],
)
def test_training_carries_tiers(training: Training, tier: Tier, climb: int, may: bool) -> None:
    assert trained(supporter(training=training), tier, climb) is may


def test_leads_hold_every_tier() -> None:
    assert trained(lead(training=Training.BASIC), Tier.EMERGENCY)


def test_a_minor_waits_for_somebody_cleared_or_a_lead() -> None:
    spot = waiting(modifiers=(Modifier.MINOR,))
    assert eligible(spot, supporter(minors=True), NOW, POLICY).ok
    assert eligible(spot, lead(), NOW, POLICY).ok


def test_an_assigned_crisis_is_open_to_its_assignee_to_leads_and_after_a_climb_to_all_trained() -> None:
    spot = waiting(Tier.PASSIVE, assigned_to="lee")
    assert eligible(spot, supporter("lee"), NOW, POLICY).ok
    assert eligible(spot, lead(), NOW, POLICY).ok
    assert eligible(waiting(Tier.PASSIVE, assigned_to="lee", climb=1), supporter(), NOW, POLICY).ok


def test_the_assignee_of_a_crisis_needs_no_shared_language() -> None:
    assert eligible(waiting(Tier.PASSIVE, language="es", assigned_to="sam"), supporter(), NOW, POLICY).ok


def test_a_crisis_is_given_to_who_speaks_the_language_then_knows_the_topic_then_meets_wishes_then_is_free() -> None:
    spot = waiting(Tier.ACTIVE, language="es", intake=Intake(topics=("grief",), preferences=("veteran",)))
    people = [
        supporter("free"),
        supporter("wished", traits=("veteran",), holding=("x",)),
        supporter("topic", topics=("grief",), languages=("es",), holding=("x",)),
        supporter("other-topic", topics=("family",), languages=("es",)),
    ]
    ranking = []
    while chosen := pick(spot, people, NOW, POLICY):
        ranking.append(chosen.id)
        people.remove(chosen)
    assert ranking == ["topic", "other-topic", "wished", "free"]


def test_a_crisis_goes_to_somebody_though_nobody_shares_language_or_topic() -> None:
    spot = waiting(Tier.ACTIVE, language="es", intake=Intake(topics=("grief",)))
    assert pick(spot, [supporter(topics=("anxiety",))], NOW, POLICY) is not None


def test_after_one_climb_leads_alone_are_asked_and_after_two_everybody_trained() -> None:
    people = [supporter(), lead()]
    assert getattr(pick(waiting(Tier.ACTIVE, climb=1), people, NOW, POLICY), "id", None) == "lou"
    assert pick(waiting(Tier.ACTIVE, climb=1), [supporter()], NOW, POLICY) is None
    assert pick(waiting(Tier.IMMINENT, climb=0), [supporter()], NOW, POLICY) is None
    assert pick(waiting(Tier.IMMINENT, climb=2), [supporter()], NOW, POLICY) is not None


def test_who_was_passed_over_comes_last_and_is_still_asked() -> None:
    spot = waiting(Tier.ACTIVE, climb=2, passed_over=("kim",))
    assert getattr(pick(spot, [supporter("kim"), supporter("zoe", holding=("x",))], NOW, POLICY), "id", None) == "zoe"
    assert getattr(pick(spot, [supporter("kim")], NOW, POLICY), "id", None) == "kim"


@pytest.mark.parametrize("why", ["away", "busy", "full", "cooling", "excluded", "knows", "opted_out", "minor"])
def test_nobody_is_assigned_against_their_limits(why: str) -> None:
    spot, who = REASONS[why]
    crisis = waiting(
        Tier.ACTIVE,
        excluded=spot.excluded,
        modifiers=(Modifier.MINOR,) if spot.minor else (),
        intake=Intake(topics=spot.topics),
    )
    assert pick(crisis, [who], NOW, POLICY) is None


def test_among_equals_a_crisis_goes_to_a_supporter_before_a_lead() -> None:
    people = [lead("ann"), supporter("zoe", holding=("x",))]
    assert getattr(pick(waiting(Tier.ACTIVE), people, NOW, POLICY), "id", None) == "zoe"
