"""A house for each test: open, with nobody in it yet."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.console.house import House, make_house, opened


@pytest_asyncio.fixture
async def house() -> AsyncIterator[House]:
    async with opened(make_house()) as ready:
        yield ready
