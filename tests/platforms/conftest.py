"""What the tests of platforms ask for: a durable store, a bot, and emulators that nobody here wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from handoff.running.ports import free_port
from handoff.running.redis_server import OwnServer, find_binary
from tests.conftest import RedisProcess
from tests.emulators.slack import SlackWorld, slack_world
from tests.emulators.telegram import TelegramWorld, telegram_world
from tests.journey.processes import StandInBot


@pytest.fixture(scope="session")
def bot() -> Iterator[StandInBot]:
    made = StandInBot()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisProcess]:
    """A durable server (AOF, fsync always) of these tests' own."""
    process = RedisProcess(OwnServer(find_binary(), tmp_path_factory.mktemp("redis"), free_port()))
    process.start()
    yield process
    process.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def telegram(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TelegramWorld]:
    log: Path = tmp_path_factory.mktemp("telegram") / "emulator.log"
    async with telegram_world(log) as world:
        yield world


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def slack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackWorld]:
    log: Path = tmp_path_factory.mktemp("slack") / "emulator.log"
    async with slack_world(log) as world:
        yield world
