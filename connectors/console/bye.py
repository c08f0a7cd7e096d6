"""The socket of one desk, and how it is closed: always with a reason the page can show."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState

from connectors.console.frames import MOST_BYTES
from connectors.console.options import ConsoleOptions

POLICY_VIOLATION = 1008
TOO_LARGE = 1009


class Bye(Exception):
    """The server lets go. `again`: seconds after which the page may come back; None when it would be in vain."""

    def __init__(self, code: str, *, again: int | None = None, closing: int = POLICY_VIOLATION) -> None:
        super().__init__(code)
        self.code = code
        self.again = again
        self.closing = closing


class Line:
    """One accepted socket. Several tasks may send at once; frames stay whole."""

    def __init__(self, socket: WebSocket, options: ConsoleOptions) -> None:
        self._socket = socket
        self._options = options
        self._sending = asyncio.Lock()

    async def receive(self) -> str:
        """The next frame's text. Raises `Bye` when it is too large, `WebSocketDisconnect` when the page is gone."""
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        text = message.get("text")
        if text is None:
            return ""  # bytes: no frame of ours, answered like any other bad one
        if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
            raise Bye("too_large", again=5, closing=TOO_LARGE)
        return str(text)

    async def send(self, frame: dict[str, Any]) -> None:
        async with self._sending:
            if self._socket.application_state is not WebSocketState.CONNECTED:
                raise WebSocketDisconnect(1001)
            await self._socket.send_json(frame)

    async def refuse(self, frame_id: str | None, code: str, sentence: str | None = None) -> None:
        """Say what was not done and what to do; the sentence is ours unless the service gave one."""
        said = sentence or self._options.sentence("refused", code)
        await self.send({"type": "refused", "id": frame_id, "code": code, "next": said})

    async def close(self, bye: Bye) -> None:
        """Say why, then close."""
        try:
            said = self._options.sentence("bye", bye.code)
            await self.send({"type": "bye", "code": bye.code, "next": said, "again": bye.again})
            await self._socket.close(bye.closing, bye.code)
        except (WebSocketDisconnect, RuntimeError):
            return  # the page went first
