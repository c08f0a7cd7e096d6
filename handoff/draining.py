"""Going in order: nobody new, pages sent to another process, what is under way finished, what is held let go of."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from handoff.house import House

_log = logging.getLogger(__name__)

RESTARTING = 1012
"""The close code that says: this process goes, come back at once. RFC 6455's registry calls it Service Restart."""
FINISH_SECONDS = 12.0
"""What is being carried to a platform or thought about by the bot has so long. Our own choice: a long bot turn."""
_AT_ONCE = 200
_PAUSE = 0.05
"""Ten thousand pages are sent away within three seconds, so that they do not all knock elsewhere in the same moment."""

Part = Callable[[], None]
"""Closes one connection with `RESTARTING`."""


async def drain(house: House, open_connections: Callable[[], Sequence[Part]]) -> None:
    """Let go of everything, within the notice of the settings plus about 15 seconds. The process may end then."""
    house.leaving.set()
    _log.info("draining", extra={"notice_seconds": house.settings.drain_notice_seconds})
    await asyncio.sleep(house.settings.drain_notice_seconds)
    leaving = [worker.let_go(FINISH_SECONDS) for worker in house.workers.values()]
    await asyncio.gather(_send_away(open_connections()), *leaving)
    _log.info("drained")


async def _send_away(connections: Sequence[Part]) -> None:
    for start in range(0, len(connections), _AT_ONCE):
        for close in connections[start : start + _AT_ONCE]:
            close()
        await asyncio.sleep(_PAUSE)


class Doors:
    """Around the application: counts who is inside, and lets nobody in any more once the house is left."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
        elif self._house.leaving.is_set():
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": RESTARTING})
        else:
            await self._inside(scope, receive, send)

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        metrics = self._house.watch.metrics
        if metrics is None:
            await self._app(scope, receive, send)
            return
        with metrics.sockets.track_inprogress():
            await self._app(scope, receive, send)
