"""A real browser for the console's pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, async_playwright

from connectors.console.routes import COOKIE
from tests.console.house import House
from tests.web.browser import launch


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser without anything from before."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            yield browser
        finally:
            await browser.close()


async def open_desk(
    browser: Browser,
    house: House,
    supporter: str,
    *,
    width: int = 1280,
    theme: str = "dark",
    session: str | None = None,
) -> Page:
    """The desk of a signed-in supporter in a context of its own; a failing script fails the test through `problems`."""
    context = await browser.new_context(viewport={"width": width, "height": 800})
    await context.add_init_script(f"try {{ localStorage.setItem('warmline.desk.theme', '{theme}') }} catch {{}}")
    token = session or await house.session(supporter)
    await context.add_cookies([{"name": COOKIE, "value": token, "url": f"{house.base}/console"}])
    page = await context.new_page()
    problems[page] = []
    page.on("pageerror", lambda error: problems[page].append(str(error)))
    page.on("console", lambda said: problems[page].append(said.text) if "Content Security" in said.text else None)
    await page.goto(f"{house.base}/console")
    await page.locator(".presence input:checked").wait_for(state="attached")
    return page


problems: dict[Page, list[str]] = {}
"""What went wrong in each page: errors of scripts, and what the content-security policy had to stop."""
