"""The line's clock: what Redis says, whatever the machine's own wall clock does."""

from __future__ import annotations

import time

import pytest

from handoff.clock import LineClock
from handoff.core.policy import Policy
from handoff.ports import Commit
from handoff.sealing import Sealer
from handoff.store.redis import RedisStore
from tests.store.making import a_parcel


class Steady:
    """A steady clock that a test moves on."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_wall_clock_that_steps_moves_nothing() -> None:
    wall, steady = [5000.0], Steady()
    clock = LineClock(lambda: wall[0], steady)
    wall[0] -= 3600
    steady.seconds += 7
    assert clock() == 5007


@pytest.mark.parametrize(("told", "took", "now"), [(9000.0, 0.0, 9000.0), (4000.0, 2.0, 4001.0), (5003.0, 1.0, 5003.5)])
def test_it_follows_the_store(told: float, took: float, now: float) -> None:
    clock = LineClock(lambda: 5000.0, Steady())
    clock.hear(told, took)
    assert clock() == now


@pytest.mark.parametrize(("told", "took"), [(4998.0, 2.0), (4999.0, 1.5), (5000.05, 0.0), (4999.95, 0.0)])
def test_an_answer_that_agrees_changes_nothing(told: float, took: float) -> None:
    """A late answer says only that the store's time is somewhere between."""
    clock = LineClock(lambda: 5000.0, Steady())
    clock.hear(told, took)
    assert clock() == 5000


def test_much_of_a_difference_is_told_with_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    clock = LineClock(lambda: 5000.0, Steady())
    clock.hear(5003.0, 0.0)
    clock.hear(1403.0, 0.0)
    assert [(each.message, each.__dict__["seconds"]) for each in caplog.records] == [("clock_differs", 3600.0)]


async def test_each_new_connection_and_each_ping_tells_the_time_of_redis(redis_url: str) -> None:
    clock = LineClock(lambda: time.time() - 3600)
    store = RedisStore(redis_url, "main", Policy(), Sealer([b"k" * 32]), hears_time=clock.hear)
    await store.conversation("nobody")
    assert abs(clock() - time.time()) < 2
    clock.hear(1.0, 0.0)
    await store.ping()
    assert abs(clock() - time.time()) < 2
    await store.close()


async def test_who_has_the_wrong_time_neither_takes_what_is_held_nor_loses_what_it_holds(redis_url: str) -> None:
    late, right = LineClock(lambda: time.time() - 3600), LineClock()
    sealer = Sealer([b"k" * 32])
    stores = [RedisStore(redis_url, "main", Policy(), sealer, hears_time=each.hear) for each in (late, right)]
    await stores[0].commit(Commit(event_id="e1", parcels=(a_parcel("telegram:1"),)), late())
    assert await stores[0].claim_lane(["telegram"], 30, late()) is not None
    assert await stores[1].claim_lane(["telegram"], 30, right()) is None
    for each in stores:
        await each.close()
