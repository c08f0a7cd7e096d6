"""A standing connection to Redis: commands leave in order, answers come in order, and silence ends it."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable
from typing import Any

import hiredis
from redis.asyncio.connection import AbstractConnection, Connection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ReadOnlyError, ResponseError

from handoff.ports import StoreDown
from handoff.store.failures import LOST, UNSENT, down, lost

ANSWER_SECONDS = 2.0
"""How long one command may take while no other is answered. Our own choice: a healthy one takes under a millisecond."""

_LAST_CHANCE = 0.1
"""Seconds in which an answer that lies there already is read."""

COPY_MILLISECONDS = 500
"""How long replicas may take to have a commit. Our own choice: well below `ANSWER_SECONDS`, as all wait behind it."""

pack: Callable[[tuple[str | bytes | int, ...]], bytes] = hiredis.pack_command  # type: ignore[assignment]


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


class Line:
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
        return int(await self.ask(pack(("WAIT", wanted, COPY_MILLISECONDS))))

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
