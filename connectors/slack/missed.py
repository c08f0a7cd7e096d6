"""What somebody wrote in a thread and Slack has not told us of yet: asked of the thread itself while that may be so.

Slack sends an event that nobody acknowledged again up to five minutes later, and what was written after it at once,
to any of our processes. So the doubt of one is in the store, for all.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from connectors.slack.intake import Intake, event_name
from connectors.slack.kept import Place
from connectors.slack.room import Room
from handoff.ports import DeliveryFailed, LaneHold, Parcel, StoreDown

_DOUBT = 360.0
"""Seconds after an event that was not saved, a new connection, or our own start: Slack's last try and a minute."""
_LOOK_EVERY = 0.5
"""Seconds until the store is told again of a doubt that it did not take, or is asked whether it is there."""
_LOOK_BACK = 600.0
"""Seconds before a message in which an earlier one may be missing."""
_REMEMBERED = 1000
_TRIES = 4
"""So often is a thread that can't be read asked for again: about fifteen seconds."""


class Missed:
    """Keeps the order of what supporters write. In doubt it costs a call for each message, else a look at the store."""

    def __init__(self, room: Room, intake: Intake) -> None:
        self._room = room
        self._intake = intake
        self._untold = asyncio.Event()
        self._asked: deque[str] = deque(maxlen=_REMEMBERED)
        self.doubt()

    def doubt(self) -> None:
        """Something may have come to us and not been saved."""
        self._until = time.monotonic() + _DOUBT
        self._untold.set()

    async def run(self) -> None:
        """Tell the other processes of each doubt, as soon as the store takes it; and doubt whenever the store was away,
        since what came to others meanwhile may not be saved. Until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await self._untold.wait()
            try:
                await self._tell()
            except StoreDown:
                self.doubt()
                await asyncio.sleep(_LOOK_EVERY)

    async def _tell(self) -> None:
        if self._untold.is_set():
            self._untold.clear()
            await self._room.kept.doubt(_DOUBT)
        else:
            await self._room.kept.is_in_doubt()

    async def fetched(self, hold: LaneHold) -> bool:
        """In doubt, once for each head: fetch what was written before it. True: the lane has to be looked at anew;
        what was missing is behind the head now, saved by us or, after this hold began, by others. Raises `StoreDown`.

        Other apps' messages and Slack's own are never saved: nothing waits for them. A thread that can't be read is
        waited for a few times (`DeliveryFailed`): then what is late is better out of order than not said.
        """
        head = hold.parcels[0]
        in_thread = head.kind == "said" and head.body["thread"] not in ("", head.body["ts"])
        if not in_thread or head.id in self._asked or not await self._is_in_doubt():
            return False
        try:
            messages = await self._room.replies(Place(head.body["channel"], head.body["thread"]))
        except DeliveryFailed as failed:
            if failed.hopeless or failed.retry_after is not None or hold.attempts >= _TRIES:
                return False
            raise
        for each in messages:
            if await self._is_missing(head, each):
                await self._save(head, each)
        self._asked.append(head.id)
        return True

    async def _is_in_doubt(self) -> bool:
        return time.monotonic() <= self._until or await self._room.kept.is_in_doubt()

    async def _save(self, head: Parcel, message: Mapping[str, Any]) -> None:
        await self._intake.message(head.body["team"], {**message, "channel": head.body["channel"]})

    async def _is_missing(self, head: Parcel, message: Mapping[str, Any]) -> bool:
        before = float(head.body["ts"]) - float(message["ts"])
        if not 0 < before < _LOOK_BACK or message["ts"] == head.body["thread"] or await self._room.is_ours(message):
            return False
        return not await self._room.store.seen(event_name(head.body["channel"], message["ts"]))
