"""A balancer as lines put one in front: each new connection goes to a process whose /readyz says that it may."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from handoff.running.ports import LOOPBACK, free_port
from handoff.running.probes import http_status


class Balancer:
    """Carries bytes. `urls` are the processes, the preferred first."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = tuple(urls)
        self._port = free_port()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._take, LOOPBACK, self._port)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        ends = [writer]
        try:
            port = await asyncio.to_thread(self._ready_port)
            inside, out = await asyncio.open_connection(LOOPBACK, port)
            ends.append(out)
            with suppress(OSError):
                await asyncio.gather(_pump(reader, out), _pump(inside, writer))
        except ConnectionRefusedError:
            return
        finally:
            for each in ends:
                each.close()
            await asyncio.gather(*(each.wait_closed() for each in ends), return_exceptions=True)

    def _ready_port(self) -> int:
        ready = [url for url in self._urls if http_status(f"{url}/readyz") == 200]
        if not ready:
            raise ConnectionRefusedError
        return int(ready[0].rpartition(":")[2])


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    writer.close()
