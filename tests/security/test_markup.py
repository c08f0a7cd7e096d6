"""A corpus of markup through every field on every page, in a real browser: words stay words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from connectors.console.routes import COOKIE
from handoff.core.entries import EntryKind, Speaker
from handoff.core.risk import Tier
from tests.console.house import RESOURCE, make_house, opened
from tests.console.test_reviews import ITEM
from tests.security.payloads import CLEAN, EVERYTHING, FOUND, MARK, PAYLOADS, WATCH
from tests.web.browser import launch
from tests.web.house import House, house

pytestmark = pytest.mark.asyncio(loop_scope="module")

FILE = {"file": "0" * 32, "kind": "document", "type": "application/pdf", "name": EVERYTHING, "size": 5}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await launch(playwright)
        yield running
        await running.close()


@asynccontextmanager
async def watched(browser: Browser, cookie: str = "", url: str = "") -> AsyncIterator[Page]:
    """A page in which nothing may run, be stopped from running, open a dialog or ask anybody else for anything."""
    context = await browser.new_context(locale="en-GB", reduced_motion="reduce")
    if cookie:
        await context.add_cookies([{"name": COOKIE, "value": cookie, "url": f"{url}/console"}])
    page = await context.new_page()
    wrong: list[str] = []
    page.on("dialog", lambda dialog: wrong.append(f"a dialog: {dialog.message}"))
    page.on("request", lambda asked: wrong.append(asked.url) if "elsewhere.example" in asked.url else None)
    page.on("pageerror", lambda error: wrong.append(f"a script failed: {error}"))
    await page.add_init_script(f"({WATCH})()")
    yield page
    assert await page.evaluate(FOUND) == CLEAN
    assert wrong == []
    await context.close()


async def test_what_a_seeker_reads(browser: Browser) -> None:
    """Their own words, a supporter's words and name, a file's name, a resource, the line's name, the page's title."""
    async with house(line_name=EVERYTHING[:2000], title=EVERYTHING[:500]) as chat, watched(browser) as page:
        await page.goto(chat.url)
        box = page.get_by_role("textbox")
        for payload in (PAYLOADS[0], PAYLOADS[2], PAYLOADS[12]):
            await box.fill(payload)
            await box.press("Enter")
        await box.fill(EVERYTHING[:3900])
        await box.press("Enter")
        await expect(page.get_by_text(PAYLOADS[0], exact=True).first).to_be_visible()
        await _answered(chat)
        await expect(page.get_by_text("data:text/html").last).to_be_attached()
        await page.wait_for_timeout(300)
        assert await page.locator("a[href]").evaluate_all(
            "(links) => links.every((each) => /^(https?|tel|sms|mailto):|^[#/]/.test(each.getAttribute('href')))"
        )


async def _answered(chat: House) -> None:
    """What comes from others."""
    resource = {**RESOURCE, "title": EVERYTHING, "summary": EVERYTHING, "body": [EVERYTHING], "url": PAYLOADS[14]}
    for kind, body in ((EntryKind.TEXT, None), (EntryKind.FILE, FILE), (EntryKind.RESOURCE, resource)):
        await chat.front.say(EVERYTHING, speaker=Speaker.SUPPORTER, name=EVERYTHING, kind=kind, body=body)


async def test_what_a_supporter_reads(browser: Browser) -> None:
    """A seeker's name, topics, wishes and words, files, notes, why it is urgent, alerts, supporters, replies."""
    replies = [{"category": "opening", "title": EVERYTHING, "text": EVERYTHING}]

    async def search(*_: Any) -> list[dict[str, Any]]:
        return [{**RESOURCE, "title": EVERYTHING, "summary": EVERYTHING, "body": [EVERYTHING]}]

    async def reviews() -> list[dict[str, Any]]:
        return [{**ITEM, "words": EVERYTHING}]

    made = make_house(line_name=EVERYTHING[:2000], replies=replies, search=search, reviews=reviews)
    async with opened(made) as desk:
        await desk.hire("Mira", lead=True)
        await desk.change_supporter("mira", name=EVERYTHING[:80])
        await desk.hire("Sam", topics=(EVERYTHING,), languages=("en",))
        for name in ("one", "two"):
            about: dict[str, Any] = {"topics": (EVERYTHING,), "preferences": (EVERYTHING,), "modifiers": (EVERYTHING,)}
            waiting = await desk.arrive(f"{name}{EVERYTHING}"[:80], why=EVERYTHING, tier=Tier.CONCERN, **about)
            await desk.alarm(waiting.id, EVERYTHING)
        held = await desk.give(waiting.id, "mira")
        for speaker in (Speaker.SEEKER, Speaker.BOT, Speaker.SUPPORTER):
            await desk.say(held.id, speaker, EVERYTHING, name=EVERYTHING)
        await desk.say(held.id, Speaker.SEEKER, EVERYTHING, kind=EntryKind.FILE, body=FILE)
        async with watched(browser, await desk.session("mira"), desk.base) as page:
            await page.goto(f"{desk.base}/console")
            await expect(page.get_by_text(MARK).first).to_be_visible()
            await page.get_by_role("textbox").first.wait_for()
            await page.wait_for_timeout(500)
            note = page.locator("textarea").last
            await note.fill(EVERYTHING[:3900])
            for button in await page.get_by_role("button").all():
                if await button.is_visible() and await button.is_enabled() and await _is_harmless(button):
                    await button.dispatch_event("click")
                    await page.keyboard.press("Escape")
            await page.wait_for_timeout(300)


async def _is_harmless(button: Any) -> bool:
    """Whatever opens something to look at, and not what ends the session or the talk."""
    name = ((await button.text_content()) or "").lower()
    return not any(word in name for word in ("sign out", "close the", "back to", "leave", "accept", "take over"))


async def test_the_way_in(browser: Browser) -> None:
    """The doors of the console, with the line's name and a made-up link in them."""
    async with opened(make_house(line_name=EVERYTHING[:2000])) as desk:
        for path in ("/console/sign-in", f"/console/sign-in/{'x' * 43}", "/console/sign-in/%3Cscript%3Ewindow.pwned=1"):
            async with watched(browser) as page:
                await page.goto(desk.base + path)
                assert "door" in (await page.locator("body").get_attribute("class") or "")


async def test_each_payload_by_itself_in_the_chat(browser: Browser) -> None:
    async with house() as chat, watched(browser) as page:
        await page.goto(chat.url)
        await expect(page.get_by_text("Hi, I'm a bot.")).to_be_visible()
        for payload in PAYLOADS:
            await chat.front.say(payload, speaker=Speaker.SUPPORTER, name="Mira")
        await expect(page.get_by_text("data:text/html").last).to_be_attached()


async def test_markup_that_a_page_does_take_for_markup_is_noticed(browser: Browser) -> None:
    """The watch itself can fail: without it, the tests above would say nothing."""
    page = await browser.new_page()
    await page.add_init_script(f"({WATCH})()")
    await page.goto("about:blank")
    await page.set_content(" ".join(each for each in PAYLOADS if "http-equiv" not in each))
    await page.wait_for_function("window.pwned === 1")
    found = await page.evaluate(FOUND)
    assert found["ran"] == 1
    assert found["elements"]
    await page.close()
