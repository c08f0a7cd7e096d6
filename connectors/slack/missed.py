"""What somebody wrote in a thread and Slack has not told us of yet: asked of the thread itself while that may be so.

Slack sends an event that nobody acknowledged again up to five minutes later, and what was written after it at once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from connectors.slack.intake import Intake, event_name
from connectors.slack.kept import Place
from connectors.slack.room import Room
from handoff.ports import DeliveryFailed, LaneHold, Parcel

_DOUBT = 360.0
"""Seconds after an event that was not saved, a new connection, or our own start: Slack's last try and a minute."""
_LOOK_BACK = 600.0
"""Seconds before a message in which an earlier one may be missing."""


class Missed:
    """Keeps the order of what supporters write. In doubt it costs one call for each message, else nothing."""

    def __init__(self, room: Room, intake: Intake) -> None:
        self._room = room
        self._intake = intake
        self._until = time.monotonic() + _DOUBT

    def doubt(self) -> None:
        """Something may have come to us and not been saved."""
        self._until = time.monotonic() + _DOUBT

    async def fetched(self, hold: LaneHold) -> bool:
        """Whether something earlier than the head was missing, which is behind it in the lane now. Raises `StoreDown`.

        Other apps' messages and Slack's own are never saved: nothing waits for them. A thread that can't be read holds
        nobody up: what is late is better out of order than not said.
        """
        head = hold.parcels[0]
        if time.monotonic() > self._until or head.kind != "said" or head.body["thread"] in ("", head.body["ts"]):
            return False
        try:
            messages = await self._room.replies(Place(head.body["channel"], head.body["thread"]))
        except DeliveryFailed:
            return False
        return any([await self._saved(head, each) for each in messages if await self._is_missing(head, each)])

    async def _saved(self, head: Parcel, message: Mapping[str, Any]) -> bool:
        channel = head.body["channel"]
        await self._intake.message(head.body["team"], {**message, "channel": channel})
        return await self._room.store.seen(event_name(channel, message["ts"]))

    async def _is_missing(self, head: Parcel, message: Mapping[str, Any]) -> bool:
        before = float(head.body["ts"]) - float(message["ts"])
        if not 0 < before < _LOOK_BACK or message["ts"] == head.body["thread"] or await self._room.is_ours(message):
            return False
        return not await self._room.store.seen(event_name(head.body["channel"], message["ts"]))
