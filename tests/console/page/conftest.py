"""One browser for all tests of the page; a house for each. All share the session's event loop, as Playwright asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.console.house import House, make_house, opened
from tests.console.page.browser import chromium, problems


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


@pytest.fixture(autouse=True)
def _no_script_failed() -> Iterator[None]:
    """Whatever a test looks at, no script may fail and nothing may be stopped by the content-security policy."""
    problems.clear()
    yield
    assert [said for page in problems.values() for said in page] == []
