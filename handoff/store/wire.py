"""One connection to Redis for the whole process: the commands of all tasks leave in order, the answers come in order.

A pool would lend each task a connection of its own and wait for each answer; on one shared connection, commands of many
tasks travel together, which costs a fraction. A command that gets no answer in time breaks the connection; the next one
makes a new one. Nothing is sent twice by itself: whether a commit without an answer was done is found out by committing
the same event again.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import MovedError, NoScriptError, ResponseError

from handoff.store.connection import Line, new_connection, pack
from handoff.store.failures import UNSENT, down, lost, not_copied, refused
from handoff.store.nodes import Nodes

CONNECT_SECONDS = 1.5
"""How long connecting may take, greeting included. Our own choice, below the three seconds Slack waits for us."""

_UNCHANGED = (0, b"conflict")
"""Answers which say that nothing was changed, so that there is nothing to copy."""

_SCRIPTS = Path(__file__).parent / "scripts"


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script and the name under which Redis keeps it."""

    text: bytes
    sha: str


def load_scripts() -> dict[str, Script]:
    """All scripts by file name."""
    texts = {path.stem: path.read_bytes() for path in sorted(_SCRIPTS.glob("*.lua"))}
    return {name: Script(text, hashlib.sha1(text, usedforsecurity=False).hexdigest()) for name, text in texts.items()}


class Wire:
    """Asks Redis; connects when needed. Every method raises `StoreDown`."""

    def __init__(
        self,
        nodes: Nodes,
        prefix: str,
        greet: Callable[[AbstractConnection], Awaitable[None]],
        took: Callable[[float], None] | None = None,
        moved: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`took` is told how long each answer took, in seconds; `moved`, that the line lives on another server now."""
        self._nodes = nodes
        self._address = ""
        self._moved = moved
        self._prefix = prefix
        self._greet = greet
        self._took = took
        self._scripts = load_scripts()
        self._line: Line | None = None
        self._left: list[Line] = []
        self._told: MovedError | None = None
        self._connecting: asyncio.Task[Line] | None = None

    async def ask(self, *command: str | bytes | int, copies: int = 0) -> Any:
        """`copies`: how many replicas must have what this changed before it is answered."""
        return await self._copied(*await self._said(command), copies)

    async def run(self, script: str, *arguments: str | bytes | int, copies: int = 0) -> Any:
        """Run one of our scripts; its only key is the line's prefix."""
        known = self._scripts[script]
        try:
            answered = await self._send(("EVALSHA", known.sha, 1, self._prefix, *arguments))
        except NoScriptError:
            answered = await self._said(("EVAL", known.text, 1, self._prefix, *arguments))
        except ResponseError as refusal:
            raise refused(refusal) from None
        return await self._copied(*answered, copies)

    async def close(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        for line in (*self._left, *([self._line] if self._line else [])):
            await line.close(down("was left by us"))

    async def _said(self, command: tuple[str | bytes | int, ...]) -> tuple[Any, Line]:
        try:
            return await self._send(command)
        except ResponseError as refusal:
            raise refused(refusal) from None

    async def _send(self, command: tuple[str | bytes | int, ...]) -> tuple[Any, Line]:
        """The answer, and the connection it came on."""
        packed = pack(command)
        line = await self._standing()
        try:
            return await self._timed(line, packed), line
        except MovedError as elsewhere:
            self._leave(line, elsewhere)
            line = await self._standing()
            return await self._timed(line, packed), line

    async def _copied(self, answer: Any, line: Line, copies: int) -> Any:
        """On the connection that was answered: another may lead to a server that never had it."""
        if copies and answer not in _UNCHANGED and (have := await line.copies(copies)) < copies:
            raise not_copied(have, copies)
        return answer

    async def _standing(self) -> Line:
        line = self._line
        return line if line is not None and line.stands else await self._connected()

    async def _timed(self, line: Line, packed: bytes) -> Any:
        if self._took is None:
            return await line.ask(packed)
        began = time.perf_counter()
        answer = await line.ask(packed)
        self._took(time.perf_counter() - began)
        return answer

    def _leave(self, line: Line, elsewhere: MovedError) -> None:
        """A node that has moved the line away did nothing of what it was asked, so it can be asked of the other one."""
        if line is self._line:
            self._told, self._line = elsewhere, None
            line.retire()
            self._left = [each for each in (*self._left, line) if each.stands]

    async def _connected(self) -> Line:
        """All who wait share one attempt, and its failure."""
        if self._connecting is None or self._connecting.done():
            self._connecting = asyncio.create_task(self._connect())
            self._connecting.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._connecting)

    async def _connect(self) -> Line:
        connection, line = None, None
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                told, self._told = self._told, None
                address = await self._nodes.now(told)
                connection = new_connection(address)
                await connection.connect_check_health(check_health=False, retry_socket_connect=False)
                await self._greet(connection)
            self._line = line = Line(connection)
        except UNSENT as error:
            raise lost(error) from None
        except ResponseError as refusal:
            raise refused(refusal) from None
        finally:
            if line is None and connection is not None:
                await connection.disconnect(nowait=True)
        await self._lives_at(address)
        return line

    async def _lives_at(self, address: str) -> None:
        before, self._address = self._address, address
        if before not in {"", address} and self._moved is not None:
            await self._moved()
