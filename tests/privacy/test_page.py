"""The page in a real browser: the conversation as a file, from the menu and by a word; what deleting cannot reach."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.conftest import RedisProcess
from tests.journey.conftest import browser, windows
from tests.journey.pages import Windows
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line

__all__ = ["browser", "windows"]
pytestmark = pytest.mark.asyncio(loop_scope="session")
WORDS = "the heron by the lake"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    settings = line_settings(tmp_path_factory.mktemp("page"), redis.url, bot.url, line="page")
    async with own_line(settings) as running:
        yield running


async def test_the_conversation_is_saved_from_the_menu_and_by_a_word(line: OwnLine, windows: Windows) -> None:
    chat = await windows.chat(line.url)
    await chat.write(WORDS)
    await chat.hears(f"I heard: {WORDS}")
    async with chat.page.expect_download() as by_menu:
        await chat.page.get_by_role("button", name="Menu").click()
        await chat.page.get_by_role("button", name="Save my conversation as a file").click()
    async with chat.page.expect_download() as by_word:
        await chat.write("/export")
    for download in (await by_menu.value, await by_word.value):
        assert download.suggested_filename == "conversation.txt"
        assert WORDS in Path(await download.path()).read_text()
    await expect(chat.page.get_by_text("The file was handed to your browser.")).to_be_visible()
    assert "/export" not in await chat.shown()


async def test_before_deleting_the_page_says_what_stays_on_the_device(line: OwnLine, windows: Windows) -> None:
    chat = await windows.chat(line.url)
    await chat.page.get_by_role("button", name="Menu").click()
    await chat.page.get_by_role("button", name="Delete my conversation").click()
    await expect(chat.page.get_by_text("What your own device keeps")).to_be_visible()
