"""What the tests of running a line ask for: a real Redis of their own, a stand-in bot, real service processes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from handoff.running.ports import free_port
from handoff.running.redis_server import OwnServer, find_binary
from tests.conftest import RedisProcess
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.operations.reading import TOKEN


@pytest.fixture(scope="session")
def bot() -> Iterator[StandInBot]:
    made = StandInBot()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisProcess]:
    """A durable server (AOF, fsync always)."""
    process = RedisProcess(OwnServer(find_binary(), tmp_path_factory.mktemp("redis"), free_port()))
    process.start()
    yield process
    process.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The line's own folder."""
    return tmp_path / "line"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    """A line whose /metrics is on."""
    settings = line_settings(tmp_path_factory.mktemp("line"), redis.url, bot.url)
    async with own_line(settings, WARMLINE_METRICS_TOKEN=TOKEN) as running:
        yield running
