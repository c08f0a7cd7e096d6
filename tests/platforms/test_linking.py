"""One seeker, a page and a phone: a code links them, and the conversation goes on with its history."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from handoff.core.entries import Speaker
from tests.conftest import RedisProcess
from tests.emulators.telegram import TOKEN, TelegramWorld
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.platforms.people import talk_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
_chats = itertools.count(7000)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, telegram: TelegramWorld, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    settings = line_settings(
        tmp_path_factory.mktemp("line"),
        redis.url,
        bot.url,
        telegram_token=TOKEN,
        telegram_api=telegram.api,
        line="links",
    )
    async with own_line(settings) as running:
        yield running


async def test_a_talk_begun_on_the_page_goes_on_on_the_phone(line: OwnLine, telegram: TelegramWorld) -> None:
    phone, sam = telegram.person(chat=next(_chats)), await line.hire("Sam")
    async with line.desk(sam) as desk, line.seeker() as page:
        await page.ask("tap", payload="warmline:person", label="a person, please")
        talk = await line.conversation_with("a person, please")
        await desk.ask("accept", conversation=talk)
        await desk.ask("say", conversation=talk, text="hello from Sam")
        await page.send("link", id="code-1")
        code = (await page.until(lambda each: each["type"] == "link"))["code"]
        await phone.writes(f"/link {code}")
        await phone.sees("We go on here now")
        await phone.sees("hello from Sam")
        await phone.writes("it is me, on the bus now")

        async def heard() -> bool:
            return "it is me, on the bus now" in await line.said(talk, Speaker.SEEKER)

        await eventually(heard, "the words in the same conversation")
        await desk.ask("say", conversation=talk, text="good to hear you there too")
        await phone.sees("good to hear you there too")


async def test_a_talk_begun_on_the_phone_goes_on_on_the_page(line: OwnLine, telegram: TelegramWorld) -> None:
    phone = telegram.person(chat=next(_chats))
    await phone.writes("i wrote this on the phone")
    await phone.sees("I heard: i wrote this on the phone")
    await phone.writes("/link")
    code = (await phone.sees("Your code is"))["text"].split("Your code is ")[1][:8]
    async with line.seeker() as page:
        await page.send("link", id="code-2", code=code.lower())
        await page.until(lambda each: each["type"] == "moved")
        assert (await page.until(lambda each: each["type"] == "link"))["linked"]
        token = str(page.token)
    async with line.seeker(token=token) as again:
        await again.hears("i wrote this on the phone")
        await again.say("and this on the page")
    assert (await talk_of(line, phone)).seeker.channel == "web"
