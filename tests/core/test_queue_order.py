"""The queue: crisis first and oldest first inside a tier; head starts that waiting overtakes; an honest estimate."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.core import events as e
from handoff.core.conversation import Intake, Phase
from handoff.core.policy import Policy
from handoff.core.queue import average, estimate, place, score
from handoff.core.risk import CRISIS, Tier
from tests.core.making import NOW, conversation, supporter
from tests.core.world import World

POLICY = Policy()


def order(*waiting: tuple[Tier, float]) -> list[tuple[Tier, float]]:
    return sorted(waiting, key=lambda each: score(each[0], each[1], POLICY))


def test_crisis_tiers_go_before_everybody_and_the_higher_before_the_lower() -> None:
    waiting = [(tier, NOW - tier) for tier in Tier]
    assert [tier for tier, _ in order(*waiting)][:4] == [Tier.EMERGENCY, Tier.IMMINENT, Tier.ACTIVE, Tier.PASSIVE]


def test_inside_a_crisis_tier_the_oldest_is_first() -> None:
    assert order((Tier.ACTIVE, NOW), (Tier.ACTIVE, NOW - 1), (Tier.ACTIVE, NOW - 0.001)) == [
        (Tier.ACTIVE, NOW - 1),
        (Tier.ACTIVE, NOW - 0.001),
        (Tier.ACTIVE, NOW),
    ]


@given(wait=st.floats(0, 10 * 365 * 86400), tier=st.sampled_from([tier for tier in Tier if tier >= CRISIS]))
def test_no_wait_however_long_overtakes_a_crisis(wait: float, tier: Tier) -> None:
    assert score(tier, NOW, POLICY) < score(Tier.CONCERN, NOW - wait, POLICY)


@pytest.mark.parametrize(
    ("tier", "seconds"),
    [(Tier.CONCERN, POLICY.head_start_concern_seconds), (Tier.DISTRESS, POLICY.head_start_distress_seconds)],
)
def test_waiting_overtakes_a_head_start(tier: Tier, seconds: int) -> None:
    assert order((Tier.NONE, NOW - seconds + 1), (tier, NOW))[0][0] is tier
    assert order((Tier.NONE, NOW - seconds - 1), (tier, NOW))[0][0] is Tier.NONE


@given(first=st.floats(0, 86400), second=st.floats(0, 86400), tier=st.sampled_from(Tier))
def test_inside_any_tier_nobody_is_overtaken(first: float, second: float, tier: Tier) -> None:
    older, newer = sorted((NOW + first, NOW + second))
    assert score(tier, older, POLICY) <= score(tier, newer, POLICY)


def test_new_risk_while_waiting_moves_the_place_at_once() -> None:
    world = World(supporter())
    world.writes()
    world.taps("warmline:person")
    calm = place(world.talk, POLICY)
    world.writes("it got worse", Tier.ACTIVE)
    urgent = place(world.talk, POLICY)
    assert calm is not None
    assert urgent is not None
    assert urgent.score < calm.score
    assert urgent.since == calm.since


def test_a_requeued_seeker_keeps_the_original_place() -> None:
    world = World(supporter(), supporter("lee"))
    world.writes()
    world.taps("warmline:person")
    before = place(world.talk, POLICY)
    world.passes(30)
    world.claims()
    world.says()
    world.passes(30)
    world.desk(e.Released)
    after = place(world.talk, POLICY)
    assert before is not None
    assert after is not None
    assert (after.score, after.since) == (before.score, before.since)


def test_a_place_shows_the_desk_no_words_no_name_and_no_address() -> None:
    intake = Intake(name="Canary", topics=("grief",), heaviness=7, preferences=("canary wish",))
    spot = place(conversation(Phase.WAITING, intake=intake, recent=("canary words",)), POLICY)
    assert spot is not None
    assert "canary" not in repr(spot).lower()
    assert "ana-on-the-web" not in repr(spot)
    assert (spot.topics, spot.heaviness, spot.wishes) == (("grief",), 7, 1)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.WAITING])
def test_only_who_waits_has_a_place(phase: Phase) -> None:
    assert place(replace(conversation(phase), waiting_since=NOW), POLICY) is None


def test_the_average_leans_on_the_past_nine_to_one() -> None:
    assert average(None, 600) == 600
    assert average(600, 0) == pytest.approx(540)


def test_an_estimate_is_a_range_that_shrinks_with_waiting_and_is_never_below_nothing() -> None:
    assert estimate(1200, 0) == (15, 25)
    assert estimate(1200, 600) == (7, 13)
    assert estimate(1200, 1200) == (0, 1)


def test_without_evidence_there_is_no_estimate() -> None:
    assert estimate(None, 0) is None
    assert estimate(1200, 1201) is None, "a wait that is longer than usual says nothing about what is left of it"


@given(average_wait=st.floats(0, 1e6), share=st.floats(0, 1))
def test_an_estimate_is_always_a_sensible_range(average_wait: float, share: float) -> None:
    expected = estimate(average_wait, average_wait * share)
    assert expected is not None
    assert 0 <= expected[0] < expected[1]


def test_position_and_estimate_are_told_and_uncertainty_is_admitted() -> None:
    world = World(supporter())
    world.writes()
    world.taps("warmline:person")
    assert world.told()[-1] == world.text("waiting_unsure", position=1)
    world.average = 1200
    world.taps("warmline:wait")
    assert world.told()[-1] == world.text("waiting_estimate", position=1, low=15, high=25)


def test_a_claim_counts_its_wait_for_the_next_estimate() -> None:
    world = World(supporter())
    world.writes()
    world.taps("warmline:person")
    world.passes(90)
    world.claims()
    assert world.average == 90
