"""Listening: one subscribed connection for the whole process, mended by itself, with a `gap` after every break."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ResponseError

from handoff.ports import Notice
from handoff.sealing import SealBroken
from handoff.store.connection import new_connection
from handoff.store.failures import UNSENT, down
from handoff.store.fanout import Hub, Listener
from handoff.store.nodes import Nodes
from handoff.store.wire import CONNECT_SECONDS

STAND_SECONDS = 2.5
"""How long a listener waits for its subscription to stand before it is told that the store is down."""

QUIET_SECONDS = 2.0
"""After this silence Redis is asked whether it is there; after as much again the connection is taken for broken."""

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 2.0
_AT_ONCE = 1000
"""Topics in one SUBSCRIBE."""


class Ear:
    """The process's subscriptions. Connects when the first listener comes, and stays."""

    def __init__(self, nodes: Nodes, prefix: str, unpack: Callable[[str, bytes], Notice]) -> None:
        self._nodes = nodes
        self._channel = f"{prefix}:topic:"
        self._unpack = unpack
        self._hub = Hub()
        self._connection: AbstractConnection | None = None
        self._unanswered: Counter[str] = Counter()
        self._standing = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._mended = False
        self._pause = _FIRST_PAUSE

    async def add(self, listener: Listener) -> None:
        """Returns once the subscription stands. Raises `StoreDown`."""
        fresh = self._hub.add(listener)
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        try:
            async with asyncio.timeout(STAND_SECONDS):
                await self._say("SUBSCRIBE", fresh)
                await self._stands(listener.topics)
        except TimeoutError:
            await self.remove(listener)
            raise down(f"let nobody listen within {STAND_SECONDS:g} seconds") from None
        except BaseException:
            await self.remove(listener)
            raise

    async def remove(self, listener: Listener) -> None:
        await self._say("UNSUBSCRIBE", self._hub.remove(listener))

    async def follow(self) -> None:
        """The line lives on another server now: listen there. Who reads the connection notices, and begins anew."""
        if self._connection is not None:
            await self._connection.disconnect(nowait=True)

    async def close(self) -> None:
        self._hub.end()
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _stands(self, topics: Iterable[str]) -> None:
        while self._connection is None or any(self._unanswered[topic] for topic in topics):
            self._standing.clear()
            await self._standing.wait()

    async def _say(self, command: str, topics: list[str]) -> None:
        """A connection that breaks here is noticed and mended by the one who reads it."""
        connection = self._connection
        if connection is None:
            return
        for start in range(0, len(topics), _AT_ONCE):
            some = topics[start : start + _AT_ONCE]
            if command == "SUBSCRIBE":
                self._unanswered.update(some)
            try:
                await connection.send_command(command, *(self._channel + topic for topic in some), check_health=False)
            except UNSENT:
                return

    async def _run(self) -> None:
        while True:
            try:
                await self._once()
            except (*UNSENT, ResponseError):
                self._mended = True
                await asyncio.sleep(self._pause)
                self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    async def _once(self) -> None:
        connection = None
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                connection = new_connection(await self._nodes.now())
                await connection.connect_check_health(check_health=False, retry_socket_connect=False)
                self._unanswered.clear()
                self._connection = connection
                await self._say("SUBSCRIBE", self._hub.topics())
            self._answered()
            await self._read(connection)
        finally:
            self._connection = None
            if connection is not None:
                await connection.disconnect(nowait=True)

    async def _read(self, connection: AbstractConnection) -> None:
        asked = False
        while True:
            answer = await connection.read_response(timeout=QUIET_SECONDS, disconnect_on_error=False)
            if answer is None and asked:
                raise TimeoutError
            self._pause = _FIRST_PAUSE
            asked = answer is None
            if asked:
                await connection.send_command("PING", check_health=False)
            else:
                self._hear(answer)

    def _hear(self, answer: Any) -> None:
        if not isinstance(answer, list):
            return  # a connection without subscriptions answers PING with a plain word
        kind, channel = answer[0], answer[1].decode()
        topic = channel.removeprefix(self._channel)
        if kind == b"message":
            self._deliver(topic, answer[2])
        elif kind == b"subscribe":
            self._unanswered[topic] -= 1
            self._answered()

    def _deliver(self, topic: str, payload: bytes) -> None:
        try:
            notice = self._unpack(topic, payload)
        except (SealBroken, msgspec.DecodeError):
            notice = Notice(topic, "gap")
        self._hub.deliver(notice)

    def _answered(self) -> None:
        """After a break, listeners are told once everything they listen to stands again."""
        self._unanswered = +self._unanswered
        if not self._unanswered and self._mended:
            self._hub.gap()
        self._mended = self._mended and bool(self._unanswered)
        self._standing.set()
