"""Has turns given up by their callers in Rasa's environment; prints whether each kept anything as one JSON object.

Run by test_workers.py.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from types import SimpleNamespace
from typing import Any

from sanic import Sanic

from bot.channel import WarmlineInput

_BODY = json.dumps({"sender": "c1", "message": "hello"}).encode()
_HEAD = (
    b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
)
_PATIENCE = 15.0
_COMPUTES = 1.0
_WAITS = 0.3


class Turns:
    """Stands in for Rasa: a turn computes, which stops all else in its process, waits, and keeps something."""

    def __init__(self, computes: float, waits: float) -> None:
        self._computes, self._waits = computes, waits
        self.begun, self.over = threading.Event(), asyncio.Event()
        self.kept = False

    async def take(self, _: Any) -> None:
        self.begun.set()
        try:
            time.sleep(self._computes)  # noqa: ASYNC251 -- as a model does
            await asyncio.sleep(self._waits)
            self.kept = True
        finally:
            self.over.set()


def _call(turns: Turns, port: int, leaves: bool) -> None:
    """From a thread of its own, which goes while the other computes."""
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as line:
        line.sendall(_HEAD % len(_BODY) + _BODY)
        assert turns.begun.wait(_PATIENCE)
        if not leaves:
            assert b" 200 " in line.recv(4096)


async def _kept(app: Sanic, port: int, turns: Turns, *, leaves: bool) -> bool:
    app.ctx.turns = turns
    await asyncio.to_thread(_call, turns, port, leaves)
    await asyncio.wait_for(turns.over.wait(), _PATIENCE)
    return turns.kept


def _served() -> Sanic:
    app = Sanic("checks", configure_logging=False)

    async def take(turn: Any) -> None:
        await app.ctx.turns.take(turn)

    app.ctx.agent = SimpleNamespace(tracker_store=None)
    app.blueprint(WarmlineInput().blueprint(take), url_prefix="/webhooks/rest")
    return app


async def check() -> dict[str, bool]:
    app = _served()
    server = await app.create_server(host="127.0.0.1", port=0, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.after_start()
    port = server.server.sockets[0].getsockname()[1]
    return {
        "waiting": await _kept(app, port, Turns(0, _PATIENCE * 2), leaves=True),
        "computing": await _kept(app, port, Turns(_COMPUTES, _WAITS), leaves=True),
        "stays": await _kept(app, port, Turns(_COMPUTES, _WAITS), leaves=False),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(check())))
