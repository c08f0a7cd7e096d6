"""Notices inside one process: from one source to many listeners, none of which can hold up the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

from handoff.ports import Notice

ROOM = 1000
"""Notices a listener may fall behind before it gets a `gap` instead. Our own choice: some minutes of a busy line."""


class Listener(AsyncIterator[Notice]):
    """One reader of some topics. One that falls behind loses its backlog and is told `gap` for each of its topics."""

    def __init__(self, topics: Iterable[str], room: int = ROOM) -> None:
        self.topics = tuple(dict.fromkeys(topics))
        self._queue: asyncio.Queue[Notice | None] = asyncio.Queue(max(room, len(self.topics)) + 1)
        self._room = room

    def __aiter__(self) -> Listener:
        return self

    async def __anext__(self) -> Notice:
        notice = await self._queue.get()
        if notice is None:
            self._queue.put_nowait(None)
            raise StopAsyncIteration
        return notice

    def offer(self, notice: Notice) -> None:
        if self._queue.qsize() < self._room:
            self._queue.put_nowait(notice)
        else:
            self.gap()

    def gap(self) -> None:
        """Whatever was missed, and whatever still lies here, has to be read again."""
        self._empty()
        for topic in self.topics:
            self._queue.put_nowait(Notice(topic, "gap"))

    def end(self) -> None:
        """Nothing more will come."""
        self._empty()
        self._queue.put_nowait(None)

    def _empty(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()


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
