"""Fetching: in order within a chat, chats side by side, confirming no further than what was saved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from telegram import Bot, Update

from connectors.telegram import telegram_routes
from connectors.telegram.calls import make_bot, make_requests
from connectors.telegram.fetching import ComesAgain, Fetching
from connectors.telegram.inbox import Inbox
from handoff.ports import StoreDown
from handoff.store.memory import MemoryStore
from tests.journey.line import eventually
from tests.service.house import CRISIS_WORD
from tests.telegram.bot_api import BotApi, bot_api
from tests.telegram.house import ANN, Ann, ann_at_home, make_options


def update(number: int, chat: int, text: str = "hello") -> dict[str, Any]:
    where = {"id": chat, "type": "private", "first_name": "A"}
    who = {"id": chat, "is_bot": False, "first_name": "A"}
    message = {"message_id": number, "date": 1, "chat": where, "from": who, "text": text}
    return {"update_id": number, "message": message}


class Taker:
    """Takes updates as told: `held` chats wait, `lost` updates come again."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.glanced: list[int] = []
        self.held: dict[int, asyncio.Event] = {}
        self.lost: set[int] = set()
        self.states: list[str] = []

    async def take(self, given: Update) -> None:
        assert given.effective_chat is not None
        if given.effective_chat.id in self.held:
            await self.held[given.effective_chat.id].wait()
        if given.update_id in self.lost:
            raise ComesAgain
        self.taken.append(given.update_id)

    async def glance(self, given: Update) -> None:
        self.glanced.append(given.update_id)


@asynccontextmanager
async def fetching(api: BotApi, taker: Taker, store: MemoryStore) -> AsyncIterator[Bot]:
    requests = make_requests()
    bot = make_bot(make_options(api), requests)
    fetches = Fetching(bot, store, taker.take, taker.glance, taker.states.append)
    running = asyncio.create_task(fetches.run())
    try:
        yield bot
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await fetches.release()
        for each in requests:
            await each.shutdown()


async def until(holds: Callable[[], object]) -> None:
    async def held() -> object:
        return holds()

    await eventually(held, "what the test waits for", 20)


async def test_a_slow_chat_holds_up_no_other_and_is_confirmed_last(ann: Ann) -> None:
    taker = Taker()
    taker.held[1] = asyncio.Event()
    async with bot_api() as api, fetching(api, taker, ann.store):
        api.updates += [update(10, 1), update(11, 2)]
        await until(lambda: taker.taken == [11])
        api.updates.append(update(12, 3))
        await until(lambda: taker.taken == [11, 12])
        assert api.confirmed < 10
        taker.held[1].set()
        await until(lambda: api.confirmed == 12)
        assert taker.taken == [11, 12, 10]


async def test_what_was_not_saved_comes_again_in_order_and_what_is_behind_it_is_looked_at(ann: Ann) -> None:
    taker = Taker()
    taker.lost.add(20)
    async with bot_api() as api, fetching(api, taker, ann.store):
        api.updates += [update(20, 1), update(21, 1), update(22, 2)]
        await until(lambda: taker.glanced)
        assert (taker.taken, api.confirmed < 20) == ([22], True)
        taker.lost.clear()
        await until(lambda: api.confirmed == 22)
        assert taker.taken == [22, 20, 21]


async def test_with_the_store_down_whoever_fetched_goes_on(ann: Ann) -> None:
    taker = Taker()
    async with bot_api() as api, fetching(api, taker, ann.store):
        api.updates.append(update(30, 1))
        await until(lambda: taker.taken == [30])
        ann.store.down = True
        api.updates.append(update(31, 1))
        await until(lambda: taker.taken == [30, 31])
        ann.store.down = False


async def test_only_one_of_two_fetches(ann: Ann) -> None:
    first, second = Taker(), Taker()
    async with bot_api() as api, fetching(api, first, ann.store):
        await until(lambda: first.states)
        async with fetching(api, second, ann.store):
            api.updates.append(update(40, 1))
            await until(lambda: first.taken == [40])
            assert second.states == []


async def test_words_behind_unsaved_ones_get_their_card(ann: Ann) -> None:
    ann.store.down = True
    first, second = ann.message(text="hello"), ann.message(text=CRISIS_WORD)
    assert await ann.is_refused(first)
    made = Update.de_json(second, None)
    assert made is not None
    await ann.telegram._glance(made)
    await ann.telegram._glance(made)
    assert ["Are you safe" in each for each in ann.api.texts()] == [True]
    ann.store.down = False
    await ann.telegram._glance(made)
    assert await ann.store.current(ANN, ann.name) is None


async def test_words_behind_unsaved_ones_are_not_saved_though_the_store_comes_back_just_then(
    ann: Ann, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would stand before the ones that are still to come."""

    async def away() -> float:
        raise StoreDown("a moment ago")

    monkeypatch.setattr(ann.store, "ping", away)
    made = Update.de_json(ann.message(text=CRISIS_WORD), None)
    assert made is not None
    await ann.telegram._glance(made)
    assert ["Are you safe" in each for each in ann.api.texts()] == [True]
    assert await ann.store.current(ANN, ann.name) is None


async def test_an_update_that_breaks_us_is_passed_over_at_the_third_try(
    ann: Ann, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(self: Inbox, act: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Inbox, "_write", breaks)
    given = ann.message(text="hello")
    assert [await ann.is_refused(given) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("secret", "status"),
    [("right-secret-0123456789", 200), ("wrong", 403), ("", 403), ("wrong-secret-0123456789", 403)],
)
async def test_the_webhook_asks_for_its_secret(secret: str, status: int) -> None:
    async with ann_at_home(webhook_url="https://x", webhook_secret="right-secret-0123456789") as ann:
        head = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        assert (await post(ann, ann.message(text="hello"), head)).status_code == status


async def test_the_webhook_says_come_again_while_nothing_can_be_saved() -> None:
    async with ann_at_home(webhook_url="https://x", webhook_secret="s" * 16) as ann:
        head = {"X-Telegram-Bot-Api-Secret-Token": "s" * 16}
        given = ann.message(text="hello")
        ann.store.down = True
        assert (await post(ann, given, head)).status_code == 503
        ann.store.down = False
        assert [(await post(ann, given, head)).status_code for _ in range(2)] == [200, 200]
        assert (await ann.said()).count("hello") == 1


async def post(ann: Ann, given: dict[str, Any], head: dict[str, str]) -> Any:
    app = FastAPI()
    app.include_router(telegram_routes(ann.telegram))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
        return await http.post("/telegram/webhook", json=given, headers=head)
