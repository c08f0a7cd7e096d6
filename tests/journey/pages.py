"""The chat page and the console in a real browser, used as people use them."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from tests.journey.talk import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)


class ChatPage:
    """The seeker's page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.get_by_role("log")

    async def write(self, text: str) -> None:
        await self.page.get_by_label("Your message").fill(text)
        await self.page.keyboard.press("Enter")

    async def tap(self, title: str) -> None:
        await self.log.get_by_role("button", name=title, exact=True).last.click()

    async def hears(self, words: str) -> None:
        await expect(self.log).to_contain_text(words)

    async def tab(self) -> ChatPage:
        """One more tab of the same person."""
        other = await self.page.context.new_page()
        await other.goto(self.page.url)
        tab = ChatPage(other)
        await tab.hears("I'm a bot")
        return tab

    async def shown(self, who: str = "") -> list[str]:
        """What stands there, in order: all of it, or what `who` (seeker, supporter, bot, system) said."""
        place = f"#log .from-{who} .words" if who else "#log .words"
        texts: list[str] = await self.page.locator(place).all_inner_texts()
        return texts

    async def settled(self) -> None:
        """Nothing is on its way."""
        await expect(self.page.locator(".pending")).to_have_count(0)


class DeskPage:
    """The supporter's page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def sign_in(self, link: str) -> None:
        await self.page.goto(link)
        await self.page.get_by_role("button", name="Open my desk").click()
        await self.page.locator(".presence input:checked").wait_for(state="attached")

    def offer(self, conversation: str) -> Locator:
        return self.page.locator(f'.offer[data-conversation="{conversation}"]')

    def room(self, conversation: str) -> Locator:
        return self.page.locator(f'.room[data-conversation="{conversation}"]')

    async def accept(self, conversation: str) -> None:
        await self.offer(conversation).get_by_role("button", name="Accept").click()
        await expect(self.room(conversation)).to_be_visible()

    async def write(self, conversation: str, text: str) -> None:
        box = self.room(conversation).locator(".composer-box")
        await box.fill(text)
        await box.press("Enter")

    async def shown(self, conversation: str, who: str) -> list[str]:
        """What `who` said, as it stands in the transcript, without what is not sent yet."""
        place = self.room(conversation).locator(f".lines:not(.kept) .from-{who} .words")
        texts: list[str] = await place.all_inner_texts()
        return texts

    async def settled(self, conversation: str) -> None:
        await expect(self.room(conversation).locator(".unsent")).to_have_count(0)


class Windows:
    """Opens pages, each for a person of their own; what goes wrong inside them is kept in `faults`."""

    def __init__(self, browser: Browser, stack: AsyncExitStack) -> None:
        self._browser, self._stack = browser, stack
        self.faults: list[str] = []

    async def blank(self, **more: Any) -> Page:
        """A page of somebody new, at nowhere yet."""
        context = await self._browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce", **more})
        self._stack.push_async_callback(context.close)
        context.set_default_timeout(PATIENCE * 1000)
        context.on("page", lambda page: page.on("pageerror", lambda error: self.faults.append(str(error))))
        return await context.new_page()

    async def chat(self, url: str, **more: Any) -> ChatPage:
        """The chat, opened, with its first words."""
        page = await self.blank(**more)
        await page.goto(url)
        chat = ChatPage(page)
        await chat.hears("I'm a bot")
        return chat

    async def desk(self, link: str) -> DeskPage:
        """The console, signed in by this link."""
        desk = DeskPage(await self.blank(viewport={"width": 1280, "height": 800}))
        await desk.sign_in(link)
        return desk
