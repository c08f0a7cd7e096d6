"""Notices inside one process: from one source to many listeners, none of which can hold up the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

from handoff.ports import Notice

ROOM = 1000
"""Notices a listener may fall behind before it gets a `gap` instead. Our own choice: some minutes of a busy line."""


class Listener(AsyncIterator[Notice]):
    """One reader of some topics. One that falls behind loses its backlog and is told `gap` for each of its topics.

    There is one for each open page, so it is made of little: a queue of the library's would be five times as large.
    """

    __slots__ = ("_kept", "_over", "_room", "_waiting", "topics")

    def __init__(self, topics: Iterable[str], room: int = ROOM) -> None:
        self.topics = tuple(dict.fromkeys(topics))
        self._kept: list[Notice] = []
        self._room = room
        self._over = False
        self._waiting: asyncio.Future[None] | None = None

    def __aiter__(self) -> Listener:
        return self

    async def __anext__(self) -> Notice:
        while not self._kept:
            if self._over:
                raise StopAsyncIteration
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        return self._kept.pop(0)

    def offer(self, notice: Notice) -> None:
        if self._over:
            return
        if len(self._kept) < self._room:
            self._kept.append(notice)
            self._wake()
        else:
            self.gap()

    def gap(self) -> None:
        """Whatever was missed, and whatever still lies here, has to be read again."""
        if not self._over:
            self._kept = [Notice(topic, "gap") for topic in self.topics]
            self._wake()

    def end(self) -> None:
        """Nothing more will come."""
        self._over = True
        self._kept = []
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class Hub:
    """The listeners of one process by topic."""

    def __init__(self) -> None:
        self._by_topic: dict[str, list[Listener]] = {}

    def add(self, listener: Listener) -> list[str]:
        """Returns the topics nobody listened to before."""
        fresh = [topic for topic in listener.topics if topic not in self._by_topic]
        for topic in listener.topics:
            self._by_topic.setdefault(topic, []).append(listener)
        return fresh

    def remove(self, listener: Listener) -> list[str]:
        """Returns the topics nobody listens to any more."""
        for topic in listener.topics:
            self._by_topic[topic].remove(listener)
        over = [topic for topic in listener.topics if not self._by_topic[topic]]
        for topic in over:
            del self._by_topic[topic]
        return over

    def topics(self) -> list[str]:
        return list(self._by_topic)

    def listeners(self) -> list[Listener]:
        return list(dict.fromkeys(each for some in self._by_topic.values() for each in some))

    def deliver(self, notice: Notice) -> None:
        for listener in self._by_topic.get(notice.topic, ()):
            listener.offer(notice)

    def gap(self) -> None:
        """Tell every listener that notices may be missing."""
        for listener in self.listeners():
            listener.gap()

    def end(self) -> None:
        for listener in self.listeners():
            listener.end()
