"""The widget on another site: one script tag, a strict content-security policy, and leaving from inside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from handoff.core.entries import Speaker
from handoff.running.ports import free_port
from tests.web.browser import violations
from tests.web.house import House, eventually, house

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOST_PAGE = """<!doctype html><html lang="en"><head><title>A school's page</title></head>
<body><main><h1>A school's page</h1><p>Homework and lunch.</p></main>
<script src="{chat}/embed.js" data-language="en" data-country="GB" defer></script></body></html>"""


@dataclass
class Site:
    """Another site with its own policy, and the chat that it embeds."""

    url: str
    chat: House
    page: Page
    complaints: list[str]


def policy(chat: str) -> str:
    """The strictest policy a host can have: exactly what docs/embedding.md names."""
    return f"default-src 'none'; script-src {chat}; frame-src {chat}; require-trusted-types-for 'script'"


def host_app(chat: str) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.get("/")
    async def page() -> HTMLResponse:
        return HTMLResponse(HOST_PAGE.format(chat=chat), headers={"Content-Security-Policy": policy(chat)})

    return app


@pytest_asyncio.fixture(loop_scope="session", params=[True])
async def site(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    port = free_port()
    url = f"http://localhost:{port}"
    async with house(allowed_origins=(url,) if request.param else ()) as chat:
        server = uvicorn.Server(
            uvicorn.Config(host_app(chat.url), host="127.0.0.1", port=port, log_level="error", lifespan="off")
        )
        serving = asyncio.create_task(server.serve())
        await eventually(lambda: server.started)
        context = await browser.new_context(reduced_motion="reduce")
        page = await context.new_page()
        complaints: list[str] = []

        def hear(message: ConsoleMessage) -> None:
            if message.type == "error":
                complaints.append(message.text)

        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(url)
        yield Site(url, chat, page, complaints)
        await context.close()
        server.should_exit = True
        await serving


async def test_the_widget_talks_under_a_strict_policy(site: Site) -> None:
    await site.page.get_by_role("button", name="Chat with us").click()
    chat = site.page.frame_locator("iframe[title=Chat]")
    await expect(chat.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await chat.get_by_label("Your message").fill("from another site")
    await site.page.keyboard.press("Enter")
    await expect(chat.get_by_role("log")).to_contain_text("I heard: from another site")
    assert await violations(site.page) == []
    assert site.complaints == []


async def test_closing_the_panel_keeps_the_talk_and_counts_what_is_new(site: Site) -> None:
    await site.page.get_by_role("button", name="Chat with us").click()
    chat = site.page.frame_locator("iframe[title=Chat]")
    await expect(chat.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await chat.get_by_role("button", name="Close chat").click()
    await expect(site.page.get_by_role("button", name="Chat with us")).to_be_focused()
    await site.chat.front.say("are you still there?", speaker=Speaker.SUPPORTER, name="Sam")
    await site.page.get_by_role("button", name="1 new messages").click()
    await expect(chat.get_by_role("log")).to_contain_text("are you still there?")

    async def read_it() -> bool:
        return (await site.chat.store.marks(site.chat.front.pseudonym(site.chat.front.seeker))).read == 2

    await eventually(read_it)


async def test_leaving_from_inside_takes_the_whole_page_away(site: Site) -> None:
    await site.page.get_by_role("button", name="Chat with us").click()
    chat = site.page.frame_locator("iframe[title=Chat]")
    await chat.get_by_role("button", name="Leave quickly").click()
    await site.page.wait_for_url(f"{site.chat.url}/weather")


@pytest.mark.parametrize("inside", [True, False])
async def test_escape_three_times_works_inside_and_outside_the_panel(site: Site, inside: bool) -> None:
    await site.page.get_by_role("button", name="Chat with us").click()
    chat = site.page.frame_locator("iframe[title=Chat]")
    await expect(chat.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    if inside:
        await chat.get_by_label("Your message").focus()
    else:
        await site.page.get_by_text("Homework and lunch.").click()
    for _ in range(3):
        await site.page.keyboard.press("Escape")
    await site.page.wait_for_url(f"{site.chat.url}/weather")


@pytest.mark.parametrize("site", [False], indirect=True)
async def test_a_site_that_is_not_allowed_cannot_show_the_chat(site: Site) -> None:
    await site.page.get_by_role("button", name="Chat with us").click()
    await eventually(lambda: any("frame-ancestors" in each for each in site.complaints))
    assert site.chat.front.handled == []
