"""What draws a supporter's eye, and everything said so far on request."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.ids import thread_lane
from handoff.ports import DeliveryFailed, Parcel
from tests.slack.desk import Desk, in_slack
from tests.slack.workspace import shown

LOST = DeliveryFailed("Slack did not answer", unsure=True)


@pytest.fixture
async def desk() -> Desk:
    return await Desk().staffed()


async def unanswered(desk: Desk) -> None:
    """The seeker writes, and nobody answers for a while."""
    await desk.desk(e.SupporterWrote, desk="slack", text="hello", refers="slack:D1:1.1")
    await desk.writes("are you there?")
    await desk.falls_due(desk.line.policy.supporter_nudge_seconds + 1)


async def everything(desk: Desk, who: str = "sam") -> None:
    about = (await desk.talk()).id
    await desk.room.poke(desk.id(), Parcel(desk.id(), thread_lane(about), about, 0, "whole", {"supporter": who}))


async def test_a_seeker_without_an_answer_draws_the_eye_in_the_thread(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.carry()
    await unanswered(desk)
    before = len(desk.below(place))
    await desk.carry()
    assert len(desk.below(place)) == before + 2
    assert "are you there?" in shown(desk.below(place)[before])


async def test_a_nudge_whose_answer_was_lost_is_not_repeated(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.carry()
    await desk.writes("are you there?")
    await desk.carry()
    await desk.room.poke(desk.id(), nudge((await desk.talk()).id))
    before = len(desk.below(place))
    desk.slack.fail("chat.postMessage", LOST, after=True)
    await desk.through(10)
    assert len(desk.below(place)) == before + 1


async def test_everything_whose_answer_was_lost_is_not_told_twice(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.carry()
    before = len(desk.below(place))
    desk.slack.fail("chat.postMessage", LOST, after=True)
    await everything(desk)
    await desk.through(10)
    assert len(desk.below(place)) == before + 1


def nudge(about: str) -> Parcel:
    return Parcel("n1", thread_lane(about), about, 0, "nudge", {"supporter": "sam", "kind": "unanswered"})


async def test_an_open_console_draws_the_eye_itself(desk: Desk) -> None:
    await desk.add(in_slack("sam", console_until=desk.clock() + 3600))
    await desk.waits()
    await desk.desk(e.Claimed, desk="console")
    about = (await desk.talk()).id
    await desk.room.poke(desk.id(), nudge(about))
    await desk.through(20, ticking=True)
    assert desk.slack.messages.get("DUSAM", []) == []


async def test_everything_so_far_is_shown_on_request_in_order(desk: Desk) -> None:
    place = await desk.accepted()
    for said in ("first of all", "then this", "and at last this"):
        await desk.writes(said)
        await desk.carry()
    before = len(desk.below(place))
    await everything(desk)
    await desk.carry()
    told = "\n".join(shown(each) for each in desk.below(place)[before:])
    lines = ["hello there", "first of all", "then this", "and at last this"]
    assert sorted(lines, key=told.index) == lines


async def test_nobody_else_is_shown_everything(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.writes("canary words")
    await desk.carry()
    await desk.desk(e.Transferred, desk="slack", to="lee")
    await desk.carry()
    lees = await desk.thread_of((await desk.talk()).id)
    before = len(desk.below(place)), len(desk.below(lees))
    await everything(desk, "sam")
    await desk.carry()
    assert (len(desk.below(place)), len(desk.below(lees))) == before


async def test_a_long_talk_that_is_interrupted_goes_on_where_it_stopped(desk: Desk) -> None:
    place = await desk.accepted()
    for number in range(12):
        await desk.writes(f"line {number:02d} " + "word " * 700)
        await desk.carry()
    before = len(desk.below(place))
    await everything(desk)
    desk.slack.fail("chat.postMessage", DeliveryFailed("told to wait", 2.0))
    await desk.carry()
    await desk.through(5)
    told = [shown(each) for each in desk.below(place)[before:]]
    assert len(told) > 1
    assert all("".join(told).count(f"line {number:02d} ") == 1 for number in range(12))
