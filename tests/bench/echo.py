"""A bare WebSocket-and-Redis echo, as a program: what a relay costs at the very least.

`python -m tests.bench.echo PORT REDIS_URL READS WRITES`: each frame that comes into a room makes `READS` reads and
`WRITES` calls of one script that appends it and publishes it; who is in the room gets it by subscription, and the
sender gets an `ok`. Nothing is parsed, decided or sealed. The same uvicorn, starlette and redis-py as the service's.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio
import uvicorn
from redis.asyncio.client import PubSub
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

RECORD = b"r" * 700
"""As long as a sealed conversation."""
_ENOUGH = 1000
_SCRIPT = """
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('PUBLISH', KEYS[1], ARGV[1])
return 1
"""
OK = '{"type":"ok","id":"0123456789"}'


class Share:
    """Spreads a fraction evenly: 1.5 gives 1, 2, 1, 2 ..."""

    def __init__(self, each: float) -> None:
        self._each = each
        self._owed = 0.0

    def take(self) -> int:
        self._owed += self._each
        whole = int(self._owed)
        self._owed -= whole
        return whole


class Echo:
    def __init__(self, url: str, reads: float, writes: float) -> None:
        self._redis = redis.asyncio.from_url(url, max_connections=_ENOUGH)
        self._script = self._redis.register_script(_SCRIPT)
        self._heard: PubSub = self._redis.pubsub()
        self._rooms: dict[bytes, list[WebSocket]] = {}
        self._reads, self._writes = Share(reads), Share(writes)

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        await self._redis.hset("record", "r", RECORD)
        await self._heard.subscribe("nobody")
        listening = asyncio.create_task(self._listen())
        yield
        listening.cancel()
        await self._redis.aclose()

    async def room(self, socket: WebSocket) -> None:
        await socket.accept()
        name = socket.path_params["name"].encode()
        self._rooms.setdefault(name, []).append(socket)
        await self._heard.subscribe(name)
        await socket.send_text(OK)
        async for text in socket.iter_text():
            for _ in range(self._reads.take()):
                await self._redis.hget("record", "r")
            for _ in range(self._writes.take()):
                await self._script(keys=[name], args=[text])
            await socket.send_text(OK)
        self._rooms[name].remove(socket)

    async def _listen(self) -> None:
        async for message in self._heard.listen():
            if message["type"] == "message":
                text = message["data"].decode()
                for socket in self._rooms[message["channel"]]:
                    await socket.send_text(text)


async def _alive(request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


def main(port: str, url: str, reads: str, writes: str) -> None:
    echo = Echo(url, float(reads), float(writes))
    routes = [Route("/healthz", _alive), WebSocketRoute("/rooms/{name}", echo.room)]
    app = Starlette(routes=routes, lifespan=echo.lifespan)
    quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
    uvicorn.run(app, host="127.0.0.1", port=int(port), ws_per_message_deflate=False, **quiet)


if __name__ == "__main__":
    main(*sys.argv[1:])
