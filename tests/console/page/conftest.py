"""One browser for all tests of the page; a house for each. All share the session's event loop, as Playwright asks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.console.house import House, make_house, opened
from tests.console.page.browser import chromium


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as ready:
        yield ready


@pytest_asyncio.fixture(loop_scope="session")
async def house(browser: Browser) -> AsyncIterator[House]:
    """Its pages are closed before it is."""
    async with opened(make_house()) as ready:
        yield ready
        for context in browser.contexts:
            await context.close()
