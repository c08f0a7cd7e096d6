"""What the tests of security ask for: the whole service, furnished, once for each file."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conftest import RedisProcess
from tests.security.world import World, opened, settings_for


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(redis_server: RedisProcess, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Shared: a test leaves behind no more than it says."""
    async with opened(settings_for(redis_server.url, tmp_path_factory.mktemp("security"))) as made:
        yield made
