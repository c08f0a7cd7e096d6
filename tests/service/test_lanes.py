"""The lane worker: in order, one head at a time, backing off, giving up aloud, and never twice what is held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from handoff import lanes
from handoff.carrying import Carried, Route, backoff
from handoff.lanes import LaneWorker
from handoff.ports import Commit, LaneHold, Parcel, StoreDown
from tests.service.house import House
from tests.store.making import a_parcel, until


class Carrier:
    """Remembers what it was handed, and answers as it was told to; with everything settled otherwise."""

    def __init__(self, *answers: Carried | Exception) -> None:
        self.answers = list(answers)
        self.carried: list[str] = []
        self.holds: list[LaneHold] = []
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, hold: LaneHold) -> Carried:
        self.holds.append(hold)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.gate.wait()
            answer = self.answers.pop(0) if self.answers else Carried(settled=len(hold.parcels))
            if isinstance(answer, Exception):
                raise answer
        finally:
            self.at_once -= 1
        self.carried += [parcel.body["text"] for parcel in hold.parcels[: answer.settled]]
        return answer


@pytest.fixture
def house() -> House:
    return House()


@asynccontextmanager
async def working(house: House, carrier: Carrier, **route: float) -> AsyncIterator[LaneWorker]:
    """A worker of the `telegram` lanes, while it works."""
    made = replace(Route("telegram", carrier), **route)  # type: ignore[arg-type]
    worker = LaneWorker(house.store, made, house.clock, house.front.buried)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        task.cancel()
        await asyncio.wait({task})


async def put(house: House, *texts: str, lane: str = "telegram:1") -> None:
    parcels = tuple(a_parcel(lane, text=text) for text in texts)
    await house.store.commit(Commit(event_id=house.id(), parcels=parcels), house.clock())


async def happens(condition: Callable[[], bool]) -> None:
    async def holds() -> bool:
        return condition()

    await until(holds)


def no_lanes(house: House) -> Callable[[], Awaitable[bool]]:
    async def empty() -> bool:
        return (await house.store.counts())["lanes"] == 0

    return empty


async def test_a_lane_is_carried_in_order(house: House) -> None:
    carrier = Carrier()
    async with working(house, carrier):
        await put(house, "one", "two", "three")
        await until(no_lanes(house))
    assert carrier.carried == ["one", "two", "three"]
    assert {len(hold.parcels) for hold in carrier.holds} == {1}


async def test_one_lane_has_one_carrier_at_a_time_and_other_lanes_do_not_wait_for_it(house: House) -> None:
    carrier = Carrier()
    carrier.gate.clear()
    async with working(house, carrier, at_once=4) as worker:
        await put(house, "a1", "a2", lane="telegram:1")
        await put(house, "b1", lane="telegram:2")
        worker.stir()
        await happens(lambda: carrier.at_once == 2)
        carrier.gate.set()
        await until(no_lanes(house))
    assert carrier.most_at_once == 2
    assert [text for text in carrier.carried if text.startswith("a")] == ["a1", "a2"]


async def test_no_more_is_carried_at_once_than_the_route_allows(house: House) -> None:
    carrier = Carrier()
    carrier.gate.clear()
    for count in range(6):
        await put(house, f"text {count}", lane=f"telegram:{count}")
    async with working(house, carrier, at_once=3):
        await happens(lambda: carrier.at_once == 3)
        carrier.gate.set()
        await until(no_lanes(house))
    assert carrier.most_at_once == 3


async def test_a_batch_is_handed_over_whole_and_settled_as_far_as_it_went(house: House) -> None:
    carrier = Carrier(Carried(settled=2))
    await put(house, *(f"{count}" for count in range(5)))
    async with working(house, carrier, most=4):
        await until(no_lanes(house))
    assert [len(hold.parcels) for hold in carrier.holds] == [4, 3]
    assert carrier.carried == ["0", "1", "2", "3", "4"]


async def test_what_failed_is_tried_again_later_and_nothing_overtakes_it(house: House) -> None:
    carrier = Carrier(Carried(retry=5), Carried(retry=5))
    await put(house, "one", "two")
    async with working(house, carrier) as worker:
        for tries in (1, 2):
            worker.stir()
            await happens(lambda tries=tries: len(carrier.holds) >= tries)  # type: ignore[misc]
            await asyncio.sleep(0.02)
            assert carrier.carried == []
            house.clock.now += 5
        worker.stir()
        await until(no_lanes(house))
    assert carrier.carried == ["one", "two"]
    assert [hold.attempts for hold in carrier.holds] == [0, 1, 2, 0]


async def test_being_told_when_to_come_back_is_no_failed_attempt(house: House) -> None:
    carrier = Carrier(Carried(retry=5, told=True))
    await put(house, "one")
    async with working(house, carrier) as worker:
        await happens(lambda: len(carrier.holds) == 1)
        await asyncio.sleep(0.02)
        house.clock.now += 6
        worker.stir()
        await until(no_lanes(house))
    assert [hold.attempts for hold in carrier.holds] == [0, 0]


def test_back_off_doubles_up_to_a_minute_and_spreads() -> None:
    for attempts, longest in ((0, 1), (1, 2), (5, 32), (6, 60), (1000, 60)):
        waits = {backoff(attempts) for _ in range(50)}
        assert all(longest * 0.75 <= wait <= longest for wait in waits)
        assert len(waits) > 1


async def test_what_is_given_up_is_kept_and_pages_a_lead_and_the_others_go_on(house: House) -> None:
    carrier = Carrier(Carried(give_up="the platform says that there is no such chat"))
    await put(house, "one", "two")
    async with working(house, carrier):
        await until(no_lanes(house))
    letters = await house.store.dead_letters()
    assert [(letter.parcel.body["text"], letter.reason) for letter in letters] == [
        ("one", "the platform says that there is no such chat")
    ]
    assert carrier.carried == ["two"]
    alerts = await house.store.alerts()
    assert [(alert.kind, alert.urgent) for alert in alerts] == [("dead_letter", True)]
    assert "one" not in alerts[0].text


async def test_a_page_that_cannot_be_sent_buries_nothing_in_silence(house: House) -> None:
    """The store is lost between the two: the parcel is still in its lane, and is tried again."""

    async def buried(parcel: Parcel) -> None:
        raise StoreDown("lost just now")

    await put(house, "one")
    carrier = Carrier(Carried(give_up="no such chat"))
    worker = LaneWorker(house.store, Route("telegram", carrier), house.clock, buried)
    task = asyncio.create_task(worker.run())
    await happens(lambda: len(carrier.holds) == 1)
    await asyncio.sleep(0.01)
    assert await house.store.dead_letters() == []
    house.clock.now += 60
    worker.stir()
    await until(no_lanes(house))
    task.cancel()
    await asyncio.wait({task})
    assert carrier.carried == ["one"]


async def test_a_hold_that_was_lost_changes_nothing(house: House) -> None:
    """Another process took the lane over meanwhile: what this one did to it does not count."""
    carrier = Carrier()
    carrier.gate.clear()
    await put(house, "one", "two")
    async with working(house, carrier, lease=1):
        await happens(lambda: carrier.at_once == 1)
        house.clock.now += 2
        theirs = await house.store.claim_lane(["telegram"], 1000, house.clock())
        assert theirs is not None
        carrier.gate.set()
        await happens(lambda: carrier.carried == ["one"])
        await asyncio.sleep(0.01)
    assert [parcel.body["text"] for parcel in theirs.parcels] == ["one"]
    assert await house.store.settle(theirs, 1, house.clock())


async def test_a_hold_is_renewed_while_its_head_is_carried(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_RENEWED", 1000)
    carrier = Carrier()
    carrier.gate.clear()
    await put(house, "one")
    async with working(house, carrier, lease=10) as worker:
        await happens(lambda: carrier.at_once == 1)
        house.clock.now += 9
        await asyncio.sleep(0.1)
        house.clock.now += 9
        assert await house.store.claim_lane(["telegram"], 10, house.clock()) is None
        carrier.gate.set()
        worker.stir()
        await until(no_lanes(house))
    assert [hold.attempts for hold in carrier.holds] == [0]


async def test_a_carrier_that_is_stuck_loses_its_hold_in_the_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_RENEWED", 1000)
    monkeypatch.setattr(lanes, "_LONGEST_HOLD", 0.05)
    carrier = Carrier()
    carrier.gate.clear()
    await put(house, "one")
    async with working(house, carrier, lease=10):
        await happens(lambda: carrier.at_once == 1)
        await asyncio.sleep(0.2)
        house.clock.now += 11
        assert await house.store.claim_lane(["telegram"], 10, house.clock()) is not None


async def test_a_store_lost_while_carrying_costs_a_second_and_not_the_whole_lease(house: House) -> None:
    carrier = Carrier(StoreDown("lost just now"))
    await put(house, "one")
    async with working(house, carrier, lease=1000) as worker:
        await happens(lambda: len(carrier.holds) == 1)
        await asyncio.sleep(0.01)
        house.clock.now += 1
        worker.stir()
        await until(no_lanes(house))
    assert carrier.carried == ["one"]
    assert [hold.attempts for hold in carrier.holds] == [0, 0]


async def test_a_store_that_stays_away_for_a_while_costs_no_more_than_that_while(house: House) -> None:
    carrier = Carrier()
    carrier.gate.clear()
    began = house.clock.now
    await put(house, "one")
    async with working(house, carrier, lease=1000) as worker:
        await happens(lambda: carrier.at_once == 1)
        house.store.down = True
        carrier.gate.set()
        await happens(lambda: carrier.carried == ["one"])
        await asyncio.sleep(0.7)
        house.store.down = False

        async def again() -> bool:
            house.clock.now += 1
            worker.stir()
            return len(carrier.holds) == 2

        await until(again)
        await until(no_lanes(house))
    assert house.clock.now < began + 1000
    assert carrier.holds[1].unsure


async def test_a_worker_waits_for_a_store_that_is_down(house: House) -> None:
    carrier = Carrier()
    house.store.down = True
    async with working(house, carrier) as worker:
        worker.stir()
        await asyncio.sleep(0.01)
        house.store.down = False
        await put(house, "one")
        worker.stir()
        await until(no_lanes(house))
    assert carrier.carried == ["one"]


async def test_a_carrier_with_a_defect_is_logged_without_words_and_tried_again_before_the_lease_ends(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    carrier = Carrier(ValueError("canary"))
    await put(house, "one", lane="telegram:1")
    await put(house, "two", lane="telegram:2")
    async with working(house, carrier, at_once=1, lease=1000) as worker:
        await happens(lambda: carrier.carried == ["two"])
        house.clock.now += 1
        worker.stir()
        await until(no_lanes(house))
    assert carrier.carried == ["two", "one"]
    assert [(hold.attempts, hold.unsure) for hold in carrier.holds] == [(0, False), (0, False), (1, True)]
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["carrier_broke"]
