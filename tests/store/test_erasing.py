"""Erasing: everything of one seeker goes, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
import redis

from handoff.core.conversation import Deadline
from handoff.core.effects import Alert
from handoff.core.ids import Address
from handoff.ports import Marks, Notice, Outcome, Store
from handoff.store.erasing import erase_plan
from tests.store.conftest import OpenRedis
from tests.store.making import (
    NOW,
    a_parcel,
    a_supporter,
    an_entry,
    live,
    on_the_roster,
    opened,
    save,
    stored,
    until,
    waiting,
)


async def someone(store: Store, name: str, conversation: str) -> None:
    """A seeker with something of everything."""
    seeker = Address("web", conversation)
    made = waiting(conversation, name, seeker=seeker, deadlines={Deadline.ASSIGN: NOW})
    kept = await opened(store, made)
    await save(
        store,
        conversations=(kept,),
        feed=((kept.pseudonym, an_entry(1, conversation)),),
        margin=(an_entry(1, conversation),),
        parcels=tuple(a_parcel(f"{lane}:{conversation}", conversation) for lane in ("bot", "web", "lost")),
        alerts=(Alert(kind="crisis", conversation=conversation, at=NOW, text="look"),),
    )
    await store.mark(kept.pseudonym, delivered=1)
    hold = await store.claim_lane(["lost"], 30, NOW)
    assert hold is not None
    await store.bury(hold, "nobody takes these", NOW)


async def test_everything_of_a_seeker_goes(store: Store) -> None:
    await someone(store, "ana", "c1")
    kept = waiting("c1", "ana")
    await store.erase("p-ana", "c1")
    assert await store.conversation("c1") is None
    assert await store.current(kept.seeker, "p-ana") is None
    assert await store.feed("p-ana") == await store.margin("c1") == []
    assert await store.marks("p-ana") == Marks()
    assert await store.due(NOW + 99) == []
    assert await store.waiting() == []
    assert await store.alerts() == []
    assert await store.dead_letters() == []
    assert await store.counts() == {"waiting": 0, "live": 0, "lanes": 0, "dead_letters": 0, "alerts": 0}


async def test_older_conversations_of_the_seeker_go_too(store: Store) -> None:
    await opened(store, waiting("c1", "ana"))
    await opened(store, waiting("c2", "ana"))
    await store.erase("p-ana", "c2")
    assert await store.conversation("c1") is None


async def test_nobody_else_loses_anything(store: Store) -> None:
    await someone(store, "ana", "c1")
    await someone(store, "ben", "c2")
    before = await store.feed("p-ben"), await store.margin("c2"), await stored(store, "c2"), await store.marks("p-ben")
    await store.erase("p-ana", "c1")
    after = await store.feed("p-ben"), await store.margin("c2"), await stored(store, "c2"), await store.marks("p-ben")
    assert before == after
    assert [each.parcel.conversation for each in await store.dead_letters()] == ["c2"]
    assert [each.conversation for each in await store.alerts()] == ["c2"]
    assert await store.counts() == {"waiting": 1, "live": 0, "lanes": 2, "dead_letters": 1, "alerts": 1}


async def test_the_supporter_who_held_it_has_room_again(store: Store) -> None:
    conversation = await opened(store, waiting())
    sam = await on_the_roster(store, a_supporter())
    await save(store, conversations=(live(conversation, "sam"),), supporters=(replace(sam, holding=("c0", "c1")),))
    await store.erase("p-ana", "c1")
    freed = await store.supporter("sam")
    assert freed == replace(sam, holding=("c0",), version=3)


async def test_a_commit_on_its_way_cannot_bring_an_erased_seeker_back(store: Store) -> None:
    conversation = await opened(store, waiting())
    await store.erase("p-ana", "c1")
    assert await save(store, conversations=(conversation,), feed=(("p-ana", an_entry(1)),)) is Outcome.CONFLICT
    assert await store.feed("p-ana") == []


async def test_a_worker_that_held_an_erased_lane_can_do_nothing_more(store: Store) -> None:
    conversation = await opened(store, waiting())
    await save(store, conversations=(conversation,), parcels=(a_parcel("bot:c1"),))
    hold = await store.claim_lane(["bot"], 30, NOW)
    assert hold is not None
    await store.erase("p-ana", "c1")
    assert not await store.settle(hold, 1, NOW)
    assert not await store.bury(hold, "gone", NOW)
    assert await store.dead_letters() == []


async def test_a_desk_that_is_sent_to_can_still_take_back_what_it_shows(store: Store) -> None:
    """Its own lanes stay, with pokes that hold no words, and so does what it keeps of them under a name of its own."""
    await opened(store, waiting())
    lanes = ("thread:c1", "card:c1", "tick:c1")
    await save(store, parcels=tuple(replace(a_parcel(lane), kind="look") for lane in lanes))
    await store.keep("slack:thread:c1", {"channel": "C1", "ts": "1.2"}, seconds=900, of="thread:c1")
    held = await store.claim_lane(["thread"], 30, NOW)
    assert held is not None
    await store.erase("p-ana", "c1")
    assert await store.settle(held, 1, NOW)
    for lane in lanes[1:]:
        hold = await store.claim_lane([lane.partition(":")[0]], 30, NOW)
        assert hold is not None
        assert (hold.lane, hold.parcels[0].conversation) == (lane, "c1")
    assert await store.kept("slack:thread:c1") == {"channel": "C1", "ts": "1.2"}


async def test_page_and_desk_are_told(store: Store) -> None:
    await opened(store, waiting())
    async with store.listen(["feed:p-ana", "desk"]) as notices:
        await store.erase("p-ana", "c1")
        assert await anext(notices) == Notice("feed:p-ana", "erased")
        assert await anext(notices) == Notice("desk", "changed", "c1")


async def test_erasing_what_is_not_there_is_no_error(store: Store) -> None:
    await store.erase("p-nobody", "c9")


async def test_the_seeker_may_come_back_as_a_stranger(store: Store) -> None:
    await someone(store, "ana", "c1")
    await store.erase("p-ana", "c1")
    await someone(store, "ana", "c3")
    assert [each.seq for each in await store.feed("p-ana")] == [1]


async def claimed(store: Store) -> None:
    sam = await on_the_roster(store, a_supporter())
    conversation = await stored(store, "c1")
    await save(store, conversations=(live(conversation, "sam"),), supporters=(replace(sam, holding=("c1",)),))


async def moved(store: Store) -> None:
    await save(store, conversations=(await stored(store, "c1"),))


async def opened_another(store: Store) -> None:
    await opened(store, waiting("c2"))


async def linked_another(store: Store) -> None:
    await someone(store, "ben", "c2")
    await store.alias("p-ben", "p-ana")


async def linked_to_another(store: Store) -> None:
    await someone(store, "ben", "c2")
    await store.alias("p-ana", "p-ben")


@pytest.mark.parametrize("meanwhile", [claimed, moved, opened_another, linked_another, linked_to_another])
async def test_what_changes_while_erasing_is_erased_too(
    redis_url: str,
    open_redis: OpenRedis,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[Store], Awaitable[None]],
) -> None:
    store, other = await open_redis(redis_url), await open_redis(redis_url)
    await someone(store, "ana", "c1")
    plans: list[bytes] = []

    async def then_something_changes(*arguments: Any) -> bytes:
        plans.append(await erase_plan(*arguments))
        if len(plans) == 1:
            await meanwhile(other)
        return plans[-1]

    monkeypatch.setattr("handoff.store.redis.erase_plan", then_something_changes)
    await store.erase("p-ana", "c1")
    assert len(plans) == 2
    assert await store.counts() == {"waiting": 0, "live": 0, "lanes": 0, "dead_letters": 0, "alerts": 0}
    assert await store.conversation("c1") is None
    assert await store.conversation("c2") is None
    assert [each.holding for each in await store.supporters()] in ([], [()])


async def test_a_pointer_to_a_conversation_that_is_gone_points_at_nothing(
    redis_url: str, open_redis: OpenRedis
) -> None:
    store = await open_redis(redis_url)
    conversation = await opened(store, waiting())
    with redis.Redis.from_url(redis_url) as client:
        client.delete("{main}:conversation:c1")
    assert await store.current(conversation.seeker, "p-ana") is None
    assert await save(store, conversations=(waiting("c2"),), opens="c2") is Outcome.DONE


async def test_a_record_stored_before_its_lanes_were_noted_is_erased_with_its_own_lane(
    redis_url: str, open_redis: OpenRedis
) -> None:
    store = await open_redis(redis_url)
    await someone(store, "ana", "c1")
    with redis.Redis.from_url(redis_url) as client:
        assert client.hdel("{main}:conversation:c1", "l") == 1
    await store.erase("p-ana", "c1")
    assert (await store.counts())["lanes"] == 0


async def test_redis_keeps_no_key_of_an_erased_seeker(redis_url: str, open_redis: OpenRedis) -> None:
    store = await open_redis(redis_url)
    await someone(store, "ana", "c1")
    await store.erase("p-ana", "c1")
    with redis.Redis.from_url(redis_url) as client:
        left = {key.decode().split(":")[1] for key in client.keys("*")}
    assert left == {"format", "secret", "seen", "fence", "buried", "kinds", "forgotten", "over"}


async def test_what_is_a_persons_expires_by_itself(redis_url: str, open_redis: OpenRedis) -> None:
    store = await open_redis(redis_url, retention_seconds=1)
    await someone(store, "ana", "c1")

    async def gone() -> bool:
        return await store.conversation("c1") is None and not await store.dead_letters()

    await until(gone)
    assert await store.feed("p-ana") == await store.margin("c1") == []
    assert await store.marks("p-ana") == Marks()
    with redis.Redis.from_url(redis_url) as client:
        assert not [key for key in client.keys("*") if key.split(b":")[1] in (b"current", b"seeker", b"dead")]
    for kind, conversation, at in await store.due(NOW + 99):
        await store.settle_due(kind, conversation, at)
    assert (await store.counts())["waiting"] == 0
    await opened(store, waiting("c2", "ana"))


async def test_a_talk_that_goes_on_does_not_lose_its_beginning(redis_url: str, open_redis: OpenRedis) -> None:
    store = await open_redis(redis_url, retention_seconds=100)
    await someone(store, "ana", "c1")
    with redis.Redis.from_url(redis_url) as client:
        keys = [
            key
            for key in client.keys("*")
            if key.split(b":")[1] in (b"conversation", b"current", b"seeker", b"feed", b"margin", b"marks")
        ]
        assert len(keys) == 6
        for key in keys:
            client.expire(key, 50)
        await save(store, conversations=(await stored(store, "c1"),))
        assert {client.expiretime(key) for key in keys} == {client.expiretime(keys[0])}
        assert client.ttl(keys[0]) > 50


async def test_what_the_bot_remembers_of_them_goes_as_well(redis_url: str, open_redis: OpenRedis) -> None:
    store = await open_redis(redis_url)
    await someone(store, "ana", "c1")
    await someone(store, "ben", "c2")
    with redis.Redis.from_url(redis_url) as client:
        for conversation in ("c1", "c2"):
            client.set(f"{{main}}:tracker:{conversation}", "sealed by the bot")
        await store.erase("p-ana", "c1")
        assert client.keys("*:tracker:*") == [b"{main}:tracker:c2"]
        assert client.keys("*:forgotten:*") == [b"{main}:forgotten:c1"]
        assert 0 < client.ttl("{main}:forgotten:c1") <= 86400


async def test_a_seeker_is_known_by_every_name_and_conversation_until_erased(store: Store) -> None:
    await someone(store, "ana", "c1")
    await store.alias("p-alias", "p-ana")
    family = await store.family("p-alias")
    assert family.pseudonyms == ("p-ana", "p-alias")
    assert family.conversations == ("c1",)
    await store.erase("p-ana", "c1")
    assert (await store.family("p-ana")).conversations == ()
