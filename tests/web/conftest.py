"""What the web chat's tests ask for: a chat on a real server, and a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.web.house import House, house


@pytest_asyncio.fixture
async def chat() -> AsyncIterator[House]:
    async with house() as running:
        yield running
