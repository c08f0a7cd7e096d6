"""An older process beside a database that a newer Warmline brought forward: people are served, records wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import create_engine, text

from handoff.core.events import SeekerWrote
from handoff.core.ids import Address
from handoff.house import House, build
from handoff.migrating import move
from handoff.ports import RecordsDown
from handoff.retention import sweep_once
from handoff.settings import Settings
from tests.records.rows import parcel

SEEKER = Address("web", "b" * 32)


@pytest.fixture
async def house(make_settings: Callable[..., Settings], redis_url: str) -> AsyncIterator[House]:
    settings = make_settings(redis_url=redis_url)
    await asyncio.to_thread(brought_forward, settings.database_url)
    made = build(settings)
    yield made
    await made.close()


def brought_forward(url: str) -> None:
    move(url)
    engine = create_engine(url.replace("+aiosqlite", ""))
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    engine.dispose()


async def test_records_and_files_say_that_a_newer_warmline_has_to_write(house: House) -> None:
    with pytest.raises(RecordsDown, match="newer Warmline; start that one"):
        await house.records.write([parcel("seeker")])
    with pytest.raises(RecordsDown, match="newer Warmline; start that one"):
        await house.records.prepare()
    with pytest.raises(RecordsDown, match="newer Warmline; start that one"):
        await house.shelf.sweep(time.time())


async def test_the_chat_goes_on_and_records_wait_in_their_lane(house: House) -> None:
    working = asyncio.create_task(house.workers["records"].run())
    reply = await house.front.handle(SeekerWrote(id="one", seeker=SEEKER, text="hello"))
    assert reply.conversation is not None
    waiting = (await house.store.counts())["lanes"]
    await sweep_once(house.store, house.shelf, house.records, house.settings.policy(), time.time())
    await asyncio.sleep(0.5)
    assert not working.done()
    assert (await house.store.counts())["lanes"] == waiting > 0
    assert "hello" in [each.text for each in await house.store.feed(reply.conversation.pseudonym)]
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
