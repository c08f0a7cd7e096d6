"""A page as a browser has it: one connection after the other to whichever process answers, and an outbox that keeps
what was not answered yet and sends it again, in order, with the same id."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

Frame = dict[str, Any]
_ANSWER_SECONDS = 12.0
_LATER = frozenset({"store_down", "too_fast", "busy"})
"""Refusals that mean: not saved, try again."""
_WRITTEN = frozenset({"say", "tap"})
"""What a person waits for; that somebody else was quicker to accept is no error."""


@dataclass(slots=True)
class Item:
    """Something to be sent until it is answered. `code` of the refusal, once it is refused for good."""

    frame: Frame
    done: asyncio.Event = field(default_factory=asyncio.Event)
    code: str = ""
    since: float = field(default_factory=time.time)


class Page(ABC):
    """`hello` and `took` are what a kind of page has of its own. Runs until cancelled."""

    def __init__(self, urls: Sequence[str], path: str, dice: random.Random, headers: dict[str, str]) -> None:
        self.connections = 0
        self.clashes = 0
        """Lines that came a second time under the same number, and were others."""
        self.told: list[tuple[float, str]] = []
        """When what a person wrote was refused, and how, also where it was only to be tried again."""
        self.waits: list[tuple[float, float]] = []
        """When what was sent, and how many seconds later it was answered for good."""
        self._urls = itertools.cycle(dice.sample(list(urls), len(urls)))
        self._path, self._dice, self._headers = path, dice, headers
        self._outbox: list[Item] = []
        self._more = asyncio.Event()
        self._answers: dict[str, asyncio.Future[Frame]] = {}
        self._ready = asyncio.Event()
        self._socket: ClientConnection | None = None

    @abstractmethod
    def hello(self) -> Frame:
        """The first frame of a connection."""

    @abstractmethod
    async def took(self, frame: Frame) -> None:
        """A frame came."""

    def put(self, frame: Frame) -> Item:
        """Into the outbox."""
        item = Item(frame)
        self._outbox.append(item)
        self._more.set()
        return item

    @property
    def unsent(self) -> int:
        return len(self._outbox)

    async def quietly(self, frame: Frame) -> None:
        """Send something that needs no answer; nothing where there is no connection."""
        if self._socket is not None:
            await self._socket.send(json.dumps(frame))

    async def run(self) -> None:
        for url in self._urls:
            try:
                await self._visit(url)
            except (OSError, WebSocketException, TimeoutError):
                pass  # what a page does about it is to come again
            finally:
                self._socket = None
            await asyncio.sleep(self._dice.uniform(0.2, 1.2))

    async def _visit(self, url: str) -> None:
        address = url.replace("http", "ws", 1) + self._path
        headers = {**self._headers, "Origin": url}
        async with connect(
            address, additional_headers=headers, max_size=None, open_timeout=5, close_timeout=1, ping_interval=8,
            ping_timeout=8, proxy=None,
        ) as socket:  # fmt: skip
            self.connections += 1
            self._socket = socket
            self._ready.clear()
            await socket.send(json.dumps(self.hello()))
            sending = asyncio.create_task(self._send())
            try:
                await self._listen(socket, sending)
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)

    async def _listen(self, socket: ClientConnection, sending: asyncio.Task[None]) -> None:
        sending.add_done_callback(lambda _: socket.transport.abort())
        async for message in socket:
            frame = json.loads(message)
            if frame["type"] == "welcome":
                self._ready.set()
            answer = self._answers.get(str(frame.get("id")))
            if answer is not None and frame["type"] in ("ok", "refused") and not answer.done():
                answer.set_result(frame)
            await self.took(frame)

    async def _send(self) -> None:
        await self._ready.wait()
        while True:
            self._more.clear()
            while self._outbox:
                if await self._sent(self._outbox[0]):
                    item = self._outbox.pop(0)
                    item.done.set()
                    if item.frame["type"] in _WRITTEN:
                        self.waits.append((item.since, time.time() - item.since))
            await self._more.wait()

    async def _sent(self, item: Item) -> bool:
        """Whether it was answered for good. Raises `TimeoutError` where no answer comes: the connection is useless."""
        assert self._socket is not None
        waiting = asyncio.get_running_loop().create_future()
        self._answers[item.frame["id"]] = waiting
        await self._socket.send(json.dumps(item.frame))
        answer = await asyncio.wait_for(waiting, _ANSWER_SECONDS)
        if answer["type"] == "ok":
            return True
        if item.frame["type"] in _WRITTEN:
            self.told.append((time.time(), answer["code"]))
        if answer["code"] in _LATER:
            await asyncio.sleep(self._dice.uniform(0.3, 1.0))
            return False
        item.code = answer["code"]
        return True
