"""When Slack is slow: no turn outlasts its hold on the lane, and nothing is lost or doubled in the next one."""

from __future__ import annotations

import pytest

from connectors.slack.catching_up import TURN
from handoff.core.ids import thread_lane
from handoff.ports import Parcel
from tests.slack.desk import Desk
from tests.slack.workspace import Json, shown

LONG = "word " * 700


@pytest.fixture
async def desk() -> Desk:
    return await Desk().staffed()


def slow(desk: Desk, seconds: float) -> None:
    """Every call takes so long from now on."""

    def take() -> None:
        desk.clock.now += seconds

    desk.slack.takes_time = take


def numbers(messages: list[Json]) -> list[int]:
    told = "".join(shown(each) for each in messages)
    return [int(part.split()[0]) for part in told.split("line ")[1:]]


async def written(desk: Desk, lines: int) -> None:
    for number in range(lines):
        await desk.writes(f"line {number} {LONG}")


async def turn(desk: Desk) -> float:
    """One turn of the thread's lane; how long it took."""
    _, most, lease, worker = next(each for each in desk.workers if each[0] == "thread")
    hold = await desk.store.claim_lane(["thread"], lease, desk.clock(), most=most)
    assert hold is not None
    begun = desk.clock()
    await worker._work(hold)
    return desk.clock() - begun


async def test_what_piled_up_is_posted_in_several_turns_in_order(desk: Desk) -> None:
    place = await desk.accepted()
    await written(desk, 20)
    slow(desk, 4.0)
    before = len(desk.below(place))
    assert await turn(desk) <= TURN + 5
    assert 0 < len(desk.below(place)) - before < 20
    slow(desk, 0.0)
    await desk.carry()
    assert numbers(desk.below(place)[before:]) == list(range(20))


async def test_a_whole_talk_is_posted_in_several_turns_in_order(desk: Desk) -> None:
    place = await desk.accepted()
    await written(desk, 30)
    await desk.carry()
    about = (await desk.talk()).id
    await desk.room.poke(desk.id(), Parcel(desk.id(), thread_lane(about), about, 0, "whole", {"supporter": "sam"}))
    slow(desk, 4.0)
    before = len(desk.below(place))
    assert await turn(desk) <= TURN + 5
    slow(desk, 0.0)
    await desk.carry()
    assert numbers(desk.below(place)[before:]) == list(range(30))
