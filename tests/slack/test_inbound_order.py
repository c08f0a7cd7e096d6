"""Events that come twice, late, out of order or in shapes nobody asked for, through one process or two."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from connectors.slack import missed
from connectors.slack.inbound import Inbound
from handoff.core import events as e
from handoff.core.entries import EntryKind
from handoff.ports import DeliveryFailed, LaneHold, Parcel
from tests.slack.fakes import Writing, message
from tests.slack.workspace import Json
from tests.store.making import until

SAID = ("one", "two", "three", "four", "five")


@pytest.fixture
async def desk() -> Writing:
    made = Writing()
    await made.staffed()
    return made


async def test_two_processes_that_get_everything_twice_say_it_once_and_in_order(desk: Writing) -> None:
    place = await desk.accepted()
    other = desk.another_inbound()
    for number, said in enumerate(SAID):
        ts = desk.slack.person_writes(place.channel, place.ts, said)
        event = message(said, place, ts)
        by = (desk.inbound, other)
        await asyncio.gather(*(desk.event(event, f"Ev-{number}-{each}", by[each]) for each in (0, 1)))
        await asyncio.gather(desk.carry(), desk.carry())
    assert await desk.heard() == list(SAID)


async def test_whatever_slack_refuses_meanwhile_nothing_is_lost_doubled_or_reordered(desk: Writing) -> None:
    place = await desk.accepted()
    chance = random.Random(7)
    for said in SAID:
        ts = desk.slack.person_writes(place.channel, place.ts, said)
        event = message(said, place, ts, subtype="file_share", files=[{"url_private_download": "u", "size": 1}])
        desk.slack.files_there["u"] = b"picture"
        for _ in range(chance.randint(0, 3)):
            desk.slack.fail("download", DeliveryFailed("told to wait", 2))
        for _ in range(chance.randint(1, 3)):
            await desk.event(event)
        await desk.carry()
    await desk.through(60)
    assert await desk.heard() == list(SAID)


async def test_an_edit_that_comes_twice_is_one_edit_and_the_next_edit_is_another(desk: Writing) -> None:
    place = await desk.accepted()
    ts = await desk.types("helo", place)
    for _ in range(2):
        await desk.changes(ts, "hello", place)
    later = {**message("hello!", place, ts), "edited": {"user": "USAM", "ts": "99.9"}}
    event = {
        "type": "message", "subtype": "message_changed", "channel": place.channel, "channel_type": "im",
        "message": later, "previous_message": message("hello", place, ts), "ts": "99.9",
    }  # fmt: skip
    await desk.event(event)
    await desk.carry()
    assert [each.text for each in await desk.feed() if each.kind is EntryKind.EDIT] == ["hello", "hello!"]


async def test_a_thread_that_is_also_sent_to_the_channel_is_one_message(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.types("both", place, subtype="thread_broadcast")
    assert await desk.heard() == ["both"]


@pytest.mark.parametrize(
    "odd",
    [
        {"subtype": "channel_topic"},
        {"subtype": "message_replied"},
        {"subtype": "message_changed", "message": {}, "previous_message": {}},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted", "deleted_ts": "1.1"},
        {"subtype": "message_deleted", "deleted_ts": "1.1", "previous_message": None},
        {"subtype": "bot_message", "bot_id": "B9"},
    ],
    ids=lambda odd: str(sorted(odd.items())),
)
async def test_what_is_nobodys_words_is_acknowledged_and_passed_over(desk: Writing, odd: Json) -> None:
    place = await desk.accepted()
    before = desk.slack.count("chat.postMessage")
    assert (await desk.event({**message("odd", place, "5.5"), **odd})).acknowledged
    await desk.carry()
    assert await desk.heard() == []
    assert desk.slack.count("chat.postMessage") == before


async def test_a_message_that_slack_replaced_by_a_tombstone_was_taken_back(desk: Writing) -> None:
    place = await desk.accepted()
    ts = await desk.types("helo", place)
    event = {
        "type": "message", "subtype": "message_changed", "channel": place.channel, "channel_type": "im", "ts": "6.6",
        "message": {**message("This message was deleted.", place, ts), "subtype": "tombstone", "user": "USLACKBOT"},
        "previous_message": message("helo", place, ts),
    }  # fmt: skip
    assert (await desk.event(event)).acknowledged
    await desk.carry()
    assert [each.kind for each in await desk.feed() if each.speaker.value == "supporter"][-1] is EntryKind.UNSAID


async def test_an_event_over_and_over_at_once_is_saved_once(desk: Writing) -> None:
    place = await desk.accepted()
    event = message("once", place, desk.slack.person_writes(place.channel, place.ts, "once"))
    answers = await asyncio.gather(*(desk.event(event, f"Ev{each % 2}") for each in range(10)))
    assert all(answer.acknowledged for answer in answers)
    await desk.carry()
    assert await desk.heard() == ["once"]


async def test_words_carried_after_the_conversation_went_elsewhere_reach_neither(desk: Writing) -> None:
    place = await desk.accepted()
    event: dict[str, Any] = message("for the first", place, "7.7")
    await desk.event(event)
    await desk.desk(e.Transferred, to="lee", desk="console")
    await desk.carry()
    assert await desk.heard() == []


async def test_a_file_share_keeps_no_name_that_somebody_gave_it(desk: Writing) -> None:
    place = await desk.accepted()
    file = {"url_private_download": "u", "size": 1, "name": "canary.png", "title": "canary"}
    await desk.event(message("", place, "8.8", subtype="file_share", files=[file]))
    hold = await desk.store.claim_lane(["deskin"], 1, desk.clock())
    assert hold is not None
    assert "canary" not in str(hold.parcels[0].body)


async def test_what_slack_never_told_is_fetched_from_the_thread_and_said_first(desk: Writing) -> None:
    place = await desk.accepted()
    desk.slack.person_writes(place.channel, place.ts, "one")
    await desk.types("two", place)
    assert await desk.heard() == ["one", "two"]


@pytest.mark.parametrize("odd", [{"bot_id": "B9", "user": "UBOT"}, {"subtype": "channel_topic"}], ids=str)
async def test_a_message_in_the_thread_that_is_nobodys_words_holds_up_nobody(desk: Writing, odd: Json) -> None:
    place = await desk.accepted()
    desk.slack.person_writes(place.channel, place.ts, "odd")
    desk.slack.messages[place.channel][-1] |= odd
    ts = desk.slack.person_writes(place.channel, place.ts, "hello")
    await desk.event(message("hello", place, ts))
    carry = desk.inbound.routes()[0].carry
    holds = [await desk.store.claim_lane(["deskin"], 0, desk.clock(), most=20) for _ in range(2)]
    assert [(await carry(each)).settled for each in holds if each] == [0, 1]
    assert await desk.heard() == ["hello"]


async def test_what_another_process_saved_after_the_lane_was_claimed_is_said_first(desk: Writing) -> None:
    place = await desk.accepted()
    sent = [message(each, place, desk.slack.person_writes(place.channel, place.ts, each)) for each in ("one", "two")]
    await desk.event(sent[1])
    early = await desk.store.claim_lane(["deskin"], 1, desk.clock(), most=20)
    assert early is not None
    await desk.event(sent[0], by=desk.another_inbound())
    carried = await desk.inbound.routes()[0].carry(early)
    assert (carried.settled, carried.retry) == (0, 0.0)
    await desk.store.postpone(early, desk.clock())
    await carried_by(desk.inbound, desk)
    assert await desk.heard() == ["one", "two"]


async def test_a_store_that_was_away_makes_every_process_doubt(desk: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as long_ago:
        long_ago.setattr(missed, "_DOUBT", -1.0)
        sure = desk.another_inbound()
    async with running(sure):
        await until(lambda: in_doubt(desk))
        await desk.store.drop("slack:doubt")
        desk.store.down = True
        await asyncio.sleep(1.0)
        desk.store.down = False
        await until(lambda: in_doubt(desk))


@asynccontextmanager
async def running(inbound: Inbound) -> AsyncIterator[None]:
    """What goes on in the background of one process."""
    task = asyncio.create_task(inbound.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def carried_by(inbound: Inbound, desk: Writing) -> None:
    """Everything that is due, by this process alone."""
    carry = inbound.routes()[0].carry
    while hold := await desk.store.claim_lane(["deskin"], 1, desk.clock(), most=20):
        carried = await carry(hold)
        if carried.settled:
            await desk.store.settle(hold, carried.settled, desk.clock())
        else:
            await desk.store.postpone(hold, desk.clock())


async def in_doubt(desk: Writing) -> bool:
    return await desk.room.kept.is_in_doubt()


async def test_what_one_process_could_not_save_is_fetched_by_the_other(
    desk: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await desk.accepted()
    with monkeypatch.context() as long_ago:
        long_ago.setattr(missed, "_DOUBT", -1.0)
        sure, other = desk.another_inbound(), desk.another_inbound()
    first = message("one", place, desk.slack.person_writes(place.channel, place.ts, "one"))
    async with running(other):
        await until(lambda: in_doubt(desk))
        await desk.store.drop("slack:doubt")
        desk.store.down = True
        assert not (await desk.event(first, by=other)).acknowledged
        desk.store.down = False
        await until(lambda: in_doubt(desk))
    second = message("two", place, desk.slack.person_writes(place.channel, place.ts, "two"))
    assert (await desk.event(second, by=sure)).acknowledged
    await carried_by(sure, desk)
    assert await desk.heard() == ["one", "two"]


async def test_a_process_that_begins_tells_the_others_that_it_may_not_know_what_came_before(desk: Writing) -> None:
    assert not await in_doubt(desk)
    async with running(desk.inbound):
        await until(lambda: in_doubt(desk))


async def test_what_slack_sends_again_makes_us_doubt_that_others_have_everything(
    desk: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may stand still with something in its hands."""
    with monkeypatch.context() as long_ago:
        long_ago.setattr(missed, "_DOUBT", -1.0)
        sure = desk.another_inbound()
    place = await desk.accepted()
    desk.slack.person_writes(place.channel, place.ts, "one")
    second = message("two", place, desk.slack.person_writes(place.channel, place.ts, "two"))
    await desk.event(second, by=sure, tried=1)
    await carried_by(sure, desk)
    assert await desk.heard() == ["one", "two"]


@pytest.mark.parametrize(("failures", "heard"), [(3, ["one", "two"]), (9, ["two"])])
async def test_a_thread_that_cannot_be_read_is_waited_for_a_few_times(
    desk: Writing, failures: int, heard: list[str]
) -> None:
    """What is late is better out of order than not said."""
    place = await desk.accepted()
    desk.slack.person_writes(place.channel, place.ts, "one")
    desk.slack.fail("conversations.replies", DeliveryFailed("Slack did not answer"), times=failures)
    await desk.types("two", place)
    assert await desk.heard() == []
    await desk.through(30)
    assert await desk.heard() == heard


async def test_what_was_sent_before_a_failure_is_not_called_unsent_when_the_talk_is_over_by_then(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.event(message("bye", place, desk.slack.person_writes(place.channel, place.ts, "bye")))
    await desk.carry()
    await desk.desk(e.SupporterClosed, desk="slack", outcome="supported")
    await desk.carry()
    [said] = [each for each in desk.slack.messages[place.channel] if each.get("text") == "bye"]
    body = {"team": "T1", "user": "USAM", "channel": place.channel, "thread": place.ts, "text": "bye", "files": []}
    name = f"{place.channel}:{said['ts']}"
    parcel = Parcel(f"slack:{name}", f"deskin:{name}", "", 0, "said", {**body, "ts": said["ts"]})
    before = desk.slack.count("chat.postMessage")
    hold = LaneHold(parcel.lane, 1, 1, (parcel,), True)
    assert (await desk.inbound._inbox.carry(hold)).settled == 1
    assert desk.slack.count("chat.postMessage") == before
    assert desk.slack.count("reactions.add") == 0


async def test_without_a_doubt_no_thread_is_asked_for(desk: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    place = await desk.accepted()
    with monkeypatch.context() as long_ago:
        long_ago.setattr(missed, "_DOUBT", -1.0)
        sure = desk.another_inbound()
    await desk.event(message("one", place, desk.slack.person_writes(place.channel, place.ts, "one")), by=sure)
    await carried_by(sure, desk)
    assert await desk.heard() == ["one"]
    assert desk.slack.count("conversations.replies") == 0
