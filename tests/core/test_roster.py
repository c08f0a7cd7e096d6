"""Supporters alone: profiles, presence as a lease, removal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline
from handoff.core.effects import Alert, Record
from handoff.core.policy import Policy
from handoff.core.roster import decide_roster
from handoff.core.supporter import Presence, Supporter
from tests.core.making import NOW, lead, line, supporter

POLICY = Policy()


def only(before: Supporter | None, event: e.RosterEvent) -> Supporter:
    decision = decide_roster(before, event, NOW, line())
    assert decision == decide_roster(before, event, NOW, line())
    return decision.supporters[0]


def test_presence_is_a_lease_that_the_desk_renews() -> None:
    set_now = only(supporter(present_until=0.0), e.PresenceSet(id="p", supporter="sam", presence=Presence.BUSY))
    assert (set_now.presence, set_now.present_until) == (Presence.BUSY, NOW + POLICY.presence_seconds)
    renewed = only(replace(set_now, present_until=0.0), e.PresenceRenewed(id="r", supporter="sam"))
    assert (renewed.presence, renewed.present_until) == (Presence.BUSY, NOW + POLICY.presence_seconds)


def test_a_new_profile_is_kept_as_given_and_away() -> None:
    profile = Supporter(id="sam", name="Sam")
    saved = only(None, e.SupporterSaved(id="s", supporter="sam", profile=profile))
    assert saved == profile
    assert not saved.is_here(NOW)


def test_a_changed_profile_keeps_presence_conversations_and_rest() -> None:
    before = supporter(holding=("c1",), cool_until=NOW + 9, version=7)
    profile = Supporter(id="sam", name="Samuel", languages=("en", "es"))
    saved = only(before, e.SupporterSaved(id="s", supporter="sam", profile=profile))
    assert (saved.name, saved.languages) == ("Samuel", ("en", "es"))
    kept = ("holding", "cool_until", "presence", "present_until", "version")
    assert all(getattr(saved, name) == getattr(before, name) for name in kept)


def test_removal_ends_access_at_once_and_has_every_held_conversation_looked_at() -> None:
    before = supporter(holding=("c1", "c2"))
    decision = decide_roster(before, e.SupporterRemoved(id="x", supporter="sam"), NOW, line())
    assert decision.supporters[0].removed
    assert not decision.supporters[0].is_here(NOW)
    assert decision.pokes == ((Deadline.HOLDER, "c1"), (Deadline.HOLDER, "c2"))


@pytest.mark.parametrize("before", [None, supporter(removed=True)])
def test_somebody_unknown_or_removed_has_no_presence(before: Supporter | None) -> None:
    for event in (
        e.PresenceSet(id="p", supporter="sam", presence=Presence.AVAILABLE),
        e.PresenceRenewed(id="r", supporter="sam"),
        e.SupporterRemoved(id="x", supporter="sam"),
    ):
        decision = decide_roster(before, event, NOW, line())
        assert decision.refused == "no_access"
        assert not decision.changes


def test_a_removed_supporter_can_be_added_again() -> None:
    saved = only(
        supporter(removed=True), e.SupporterSaved(id="s", supporter="sam", profile=Supporter(id="sam", name="Sam"))
    )
    assert not saved.removed


def test_an_event_that_is_none_of_the_rosters_is_a_defect() -> None:
    with pytest.raises(TypeError):
        decide_roster(supporter(), e.RosterEvent(id="x", supporter="sam"), NOW, line())


def test_who_looks_after_an_alert_is_on_record() -> None:
    event = e.AlertAcknowledged(id="x", supporter="lou", kind="crisis", conversation="c1")
    decision = decide_roster(lead(), event, NOW, line())
    assert not decision.supporters
    [row] = [effect for effect in decision.effects if isinstance(effect, Record)]
    assert (row.kind, row.fields["actor"], row.fields["action"]) == ("audit", "lou", "alert_acknowledged")
    assert row.fields["detail"] == {"kind": "crisis", "about": "c1"}


def test_presence_in_slack_runs_longer_and_a_console_opened_meanwhile_does_not_shorten_it() -> None:
    in_slack = only(supporter(), e.PresenceSet(id="x", supporter="sam", presence=Presence.AVAILABLE, seconds=3600))
    assert in_slack.present_until == NOW + 3600
    both = only(in_slack, e.PresenceRenewed(id="y", supporter="sam"))
    assert (both.present_until, both.console_until) == (NOW + 3600, NOW + POLICY.presence_seconds)


def test_a_busy_spell_may_have_an_end() -> None:
    event = e.PresenceSet(id="x", supporter="sam", presence=Presence.BUSY, seconds=3600, back_after=900)
    busy = only(supporter(), event)
    assert (busy.busy_until, busy.console_until) == (NOW + 900, 0.0)


def test_leads_are_told_when_somebody_left_the_workspace() -> None:
    decision = decide_roster(
        supporter(holding=("c1",)), e.SupporterRemoved(id="x", supporter="sam", left=True), NOW, line()
    )
    [alert] = [effect for effect in decision.effects if isinstance(effect, Alert)]
    assert (alert.kind, alert.conversation) == ("supporter_left", "sam")
    assert decision.pokes == ((Deadline.HOLDER, "c1"),)


def test_a_profile_that_says_nothing_of_slack_leaves_it_as_it_is() -> None:
    before = supporter(slack="T1/U1", busy_until=5.0, console_until=6.0)
    after = only(before, e.SupporterSaved(id="x", supporter="sam", profile=supporter()))
    assert (after.slack, after.busy_until, after.console_until) == ("T1/U1", 5.0, 6.0)


def test_nobody_gives_themselves_a_role_or_comes_back_by_a_profile_sent_late() -> None:
    mine = e.SupporterSaved(id="x", supporter="sam", profile=lead(name="sam", languages=("es",)), own=True)
    saved = only(supporter(), mine)
    assert (saved.role, saved.training, saved.languages) == (supporter().role, supporter().training, ("es",))
    late = decide_roster(supporter(removed=True), mine, NOW, line())
    assert (late.refused, late.changes) == ("no_access", False)
