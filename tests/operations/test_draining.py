"""A rolling restart: one of two processes is asked to end while people talk, and nobody need know."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from handoff.core.entries import Speaker
from handoff.running.ports import free_port
from tests.conftest import RedisProcess
from tests.journey.line import eventually
from tests.journey.pages import Windows
from tests.journey.processes import OwnLine, Service, StandInBot, line_settings, own_line
from tests.operations.balancer import Balancer
from tests.web.browser import launch

pytestmark = pytest.mark.asyncio(loop_scope="session")

_GONE = 1012


class TwoProcesses(OwnLine):
    """A line served by two processes behind a balancer; `url` is the balancer's."""

    second: Service
    balancer: Balancer

    @property
    def url(self) -> str:
        return self.balancer.url if hasattr(self, "balancer") else super().url


@pytest_asyncio.fixture(loop_scope="session")
async def two(redis: RedisProcess, bot: StandInBot, tmp_path: Path) -> AsyncIterator[TwoProcesses]:
    line = TwoProcesses(line_settings(tmp_path / "line", redis.url, bot.url, line="rolling"))
    line.service = Service(line.settings, WARMLINE_DRAIN_NOTICE_SECONDS="2")
    line.second = Service(line.settings.model_copy(update={"port": free_port()}))
    await asyncio.gather(line.service.start(), line.second.start())
    line.balancer = Balancer([line.service.url, line.second.url])
    await line.balancer.start()
    yield line
    await line.balancer.stop()
    line.service.stop()
    line.second.stop()
    await line.close()


async def test_two_people_talk_on_while_their_process_is_replaced(two: TwoProcesses) -> None:
    async with async_playwright() as playwright, AsyncExitStack() as stack:
        windows = Windows(await launch(playwright), stack)
        supporter = await two.hire("Mira")
        chat = await windows.chat(two.url)
        await chat.tap("I want a person")
        desk = await windows.desk(await two.link(supporter))
        offer = desk.page.locator(".offer").first
        conversation = str(await offer.get_attribute("data-conversation"))
        await desk.accept(conversation)
        await chat.hears("Mira is here")
        banners = [await _watched(page) for page in (chat.page, desk.page)]
        ending: asyncio.Future[None] | None = None
        for number in range(1, 31):
            if number == 8:
                ending = asyncio.ensure_future(asyncio.to_thread(two.service.stop))
            await chat.write(f"seeker line {number}")
            await desk.write(conversation, f"supporter line {number}")
            await asyncio.sleep(0.15)
        assert ending is not None
        await ending
        await chat.write("seeker line 31")
        await chat.settled()
        await desk.settled(conversation)
        await eventually(partial(_arrived, two, conversation), "everything arrived, in order, once")
        await desk.room(conversation).get_by_text("seeker line 31", exact=True).wait_for()
        assert [line for line in await chat.shown("supporter") if " line " in line] == _lines("supporter", 30)
        assert [await page.evaluate("window.troubles") for page in banners] == [[], []]
        assert windows.faults == []


async def _watched(page: Page) -> Page:
    """Keeps in the page every trouble that it showed from now on."""
    await page.evaluate(
        """() => {
          window.troubles = [];
          const banner = document.querySelector("#banner, .banner");
          const look = () => { const text = banner.textContent.trim(); if (text) window.troubles.push(text); };
          new MutationObserver(look).observe(banner, { childList: true, subtree: true, characterData: true });
        }"""
    )
    return page


def _lines(who: str, count: int) -> list[str]:
    return [f"{who} line {number}" for number in range(1, count + 1)]


async def _arrived(line: OwnLine, conversation: str) -> bool:
    seeker = await line.said(conversation, Speaker.SEEKER)
    return seeker[1:] == _lines("seeker", 31) and await line.said(conversation, Speaker.SUPPORTER) == _lines(
        "supporter", 30
    )


async def test_while_it_goes_a_process_says_so_and_lets_nobody_in(
    redis: RedisProcess, bot: StandInBot, tmp_path: Path
) -> None:
    settings = line_settings(tmp_path / "line", redis.url, bot.url, line="going")
    async with own_line(settings, WARMLINE_DRAIN_NOTICE_SECONDS="4") as line:
        address = f"{line.url.replace('http', 'ws', 1)}/chat/ws"
        async with connect(address) as inside, httpx.AsyncClient() as client:
            await inside.send(json.dumps({"type": "hello", "token": None, "after": 0}))
            assert json.loads(await inside.recv())["type"] == "welcome"
            ending = asyncio.ensure_future(asyncio.to_thread(line.service.stop, signal.SIGTERM))

            async def draining() -> bool:
                answer = await client.get(f"{line.url}/readyz")
                return (answer.status_code, answer.json()["status"]) == (503, "draining")

            await eventually(draining, "it says that it drains")
            assert (await client.get(f"{line.url}/healthz")).status_code == 200
            async with connect(address) as newcomer:
                assert await _close_code(newcomer) == _GONE
            await inside.send(json.dumps({"type": "say", "id": "m1", "text": "still here"}))
            while json.loads(await inside.recv()).get("id") != "m1":
                continue
            assert await _close_code(inside) == _GONE
            await ending


async def _close_code(socket: ClientConnection) -> int:
    """How the other side ends this connection."""
    try:
        while True:
            await socket.recv()
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0
