"""A desk without a page: sends frames, collects what comes, waits for what is expected."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from connectors.console.routes import COOKIE
from tests.console.house import House

Frame = dict[str, Any]
_PATIENCE = 10.0


class DeskClient:
    """`frames` are all that came, in order; `bye` the last word of the server."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._count = 0
        self.frames: list[Frame] = []
        self._news = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    @property
    def bye(self) -> Frame | None:
        return next((each for each in self.frames if each["type"] == "bye"), None)

    async def raw(self, text: str | bytes) -> None:
        await self._socket.send(text)

    async def send(self, kind: str, /, **fields: Any) -> None:
        await self.raw(json.dumps({"type": kind, **fields}))

    async def ask(self, kind: str, /, *, id: str | None = None, **fields: Any) -> Frame:  # noqa: A002
        """Send a frame with an id and wait for its answer."""
        self._count += 1
        frame_id = id or f"f{self._count}"
        before = len(self.frames)
        await self.send(kind, id=frame_id, **fields)
        return await self.until(lambda frame: frame.get("id") == frame_id and frame["type"] != "me", after=before)

    async def until(self, fits: Callable[[Frame], bool], *, after: int = 0) -> Frame:
        """The first frame that fits, among those that came or will come."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                for frame in self.frames[after:]:
                    if fits(frame):
                        return frame
                self._news.clear()
                await self._news.wait()

    async def until_type(self, kind: str, *, after: int = 0) -> Frame:
        return await self.until(lambda frame: frame["type"] == kind, after=after)

    async def entry(self, text: str) -> Frame:
        return await self.until(lambda frame: frame["type"] == "entry" and frame.get("text") == text)

    def texts(self, conversation: str) -> list[str]:
        """What was said in one conversation, as it came."""
        return [
            each["text"]
            for each in self.frames
            if each["type"] == "entry" and each["conversation"] == conversation and "text" in each
        ]

    async def settled(self) -> None:
        """Until all that was sent before has been answered."""
        before = len(self.frames)
        await self.send("ping")
        await self.until_type("pong", after=before)

    async def closed(self) -> int:
        """Wait for the end; the closing code."""
        async with asyncio.timeout(_PATIENCE):
            await self._socket.wait_closed()
            await self._listening
        return self._socket.close_code or 0

    async def leave(self) -> None:
        await self._socket.close()
        await self._listening

    async def _listen(self) -> None:
        try:
            async for message in self._socket:
                self.frames.append(json.loads(message))
                self._news.set()
        except ConnectionClosed:
            return


@asynccontextmanager
async def socket_of(house: House, session: str = "", origin: str | None = None) -> AsyncIterator[DeskClient]:
    """A connection that has not said hello."""
    headers = {"Cookie": f"{COOKIE}={session}"} if session else {}
    address = house.base.replace("http", "ws") + "/console/ws"
    async with connect(address, origin=origin or house.base, additional_headers=headers, max_size=None) as socket:  # type: ignore[arg-type]
        client = DeskClient(socket)
        try:
            yield client
        finally:
            await client.leave()


@asynccontextmanager
async def desk_of(
    house: House, supporter: str, *, session: str | None = None, after: dict[str, list[int]] | None = None
) -> AsyncIterator[DeskClient]:
    """A desk that is open and has been drawn once."""
    async with socket_of(house, session or await house.session(supporter)) as client:
        await client.send("hello", after=after or {})
        await client.until_type("roster")
        yield client


async def offers_of(desk: DeskClient, count: int) -> list[Frame]:
    """The offers, once there are that many."""
    frame = await desk.until(lambda each: each["type"] == "offers" and len(each["offers"]) == count)
    offers: list[Frame] = frame["offers"]
    return offers


async def mine(desk: DeskClient, conversation: str, *, after: int = 0) -> Frame:
    """A conversation as this desk shows it, once it does."""

    def has(frame: Frame) -> bool:
        return frame["type"] == "mine" and any(each["id"] == conversation for each in frame["conversations"])

    frame = await desk.until(has, after=after)
    view: Frame = next(each for each in frame["conversations"] if each["id"] == conversation)
    return view
