"""People on Telegram, through an emulator nobody here wrote, against the real service: updates fetched, and sent."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from handoff.core.entries import Speaker
from tests.conftest import RedisProcess
from tests.emulators.telegram import SECRET, TOKEN, Person, TelegramWorld
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.platforms.people import talk_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
_chats = itertools.count(4242)


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["fetched", "webhook"])
async def line(
    request: pytest.FixtureRequest,
    redis: RedisProcess,
    bot: StandInBot,
    telegram: TelegramWorld,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[OwnLine]:
    """A line on Telegram, by both ways that updates come."""
    more = {"telegram_webhook_secret": SECRET} if request.param == "webhook" else {}
    settings = line_settings(
        tmp_path_factory.mktemp("line"),
        redis.url,
        bot.url,
        telegram_token=TOKEN,
        telegram_api=telegram.api,
        line=request.param,
        **more,
    )
    async with own_line(settings) as running:
        yield running


@pytest.fixture
def ann(telegram: TelegramWorld) -> Person:
    return telegram.person(chat=next(_chats))


async def test_hello_says_what_this_is_and_what_stays_on_the_phone(line: OwnLine, ann: Person) -> None:
    await ann.writes("/start")
    await ann.sees("I'm a bot")
    await ann.sees("stays in this chat on your phone")
    question = await ann.sees("Is that okay for you?")
    assert question["reply_markup"]["inline_keyboard"]


async def test_words_reach_the_bot_and_its_answer_comes_back(line: OwnLine, ann: Person) -> None:
    await ann.writes("i can't sleep")
    await ann.sees("I heard: i can't sleep")
    assert await ann.typing() > 0


async def test_a_quick_reply_is_taken_by_its_title_and_its_keyboard_goes(line: OwnLine, ann: Person) -> None:
    await ann.writes("/start")
    await ann.sees("Is that okay for you?")
    await ann.taps("I want a person")
    await ann.sees("no supporter is here right now")
    assert "reply_markup" not in await ann.sees("Is that okay for you?")


async def test_urgent_shows_the_card_at_once(line: OwnLine, ann: Person) -> None:
    await ann.writes("/urgent")
    card = await ann.sees("Here is who you can reach right now")
    assert [each["type"] for each in card["entities"]].count("bold") > 1


async def test_a_talk_with_a_supporter_goes_both_ways(line: OwnLine, ann: Person) -> None:
    sam = await line.hire("Sam")
    async with line.desk(sam) as desk:
        await ann.writes("/talk")
        await ann.sees("I'm looking for a supporter")
        talk = (await talk_of(line, ann)).id
        await desk.ask("accept", conversation=talk)
        await ann.sees("Sam is here")
        await desk.ask("say", conversation=talk, text="hello, what is on your mind? <b>1 & 2</b> *_`")
        await ann.sees("<b>1 & 2</b> *_`")
        await ann.writes("a lot, really")

        async def heard() -> bool:
            return "a lot, really" in await line.said(talk, Speaker.SEEKER)

        await eventually(heard, "the words in the conversation")
        await desk.ask("close", conversation=talk, outcome="supported")
        await ann.sees("Sam has closed this conversation")
        await ann.sees("tell us how this was for you")
        await ann.taps("5")
        await ann.sees("how are you feeling now")
        await ann.taps("7")
        await ann.sees("may the people who run this line read this conversation again")
        await ann.taps("Yes, they may")
        assert (await line.recorded("audit", conversation=talk, action="review_consent"))["actor"] == "seeker"
    row = await line.recorded("feedback", conversation=talk, rating="5")
    assert row["rating"] == 5
