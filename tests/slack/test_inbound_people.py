"""Who is on the roster: a lead adds, changes and removes people, who say the rest of themselves."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.slack.kept import Place
from connectors.slack.names import Action
from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.supporter import Presence, Role, Supporter, Training
from handoff.deadlines import sweep
from handoff.ports import DeliveryFailed
from handoff.signin import digest, make_link, redeem
from tests.slack.desk import in_slack
from tests.slack.fakes import Answered, Writing
from tests.slack.test_cards_modals import filled
from tests.slack.workspace import TEAM, Json, buttons, shown

HOME = Place("", "")
EVE: dict[str, Any] = {"name": "Eve", "slack": "UEVE", "role": "supporter", "training": "basic"}


@pytest.fixture
async def desk() -> Writing:
    made = Writing()
    await made.staffed()
    return made


async def person(desk: Writing, called: str) -> Supporter:
    found = await desk.store.supporter(called)
    assert found is not None
    return found


async def adds(desk: Writing, **changes: Any) -> Answered:
    await desk.clicks(Action.ADD_PERSON, user="ULOU", place=HOME)
    return await desk.submits(filled(desk.slack.modals[-1], **(EVE | changes)), user="ULOU")


async def signed_in(desk: Writing, called: str) -> str:
    """A session in the console; its token."""
    session = await redeem(desk.store, await make_link(desk.store, called, desk.clock()), desk.clock())
    assert session is not None
    return session


async def changing(desk: Writing, called: str) -> Json:
    await desk.clicks(Action.EDIT_PERSON, called, user="ULOU", place=HOME)
    return desk.slack.modals[-1]


async def test_whoever_a_lead_adds_is_greeted_and_asked_for_the_rest(desk: Writing) -> None:
    assert (await adds(desk)).body == {}
    eve = await person(desk, "slack-ueve")
    assert (eve.name, eve.slack, eve.role, eve.training) == ("Eve", f"{TEAM}/UEVE", Role.SUPPORTER, Training.BASIC)
    [greeting] = desk.slack.top("DUEVE")
    assert "Welcome" in shown(greeting)
    assert buttons(greeting) == [Action.PROFILE]


async def test_what_they_say_of_themselves_is_kept_and_presence_stays(desk: Writing) -> None:
    await adds(desk)
    await desk.commands("available", user="UEVE")
    await desk.clicks(Action.PROFILE, user="UEVE", place=HOME)
    view = desk.slack.modals[-1]
    wrong = await desk.submits(filled(view, languages=[], capacity="2"), user="UEVE")
    assert list(wrong.body["errors"]) == ["languages"]
    wrong = await desk.submits(filled(view, topics=["grief"], opted_out=["grief"]), user="UEVE")
    assert list(wrong.body["errors"]) == ["opted_out"]
    given = filled(view, languages=["en", "es"], topics=["grief"], opted_out=["abuse"], capacity="3")
    assert (await desk.submits(given, user="UEVE")).body == {}
    eve = await person(desk, "slack-ueve")
    assert (eve.languages, eve.topics, eve.opted_out, eve.capacity) == (("en", "es"), ("grief",), ("abuse",), 3)
    assert eve.presence is Presence.AVAILABLE
    assert (eve.role, eve.training) == (Role.SUPPORTER, Training.BASIC)


async def test_a_greeting_outlasts_slack_being_away_and_the_lead_hears_nothing_of_it(desk: Writing) -> None:
    desk.slack.fail("conversations.open", DeliveryFailed("Slack had an error of its own"), times=2)
    assert (await adds(desk)).body == {}
    await desk.through(10)
    assert len(desk.slack.top("DUEVE")) == 1


async def test_whoever_was_removed_before_it_came_is_not_greeted(desk: Writing) -> None:
    desk.slack.fail("conversations.open", DeliveryFailed("Slack had an error of its own"))
    await adds(desk)
    await desk.front.handle(e.SupporterRemoved(id="r", supporter="slack-ueve"))
    await desk.through(10)
    assert desk.slack.messages.get("DUEVE", []) == []
    assert desk.slack.count("conversations.open") == 1


async def test_one_person_in_slack_is_one_on_the_roster(desk: Writing) -> None:
    answer = await adds(desk, name="Samuel", slack="USAM")
    assert "Sam" in answer.body["errors"]["slack"]
    assert [each.id for each in await desk.store.supporters() if each.slack == f"{TEAM}/USAM"] == ["sam"]


async def test_adding_the_same_person_again_changes_them_and_loses_nothing(desk: Writing) -> None:
    await adds(desk)
    await adds(desk, training="crisis")
    eve = await person(desk, "slack-ueve")
    assert eve.training is Training.CRISIS
    assert len([each for each in await desk.store.supporters() if each.name == "Eve"]) == 1


async def test_a_lead_changes_role_and_training_and_nothing_else(desk: Writing) -> None:
    await desk.add(in_slack("sam", topics=("grief",), languages=("en", "es")))
    view = await changing(desk, "sam")
    assert (await desk.submits(filled(view, training="senior", role="lead"), user="ULOU")).body == {}
    sam = await person(desk, "sam")
    assert (sam.role, sam.training) == (Role.LEAD, Training.SENIOR)
    assert (sam.topics, sam.languages, sam.slack) == (("grief",), ("en", "es"), f"{TEAM}/USAM")
    assert desk.slack.top("DUSAM") == []


async def test_what_is_missing_is_said_at_its_field(desk: Writing) -> None:
    answer = await adds(desk, name=" ", slack="")
    assert sorted(answer.body["errors"]) == ["name", "slack"]
    assert await desk.store.supporter("slack-ueve") is None


async def test_nobody_but_a_lead_adds_or_changes_people(desk: Writing) -> None:
    await desk.clicks(Action.ADD_PERSON, user="USAM", place=HOME)
    await desk.clicks(Action.EDIT_PERSON, "sam", user="USAM", place=HOME)
    assert desk.slack.modals == []
    view = await changing(desk, "sam")
    assert (await desk.submits(filled(view, role="lead"), user="USAM")).acknowledged
    assert (await person(desk, "sam")).role is Role.SUPPORTER
    assert "Only leads" in shown(desk.slack.top("DUSAM")[-1])


async def test_whoever_is_removed_loses_access_at_once_everywhere_and_their_talk_goes_back(desk: Writing) -> None:
    place = await desk.accepted()
    session = await signed_in(desk, "sam")
    view = await changing(desk, "sam")
    assert (await desk.submits(filled(view, access=["remove"]), user="ULOU")).body == {}
    assert (await person(desk, "sam")).removed
    assert await desk.store.session(digest(session)) is None
    ts = await desk.types("still me?", place)
    assert await desk.heard() == []
    assert desk.signs(place, ts) == ["x"]
    assert "don't know you" in (await desk.commands("available")).said


async def test_whoever_is_deactivated_is_gone_and_leads_are_told(desk: Writing) -> None:
    await desk.accepted()
    session = await signed_in(desk, "sam")
    since = (await desk.talk()).waiting_since
    user = {"id": "USAM", "team_id": TEAM, "deleted": True}
    for _ in range(2):
        assert (await desk.event({"type": "user_change", "user": user}, "Ev9")).acknowledged
    assert (await person(desk, "sam")).removed
    assert await desk.store.session(digest(session)) is None
    assert [each.kind for each in await desk.store.alerts()].count("supporter_left") == 1
    await sweep(desk.front, desk.store)
    talk = await desk.talk()
    assert (talk.phase, talk.supporter, talk.waiting_since) == (Phase.WAITING, None, since)


async def test_a_change_of_somebody_who_stays_is_nothing(desk: Writing) -> None:
    assert (await desk.event({"type": "user_change", "user": {"id": "USAM", "team_id": TEAM}})).acknowledged
    assert not (await person(desk, "sam")).removed


async def test_the_home_tab_of_a_stranger_says_whom_to_ask_and_a_supporters_is_drawn_by_the_lane(
    desk: Writing,
) -> None:
    for user in ("UEVE", "USAM"):
        assert (await desk.event({"type": "app_home_opened", "user": user, "tab": "home"})).acknowledged
    await desk.carry()
    assert "Hello, Sam" in shown(desk.slack.homes["USAM"])
    assert "Sam" not in shown(desk.slack.homes["UEVE"])
    assert "lead" in shown(desk.slack.homes["UEVE"])


@pytest.mark.parametrize(
    ("event", "health"),
    [
        ({"type": "tokens_revoked", "tokens": {"oauth": ["USAM"], "bot": []}}, "ok"),
        ({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UAPP"]}}, "revoked"),
        ({"type": "app_uninstalled"}, "revoked"),
    ],
)
async def test_an_app_that_was_thrown_out_shows_in_the_health(desk: Writing, event: Json, health: str) -> None:
    assert (await desk.event(event)).acknowledged
    assert desk.slack.health == health
