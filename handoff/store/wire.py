"""One connection to Redis for the whole process: the commands of all tasks leave in order, the answers come in order.

A pool would lend each task a connection of its own and wait for each answer; on one shared connection, commands of many
tasks travel together, which costs a fraction. A command that gets no answer in time breaks the connection; the next one
makes a new one. Nothing is sent twice by itself: whether a commit without an answer was done is found out by committing
the same event again.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hiredis
from redis.asyncio.connection import AbstractConnection, Connection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import MovedError, NoScriptError, ReadOnlyError, ResponseError

from handoff.ports import StoreDown
from handoff.store.failures import LOST, UNSENT, down, lost, not_copied, refused
from handoff.store.nodes import Nodes

ANSWER_SECONDS = 2.0
"""How long one command may take while no other is answered. Our own choice: a healthy one takes under a millisecond."""

_LAST_CHANCE = 0.1
"""Seconds in which an answer that lies there already is read."""

CONNECT_SECONDS = 1.5
"""How long connecting may take, greeting included. Our own choice, below the three seconds Slack waits for us."""

COPY_MILLISECONDS = 500
"""How long replicas may take to have a commit. Our own choice: well below `ANSWER_SECONDS`, as all wait behind it."""

_UNCHANGED = (0, b"conflict")
"""Answers which say that nothing was changed, so that there is nothing to copy."""

_pack: Callable[[tuple[str | bytes | int, ...]], bytes] = hiredis.pack_command  # type: ignore[assignment]

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


def new_connection(url: str) -> AbstractConnection:
    """A connection as the address says, that never retries by itself and reports every break."""
    given: dict[str, Any] = {**parse_url(url)}
    kind = given.pop("connection_class", Connection)
    ours: dict[str, Any] = {
        "protocol": 2,
        "retry": Retry(NoBackoff(), 0),
        "socket_timeout": None,
        "socket_connect_timeout": 1.0,
        "driver_info": None,
    }
    made: AbstractConnection = kind(**{**given, **ours})
    return made


class _Line:
    """A standing connection and the answers that are still to come on it."""

    def __init__(self, connection: AbstractConnection) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[asyncio.Future[Any], float]] = deque()  # oldest first, with when it is too late
        self._broken: StoreDown | None = None
        self._answered = 0
        self._retired = False
        self._last_count: asyncio.Task[int] | None = None
        self._next_count: asyncio.Task[int] | None = None
        self._reader = asyncio.create_task(self._read())
        self._watch = asyncio.create_task(self._look_at_the_oldest())

    @property
    def stands(self) -> bool:
        return self._broken is None and self._connection.is_connected

    async def ask(self, packed: bytes) -> Any:
        if self._broken is not None:
            raise StoreDown(str(self._broken))
        answer = self._loop.create_future()
        self._waiting.append((answer, self._loop.time() + ANSWER_SECONDS))
        await self._say(packed)
        try:
            return await answer
        except ReadOnlyError as error:
            await self.close(lost(error))
            raise lost(error) from None

    async def _say(self, packed: bytes) -> None:
        """Whoever waits for an answer is told when the command can't leave."""
        try:
            await self._connection.send_packed_command(packed, check_health=False)
        except UNSENT as error:
            await self.close(lost(error))

    async def copies(self, wanted: int) -> int:
        """How many replicas have everything that was answered here so far. Who asks meanwhile shares the next count."""
        if self._next_count is None:
            self._next_count = asyncio.create_task(self._count(self._last_count, wanted))
            self._next_count.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._next_count)

    async def _count(self, before: asyncio.Task[int] | None, wanted: int) -> int:
        if before is not None:
            await asyncio.wait({before})
        self._last_count, self._next_count = self._next_count, None
        return int(await self.ask(_pack(("WAIT", wanted, COPY_MILLISECONDS))))

    def retire(self) -> None:
        """Nothing more is asked here; it closes once all answers have come."""
        self._retired = True

    async def close(self, why: StoreDown) -> None:
        self._fail(why)
        self._reader.cancel()
        await self._connection.disconnect(nowait=True)
        self._watch.cancel()

    async def _read(self) -> None:
        try:
            while True:
                self._resolve(await self._next())
        except LOST as error:
            self._fail(lost(error))
            await self._connection.disconnect(nowait=True)
            self._watch.cancel()

    async def _look_at_the_oldest(self) -> None:
        """One clock for all that wait, which is a good deal cheaper than one each: answers come in order."""
        while True:
            now = self._loop.time()
            late = self._waiting[0][1] if self._waiting else now + ANSWER_SECONDS
            if late <= now and await self._is_silent():
                await self.close(lost(TimeoutError()))
                return
            if self._retired and not self._waiting:
                await self.close(down("was left by us"))
                return
            await asyncio.sleep(max(late - now, 0.0))

    async def _is_silent(self) -> bool:
        """Whether nothing comes, though the reader has had its turn: we may be busy, and Redis well."""
        before = self._answered
        await asyncio.sleep(_LAST_CHANCE)
        return self._answered == before

    async def _next(self) -> Any:
        try:
            return await self._connection.read_response(timeout=math.inf, disconnect_on_error=False)
        except ResponseError as refusal:
            return refusal

    def _resolve(self, answer: Any) -> None:
        waiting, _ = self._waiting.popleft()
        self._answered += 1
        if waiting.done():
            return
        if isinstance(answer, ResponseError):
            waiting.set_exception(answer)
        else:
            waiting.set_result(answer)

    def _fail(self, why: StoreDown) -> None:
        self._broken = self._broken or why
        for waiting, _ in self._waiting:
            if not waiting.done():
                waiting.set_exception(StoreDown(str(self._broken)))
        self._waiting.clear()


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
        self._line: _Line | None = None
        self._left: list[_Line] = []
        self._told: MovedError | None = None
        self._connecting: asyncio.Task[_Line] | None = None

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

    async def _said(self, command: tuple[str | bytes | int, ...]) -> tuple[Any, _Line]:
        try:
            return await self._send(command)
        except ResponseError as refusal:
            raise refused(refusal) from None

    async def _send(self, command: tuple[str | bytes | int, ...]) -> tuple[Any, _Line]:
        """The answer, and the connection it came on."""
        packed = _pack(command)
        line = await self._standing()
        try:
            return await self._timed(line, packed), line
        except MovedError as elsewhere:
            self._leave(line, elsewhere)
            line = await self._standing()
            return await self._timed(line, packed), line

    async def _copied(self, answer: Any, line: _Line, copies: int) -> Any:
        """On the connection that was answered: another may lead to a server that never had it."""
        if copies and answer not in _UNCHANGED and (have := await line.copies(copies)) < copies:
            raise not_copied(have, copies)
        return answer

    async def _standing(self) -> _Line:
        line = self._line
        return line if line is not None and line.stands else await self._connected()

    async def _timed(self, line: _Line, packed: bytes) -> Any:
        if self._took is None:
            return await line.ask(packed)
        began = time.perf_counter()
        answer = await line.ask(packed)
        self._took(time.perf_counter() - began)
        return answer

    def _leave(self, line: _Line, elsewhere: MovedError) -> None:
        """A node that has moved the line away did nothing of what it was asked, so it can be asked of the other one."""
        if line is self._line:
            self._told, self._line = elsewhere, None
            line.retire()
            self._left = [each for each in (*self._left, line) if each.stands]

    async def _connected(self) -> _Line:
        """All who wait share one attempt, and its failure."""
        if self._connecting is None or self._connecting.done():
            self._connecting = asyncio.create_task(self._connect())
            self._connecting.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._connecting)

    async def _connect(self) -> _Line:
        connection, line = None, None
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                told, self._told = self._told, None
                address = await self._nodes.now(told)
                connection = new_connection(address)
                await connection.connect_check_health(check_health=False, retry_socket_connect=False)
                await self._greet(connection)
            self._line = line = _Line(connection)
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
