"""Too much, too slow, too large: what it meets; and whoever floods us still gets the help that words call for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from connectors.console.routes import TRIES, console_routes
from connectors.web.inbox import MOST
from connectors.web.newcomers import MOST as STRANGERS
from handoff.answers import answer_problems
from handoff.core import events as e
from handoff.core.entries import EntryKind
from handoff.doorstep import Doorstep, Limits
from handoff.patience import protocol
from handoff.running.ports import free_port
from tests.console.house import make_house, opened
from tests.service.house import CRISIS_WORD
from tests.telegram.house import ann_at_home
from tests.web.fake_front import CRISIS_WORDS
from tests.web.house import House, eventually, house

SOMEWHERE = "93.184.216.34"


# --- a flood keeps nobody from the card -------------------------------------------------------------------------------


async def test_the_very_message_that_is_one_too_many_is_read_and_its_card_shown() -> None:
    async with house() as chat, chat.welcomed() as page:
        for count in range(MOST):
            await page.send(type="say", id=f"m{count}", text="again and again")
        await page.send(type="say", id="last", text=CRISIS_WORDS)
        assert await page.closed() == 1008
        assert [each["kind"] for each in page.entries()].count("card") == 1
        assert page.frames[-1]["code"] == "flooded"


async def test_frames_that_are_none_do_not_hide_a_call_for_help_behind_them() -> None:
    async with house() as chat, chat.welcomed() as page:
        for _ in range(MOST):
            await page.raw("{")
        await page.send(type="say", id="last", text=CRISIS_WORDS)
        await page.closed()
        assert "card" in [each["kind"] for each in page.entries()]


async def test_a_widget_that_floods_gets_the_card_before_the_end() -> None:
    async with house() as chat:
        async with connect(f"ws://127.0.0.1:{chat.port}/chat/deep") as socket:
            for _ in range(MOST):
                await socket.send(json.dumps({"messages": [{"role": "user", "text": "again"}]}))
            await socket.send(json.dumps({"messages": [{"role": "user", "text": CRISIS_WORDS}]}))
            said = []
            with suppress(ConnectionClosed):
                async for each in socket:
                    said.append(str(each))
        assert any("You matter" in each for each in said)
        assert chat.front.of(e.SeekerWrote)[-1].text == CRISIS_WORDS


async def test_two_hundred_messages_on_telegram_do_not_keep_the_card_from_the_next() -> None:
    async with ann_at_home() as ann:
        for count in range(200):
            await ann.says(f"message {count}")
        await ann.says(f"everything is {CRISIS_WORD}")
        known = await ann.store.feed(ann.name, 0, 1000)
        assert [each.kind for each in known].count(EntryKind.CARD) == 1
        assert sum(each.refers != "" for each in known) >= 201


async def test_strangers_from_one_address_are_not_all_greeted_but_all_of_them_are_heard() -> None:
    """Greeting is what costs: a conversation kept for nobody. Words make one whoever else came."""
    async with house() as chat, addressed(chat):
        for _ in range(STRANGERS):
            async with chat.welcomed():
                pass
        await eventually(lambda: len(chat.front.of(e.SeekerOpened)) == STRANGERS)
        async with chat.welcomed() as page:
            await page.settled()
            assert len(chat.front.of(e.SeekerOpened)) == STRANGERS
            await page.send(type="say", id="c", text=CRISIS_WORDS)
            assert await page.until(lambda frame: frame["type"] == "entry" and frame["kind"] == "card")


@asynccontextmanager
async def addressed(chat: House) -> AsyncIterator[None]:
    """Everybody comes from one public address, as behind a school's router."""
    await chat.stop()
    app = chat.app

    def moved() -> FastAPI:
        made = app()
        made.add_middleware(_From)
        return made

    chat.app = moved  # type: ignore[method-assign]
    await chat.start()
    yield


class _From:
    def __init__(self, app: object) -> None:
        self._app = app

    async def __call__(self, scope: dict[str, object], receive: object, send: object) -> None:
        await self._app({**scope, "client": (SOMEWHERE, 1)}, receive, send)  # type: ignore[operator]


async def test_links_are_not_tried_without_end_from_one_address() -> None:
    async with opened(make_house()) as desk:
        await desk.hire("Mira")
        app = FastAPI()
        app.include_router(console_routes(desk.front, desk.store, desk.options))
        carried = httpx.ASGITransport(app, client=(SOMEWHERE, 1))
        async with httpx.AsyncClient(
            transport=carried, base_url="http://desk", headers={"Origin": "http://desk"}
        ) as web:
            tried = [(await web.post(f"/console/sign-in/{'x' * 43}")).status_code for _ in range(TRIES + 1)]
            assert tried == [410] * TRIES + [429]
            good = f"/console/sign-in/{await desk.link('mira')}"
            assert (await web.post(good)).status_code == 429
            desk.clock.ahead += 601
            assert (await web.post(good)).status_code == 303


# --- bodies -----------------------------------------------------------------------------------------------------------


def echoing(**limits: float) -> FastAPI:
    app = FastAPI()
    answer_problems(app)
    app.add_middleware(Doorstep, https=True, limits=Limits(**limits))  # type: ignore[arg-type]

    @app.post("/")
    @app.post("/chat/files")
    async def echo(request: Request) -> JSONResponse:
        return JSONResponse(len(await request.body()))

    return app


async def in_pieces(*pieces: bytes, pause: float = 0.0) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(pause)


@pytest.mark.parametrize(("path", "size", "status"), [("/", 1000, 200), ("/", 1001, 413), ("/chat/files", 5000, 200)])
async def test_a_body_has_an_end_whether_it_says_how_long_it_is_or_not(path: str, size: int, status: int) -> None:
    carried = httpx.ASGITransport(echoing(body_bytes=1000))
    async with httpx.AsyncClient(transport=carried, base_url="http://here") as web:
        assert (await web.post(path, content=b"x" * size)).status_code == status
        answer = await web.post(path, content=in_pieces(*[b"x"] * size))
        assert answer.status_code == status
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("limits", [{"silence": 0.05}, {"body_seconds": 0.05}])
async def test_a_body_that_only_trickles_is_let_go_of(limits: dict[str, float]) -> None:
    async with on_a_port(echoing(**limits)) as port, line_to(port) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx")
        assert b"408" in await asyncio.wait_for(reader.readline(), 60)


# --- slow-loris, on real sockets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("begun", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "])
async def test_whoever_never_finishes_asking_is_let_go_of_and_others_are_served_meanwhile(begun: bytes) -> None:
    async with on_a_port(echoing(), head_seconds=2.0) as port, AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(line_to(port)) for _ in range(50)]
        for _, writer in slow:
            writer.write(begun)
        async with httpx.AsyncClient() as web:
            assert (await web.post(f"http://127.0.0.1:{port}/", content=b"x")).status_code == 200
        for reader, _ in slow:
            assert await ended(reader)


async def test_a_head_that_trickles_is_not_kept_alive_by_its_trickling() -> None:
    async with on_a_port(echoing(), head_seconds=0.3) as port, line_to(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nX-Long: ")
        over = asyncio.create_task(ended(reader))
        for _ in range(200):
            if over.done():
                break
            writer.write(b"X")
            await asyncio.sleep(0.05)
        assert await over


async def test_a_second_question_on_the_same_connection_has_its_end_too() -> None:
    async with on_a_port(echoing(), head_seconds=0.3) as port, line_to(port) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
        await reader.readuntil(b"\r\n\r\n1")
        writer.write(b"POST / HTTP/1.1\r\nHost: ")
        assert await ended(reader)


@asynccontextmanager
async def line_to(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def ended(reader: asyncio.StreamReader) -> bool:
    """Whether the server hung up without a word."""
    try:
        return await asyncio.wait_for(reader.read(), 60) == b""
    except ConnectionError:
        return True


@asynccontextmanager
async def on_a_port(app: FastAPI, head_seconds: float = 20.0) -> AsyncIterator[int]:
    port = free_port()
    config = uvicorn.Config(
        app, port=port, http=protocol(head_seconds), log_level="critical", lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    try:
        yield port
    finally:
        server.should_exit = True
        await serving
