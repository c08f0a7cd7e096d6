"""Home tabs, whether somebody is still there, and what the platform as a whole says of itself."""

from __future__ import annotations

import pytest

from connectors.slack.slack import Slack
from handoff.core import events as e
from handoff.core.ids import home_lane
from handoff.core.supporter import Presence
from handoff.ports import DeliveryFailed, Parcel
from tests.slack.desk import Desk, in_slack
from tests.slack.workspace import buttons, shown


@pytest.fixture
async def desk() -> Desk:
    return await Desk().staffed()


async def opens_home(desk: Desk, who: str = "sam") -> None:
    await desk.room.poke(desk.id(), Parcel(desk.id(), home_lane(who), "", 0, "redraw", {}))
    await desk.carry()


def home(desk: Desk, who: str = "sam") -> str:
    return shown(desk.slack.homes[f"U{who.upper()}"]["blocks"])


async def test_ones_home_shows_ones_conversations_with_a_way_to_their_threads(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.through(6)
    view = desk.slack.homes["USAM"]
    assert (await desk.talk()).pseudonym[:4] in home(desk)
    assert place.ts in str(view)
    assert "presence_away" in buttons(view)


async def test_no_home_shows_what_anybody_wrote(desk: Desk) -> None:
    await desk.accepted()
    await desk.writes("canary words")
    await desk.through(20, ticking=True)
    assert desk.slack.homes
    for view in desk.slack.homes.values():
        assert "canary" not in str(view)
        assert "hello there" not in str(view)


async def test_a_lead_sees_alerts_and_who_is_here_and_a_supporter_does_not(desk: Desk) -> None:
    await desk.crisis()
    for who in ("lou", "sam"):
        await opens_home(desk, who)
    assert "alert_acknowledge" in buttons(desk.slack.homes["ULOU"])
    assert "home_add_person" in buttons(desk.slack.homes["ULOU"])
    assert "alert_acknowledge" not in buttons(desk.slack.homes["USAM"])


async def test_a_home_that_shows_what_it_should_is_not_published_again(desk: Desk) -> None:
    await opens_home(desk)
    published = desk.slack.count("views.publish")
    desk.clock.now += 10
    await opens_home(desk)
    assert desk.slack.count("views.publish") == published


async def test_a_home_is_published_at_most_every_five_seconds(desk: Desk) -> None:
    await opens_home(desk)
    published = desk.slack.count("views.publish")
    for presence in (Presence.BUSY, Presence.AVAILABLE, Presence.BUSY):
        set_to = e.PresenceSet(id=desk.id(), supporter="sam", presence=presence, seconds=3600)
        await desk.front.handle(set_to)
        await desk.carry()
    assert desk.slack.count("views.publish") == published
    await desk.through(6)
    assert desk.slack.count("views.publish") == published + 1


async def test_a_home_that_cannot_be_published_is_no_dead_letter(desk: Desk) -> None:
    desk.slack.fail("views.publish", DeliveryFailed("invalid_blocks", hopeless=True))
    await opens_home(desk)
    await desk.through(5)
    assert await desk.dead() == []


# --- still there? -----------------------------------------------------------------------------------------------------


async def ending(desk: Desk, seconds: float, **changes: float) -> None:
    await desk.add(in_slack("sam", present_until=desk.clock() + seconds, **changes))


async def test_five_minutes_before_presence_ends_one_is_asked_once(desk: Desk) -> None:
    await ending(desk, 400)
    await desk.ticker.tick()
    assert desk.slack.top("DUSAM") == []
    await desk.through(150, ticking=True)
    (asked,) = desk.slack.top("DUSAM")
    assert "presence_still_here" in buttons(asked)
    await desk.through(100, ticking=True)
    assert len(desk.slack.top("DUSAM")) == 1


async def test_who_has_the_console_open_is_not_asked(desk: Desk) -> None:
    await ending(desk, 60, console_until=desk.clock() + 60)
    await desk.ticker.tick()
    assert desk.slack.messages.get("DUSAM", []) == []


# --- health -----------------------------------------------------------------------------------------------------------


def platform(desk: Desk) -> Slack:
    return Slack(desk.front, desk.store, desk.shelf, desk.room.options)


async def test_a_channel_that_cannot_be_posted_in_shows_in_the_health(desk: Desk) -> None:
    slack = platform(desk)
    assert slack.health() == "unreachable"
    slack.room.calls.health = "ok"
    assert slack.health() == "ok"
    slack.room.troubled.add("queue_channel")
    assert slack.health() == "queue_channel"
    slack.room.calls.health = "revoked"
    assert slack.health() == "revoked"


async def test_every_lane_of_the_desk_is_carried(desk: Desk) -> None:
    assert {route.kind for route in platform(desk).routes()} == {"thread", "card", "leads", "home", "tick", "deskin"}
