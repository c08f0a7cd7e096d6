"""The lane worker: claims a lane that is due, hands its head to whoever carries that kind, settles or postpones it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from handoff.carrying import Carried, Route, backoff
from handoff.ports import LaneHold, Parcel, Store, StoreDown
from handoff.sealing import SealBroken
from handoff.watching.port import UNWATCHED, Watching

_log = logging.getLogger(__name__)

_IDLE_SECONDS = 0.5
"""How often an idle worker looks by itself: for what another process left, or what has become due."""
_FIRST_RETRY = 1.0
_RENEWED = 3
"""How often a hold is renewed before it would end."""
_LONGEST_HOLD = 180.0
"""Seconds after which a hold is renewed no more: above the longest that any carrier means to take."""


class LaneWorker:
    """Works all lanes of one kind in this process. Others may work the same kind: the lease keeps them apart."""

    def __init__(
        self,
        store: Store,
        route: Route,
        clock: Callable[[], float],
        buried: Callable[[Parcel], Awaitable[None]],
        watching: Watching = UNWATCHED,
    ) -> None:
        self._store = store
        self._buried = buried
        self._route = route
        self._clock = clock
        self._watching = watching
        self._leaving = asyncio.Event()
        self._claims_no_more = asyncio.Event()
        self._claims_no_more.set()
        self._stirred = asyncio.Event()
        self._free = asyncio.Semaphore(route.at_once)
        self._carrying: set[asyncio.Task[None]] = set()

    def stir(self) -> None:
        """There is something in a lane of this kind."""
        self._stirred.set()

    async def run(self) -> None:
        """Work until cancelled, or let go. A store that is down is waited for."""
        self._claims_no_more.clear()
        try:
            while not self._leaving.is_set():
                await self._free.acquire()
                hold = None if self._leaving.is_set() else await self._claim()
                if hold is None:
                    self._free.release()
                    await self._rest()
                else:
                    self._start(hold)
        except asyncio.CancelledError:
            await self._leave_to_others()
            raise
        finally:
            self._claims_no_more.set()

    async def let_go(self, patience: float) -> None:
        """Claim nothing more. What is being carried has `patience` seconds; then another process may at once."""
        self._leaving.set()
        self.stir()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._claims_no_more.wait()
                while self._carrying:
                    await asyncio.wait(self._carrying)
        await self._leave_to_others()

    async def _leave_to_others(self) -> None:
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _claim(self) -> LaneHold | None:
        self._stirred.clear()
        try:
            return await self._store.claim_lane(
                [self._route.kind], self._route.lease, self._clock(), most=self._route.most
            )
        except StoreDown:
            return None
        except SealBroken as broken:
            _log.error(
                "lane_not_opened",
                extra={
                    "lane_kind": self._route.kind,
                    "next": "warmline keys status names the key that is missing; its lanes wait until it is back",
                },
                exc_info=broken,
            )
            return None

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_IDLE_SECONDS):
                await self._stirred.wait()

    def _start(self, hold: LaneHold) -> None:
        task = asyncio.create_task(self._work(hold))
        self._carrying.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._carrying.discard(task)
        self._free.release()
        self._stirred.set()
        if not task.cancelled() and task.exception() is not None:
            _log.error("carrier_broke", extra={"lane_kind": self._route.kind}, exc_info=task.exception())

    async def _work(self, hold: LaneHold) -> None:
        """When the store is lost meanwhile, the parcels are carried again as soon as it is back, or when the hold ends.

        When we have to go in the middle, the next one is told that the head may have arrived.
        """
        try:
            with self._watching.doing("carry", self._route.kind):
                carried = await self._carried(hold)
            await self._settle(hold, carried)
        except StoreDown:
            _log.warning("lane_hold_lost", extra={"lane_kind": self._route.kind})
            self._watching.counted("carried", self._route.kind, "store_down")
            await self._try_again(hold, _FIRST_RETRY, failed=False)
        except asyncio.CancelledError:
            with suppress(StoreDown):
                await self._store.postpone(hold, self._clock(), failed=False, unsure=True)
            raise
        except Exception:  # a fault of ours, told by `_ended`: people wait for the next try, not for the hold to end
            self._watching.counted("carried", self._route.kind, "broke")
            await self._try_again(hold, backoff(hold.attempts), failed=True)
            raise

    async def _carried(self, hold: LaneHold) -> Carried:
        holding_on = asyncio.create_task(self._hold_on(hold))
        try:
            return await self._route.carry(hold)
        finally:
            holding_on.cancel()

    async def _hold_on(self, hold: LaneHold) -> None:
        """Until it is let go of, lost, or so old that whoever carries it must be stuck."""
        pause = self._route.lease / _RENEWED
        for _ in range(int(_LONGEST_HOLD / pause)):
            await asyncio.sleep(pause)
            with suppress(StoreDown):
                if not await self._store.hold_on(hold, self._clock() + self._route.lease):
                    return

    async def _try_again(self, hold: LaneHold, after: float, *, failed: bool) -> None:
        """A store that stood still for a moment must not cost those who talk the rest of the hold."""
        ends = self._clock() + self._route.lease
        while self._clock() < ends:
            try:
                await self._store.postpone(hold, self._clock() + after, failed=failed, unsure=True)
            except StoreDown:
                await asyncio.sleep(_IDLE_SECONDS)
            else:
                return

    async def _settle(self, hold: LaneHold, carried: Carried) -> None:
        now = self._clock()
        self._watching.counted("carried", self._route.kind, _outcome(carried))
        if carried.give_up:
            await self._buried(hold.parcels[0])
            await self._store.bury(hold, carried.give_up, now)
            _log.error("dead_letter", extra={"lane_kind": self._route.kind, "parcel_kind": hold.parcels[0].kind})
        elif carried.settled:
            await self._store.settle(hold, carried.settled, now)
        else:
            after = backoff(hold.attempts) if carried.retry is None else carried.retry
            await self._store.postpone(hold, now + after, failed=not carried.told, unsure=carried.unsure)


def _outcome(carried: Carried) -> str:
    return "gave_up" if carried.give_up else "delivered" if carried.settled else "waits" if carried.told else "again"
