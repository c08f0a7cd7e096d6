"""The stance: `state` frames, when something changed and regularly while somebody waits."""

from __future__ import annotations

import asyncio
import logging

from connectors.web.outgoing import Json, state_frame
from connectors.web.together import Nudge
from connectors.web.wire import Wire
from handoff.core.conversation import Phase
from handoff.core.ids import Address
from handoff.ports import Front, Store, StoreDown

log = logging.getLogger(__name__)

_GATHER = 0.1
_WHILE_DOWN = 2.0


class Stance:
    """Tells one page where its conversation stands. What changes it comes with an entry or an answer, so those poke."""

    __slots__ = ("_every", "_front", "_last", "_seeker", "_stale", "_store", "_wire")

    def __init__(self, front: Front, store: Store, seeker: Address, wire: Wire, every: float) -> None:
        self._front, self._store, self._seeker, self._wire, self._every = front, store, seeker, wire, every
        self._stale = Nudge()
        self._last: Json = {}

    def poke(self) -> None:
        """Look again soon."""
        self._stale.set()

    async def run(self) -> None:
        """Never returns; cancel it."""
        while True:
            ticked = await self._wait()
            await asyncio.sleep(_GATHER)
            self._stale.clear()
            try:
                await self._tell(even_if_same=ticked)
            except StoreDown:
                log.warning("where a conversation stands cannot be read: the store is down; trying again")
                self._stale.set()
                await asyncio.sleep(_WHILE_DOWN)

    async def _wait(self) -> bool:
        """True when the time for a regular word came rather than a change."""
        waiting = self._last.get("phase") == Phase.WAITING
        try:
            async with asyncio.timeout(self._every if waiting else None):
                await self._stale.wait()
        except TimeoutError:
            return True
        return False

    async def _tell(self, *, even_if_same: bool) -> None:
        conversation = await self._store.current(self._seeker, await self._front.who(self._seeker))
        frame = state_frame(await self._front.standing(conversation))
        if even_if_same or frame != self._last:
            self._last = frame
            await self._wire.send(frame)
