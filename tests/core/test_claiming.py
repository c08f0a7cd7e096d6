"""Offers, claims, and the lease for the first word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Owner, Phase
from handoff.core.effects import Cleared
from handoff.core.risk import Tier
from handoff.core.supporter import Presence
from tests.core.making import NOW, conversation, lead, supporter
from tests.core.world import World


def waits(*staff: str) -> World:
    world = World(*(supporter(name) for name in staff or ("sam", "lee")))
    world.writes()
    world.taps("warmline:person")
    return world


def test_the_first_click_wins_and_the_seeker_is_told_who_is_here() -> None:
    world = waits()
    epoch = world.talk.epoch
    assert not world.claims("sam").refused
    assert (world.talk.phase, world.talk.owner, world.talk.supporter) == (Phase.LIVE, Owner.SUPPORTER, "sam")
    assert world.talk.epoch == epoch + 1
    assert world.supporters["sam"].holding == (world.talk.id,)
    assert world.told()[-1] == world.text("supporter_joined", name="Sam")


def test_a_late_click_is_told_who_has_it() -> None:
    world = waits()
    world.claims("sam")
    late = world.claims("lee")
    assert (late.refused, late.about) == ("taken", {"name": "Sam"})
    assert world.claims("sam").refused == "already_yours"


@pytest.mark.parametrize("phase", [Phase.INTAKE, Phase.CLOSING, Phase.CLOSED])
def test_a_claim_for_what_does_not_wait_is_refused(phase: Phase) -> None:
    assert World(supporter(), talk=conversation(phase)).claims().refused == "gone"


def test_capacity_is_never_exceeded() -> None:
    world = waits()
    world.supporters["sam"] = replace(world.supporters["sam"], holding=("x", "y"))
    assert world.claims().refused == "not_eligible_full"


def test_a_supporter_who_rests_after_a_crisis_gets_no_new_one() -> None:
    world = waits()
    world.supporters["sam"] = replace(world.supporters["sam"], cool_until=NOW + 10)
    assert world.claims().refused == "not_eligible_cooling"
    world.passes(10)
    assert not world.claims().refused


def test_somebody_unknown_or_removed_can_do_nothing() -> None:
    world = waits()
    world.supporters["gone"] = supporter("gone", removed=True)
    for who in ("gone", "stranger"):
        assert world.claims(who).refused == "no_access"
        assert world.desk(e.Declined, who).refused == "no_access"
        assert world.desk(e.TakenOver, who).refused == "no_access"
        assert world.desk(e.LookedIn, who).refused == "no_access"


def test_a_claim_without_a_first_word_goes_back_and_not_to_that_supporter_again() -> None:
    world = waits()
    world.claims()
    world.passes(world.line.policy.first_word_seconds)
    assert world.talk.phase is Phase.WAITING
    assert world.told()[-1] == world.text("requeued_no_word")
    assert world.supporters["sam"].holding == ()
    assert ("sam", "lapsed") in world.nudges()
    assert world.claims("sam").refused == "not_eligible_excluded"
    assert not world.claims("lee").refused


def test_a_first_word_ends_the_lease() -> None:
    world = waits()
    world.claims()
    world.says()
    assert Deadline.FIRST_WORD not in world.talk.deadlines
    world.passes(world.line.policy.first_word_seconds * 2)
    assert world.talk.phase is Phase.LIVE


def test_a_resource_is_a_first_word_too() -> None:
    world = waits()
    world.claims()
    world.desk(e.ResourceSent, resource="breathing", title="Breathing", body={"id": "breathing"})
    world.passes(world.line.policy.first_word_seconds * 2)
    assert world.talk.phase is Phase.LIVE


def test_a_note_is_no_first_word() -> None:
    world = waits()
    world.claims()
    world.desk(e.NoteWritten, text="to myself")
    world.passes(world.line.policy.first_word_seconds)
    assert world.talk.phase is Phase.WAITING


def test_not_for_me_is_not_offered_again_and_costs_the_seeker_nothing() -> None:
    world = waits()
    read = len(world.feed)
    assert not world.desk(e.Declined, why="tired").refused
    assert world.claims("sam").refused == "not_eligible_excluded"
    assert len(world.feed) == read
    assert world.talk.phase is Phase.WAITING


def test_accepting_ends_the_alerts_of_the_wait() -> None:
    world = waits()
    world.passes(world.line.policy.wait_long_seconds)
    assert "waiting_long" in world.alerts()
    world.claims()
    assert world.of(Cleared) == [Cleared(world.talk.id)]


def test_the_alerts_of_imminent_danger_stay_with_the_leads_though_somebody_accepted() -> None:
    world = World(lead())
    world.writes("now", Tier.IMMINENT)
    world.passes(1)
    world.claims("lou")
    assert world.of(Cleared) == []


def test_a_wait_past_the_limit_pages_a_lead_again_and_again_in_every_tier() -> None:
    world = waits()
    world.passes(world.line.policy.wait_long_seconds * 3)
    assert world.alerts().count("waiting_long") == 3


def test_nobody_here_is_said_at_once_with_what_there_is_instead() -> None:
    world = World(supporter(presence=Presence.AWAY))
    world.writes()
    world.taps("warmline:person")
    assert world.told()[-1] == world.text("nobody_here")
    assert [button.payload for button in world.feed[-1].buttons] == [
        "warmline:leave_message", "warmline:resources", "warmline:plan", "warmline:urgent",
    ]  # fmt: skip
    assert world.talk.phase is Phase.WAITING


def test_whoever_is_excluded_does_not_count_as_here() -> None:
    world = waits("sam")
    world.desk(e.Declined)
    world.taps("warmline:wait")
    assert world.told()[-1] == world.text("nobody_here")
