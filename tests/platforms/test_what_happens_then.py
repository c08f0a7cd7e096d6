"""What happens after words of danger, against the running service: both channels, every phase."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from handoff.core.entries import Speaker
from tests.conftest import RedisProcess
from tests.emulators.telegram import TOKEN, TelegramWorld
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.platforms.street import BOT, IN_BRITAIN, LIVE, TELEGRAM, WAITING, WEB, WORDS, Street

pytestmark = pytest.mark.asyncio(loop_scope="session")

SUBTLE = "everything feels pointless"
QUESTION = "are you having thoughts of suicide?"
NOT_SEEN = ("I can't see where you are", "I can't see where they are")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, telegram: TelegramWorld, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    settings = line_settings(
        tmp_path_factory.mktemp("line"), redis.url, bot.url, telegram_token=TOKEN, telegram_api=telegram.api,
        line="then",
    )  # fmt: skip
    async with own_line(settings, **IN_BRITAIN) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def street(line: OwnLine, telegram: TelegramWorld) -> AsyncIterator[Street]:
    async with AsyncExitStack() as stack:
        yield Street(line, telegram, stack)


everywhere = pytest.mark.parametrize(
    ("phase", "channel"), list(itertools.product((BOT, WAITING, LIVE), (WEB, TELEGRAM)))
)


# --- the card ---------------------------------------------------------------------------------------------------------


@everywhere
async def test_danger_brings_the_card_as_the_very_next_line(street: Street, phase: str, channel: str) -> None:
    person = await street.within(phase, channel)
    await person.writes(WORDS)
    card = await person.card()
    assert "116 123" in card
    assert "999" in card
    assert await person.cards() == 1


@everywhere
@pytest.mark.parametrize("words", ["i want to end my life tonight", "I am going to jump now"])
async def test_in_an_emergency_the_number_stands_first_and_nobody_claims_to_see_where_they_are(
    street: Street, phase: str, channel: str, words: str
) -> None:
    person = await street.within(phase, channel)
    await person.writes(words)
    card = await person.card()
    assert "999" in card.split("\n")[0]
    assert card.index("999") < card.index("116 123")
    assert any(each in card for each in NOT_SEEN)


SPECIAL = {
    "my friend says she wants to die": ("for them", "116 123"),
    "i am 13 and i want to kill myself": ("made for young people", "0800 1111"),
    "my husband hit me again last night and he checks my phone": ("Write as little as you like", "999"),
    "i took a lot of pills an hour ago but i feel fine": ("even if you feel fine", "999"),
}


@everywhere
async def test_each_situation_has_its_own_card(street: Street, phase: str, channel: str) -> None:
    person = await street.within(phase, channel)
    for words, expected in SPECIAL.items():
        await person.writes(words)
        card = await person.card()
        assert [each for each in expected if each not in card] == [], card


# --- the question -----------------------------------------------------------------------------------------------------

before_a_supporter = pytest.mark.parametrize(
    ("phase", "channel"), list(itertools.product((BOT, WAITING), (WEB, TELEGRAM)))
)


@before_a_supporter
async def test_the_question_is_asked_and_a_yes_brings_the_card(street: Street, phase: str, channel: str) -> None:
    person = await street.within(phase, channel)
    await person.writes(SUBTLE)
    await person.sees(QUESTION)
    assert await person.cards() == 0
    await person.taps("warmline:safety_yes")
    assert "116 123" in await person.card()


@before_a_supporter
async def test_a_typed_yes_does_the_same(street: Street, phase: str, channel: str) -> None:
    person = await street.within(phase, channel)
    await person.writes(SUBTLE)
    await person.sees(QUESTION)
    await person.writes("sometimes, at night")
    assert "116 123" in await person.card()


@before_a_supporter
async def test_after_a_no_there_is_no_card_and_the_question_never_comes_again(
    street: Street, line: OwnLine, phase: str, channel: str
) -> None:
    person = await street.within(phase, channel)
    await person.writes(SUBTLE)
    await person.sees(QUESTION)
    await person.taps("warmline:safety_no")
    for number in range(2):
        await person.writes(f"{SUBTLE}, as I said {number}")
        await person.sees(f"I heard: {SUBTLE}, as I said {number}")
    assert (await person.times(QUESTION), await person.cards()) == (1, 0)
    told = await line.said(await person.conversation(), Speaker.SYSTEM)
    assert sum(QUESTION in each for each in told) == 1


# --- with parts gone --------------------------------------------------------------------------------------------------


@everywhere
async def test_with_redis_gone_the_card_comes_all_the_same(
    street: Street, line: OwnLine, redis: RedisProcess, phase: str, channel: str
) -> None:
    person = await street.within(phase, channel)
    talk = await person.conversation()
    redis.kill()
    try:
        await person.writes(WORDS)
        assert "999" in await person.card()
    finally:
        redis.start()

    async def is_back() -> bool:
        return await line.store.conversation(talk) is not None

    await eventually(is_back, "the store is back")
