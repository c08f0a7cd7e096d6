"""A key that is missing where a few things still rest under it: those wait, and everybody else is served."""

from __future__ import annotations

import asyncio

import redis

from handoff.carrying import Carried, Route
from handoff.core.policy import Policy
from handoff.lanes import LaneWorker
from handoff.ports import LaneHold, Parcel
from handoff.sealing import Sealer
from handoff.store.redis import RedisStore
from tests.privacy.conftest import NEW, OLD
from tests.store.making import a_parcel, save, until


async def test_a_lane_sealed_with_a_missing_key_waits_and_holds_nobody_else_up(redis_url: str) -> None:
    early = await RedisStore.connect(redis_url, "main", Policy(), Sealer([OLD]))
    await save(early, now=1.0, parcels=(a_parcel("telegram:1", text="sealed with the old key"),))
    with redis.Redis.from_url(redis_url) as client:
        client.set("{main}:secret", Sealer([NEW]).seal(Sealer([OLD]).open(client.get("{main}:secret") or b"")))
    hasty = await RedisStore.connect(redis_url, "main", Policy(), Sealer([NEW]))
    await save(hasty, now=2.0, parcels=(a_parcel("telegram:2", text="sealed with the new key"),))
    carried: list[Parcel] = []

    async def carry(hold: LaneHold) -> Carried:
        carried.extend(hold.parcels)
        return Carried(settled=len(hold.parcels))

    async def worked(store: RedisStore, count: int, later: float) -> None:
        async def buried(parcel: Parcel) -> None:
            raise AssertionError("nothing is given up")

        now = asyncio.get_running_loop().time
        began = now()
        worker = LaneWorker(store, Route("telegram", carry, lease=5), lambda: 10.0 + later + now() - began, buried)
        working = asyncio.create_task(worker.run())

        async def all_carried() -> bool:
            worker.stir()
            return len(carried) == count

        await until(all_carried)
        assert not working.done(), "the worker goes on"
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    await worked(hasty, 1, 0.0)
    assert carried[0].body["text"] == "sealed with the new key"
    both = await RedisStore.connect(redis_url, "main", Policy(), Sealer([NEW, OLD]))
    await worked(both, 2, 60.0)
    assert carried[1].body["text"] == "sealed with the old key", "nothing was lost"
    for each in (early, hasty, both):
        await each.close()
