"""The same desk over the real store: what is kept outlives a restart, and an erasure takes it along."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from handoff.core import events as e
from handoff.core.policy import Policy
from handoff.ports import DeliveryFailed
from handoff.sealing import Sealer
from handoff.store.redis import RedisStore
from tests.slack.desk import Desk
from tests.slack.workspace import LEADS, ME, QUEUE, TEAM, buttons, shown


@pytest.fixture
async def desk(redis_url: str) -> AsyncIterator[Desk]:
    store = RedisStore(redis_url, "test", Policy(), Sealer([b"k" * 32]))
    yield await Desk(store).staffed()
    await store.close()


async def test_a_whole_talk_is_shown_once_also_after_a_restart(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.writes("one")
    await desk.carry()
    desk.workers = desk.another_process(desk.another_room())
    await desk.writes("two")
    await desk.through(30, ticking=True)
    told = [shown(each) for each in desk.below(place)]
    assert sum("one" in each for each in told) == 1
    assert sum("two" in each for each in told) == 1
    assert len(desk.slack.top(QUEUE)) == 1
    await desk.desk(e.SupporterClosed, desk="slack", outcome="supported")
    await desk.carry()
    assert buttons(desk.root(place)) == []


async def test_a_lost_answer_doubles_nothing(desk: Desk) -> None:
    place = await desk.accepted()
    desk.slack.fail("chat.postMessage", DeliveryFailed("Slack did not answer", unsure=True), after=True)
    await desk.writes("only once")
    await desk.through(5)
    assert sum("only once" in shown(each) for each in desk.below(place)) == 1


async def test_an_erasure_takes_everything_of_ours_back_and_is_remembered_as_one(desk: Desk) -> None:
    place = await desk.accepted()
    about = (await desk.talk()).id
    desk.slack.person_writes(place.channel, place.ts, "what the supporter wrote")
    await desk.taps("warmline:forget_confirmed")
    await desk.carry()
    await desk.erase()
    await desk.through(10)
    assert [each for each in desk.slack.messages["DUSAM"] if each["user"] == ME.user] == []
    assert desk.slack.top(QUEUE) == []
    assert len(desk.slack.top(LEADS)) == 1
    assert (await desk.room.kept.talk(about)).threads == ()
    thread = await desk.room.kept.thread(TEAM, place.channel, place.ts)
    assert thread is not None
    assert thread.state == "erased"


async def test_a_crisis_is_reminded_of_and_brought_to_its_assignee(desk: Desk) -> None:
    first = await desk.crisis()
    await desk.through(130, ticking=True)
    assert "queue_accept" in buttons(desk.slack.top(f"DU{first.upper()}")[0])
    [post] = [each for each in desk.slack.top(LEADS) if "alert_take_over" in buttons(each)]
    assert len(desk.slack.thread(LEADS, post["ts"])) == 2
