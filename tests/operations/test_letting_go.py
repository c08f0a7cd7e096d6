"""A lane worker that is let go: it finishes what it carries, or leaves it to others at once; it claims no more."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import SimpleNamespace
from typing import cast

import pytest

from handoff import vigil
from handoff.carrying import Carried, Route
from handoff.core.policy import Policy
from handoff.house import House
from handoff.lanes import LaneWorker
from handoff.ports import Commit, LaneHold, Parcel, Store
from handoff.store.memory import MemoryStore
from tests.core.making import NOW


class Carrier:
    """Takes until it is told to go on."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.go_on = asyncio.Event()
        self.carried = 0

    async def carry(self, _hold: LaneHold) -> Carried:
        self.began.set()
        await self.go_on.wait()
        self.carried += 1
        return Carried(settled=1)


async def bury(_parcel: Parcel) -> None:
    raise AssertionError("nothing dies here")


async def working(store: Store, carrier: Carrier) -> tuple[LaneWorker, asyncio.Task[None]]:
    """A worker in the middle of carrying, with more behind it."""
    parcels = tuple(Parcel(f"p{n}", lane, "", 0, "entry", {}) for n, lane in enumerate(("chat:1", "chat:1", "chat:2")))
    await store.commit(Commit(event_id="e1", parcels=parcels), NOW)
    worker = LaneWorker(store, Route("chat", carrier.carry, at_once=1), lambda: NOW, bury)
    running = asyncio.create_task(worker.run())
    await carrier.began.wait()
    return worker, running


async def test_what_is_under_way_is_finished_and_no_more_is_claimed() -> None:
    store, carrier = MemoryStore("test", Policy()), Carrier()
    worker, running = await working(store, carrier)
    leaving = asyncio.create_task(worker.let_go(30))
    await asyncio.sleep(0)
    carrier.go_on.set()
    await leaving
    await running
    assert carrier.carried == 1
    holds = [await store.claim_lane(["chat"], 30, NOW) for _ in range(2)]
    assert sorted((hold.lane, hold.unsure) for hold in holds if hold) == [("chat:1", False), ("chat:2", False)]


async def test_what_takes_too_long_is_left_to_others_at_once_and_they_are_told() -> None:
    store, carrier = MemoryStore("test", Policy()), Carrier()
    worker, running = await working(store, carrier)
    await worker.let_go(0.05)
    await running
    holds = {hold.lane: hold for _ in range(2) if (hold := await store.claim_lane(["chat"], 30, NOW))}
    assert (holds["chat:1"].unsure, holds["chat:1"].attempts) == (True, 0)
    assert holds["chat:1"].parcels[0].id == "p0"
    assert not holds["chat:2"].unsure


async def test_a_worker_that_is_ended_without_notice_leaves_its_lane_to_others_too() -> None:
    store, carrier = MemoryStore("test", Policy()), Carrier()
    _, running = await working(store, carrier)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    holds = {hold.lane: hold for _ in range(2) if (hold := await store.claim_lane(["chat"], 30, NOW))}
    assert holds["chat:1"].unsure


async def test_whoever_kept_the_vigil_leaves_it_to_another_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    store, looked = MemoryStore("test", Policy()), asyncio.Event()

    async def look(_house: House) -> dict[str, str]:
        looked.set()
        return {}

    monkeypatch.setattr(vigil, "look", look)
    watch = vigil.Vigil(cast(House, SimpleNamespace(store=store)), every=0.01)
    running = asyncio.create_task(watch.run())
    await looked.wait()
    assert not await store.lease("vigil", "another", 30)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await asyncio.sleep(0.05)
    assert await store.lease("vigil", "another", 30)
