"""Release, transfer, taking over, escalation, and who may do which."""

from __future__ import annotations

from typing import Any

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.effects import Cleared
from handoff.core.entries import EntryKind, Speaker
from handoff.core.risk import Modifier, Tier
from handoff.core.supporter import Presence, Supporter, Training
from tests.core.making import NOW, conversation, lead, supporter
from tests.core.world import World


def talking(*others: Supporter, **changes: Any) -> World:
    return World(supporter(), *others, talk=conversation(Phase.LIVE, **changes))


def test_releasing_leads_back_to_the_queue_and_not_to_this_supporter() -> None:
    world = talking(supporter("lee"))
    epoch = world.talk.epoch
    world.desk(e.Released)
    assert (world.talk.phase, world.talk.excluded, world.talk.epoch) == (Phase.WAITING, ("sam",), epoch + 1)
    assert world.told()[-1] == world.text("requeued_released")


def test_a_transfer_is_one_change_and_the_seeker_is_told_who_comes() -> None:
    world = talking(supporter("lee"))
    epoch = world.talk.epoch
    assert not world.desk(e.Transferred, to="lee").refused
    assert (world.talk.supporter, world.talk.epoch) == ("lee", epoch + 1)
    assert (world.supporters["sam"].holding, world.supporters["lee"].holding) == ((), ("c1",))
    assert world.told() == [world.text("supporter_changed", name="Lee")]
    assert ("lee", "transferred") in world.nudges()
    assert Deadline.FIRST_WORD in world.talk.deadlines
    assert world.says("sam").refused == "taken"


@pytest.mark.parametrize(
    ("target", "why"),
    [
        (supporter("lee", presence=Presence.AWAY), "offline"),
        (supporter("lee", present_until=NOW), "offline"),
        (supporter("lee", holding=("a", "b")), "full"),
        (supporter("lee", training=Training.BASIC), "untrained"),
        (supporter("lee", knows=("p-ana",)), "knows"),
        (supporter("lee", removed=True), "unknown"),
        (supporter("kim"), "unknown"),
    ],
)
def test_a_transfer_is_refused_with_its_reason(target: Supporter, why: str) -> None:
    world = talking(target, tier=Tier.ACTIVE)
    assert world.desk(e.Transferred, to="lee").refused == f"transfer_{why}"
    assert world.talk.supporter == "sam"


def test_a_minor_is_not_transferred_to_somebody_who_is_not_cleared() -> None:
    world = talking(supporter("lee"), lead(), modifiers=(Modifier.MINOR,))
    assert world.desk(e.Transferred, to="lee").refused == "transfer_untrained"
    assert not world.desk(e.Transferred, to="lou").refused


def test_a_transfer_to_oneself_is_refused() -> None:
    assert talking().desk(e.Transferred, to="sam").refused == "transfer_unknown"


def test_a_lead_may_transfer_what_somebody_else_holds_and_a_supporter_may_not() -> None:
    world = talking(supporter("lee"), supporter("kim"), lead())
    assert world.desk(e.Transferred, "kim", to="lee").refused == "taken"
    assert not world.desk(e.Transferred, "lou", to="lee").refused


def test_only_a_lead_takes_over_from_the_queue_the_bot_or_a_supporter() -> None:
    for phase in (Phase.INTAKE, Phase.WAITING, Phase.LIVE):
        world = World(supporter(), supporter("lee"), lead(), talk=conversation(phase))
        assert world.desk(e.TakenOver, "lee").refused == "leads_only"
        assert not world.desk(e.TakenOver, "lou").refused
        assert (world.talk.supporter, world.supporters["sam"].holding) == ("lou", ())
        assert world.desk(e.TakenOver, "lou").refused == "already_yours"
        assert world.of(Cleared)


def test_taking_over_tells_the_seeker_and_the_supporter_before() -> None:
    world = talking(lead())
    world.desk(e.TakenOver, "lou")
    assert world.told() == [world.text("supporter_changed", name="Lou")]
    assert ("sam", "taken") in world.nudges()


def test_a_lead_may_take_over_though_they_are_full() -> None:
    world = talking(lead(holding=("a", "b")))
    assert not world.desk(e.TakenOver, "lou").refused


def test_escalating_asks_a_lead_to_look_and_changes_nothing_for_the_seeker() -> None:
    world = talking()
    world.desk(e.Escalated, why="I am not sure what to say")
    assert world.feed == []
    assert "escalated" in world.alerts()
    assert world.margin[-1].text.endswith("I am not sure what to say")
    assert (world.talk.supporter, world.talk.escalated) == ("sam", True)


def test_a_note_stays_in_the_margin() -> None:
    world = talking()
    world.desk(e.NoteWritten, text="sounds tired")
    note = world.margin[-1]
    assert (note.text, note.kind, note.speaker, note.name) == ("sounds tired", EntryKind.NOTE, Speaker.SUPPORTER, "Sam")
    assert world.feed == []


def test_a_lead_may_leave_a_note_and_look_in_and_both_are_on_record() -> None:
    world = talking(lead())
    world.desk(e.NoteWritten, "lou", text="I am watching")
    world.desk(e.LookedIn, "lou")
    assert world.audited() == ["noted", "looked_in"]
    assert world.feed == []


@pytest.mark.parametrize(
    "event",
    [
        e.SupporterWrote,
        e.NoteWritten,
        e.ResourceSent,
        e.Released,
        e.Transferred,
        e.Escalated,
        e.RiskRaised,
        e.SupporterClosed,
    ],
)
def test_who_does_not_hold_it_can_do_nothing_with_it(event: type[e.DeskEvent]) -> None:
    about: dict[type[e.DeskEvent], dict[str, Any]] = {
        e.SupporterWrote: {"text": "x"}, e.NoteWritten: {"text": "x"}, e.ResourceSent: {"resource": "x", "body": {}},
        e.Transferred: {"to": "kim"}, e.RiskRaised: {"tier": Tier.ACTIVE, "why": "x"},
        e.SupporterClosed: {"outcome": "supported"},
    }  # fmt: skip
    world = talking(supporter("lee"), supporter("kim"))
    refusal = world.desk(event, "lee", **about.get(event, {}))
    assert (refusal.refused, refusal.about) == ("taken", {"name": "Sam"})


def test_looking_in_is_for_leads() -> None:
    assert talking().desk(e.LookedIn).refused == "leads_only"


def test_a_resource_nobody_knows_is_refused() -> None:
    assert talking().desk(e.ResourceSent, resource="nonsense").refused == "no_such_resource"


@pytest.mark.parametrize("event", [e.SupporterClosed, e.Transferred, e.TakenOver])
def test_whoever_talked_in_a_crisis_rests_when_it_leaves_them(event: type[e.DeskEvent]) -> None:
    world = talking(lead(), tier=Tier.ACTIVE)
    about = {"Transferred": {"to": "lou"}, "SupporterClosed": {"outcome": "supported"}}
    world.desk(event, "lou" if event is e.TakenOver else "sam", **about.get(event.__name__, {}))
    assert world.supporters["sam"].cool_until == NOW + world.line.policy.crisis_cooldown_seconds
    assert ("sam", "debrief") in world.nudges()


def test_nobody_rests_after_a_calm_talk_or_one_they_never_began() -> None:
    calm = talking()
    calm.desk(e.Released)
    assert calm.supporters["sam"].cool_until == 0
    unbegun = talking(
        tier=Tier.ACTIVE, first_word_at=None, deadlines={Deadline.HOLDER: NOW + 140, Deadline.FIRST_WORD: NOW + 100}
    )
    unbegun.passes(101)
    assert unbegun.is_in(Phase.WAITING)
    assert unbegun.supporters["sam"].cool_until == 0
