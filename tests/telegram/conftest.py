"""What these tests ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.telegram.house import Ann, ann_at_home


@pytest_asyncio.fixture
async def ann() -> AsyncIterator[Ann]:
    async with ann_at_home() as made:
        yield made
