"""What the web chat's tests ask for: a chat on a real server, and a real browser that visits it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from tests.web.browser import launch
from tests.web.house import House, house

LANGUAGE = "en-GB"


@pytest_asyncio.fixture
async def chat() -> AsyncIterator[House]:
    async with house() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def live() -> AsyncIterator[House]:
    """The same for browser tests, which share one event loop with their browser."""
    async with house() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await launch(playwright)
        yield running
        await running.close()


class Visitors:
    """Opens pages; whatever goes wrong inside them, and every request elsewhere, is kept in `faults`."""

    def __init__(self, browser: Browser, home: House, stack: AsyncExitStack) -> None:
        self._browser, self._home, self._stack = browser, home, stack
        self.faults: list[str] = []

    async def page(self, path: str = "/", **more: Any) -> Page:
        """A page of somebody new (a browser context of its own), at the chat."""
        context = await self._browser.new_context(**{"locale": LANGUAGE, "reduced_motion": "reduce", **more})
        self._stack.push_async_callback(context.close)
        context.set_default_timeout(10_000)
        context.on("page", self._watch)
        page = await context.new_page()
        await page.goto(self._home.url + path)
        return page

    async def tab(self, page: Page) -> Page:
        """One more tab of the same person."""
        other = await page.context.new_page()
        await other.goto(self._home.url)
        return other

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("console", self._console)
        page.on("request", lambda request: self._request(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and ("Policy" in message.text or "Trusted" in message.text):
            self.faults.append(message.text)

    def _request(self, url: str) -> None:
        if not url.startswith((self._home.url, f"blob:{self._home.url}", "data:", "about:")):
            self.faults.append(f"a request elsewhere: {url}")


@pytest_asyncio.fixture(loop_scope="session")
async def visitors(browser: Browser, live: House) -> AsyncIterator[Visitors]:
    """Nothing may have gone wrong inside a page by the end of a test."""
    async with AsyncExitStack() as stack:
        made = Visitors(browser, live, stack)
        yield made
        assert made.faults == []
