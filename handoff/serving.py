"""The web server of the service, which goes in order when it is asked to (SIGTERM, Ctrl-C)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import uvicorn

from handoff.draining import Part

Leave = Callable[[Callable[[], Sequence[Part]]], Awaitable[None]]


class Server(uvicorn.Server):
    """Drains before it ends: `leave` is given what closes each connection. A second Ctrl-C ends it at once."""

    def __init__(self, config: uvicorn.Config, leave: Leave) -> None:
        super().__init__(config)
        self._leave = leave
        self._leaving: asyncio.Task[None] | None = None

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second; True ends the server."""
        over = await super().on_tick(counter)
        if not over or self.force_exit:
            return over
        if self._leaving is None:
            self._leaving = asyncio.ensure_future(self._leave(self._connections))
        return self._leaving.done()

    def _connections(self) -> list[Part]:
        """Of a page the end is a close frame with code 1012; a request under way is answered first."""
        return [connection.shutdown for connection in list(self.server_state.connections)]
