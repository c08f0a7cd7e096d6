"""What the journeys ask for: one `make run` for those that need the real bot, lines of their own for the others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from handoff.running.ports import free_port
from handoff.running.redis_server import OwnServer, find_binary
from tests.conftest import RedisProcess
from tests.journey.line import Line
from tests.journey.pages import Windows
from tests.journey.processes import MakeRun, OwnLine, StandInBot, is_alive, line_settings, own_line
from tests.web.browser import launch


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await launch(playwright)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def windows(browser: Browser) -> AsyncIterator[Windows]:
    """No script of a page may have failed by the end of a test."""
    async with AsyncExitStack() as stack:
        made = Windows(browser, stack)
        yield made
    assert made.faults == []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MakeRun]:
    """The whole of `make run`, its addresses printed; take `home` for a bot that is awake. One Ctrl-C ends it."""
    made = MakeRun(tmp_path_factory.mktemp("run"), WARMLINE_BOT_DOWN_SECONDS="900", WARMLINE_LINE_NAME="Harbour Light")
    await made.start()
    yield made
    started = made.pids()
    assert await made.stop() == 0
    assert [pid for pid in started if is_alive(pid)] == []
    assert "Everything that was started here has stopped." in made.printed


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def home(run: MakeRun) -> AsyncIterator[Line]:
    """The line of `make run`, its bot awake."""
    await run.awake()
    line = run.line()
    yield line
    await line.close()


@pytest_asyncio.fixture(loop_scope="session")
async def empty_home(home: Line) -> AsyncIterator[Line]:
    """The same, with nobody at any desk."""
    await home.send_home()
    yield home


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
async def line(
    redis: RedisProcess, bot: StandInBot, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    """A line of these tests' own; its bot is a stand-in."""
    async with own_line(line_settings(tmp_path_factory.mktemp("line"), redis.url, bot.url)) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def empty_line(line: OwnLine) -> AsyncIterator[OwnLine]:
    """The same, with nobody at any desk."""
    await line.send_home()
    yield line
