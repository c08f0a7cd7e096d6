"""The wire: one WebSocket that is sent JSON objects, one at a time, to a reader that may be slow."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, NoReturn

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

log = logging.getLogger(__name__)

NORMAL, GOING_AWAY, REFUSED, TOO_LARGE = 1000, 1001, 1008, 1009
_SLOWEST = 20.0
"""Seconds a page may take to accept one frame before it counts as gone."""


class Gone(Exception):
    """The other side is no longer there, or was just told goodbye. Only reading finds out."""


class Wire:
    """Sends whole frames; several tasks may send at once.

    Sending to a page that has gone does nothing, so that what it sent with its last breath is still read.
    """

    __slots__ = ("_gone", "_socket", "_turn")

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._turn = asyncio.Lock()
        self._gone = False

    async def send(self, frame: dict[str, Any]) -> None:
        """Send one JSON object, if the page is still there."""
        text = msgspec.json.encode(frame).decode()
        async with self._turn:
            if self._gone:
                return
            try:
                async with asyncio.timeout(_SLOWEST):
                    await self._socket.send_text(text)
            except (WebSocketDisconnect, RuntimeError, OSError):
                self._gone = True
            except TimeoutError:
                await self._hang_up(GOING_AWAY)

    async def receive(self) -> str | None:
        """The next text frame; None for a binary one. Raises `Gone`."""
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise Gone
        text: str | None = message.get("text")
        return text

    async def bye(self, code: str, sentence: str, status: int, again: float | None = None) -> NoReturn:
        """Say why, and close. Raises `Gone`."""
        await self.send({"type": "bye", "code": code, "next": sentence, "again": again})
        await self.close(status)
        raise Gone

    async def close(self, status: int) -> None:
        """Close; whoever reads next finds `Gone`."""
        async with self._turn:
            await self._hang_up(status)

    async def _hang_up(self, status: int) -> None:
        if not self._gone:
            self._gone = True
            try:
                await self._socket.close(status)
            except (WebSocketDisconnect, RuntimeError, OSError):
                log.debug("the page had already closed the connection")
