"""The deep-chat component from npm, unmodified, on another website: from hello to the card and to a supporter."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.conftest import RedisProcess
from tests.journey.pages import Windows
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.web.browser import module

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = """<!doctype html><html lang="en"><head><title>Widget</title><script type="module" src="/deep-chat.js"></script>
</head><body><main><h1>Widget</h1><deep-chat connect='{connect}'></deep-chat></main></body></html>"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def website(tmp_path: Path) -> Iterator[str]:
    """Somebody else's website, whose files lie in `tmp_path`; its origin."""
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_line(
    redis: RedisProcess, bot: StandInBot, website: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    """A line that lets that website embed the chat."""
    settings = line_settings(tmp_path_factory.mktemp("open"), redis.url, bot.url)
    async with own_line(settings.model_copy(update={"origins": (website,)})) as running:
        yield running


async def test_the_component_from_npm_talks_with_bot_and_supporter_and_shows_the_card(
    open_line: OwnLine, windows: Windows, website: str, tmp_path: Path
) -> None:
    shutil.copy(module("deep-chat/dist/deepChat.bundle.js"), tmp_path / "deep-chat.js")
    connect = {"url": open_line.url.replace("http", "ws", 1) + "/chat/deep", "websocket": True}
    (tmp_path / "index.html").write_text(PAGE.format(connect=json.dumps(connect)))
    mira = await open_line.hire("Mira")
    page = await windows.blank()
    await page.route("**/*fonts.g*/**", lambda route: route.abort())
    await page.goto(website)
    log = page.locator("deep-chat #messages")

    async def write(text: str) -> None:
        await page.locator("deep-chat #text-input").click()
        await page.keyboard.type(text)
        await page.keyboard.press("Enter")

    await expect(log).to_contain_text("I'm a bot")
    await write("hello from a widget")
    await expect(log).to_contain_text("I heard: hello from a widget")
    conversation = await open_line.conversation_with("hello from a widget")
    async with open_line.desk(mira) as desk:
        await write("I don't want to be alive anymore")
        await expect(log).to_contain_text("emergency")
        await desk.accept(conversation)
        await desk.hears(conversation, "hello from a widget")
        await desk.say(conversation, "Mira here, I am with you")
        await expect(log).to_contain_text("Mira: Mira here, I am with you")
        await write("thank you for coming")
        await desk.hears(conversation, "thank you for coming")
