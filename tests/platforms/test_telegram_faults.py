"""Telegram when the store goes away or the service is killed: nothing counts as taken that was not saved."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from handoff.core.entries import Speaker
from tests.conftest import RedisProcess
from tests.emulators.telegram import SECRET, TOKEN, Person, TelegramWorld
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.platforms.people import talk_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
_chats = itertools.count(12_000)
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["fetched", "webhook"])
async def line(
    request: pytest.FixtureRequest, redis: RedisProcess, bot: StandInBot, telegram: TelegramWorld,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[OwnLine]:  # fmt: skip
    more = {"telegram_webhook_secret": SECRET} if request.param == "webhook" else {}
    settings = line_settings(
        tmp_path_factory.mktemp("line"), redis.url, bot.url, telegram_token=TOKEN, telegram_api=telegram.api,
        line=request.param, **more,
    )  # fmt: skip
    async with own_line(settings) as running:
        yield running


@pytest.fixture
def ann(telegram: TelegramWorld) -> Person:
    return telegram.person(chat=next(_chats))


async def said(line: OwnLine, ann: Person) -> list[str]:
    return await line.said((await talk_of(line, ann)).id, Speaker.SEEKER)


async def test_with_the_store_down_danger_gets_its_card_and_words_are_saved_once_it_is_back(
    line: OwnLine, ann: Person, redis: RedisProcess
) -> None:
    await ann.writes("hello")
    await ann.sees("I heard: hello")
    redis.kill()
    await ann.writes("i want to kill myself")
    await ann.sees("Are you safe right now?")
    redis.start()

    async def saved() -> bool:
        return (await said(line, ann)).count("i want to kill myself") == 1

    await eventually(saved, "the words, once", 60)
    await ann.writes("still here")
    await ann.sees("I've kept what you wrote", within=60)
    assert (await said(line, ann)).count("i want to kill myself") == 1


async def test_a_killed_service_loses_and_doubles_nothing(line: OwnLine, ann: Person) -> None:
    await ann.writes("before")
    await ann.sees("I heard: before")
    line.service.kill()
    for number in range(3):
        await ann.writes(f"meanwhile {number}")
    await line.service.start()
    await ann.sees("I heard: meanwhile 2", within=90)
    assert await said(line, ann) == ["before", "meanwhile 0", "meanwhile 1", "meanwhile 2"]


@pytest.mark.parametrize("given", [{}, {HEADER: "wrong"}, {HEADER: SECRET + "x"}])
async def test_without_the_secret_nothing_is_taken(line: OwnLine, given: dict[str, str]) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{line.url}/telegram/webhook", json={"update_id": 1}, headers=given)
    assert answer.status_code == 403


@pytest.mark.parametrize("body", ["", "[]", "{", '{"update_id": "x"}', '{"update_id": 1, "message": 7}'])
async def test_what_is_no_update_is_refused_and_breaks_nothing(line: OwnLine, body: str) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{line.url}/telegram/webhook", content=body, headers={HEADER: SECRET})
    assert answer.status_code in (400, 403)
