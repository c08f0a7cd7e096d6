"""Somebody blocked on the web, with the real decisions behind the page: nobody to talk with, and help all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.web.inbox import MOST
from handoff.core import events as e
from handoff.running.ports import free_port
from tests.core.making import lead
from tests.service.house import CRISIS_WORD
from tests.service.house import House as Service
from tests.web.house import House, Page, make_options


@asynccontextmanager
async def blocked() -> AsyncIterator[Page]:
    """The page of somebody who wrote, and was blocked for an hour."""
    service, chat = Service(), House(free_port(), make_options())
    chat.store, chat.front = service.store, service.front  # type: ignore[assignment]
    await chat.start()
    try:
        await service.add(lead("lou"))
        async with chat.welcomed() as page:
            await page.send(type="say", id="first", text="hello")
            about = (await page.next("entry"))["conversation"]
            event = e.SeekerBlocked(id="b", supporter="lou", conversation=about, reason="abusive", seconds=3600)
            assert (await service.front.handle(event)).refused is None
            yield page
    finally:
        await chat.stop()


def pauses(page: Page) -> int:
    return sum("Chatting here isn't possible" in each["text"] for each in page.entries())


async def test_they_are_told_once_and_every_message_is_taken() -> None:
    async with blocked() as page:
        for count in range(5):
            await page.send(type="say", id=f"m{count}", text="again")
        await page.send(type="tap", id="t", payload="warmline:person", label="I want a person")
        while (await page.next("ok"))["id"] != "t":
            pass
        assert pauses(page) == 1
        assert "again" in [each["text"] for each in page.entries()]


async def test_danger_brings_the_card_at_once() -> None:
    async with blocked() as page:
        await page.send(type="say", id="danger", text=CRISIS_WORD)
        while (await page.next("entry"))["kind"] != "card":
            pass


async def test_a_flood_of_theirs_keeps_nobody_from_the_card() -> None:
    async with blocked() as page:
        for count in range(MOST - 1):
            await page.send(type="say", id=f"m{count}", text="again and again")
        await page.send(type="say", id="last", text=CRISIS_WORD)
        await page.closed()
        assert [each["kind"] for each in page.entries()].count("card") == 1
