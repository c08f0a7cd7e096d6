"""Plain clients of the two protocols: somebody who seeks help, and a supporter's desk."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage

Frame = dict[str, Any]
PATIENCE = 90.0
"""Seconds: nothing here is about speed, and the machine may be busy."""


class Wire:
    """One connection after the other to the same door; `frames` are all that ever came."""

    def __init__(self, url: str, path: str, headers: dict[str, str]) -> None:
        self.url = url
        self.frames: list[Frame] = []
        self._path, self._headers = path, headers
        self._news = asyncio.Event()
        self._socket: ClientConnection | None = None
        self._listening: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)

    async def open(self) -> None:
        """Connect, as often as it takes."""
        address = self.url.replace("http", "ws", 1) + self._path
        async with asyncio.timeout(PATIENCE):
            while self._socket is None:
                try:
                    self._socket = await connect(address, additional_headers=self._headers, max_size=None)
                except (OSError, InvalidMessage):
                    await asyncio.sleep(0.2)
        self._listening = asyncio.create_task(self._listen(self._socket))

    async def leave(self) -> None:
        """Let go of the connection, as a closed page would."""
        if self._socket is not None and self._listening is not None:
            await self._socket.close()
            await self._listening
            self._socket = None

    async def send(self, kind: str, /, **fields: Any) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps({"type": kind, **fields}))

    async def ask(self, kind: str, /, **fields: Any) -> Frame:
        """Send with an id (a fresh one unless given) and wait for the answer to it."""
        fields.setdefault("id", f"t{next(self._numbers)}")
        before = len(self.frames)
        await self.send(kind, **fields)
        answers = ("ok", "refused", "found")
        return await self.until(lambda each: each["type"] in answers and each["id"] == fields["id"], after=before)

    async def until(self, fits: Callable[[Frame], object], *, after: int = 0) -> Frame:
        """The first frame that fits, among those that came or will come."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    for frame in self.frames[after:]:
                        if fits(frame):
                            return frame
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            last = [f"{each['type']} {each.get('text', '')}" for each in self.frames[-8:]]
            raise AssertionError(f"waited in vain; the last that came: {last}") from None

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            async for message in socket:
                self.frames.append(json.loads(message))
                self._news.set()
        except ConnectionClosed:
            return


class Seeker(Wire):
    """Somebody at the chat. `token` is who they are."""

    def __init__(self, url: str, *, token: str | None = None, **hello: str) -> None:
        super().__init__(url, "/chat/ws", {})
        self.token = token
        self._hello = hello

    async def connect(self) -> None:
        """Say hello; after the first time as the same person, from where the feed was left."""
        await self.open()
        before = len(self.frames)
        await self.send("hello", token=self.token, after=self.last, **self._hello)
        welcome = await self.until(lambda each: each["type"] == "welcome", after=before)
        self.token = welcome["token"]
        await self.until(lambda each: each["type"] == "entry")

    @property
    def entries(self) -> list[Frame]:
        return [each for each in self.frames if each["type"] == "entry"]

    @property
    def last(self) -> int:
        return max((int(each["seq"]) for each in self.entries), default=0)

    @property
    def conversation(self) -> str:
        """The id of the conversation that the newest entry belongs to."""
        return str(self.entries[-1]["conversation"])

    async def say(self, text: str) -> Frame:
        """Write; returns the entry once it is in the feed."""
        answer = await self.ask("say", text=text)
        assert answer["type"] == "ok", answer
        return await self.until(lambda each: each["type"] == "entry" and each["refers"] == answer["id"])

    async def tap(self, payload: str, label: str = "a button") -> None:
        answer = await self.ask("tap", payload=payload, label=label)
        assert answer["type"] == "ok", answer

    async def hears(self, words: str, *, speaker: str | None = None, after: int = 0) -> Frame:
        """The first entry behind `after` in which these words stand."""

        def fits(frame: Frame) -> bool:
            if frame["type"] != "entry" or frame["seq"] <= after:
                return False
            return words in str(frame["text"]) and (speaker is None or speaker == str(frame["from"]))

        return await self.until(fits)

    async def card(self, *, after: int = 0) -> Frame:
        """The first crisis card behind `after`."""
        return await self.until(lambda each: each["type"] == "entry" and each["kind"] == "card" and each["seq"] > after)


class Desk(Wire):
    """A supporter's desk."""

    def __init__(self, url: str, session: str) -> None:
        super().__init__(url, "/console/ws", {"Cookie": f"warmline_desk={session}", "Origin": url})

    async def connect(self) -> None:
        await self.open()
        before = len(self.frames)
        await self.send("hello", after={})
        await self.until(lambda each: each["type"] == "roster", after=before)

    async def offer(self, conversation: str, **so: Any) -> Frame:
        """The offer of this conversation, once it is made and is so."""
        wanted = {"conversation": conversation, **so}.items()
        frame = await self.until(lambda each: any(wanted <= one.items() for one in _offers(each)))
        return next(one for one in _offers(frame) if wanted <= one.items())

    async def accept(self, conversation: str) -> None:
        await self.offer(conversation)
        answer = await self.ask("accept", conversation=conversation)
        assert answer["type"] == "ok", answer

    async def say(self, conversation: str, text: str) -> None:
        answer = await self.ask("say", conversation=conversation, text=text)
        assert answer["type"] == "ok", answer

    async def hears(self, conversation: str, text: str) -> Frame:
        def fits(frame: Frame) -> bool:
            about = (frame["type"], frame.get("conversation")) == ("entry", conversation)
            return about and text in str(frame.get("text", ""))

        return await self.until(fits)

    async def alert(self, kind: str, conversation: str) -> Frame:
        """The alert of this kind about this conversation, once leads have it."""

        def of_it(alert: Frame) -> bool:
            return (alert["kind"], alert["conversation"]) == (kind, conversation)

        frame = await self.until(lambda each: each["type"] == "alerts" and any(map(of_it, each["alerts"])))
        return next(each for each in frame["alerts"] if of_it(each))


def _offers(frame: Frame) -> list[Frame]:
    return frame["offers"] if frame["type"] == "offers" else []
