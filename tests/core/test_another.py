"""Another supporter, because the seeker asks: the place is kept, and in a crisis nobody is left alone for it."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.risk import Tier
from tests.core.making import NOW, conversation, lead, supporter
from tests.core.world import World

ANOTHER = "warmline:another"


def a_house(**changes: object) -> World:
    talk = conversation(Phase.LIVE, **changes)
    return World(supporter("sam"), supporter("lee"), lead("lou"), talk=talk)


def test_they_go_back_to_their_place_and_are_told_how_it_stands() -> None:
    world = a_house()
    since = world.talk.waiting_since
    world.taps(ANOTHER)
    assert world.is_in(Phase.WAITING)
    assert world.talk.waiting_since == since
    assert world.told()[0] == world.text("requeued_another")
    assert "number 1 in line" in world.told()[1]
    assert ("sam", "another_asked") in world.nudges()
    assert world.supporters["sam"].holding == ()
    assert world.claims("lee").refused is None


def test_whom_they_asked_to_be_spared_is_never_given_to_them_again() -> None:
    world = a_house()
    world.taps(ANOTHER)
    assert world.claims("sam").refused == "not_eligible_excluded"
    world.passes(world.line.policy.wait_long_seconds + 1)
    assert world.claims("sam").refused == "not_eligible_excluded"
    world.claims("lee")
    assert world.desk(e.Transferred, who="lee", to="sam").refused == "transfer_knows"
    world.desk(e.SupporterClosed, who="lee", outcome="supported")
    world.writes("hello again")
    world.taps("warmline:person")
    assert world.claims("sam").refused == "not_eligible_excluded"


def test_a_lead_who_is_refused_does_not_take_over() -> None:
    world = World(lead("lou"), lead("lin"), talk=conversation(Phase.LIVE, supporter="lou", supporter_name="Lou"))
    world.taps(ANOTHER)
    assert world.desk(e.TakenOver, who="lou").refused == "not_eligible_knows"
    assert world.desk(e.TakenOver, who="lin").refused is None


def test_nobody_else_here_is_said_at_once() -> None:
    world = World(supporter("sam"), talk=conversation(Phase.LIVE))
    world.taps(ANOTHER)
    assert world.told()[-1] == world.text("nobody_here")


@pytest.mark.parametrize("tier", [tier for tier in Tier if tier >= Tier.PASSIVE])
def test_in_a_crisis_who_is_there_stays_until_somebody_else_is(tier: Tier) -> None:
    world = a_house(tier=tier, card_at=NOW, card_seq=1, card_confirmed=True)
    world.taps(ANOTHER)
    assert world.is_in(Phase.LIVE)
    assert world.talk.supporter == "sam"
    assert world.told()[0] == world.text("another_in_crisis", name="Sam")
    assert world.margin[-1].text == world.text("margin_another_asked")
    world.passes(1)
    assert "another_wanted" in world.alerts()
    world.taps(ANOTHER)
    assert world.audited().count("another_asked") == 1
    assert world.desk(e.Transferred, who="lou", to="lee").refused in (None, "transfer_untrained")
    if world.talk.supporter == "sam":
        world.desk(e.TakenOver, who="lou")
    assert world.talk.supporter in ("lee", "lou")
    assert not world.talk.relief_asked


def test_before_anybody_is_there_it_is_a_wish_for_a_person() -> None:
    world = World(supporter("sam"), talk=conversation(Phase.INTAKE))
    world.taps(ANOTHER)
    assert world.is_in(Phase.WAITING)
    world.taps(ANOTHER)
    assert world.is_in(Phase.WAITING)
    assert world.claims("sam").refused is None


def test_after_the_end_the_next_one_is_somebody_else() -> None:
    world = World(supporter("sam"), supporter("lee"), talk=conversation(Phase.CLOSING, supporter="sam"))
    world.taps(ANOTHER)
    assert world.is_in(Phase.WAITING)
    assert world.claims("sam").refused == "not_eligible_excluded"
    assert world.claims("lee").refused is None
