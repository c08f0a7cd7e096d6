"""A web chat on a real server and a free port, with a store in memory, and a plain client for its protocol."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uvicorn
import websockets
import yaml
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from websockets.asyncio.client import ClientConnection

from connectors.web import WebOptions, web_routes
from handoff.core.policy import Policy
from handoff.running.ports import free_port
from handoff.store.memory import MemoryStore
from tests.shelf.fake import FakeShelf
from tests.web.fake_front import CARD, Clock, FakeFront

WORDING = Path("handoff/wording")
SECRET = "only-for-tests-" * 3
PATIENCE = 60.0


def texts(language: str) -> dict[str, Any]:
    """One language's texts, read as the service reads them: every scalar a text."""
    content = (WORDING / language / "web.yml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(content, Loader=yaml.BaseLoader)
    return read


def make_options(**changes: Any) -> WebOptions:
    options = WebOptions(
        line="main",
        line_name="Harbour Light",
        session_secret=SECRET,
        wording={language: texts(language) for language in ("en", "es")},
        leave_url="/weather",
        urgent={"en": CARD},
        countries=("GB", "ES"),
        waiting_seconds=0.5,
        deep_wait_seconds=5.0,
        deep_quiet_seconds=0.3,
    )
    return replace(options, **changes)


@dataclass
class House:
    """`url` without a slash at its end. The server can be stopped and started again at the same address."""

    port: int
    options: WebOptions
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.shelf = FakeShelf(self.options.file_limit)
        self.store = MemoryStore("main", Policy(), self.clock)
        self.front = FakeFront(self.store, self.clock)
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None
        self.pages: dict[str, str] = {"/weather": "<!doctype html><title>Weather</title><h1>Weather</h1>"}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)
        app.include_router(web_routes(self.front, self.store, replace(self.options, shelf=self.shelf)))

        @app.get("/{name:path}")
        async def other(name: str) -> HTMLResponse:
            return HTMLResponse(self.pages.get(f"/{name}", ""), 200 if f"/{name}" in self.pages else 404)

        return app

    async def start(self) -> None:
        config = uvicorn.Config(
            self.app(), host="127.0.0.1", port=self.port, log_level="error", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._task = asyncio.create_task(self._server.serve())
        await eventually(lambda: self._server is not None and self._server.started)

    async def stop(self) -> None:
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task
            self._server = None

    @asynccontextmanager
    async def page(self, origin: str | None = None) -> AsyncIterator[Page]:
        """A connection that has not said hello yet."""
        address = f"ws://127.0.0.1:{self.port}/chat/ws"
        async with websockets.connect(address, origin=origin, max_size=2**24) as socket:  # type: ignore[arg-type]
            yield Page(socket)

    @asynccontextmanager
    async def welcomed(self, token: str | None = None, after: int = 0, **more: Any) -> AsyncIterator[Page]:
        """A connection that was welcomed."""
        async with self.page() as page:
            await page.send(type="hello", token=token, after=after, **more)
            page.welcome = await page.until(lambda frame: frame["type"] == "welcome")
            yield page


class Page:
    """A plain client. Keeps every frame it was sent."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []
        self.welcome: dict[str, Any] = {}

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def raw(self, content: str | bytes) -> None:
        await self.socket.send(content)

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next frame that is wanted; what comes before it is kept in `frames`."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                self.frames.append(frame)
                if wanted(frame):
                    return frame

    async def next(self, kind: str) -> dict[str, Any]:
        return await self.until(lambda frame: frame["type"] == kind)

    async def answer(self, frame_id: str | None) -> dict[str, Any]:
        return await self.until(lambda frame: frame["type"] in ("ok", "refused") and frame["id"] == frame_id)

    async def entry(self, text: str) -> dict[str, Any]:
        return await self.until(lambda frame: frame["type"] == "entry" and frame["text"] == text)

    async def settled(self) -> None:
        """Everything sent before was answered."""
        await self.send(type="ping")
        await self.next("pong")

    async def closed(self) -> int:
        """Reads to the end; the closing code."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    self.frames.append(json.loads(await self.socket.recv()))
            except websockets.ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006

    def entries(self) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == "entry"]


async def eventually(holds: Callable[[], Any]) -> None:
    """Waits until `holds()` is true, or until awaiting it is."""
    for _ in range(int(PATIENCE / 0.01)):
        value = holds()
        if await value if inspect.isawaitable(value) else value:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to hold")


@asynccontextmanager
async def house(**changes: Any) -> AsyncIterator[House]:
    """A running one; stopped afterwards."""
    made = House(free_port(), make_options(**changes))
    await made.start()
    try:
        yield made
    finally:
        await made.stop()
