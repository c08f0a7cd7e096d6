"""A small HTTP server where Rasa would be: real sockets, answers as told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class RasaServer:
    """`answers` are taken one by one: JSON, raw bytes, a status, or how many seconds to wait for the next answer."""

    url: str = ""
    answers: list[Any] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request on one connection, which is closed whatever becomes of it."""
        task = asyncio.current_task()
        assert task is not None
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)
        try:
            await self._answer(reader, writer)
        except (OSError, EOFError):
            return
        finally:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((int(line[15:]) for line in head.splitlines() if line.lower().startswith("content-length:")), 0)
        body = await reader.readexactly(length)
        if head.startswith("POST"):
            self.asked.append(json.loads(body))
        await self.open.wait()
        answer = self.answers.pop(0) if self.answers else [{"recipient_id": "c1", "text": "hello from the bot"}]
        writer.write(_as_http(answer))
        await writer.drain()
        writer.close()
        await writer.wait_closed()


def _as_http(answer: Any) -> bytes:
    status, headers = b"200 OK", b""
    if isinstance(answer, int):
        status, answer = f"{answer} Told".encode(), b"<html>broken</html>"
    if isinstance(answer, tuple):
        headers, answer = answer
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return (
        b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n" % (status, len(content), headers) + content
    )


@asynccontextmanager
async def rasa_server() -> AsyncIterator[RasaServer]:
    """Running on a free port of loopback, answering at once until `open` is cleared."""
    made = RasaServer()
    made.open.set()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield made
        for task in made.serving:
            task.cancel()
        await asyncio.gather(*made.serving, return_exceptions=True)
