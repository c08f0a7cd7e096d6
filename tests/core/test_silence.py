"""Silence: a supporter who does not answer, whose connection broke, who was removed; a seeker who went quiet."""

from __future__ import annotations

from dataclasses import replace

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.risk import Tier
from handoff.core.supporter import Presence
from tests.core.making import conversation, supporter
from tests.core.world import World


def talking(**changes: object) -> World:
    """Sam and Ana are in the middle of it; Lee is here as well."""
    world = World(supporter(), supporter("lee"), talk=conversation(Phase.LIVE, **changes))
    world.says()
    return world


def test_a_supporter_who_does_not_answer_is_nudged_once() -> None:
    world = talking()
    world.writes("are you there?")
    world.passes(world.line.policy.supporter_nudge_seconds)
    world.writes("hello?")
    assert world.nudges() == [("sam", "unanswered")]
    assert world.is_in(Phase.LIVE)


def test_a_silent_supporter_loses_the_conversation_and_the_seeker_keeps_the_place() -> None:
    world = talking()
    since = world.talk.waiting_since
    world.writes("are you there?")
    world.passes(world.line.policy.supporter_silent_seconds)
    assert (world.talk.phase, world.talk.waiting_since, world.talk.excluded) == (Phase.WAITING, since, ("sam",))
    assert world.told()[-1] == world.text("requeued_silent")
    assert "supporter_silent" in world.alerts()
    assert world.supporters["sam"].holding == ()
    assert world.says().refused == "accept_first"


def test_the_silence_clock_runs_from_the_first_unanswered_words() -> None:
    world = talking()
    world.writes("one")
    world.passes(world.line.policy.supporter_silent_seconds - 1)
    world.writes("two")
    world.passes(1)
    assert world.is_in(Phase.WAITING)


def test_an_answer_stops_the_silence_clock() -> None:
    world = talking()
    world.writes("one")
    world.passes(100)
    world.says()
    assert not {Deadline.NUDGE, Deadline.SILENT} & world.talk.deadlines.keys()
    assert world.talk.unanswered_since is None


def test_a_requeue_with_nobody_else_here_says_so_at_once() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE))
    world.desk(e.Released)
    assert world.told() == [world.text("requeued_released"), world.text("nobody_here")]


def lost(world: World) -> None:
    world.supporters["sam"] = replace(world.supporters["sam"], present_until=world.now)


def test_a_lapsed_presence_has_a_grace_and_then_the_seeker_goes_back() -> None:
    world = talking()
    lost(world)
    world.falls_due(Deadline.HOLDER)
    assert world.is_in(Phase.LIVE)
    world.passes(world.line.policy.supporter_gone_seconds)
    assert world.is_in(Phase.WAITING)
    assert world.told()[-1] == world.text("requeued_gone")


def test_a_supporter_who_comes_back_in_time_keeps_the_conversation() -> None:
    world = talking()
    lost(world)
    world.passes(60)
    world.do(e.PresenceRenewed(id=world.id(), supporter="sam"))
    world.passes(60)
    assert world.is_in(Phase.LIVE)


def test_a_supporter_set_to_busy_or_away_keeps_what_they_hold_while_the_desk_is_open() -> None:
    world = talking()
    for presence in (Presence.BUSY, Presence.AWAY):
        world.do(e.PresenceSet(id=world.id(), supporter="sam", presence=presence))
        world.falls_due(Deadline.HOLDER)
        assert world.is_in(Phase.LIVE)


def test_a_removed_supporter_loses_the_conversation_at_once() -> None:
    world = talking()
    world.do(e.SupporterRemoved(id=world.id(), supporter="sam"))
    assert (world.talk.phase, world.talk.supporter) == (Phase.WAITING, None)
    assert world.supporters["sam"].holding == ()
    assert world.says().refused


def test_a_quiet_seeker_gets_one_check_in_and_later_a_kind_close() -> None:
    world = talking()
    policy = world.line.policy
    world.passes(policy.seeker_checkin_seconds)
    assert world.told()[-1] == world.text("check_in", name="Sam")
    world.passes(policy.seeker_close_seconds)
    assert world.is_in(Phase.CLOSING)
    assert world.text("closed_by_silence") in world.told()
    assert world.told().count(world.text("check_in", name="Sam")) == 1
    assert world.supporters["sam"].holding == ()


def test_words_after_the_check_in_keep_the_conversation_open() -> None:
    world = talking()
    world.passes(world.line.policy.seeker_checkin_seconds)
    world.writes("I am here")
    assert not {Deadline.CHECK_IN, Deadline.QUIET_CLOSE} & world.talk.deadlines.keys()
    world.says()
    world.passes(world.line.policy.seeker_close_seconds - 1)
    assert world.is_in(Phase.LIVE)


def test_in_the_crisis_lane_silence_closes_nothing_and_alerts_a_lead_instead() -> None:
    world = talking(tier=Tier.ACTIVE)
    world.passes(world.line.policy.seeker_checkin_seconds)
    assert "quiet_in_crisis" in world.alerts()
    world.passes(10 * world.line.policy.seeker_close_seconds)
    assert world.is_in(Phase.LIVE)


def test_a_crisis_after_the_check_in_cancels_the_close() -> None:
    world = talking()
    world.passes(world.line.policy.seeker_checkin_seconds)
    world.desk(e.RiskRaised, tier=Tier.ACTIVE, why="a feeling")
    world.passes(world.line.policy.seeker_close_seconds)
    assert world.is_in(Phase.LIVE)


def test_an_intake_nobody_returns_to_ends_without_a_word() -> None:
    world = World()
    world.writes()
    read = len(world.feed)
    world.passes(world.line.policy.intake_close_seconds)
    assert (world.talk.phase, world.talk.outcome) == (Phase.CLOSED, "seeker_left")
    assert len(world.feed) == read


def test_a_deadline_that_comes_early_twice_or_late_does_no_harm() -> None:
    world = talking()
    for kind in Deadline:
        before = world.talk
        if kind is not Deadline.HOLDER:
            assert not world.falls_due(kind).changes
            assert world.talk == before


def test_when_the_wait_has_become_long_nobody_stays_excluded() -> None:
    world = talking()
    world.desk(e.Released)
    assert world.claims("sam").refused == "not_eligible_excluded"
    world.passes(world.line.policy.wait_long_seconds)
    assert "waiting_long" in world.alerts()
    world.supporters["sam"] = replace(world.supporters["sam"], present_until=world.now + 60)
    assert not world.claims("sam").refused
