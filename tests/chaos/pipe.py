"""The network between the services and Redis: a TCP pipe that can be cut, stalled, and led to another server."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Self

from handoff.running.ports import LOOPBACK, free_port

_CHUNK = 1 << 16


class Pipe:
    """Listens on `port` and passes everything on to `target` (a port here)."""

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self._target = target
        self._open = True
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._arrived, LOOPBACK, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Every connection is reset, and no new one comes through until `heal`."""
        self._open = False
        for writer in self._writers:
            writer.transport.abort()

    def stall(self) -> None:
        """Nothing goes through and nothing is told of it, as with a firewall that drops packets."""
        self._flowing.clear()

    def heal(self) -> None:
        self._open = True
        self._flowing.set()

    def lead_to(self, target: int) -> None:
        """New connections go there; `cut` ends the old ones."""
        self._target = target

    async def _arrived(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._remember(asyncio.current_task())
        with contextlib.suppress(OSError, asyncio.CancelledError):
            if self._open:
                await self._connect(reader, writer)
        writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._target)
        both = {writer, far_writer}
        self._writers |= both
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass(reader, far_writer))
                group.create_task(self._pass(far_reader, writer))
        except* OSError:
            pass  # either end is gone: so is the other
        finally:
            self._writers -= both
            far_writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(_CHUNK):
            await self._flowing.wait()
            writer.write(chunk)
            await writer.drain()
        raise ConnectionResetError

    def _remember(self, task: asyncio.Task[None] | None) -> None:
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
