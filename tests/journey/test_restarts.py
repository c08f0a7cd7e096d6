"""Whatever breaks in the middle of a talk, between a real seeker's page and a real desk: nothing is lost, doubled or
out of order on either side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import pytest
import pytest_asyncio
from playwright.async_api import expect

from handoff.core.entries import Speaker
from handoff.running.ports import free_port
from tests.conftest import RedisProcess
from tests.journey.line import eventually
from tests.journey.pages import ChatPage, DeskPage, Windows
from tests.journey.processes import OwnLine, Service

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Talk:
    """Two people in a live conversation, each on a page of their own."""

    line: OwnLine
    chat: ChatPage
    desk: DeskPage
    conversation: str
    count: int = 0

    async def both_write(self, times: int = 3) -> None:
        """Each side writes on, without waiting for the other."""
        numbers = range(self.count + 1, self.count + times + 1)
        self.count += times

        async def seeker() -> None:
            for number in numbers:
                await self.chat.write(f"seeker line {number}")

        async def supporter() -> None:
            for number in numbers:
                await self.desk.write(self.conversation, f"supporter line {number}")

        await asyncio.gather(seeker(), supporter())

    async def nothing_is_lost_doubled_or_out_of_order(self) -> None:
        """In the store, and on both pages without a reload."""
        await self.chat.settled()
        await self.desk.settled(self.conversation)
        numbers = range(1, self.count + 1)
        wanted = {who: [f"{who} line {number}" for number in numbers] for who in ("seeker", "supporter")}
        assert await self.line.said(self.conversation, Speaker.SEEKER) == ["I want a person", *wanted["seeker"]]
        assert await self.line.said(self.conversation, Speaker.SUPPORTER) == wanted["supporter"]
        for who, lines in wanted.items():
            for shown in (self.on_the_chat, self.on_the_desk):
                await eventually(partial(_is, shown, who, lines), f"what the {who} wrote, in {shown.__name__}")
        assert await self.both("chat") == await self.both("desk")

    async def on_the_chat(self, who: str) -> list[str]:
        return [each for each in await self.chat.shown(who) if " line " in each]

    async def on_the_desk(self, who: str) -> list[str]:
        return [each for each in await self.desk.shown(self.conversation, who) if " line " in each]

    async def both(self, page: str) -> list[str]:
        """What both said, in the order in which one page shows it."""
        room = self.desk.room(self.conversation)
        places = self.chat.page.locator("#log .words") if page == "chat" else room.locator(".lines:not(.kept) .words")
        return [each for each in await places.all_inner_texts() if " line " in each]


async def _is(shown: Callable[[str], Awaitable[list[str]]], who: str, wanted: list[str]) -> bool:
    return await shown(who) == wanted


async def together(line: OwnLine, windows: Windows, seekers_url: str = "") -> Talk:
    """Somebody asks for a person, and somebody accepts. The seeker's page may be served by another process."""
    supporter = await line.hire("Mira")
    chat = await windows.chat(seekers_url or line.url)
    await chat.tap("I want a person")
    desk = await windows.desk(await line.link(supporter))
    offer = desk.page.locator(".offer").first
    conversation = str(await offer.get_attribute("data-conversation"))
    await desk.accept(conversation)
    await chat.hears("Mira is here")
    return Talk(line, chat, desk, conversation)


@pytest_asyncio.fixture(loop_scope="session")
async def talk(empty_line: OwnLine, windows: Windows) -> AsyncIterator[Talk]:
    made = await together(empty_line, windows)
    yield made
    await made.chat.page.context.close()
    await made.desk.page.context.close()


async def test_the_service_is_killed_and_started_again_while_both_write(talk: Talk) -> None:
    await talk.both_write()
    writing = asyncio.create_task(talk.both_write(6))
    await talk.chat.hears("seeker line 5")
    talk.line.service.kill()
    await writing
    await talk.both_write()
    await expect(talk.chat.page.locator("#banner")).to_contain_text("Trying again")
    await talk.line.service.start()
    await talk.both_write()
    await talk.nothing_is_lost_doubled_or_out_of_order()
    known = await talk.line.conversation(talk.conversation)
    assert known.supporter_name == "Mira"


async def test_redis_is_killed_and_started_again_while_both_write(talk: Talk, redis: RedisProcess) -> None:
    await talk.both_write()
    writing = asyncio.create_task(talk.both_write(6))
    await talk.chat.hears("seeker line 5")
    redis.kill()
    await writing
    await talk.both_write()
    redis.start()
    await talk.both_write()
    await talk.nothing_is_lost_doubled_or_out_of_order()


async def test_both_lose_their_network_for_a_while(talk: Talk) -> None:
    await talk.both_write()
    for page in (talk.chat.page, talk.desk.page):
        await page.context.set_offline(True)
    await expect(talk.chat.page.locator("#banner")).to_contain_text("You are offline")
    await talk.both_write()
    for page in (talk.chat.page, talk.desk.page):
        await page.context.set_offline(False)
    await talk.both_write()
    await talk.nothing_is_lost_doubled_or_out_of_order()


async def test_both_reload_their_pages_in_the_middle(talk: Talk) -> None:
    await talk.both_write()
    await asyncio.gather(talk.chat.page.reload(), talk.desk.page.reload())
    await talk.both_write()
    await talk.nothing_is_lost_doubled_or_out_of_order()


async def test_two_tabs_of_one_seeker_show_the_same(talk: Talk) -> None:
    await talk.both_write()
    other = await talk.chat.tab()
    await other.write("seeker line 4")
    talk.count = 3
    await talk.chat.hears("seeker line 4")
    await talk.desk.write(talk.conversation, "supporter line 4")
    talk.count = 4
    for tab in (talk.chat, other):
        await tab.hears("supporter line 4")
    await talk.nothing_is_lost_doubled_or_out_of_order()
    assert await other.shown() == await talk.chat.shown()


async def test_another_process_on_the_same_redis_serves_the_other_side(empty_line: OwnLine, windows: Windows) -> None:
    second = Service(empty_line.settings.model_copy(update={"port": free_port()}))
    await second.start()
    try:
        talk = await together(empty_line, windows, seekers_url=second.url)
        await talk.both_write()
        await talk.nothing_is_lost_doubled_or_out_of_order()
        empty_line.service.kill()
        await talk.both_write()
        await empty_line.service.start()
        await talk.nothing_is_lost_doubled_or_out_of_order()
    finally:
        second.stop()
        await empty_line.service.start()
