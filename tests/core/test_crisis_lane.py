"""The crisis lane: never closed by a clock, never picked from, never put down or passed round, never forgotten."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.ids import Address
from handoff.core.queue import longest_wait
from handoff.core.risk import Tier
from handoff.core.supporter import Supporter, Training
from tests.core.making import NOW, conversation, lead, line, supporter
from tests.core.world import World

ANOTHER = Address("web", "ben-on-the-web")
HOURS = 6 * 3600
"""Many times the longest clock of a conversation: half an hour, for a kind close."""


def waiting(*staff: Supporter, tier: Tier = Tier.ACTIVE) -> World:
    world = World(*staff)
    world.writes("it is too much", tier)
    return world


def talking(*others: Supporter, tier: Tier = Tier.ACTIVE) -> World:
    return World(supporter(), *others, talk=conversation(Phase.LIVE, tier=tier))


def test_no_clock_ends_a_crisis() -> None:
    for world in (waiting(), talking()):
        world.passes(HOURS)
        assert world.talk.is_open


def test_nobody_picks_a_crisis_that_is_another_ones() -> None:
    world = waiting(supporter("lee"), supporter("sam"))
    assert world.claims("lee").refused == "not_eligible_assigned"
    world.passes(1)
    given = world.talk.assigned_to
    other = "sam" if given == "lee" else "lee"
    assert world.claims(other).refused == "not_eligible_assigned"
    assert not world.claims(given or "").refused


def test_two_crises_at_once_are_not_both_assigned_to_who_has_room_for_one() -> None:
    world = World(supporter("ann", capacity=1), supporter("bea", capacity=1))
    world.writes("it is too much", Tier.ACTIVE)
    world.passes(0.1)
    world.writes("for me too", Tier.ACTIVE, seeker=ANOTHER)
    world.passes(0)
    assert {talk.assigned_to for talk in world.conversations.values()} == {"ann", "bea"}


def test_a_more_urgent_crisis_does_not_wait_behind_what_was_only_assigned() -> None:
    world = World(supporter("ann", capacity=1, training=Training.SENIOR))
    world.writes("it is too much", Tier.ACTIVE)
    world.passes(0.1)
    world.writes("now", Tier.EMERGENCY, seeker=ANOTHER)
    world.passes(0)
    assert [talk.assigned_to for talk in world.conversations.values()] == ["ann", "ann"]


def test_a_lead_may_take_a_crisis_at_any_time() -> None:
    world = waiting(supporter(), lead())
    assert not world.claims("lou").refused


def test_whoever_wants_to_put_a_crisis_down_stays_until_somebody_else_has_it() -> None:
    world = talking(lead())
    assert not world.desk(e.Released).refused
    world.passes(0)
    assert world.talk.phase is Phase.LIVE
    assert (world.talk.supporter, world.talk.relief_asked) == ("sam", True)
    assert "relief_wanted" in world.alerts()
    assert world.nudges()[:2] == [("sam", "relief_asked"), ("lou", "lead_wanted")]
    assert world.text("requeued_released") not in world.told()
    world.desk(e.TakenOver, "lou")
    assert (world.talk.supporter, world.talk.relief_asked) == ("lou", False)


def test_relief_is_called_for_again_until_somebody_comes() -> None:
    world = talking(lead())
    world.desk(e.Released)
    world.passes(3 * world.line.policy.lead_call_seconds)
    assert world.alerts().count("relief_wanted") == 4


def test_a_calm_conversation_is_put_down_as_before() -> None:
    world = talking(tier=Tier.CONCERN)
    world.desk(e.Released)
    assert world.is_in(Phase.WAITING)


def test_a_crisis_is_not_handed_back_and_forth() -> None:
    world = talking(supporter("lee"))
    world.desk(e.Transferred, to="lee")
    world.supporters["sam"] = replace(world.supporters["sam"], cool_until=0)
    refusal = world.desk(e.Transferred, "lee", to="sam")
    assert (refusal.refused, refusal.about) == ("transfer_had_it", {"name": "Sam"})


def test_after_two_changes_among_peers_a_crisis_goes_to_leads() -> None:
    world = talking(supporter("lee"), supporter("kim"), supporter("zoe"), lead())
    world.desk(e.Transferred, to="lee")
    world.desk(e.Transferred, "lee", to="kim")
    assert "bounced" in world.alerts()
    assert world.desk(e.Transferred, "kim", to="zoe").refused == "transfer_for_leads"
    assert not world.desk(e.Transferred, "kim", to="lou").refused
    assert world.talk.leads == ("lou",)


def test_a_lead_may_pass_a_crisis_on_to_whom_they_choose() -> None:
    world = talking(supporter("lee"), lead())
    world.desk(e.Transferred, to="lee")
    assert not world.desk(e.Transferred, "lou", to="sam").refused


def test_a_crisis_that_came_back_twice_is_assigned_to_a_lead() -> None:
    world = waiting(supporter("ann"), supporter("bea"), supporter("cat"), lead())
    for _ in range(2):
        world.passes(1)
        world.claims(world.talk.assigned_to or "")
        world.passes(world.line.policy.first_word_seconds + 1)
    world.passes(1)
    assert world.talk.bounces == 2
    assert world.talk.assigned_to == "lou"
    assert world.claims("cat").refused == "not_eligible_for_leads"


def test_declining_an_assigned_crisis_counts_as_passing_it_round() -> None:
    world = waiting(supporter("ann"), supporter("bea"), supporter("cat"), lead())
    for _ in range(2):
        world.passes(1)
        world.desk(e.Declined, world.talk.assigned_to or "")
    world.passes(1)
    assert world.talk.assigned_to == "lou"


def test_without_a_lead_here_help_beats_none_and_everybody_is_called() -> None:
    world = waiting(supporter("ann"), supporter("bea"), supporter("cat"))
    for _ in range(2):
        world.passes(1)
        world.desk(e.Declined, world.talk.assigned_to or "")
    world.passes(2 * world.line.policy.assign_again_seconds)
    assert "nobody_for_crisis" in world.alerts()
    assert world.talk.assigned_to == "cat"


def test_nobody_is_assigned_the_same_crisis_twice_in_a_row() -> None:
    world = waiting(supporter("ann"), supporter("bea"), lead())
    world.passes(300)
    assigned = [fields["detail"]["to"] for fields in world.records("audit") if fields["action"] == "assigned"]
    assert len(assigned) > 3
    assert all(one != next_one for one, next_one in pairwise(assigned))


def test_the_only_one_here_may_still_take_what_they_did_not_accept_in_time() -> None:
    world = waiting(supporter())
    world.passes(1 + world.line.policy.crisis_ack_seconds)
    assert world.talk.assigned_to is None
    assert "nobody_for_crisis" in world.alerts()
    assert not world.claims().refused


@pytest.mark.parametrize("tier", list(Tier))
def test_every_tier_has_a_longest_wait_that_pages_again_and_again(tier: Tier) -> None:
    world = World(talk=conversation(Phase.INTAKE, safety_asked=True))
    world.writes("hello", tier)
    world.taps("warmline:person")
    longest = longest_wait(world.talk.tier, world.line.policy)
    world.passes(longest - 1)
    assert "waiting_long" not in world.alerts()
    world.passes(1 + 2 * longest)
    assert world.alerts().count("waiting_long") == 3


def test_the_longest_waits_shorten_with_urgency_and_are_settings() -> None:
    waits = [longest_wait(tier, line().policy) for tier in Tier]
    assert waits == sorted(waits, reverse=True)
    assert longest_wait(Tier.CONCERN, line(wait_long_concern_seconds=7).policy) == 7
    assert longest_wait(Tier.NONE, line(wait_long_seconds=9).policy) == 9


def test_a_wait_that_becomes_urgent_is_watched_more_closely_from_then_on() -> None:
    world = World(talk=conversation(Phase.WAITING))
    world.writes("worse now", Tier.ACTIVE)
    assert world.talk.deadlines[Deadline.WAIT_LONG] == NOW + world.line.policy.wait_long_crisis_seconds


def test_calm_waits_page_although_crises_keep_coming() -> None:
    world = World(supporter(capacity=1), lead(), talk=conversation(Phase.WAITING))
    world.passes(world.line.policy.wait_long_seconds)
    assert world.alerts().count("waiting_long") == 1
