"""The written policy for rules and classifier: what adds up, what is contradicted, what is raised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.core.risk import Assessment, Reading, Signal, Subject, Tier
from handoff.core.risk_combined import CONCERN_AT, CRISIS_AT, EVIDENCE, combined, tier_of, weighed


def reading(share: float, higher: tuple[float, ...] = (0.0, 0.0, 0.0), subject: Subject = Subject.SELF) -> Reading:
    """P(crisis) is `share`; `higher` are the shares of T4, T5 and T6."""
    return Reading((share, share, share, *higher), ("domestic_abuse",), subject)


def ruled(tier: Tier) -> Assessment:
    found = (Signal("suicide", tier, "passive", "said: a wish to be dead", 3, 12),) if tier else ()
    return Assessment(tier, ("suicide",) if tier else (), Subject.SELF, found, 0.5)


@pytest.mark.parametrize("tier", [Tier.PASSIVE, Tier.ACTIVE, Tier.IMMINENT, Tier.EMERGENCY])
def test_what_the_rules_found_stands_unless_it_is_firmly_contradicted(tier: Tier) -> None:
    assert combined(ruled(tier), reading(0.3)).tier is tier


@pytest.mark.parametrize("tier", [Tier.PASSIVE, Tier.ACTIVE])
def test_a_firm_contradiction_leaves_a_concern_and_its_reason(tier: Tier) -> None:
    left = combined(ruled(tier), reading(0.001))
    assert left.tier is Tier.CONCERN
    assert left.signals[0].reason.startswith("said: a wish to be dead (only by single words")


@pytest.mark.parametrize("kind", ["retracted", "indirect", "explicit"])
def test_what_the_turns_before_tell_is_contradicted_by_nothing(kind: str) -> None:
    told = Signal("suicide", Tier.ACTIVE, kind, "takes back what was said before; it still counts")
    kept = combined(Assessment(Tier.ACTIVE, ("suicide",), Subject.SELF, (told,), 0.5), reading(0.0001))
    assert (kept.tier, kept.signals) == (Tier.ACTIVE, (told,))
    assert kept.score == pytest.approx(CRISIS_AT)


def test_the_more_urgent_a_finding_the_harder_it_is_to_contradict() -> None:
    assert list(EVIDENCE) == sorted(EVIDENCE)
    assert [weighed(tier, reading(0.1)) for tier in Tier] == sorted(weighed(tier, reading(0.1)) for tier in Tier)


def test_where_it_is_sure_the_classifier_raises_to_the_tier_it_finds_likely() -> None:
    raised = combined(ruled(Tier.NONE), reading(0.97, (0.9, 0.8, 0.2)))
    assert (raised.tier, raised.domains, raised.subject) == (Tier.IMMINENT, ("domestic_abuse",), Subject.SELF)
    assert raised.signals[0].reason == "reads like messages of this urgency"


def test_where_it_is_not_sure_the_classifier_makes_a_concern_of_it() -> None:
    assert combined(ruled(Tier.NONE), reading(CONCERN_AT)).tier is Tier.CONCERN
    assert combined(ruled(Tier.NONE), reading(CONCERN_AT - 0.01)).tier is Tier.NONE


def test_asked_alone_it_names_distress_too() -> None:
    assert tier_of(Reading((0.9, 0.1, 0.0, 0.0, 0.0, 0.0))) is Tier.DISTRESS
    assert tier_of(reading(CRISIS_AT)) is Tier.PASSIVE


def test_whose_danger_it_is_the_rules_know_better() -> None:
    raised = combined(ruled(Tier.PASSIVE), reading(0.99, (0.9, 0.0, 0.0), Subject.OTHER))
    assert (raised.tier, raised.subject) == (Tier.ACTIVE, Subject.SELF)


shares = st.lists(st.floats(0, 1), min_size=6, max_size=6).map(lambda found: tuple(sorted(found, reverse=True)))


@given(st.sampled_from(Tier), shares)
def test_together_they_never_say_less_than_a_concern_where_the_rules_saw_a_crisis(
    tier: Tier, found: tuple[float, ...]
) -> None:
    assert combined(ruled(tier), Reading(found)).tier >= min(tier, Tier.CONCERN)


@given(st.sampled_from(Tier), shares)
def test_a_crisis_that_the_classifier_sees_is_never_dropped(tier: Tier, found: tuple[float, ...]) -> None:
    if found[2] >= CRISIS_AT:
        assert combined(ruled(tier), Reading(found)).crisis


@given(st.sampled_from(Tier), shares)
def test_the_score_is_higher_where_it_is_a_crisis_than_where_it_is_none(tier: Tier, found: tuple[float, ...]) -> None:
    told = combined(ruled(tier), Reading(found))
    assert told.crisis == (weighed(tier, Reading(found)) >= CRISIS_AT)
    assert told.score == pytest.approx(weighed(tier, Reading(found)), abs=0.001)
