"""Presence in Slack: a switch, renewed by any deed, kept by whoever says that they are still here."""

from __future__ import annotations

import pytest

from connectors.slack.kept import Place
from connectors.slack.names import Action
from handoff.core.policy import Policy
from handoff.core.supporter import Presence
from tests.slack.desk import in_slack
from tests.slack.fakes import Writing

HOME = Place("", "")


@pytest.fixture
async def desk() -> Writing:
    made = Writing()
    await made.staffed()
    return made


@pytest.mark.parametrize(
    ("action", "presence"),
    [(Action.BUSY, Presence.BUSY), (Action.AWAY, Presence.AWAY), (Action.AVAILABLE, Presence.AVAILABLE)],
)
async def test_presence_is_a_switch_in_the_home_tab(desk: Writing, action: Action, presence: Presence) -> None:
    await desk.clicks(action, "sam", place=HOME)
    sam = await desk.store.supporter("sam")
    assert sam is not None
    assert sam.presence is presence
    assert sam.present_until == desk.clock() + Policy().slack_presence_seconds


async def test_a_presence_button_moves_only_who_clicked_it(desk: Writing) -> None:
    await desk.clicks(Action.AWAY, "lee", place=HOME)
    lee = await desk.store.supporter("lee")
    assert lee is not None
    assert lee.presence is Presence.AVAILABLE


async def test_any_deed_renews_presence_once_a_quarter_of_it_is_used(desk: Writing) -> None:
    hour = desk.room.policy.slack_presence_seconds
    await desk.add(in_slack("sam", present_until=desk.clock() + hour * 0.8))
    await desk.clicks(Action.PROFILE, "", place=HOME)
    sam = await desk.store.supporter("sam")
    assert sam is not None
    assert sam.present_until == desk.clock() + hour * 0.8
    desk.clock.now += hour * 0.1
    await desk.clicks(Action.PROFILE, "", place=HOME)
    sam = await desk.store.supporter("sam")
    assert sam is not None
    assert sam.present_until == desk.clock() + hour


async def test_who_says_that_they_are_still_here_stays(desk: Writing) -> None:
    await desk.add(in_slack("sam", present_until=desk.clock() + 200))
    await desk.clicks(Action.STILL_HERE, "sam", place=Place("DUSAM", "1.1"))
    sam = await desk.store.supporter("sam")
    assert sam is not None
    assert sam.present_until == desk.clock() + desk.room.policy.slack_presence_seconds
    assert desk.slack.whispers()[0][0] == "USAM"
