"""What supporters write, over the real store: sealed, said once, and gone with an erasure."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from connectors.slack.kept import Place
from handoff.core.entries import EntryKind
from handoff.core.policy import Policy
from handoff.sealing import Sealer
from handoff.store.redis import RedisStore
from tests.slack.fakes import Writing, message
from tests.slack.workspace import shown


@pytest.fixture
async def desk(redis_url: str) -> AsyncIterator[Writing]:
    store = RedisStore(redis_url, "test", Policy(), Sealer([b"k" * 32]))
    made = Writing(store=store)
    await made.staffed()
    yield made
    await store.close()


async def test_words_edits_files_and_reactions_arrive_once_through_two_processes(desk: Writing) -> None:
    place = await desk.accepted()
    desk.slack.files_there["u"] = b"picture"
    other = desk.another_inbound()
    ts = desk.slack.person_writes(place.channel, place.ts, "helo")
    for by in (desk.inbound, other):
        assert (await desk.event(message("helo", place, ts), by=by)).acknowledged
    await desk.carry()
    await desk.changes(ts, "hello", place)
    await desk.types("see", place, subtype="file_share", files=[{"url_private_download": "u", "size": 7}])
    await desk.writes("thank you")
    await desk.carry()
    theirs = next(each["ts"] for each in desk.below(place) if "thank you" in shown(each))
    await desk.reacts("heart", place.channel, theirs)
    kinds = [(each.kind, each.text) for each in await desk.feed() if each.speaker.value == "supporter"]
    assert kinds == [
        (EntryKind.TEXT, "helo"), (EntryKind.EDIT, "hello"), (EntryKind.FILE, "see"), (EntryKind.TEXT, "❤️"),
    ]  # fmt: skip


async def test_nothing_that_waits_to_be_carried_can_be_read_in_the_store(desk: Writing, redis_url: str) -> None:
    place = await desk.accepted()
    await desk.event(message("canary words", place, "5.5"))
    async with Redis.from_url(redis_url) as redis:
        names = [name async for name in redis.scan_iter("*")]
        held = b"".join([await redis.dump(name) or b"" for name in names])
    assert names
    assert b"canary" not in held
    assert b"USAM" not in held


async def test_a_thread_of_somebody_who_was_erased_takes_nothing_more(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.types("hello", place)
    await desk.taps("warmline:forget_confirmed")
    await desk.carry()
    await desk.erase()
    await desk.through(10)
    ts = await desk.types("are you there?", Place(place.channel, place.ts))
    assert desk.signs(place, ts) == ["x"]
    assert "deleted everything" in desk.answers_below(place.channel, place.ts)
