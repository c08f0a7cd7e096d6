"""Small things that connectors keep: for a while, under a name, going with whom they are of. And leases."""

from __future__ import annotations

import pytest
import redis

from handoff.ports import Store
from tests.store.conftest import OpenRedis
from tests.store.making import opened, until, waiting

LONG = 900.0
NAME = "telegram:sent:c1:7"
MESSAGE = {"message": 7, "parts": [1, 2.5, None], "nested": {"caption": True}}


async def test_what_is_kept_comes_back_as_it_was(store: Store) -> None:
    assert await store.kept(NAME) is None
    assert await store.keep(NAME, MESSAGE, seconds=LONG)
    assert await store.kept(NAME) == MESSAGE
    assert await store.kept("telegram:sent:c1:8") is None


async def test_what_is_kept_later_takes_the_place_of_what_was_there(store: Store) -> None:
    await store.keep(NAME, MESSAGE, seconds=LONG)
    assert await store.keep(NAME, {"message": 8}, seconds=LONG)
    assert await store.kept(NAME) == {"message": 8}


async def test_the_first_one_wins_where_only_something_new_is_kept(store: Store) -> None:
    assert await store.keep(NAME, {"first": True}, seconds=LONG, if_new=True)
    assert not await store.keep(NAME, {"first": False}, seconds=LONG, if_new=True)
    assert await store.kept(NAME) == {"first": True}


async def test_what_was_dropped_is_gone_and_new_again(store: Store) -> None:
    await store.keep(NAME, MESSAGE, seconds=LONG, of="c1")
    await store.drop(NAME)
    await store.drop(NAME)
    assert await store.kept(NAME) is None
    assert await store.keep(NAME, MESSAGE, seconds=LONG, if_new=True)


async def test_what_is_kept_ends_by_itself(store: Store) -> None:
    await store.keep(NAME, MESSAGE, seconds=0.05)

    async def gone() -> bool:
        return await store.kept(NAME) is None

    await until(gone)
    assert await store.keep(NAME, {"again": 1}, seconds=LONG, if_new=True)


async def test_what_is_kept_for_no_time_is_not_kept(store: Store) -> None:
    await store.keep(NAME, MESSAGE, seconds=LONG)
    await store.keep(NAME, MESSAGE, seconds=0)

    async def gone() -> bool:
        return await store.kept(NAME) is None

    await until(gone)


@pytest.mark.parametrize("of", ["p-ana", "c1", "c2"])
async def test_what_was_kept_of_somebody_goes_with_them(store: Store, of: str) -> None:
    for conversation in ("c1", "c2"):
        await opened(store, waiting(conversation))
    await store.keep(NAME, MESSAGE, seconds=LONG, of=of)
    await store.erase("p-ana", "c2")
    assert await store.kept(NAME) is None


@pytest.mark.parametrize("of", ["", "p-ben", "c9", "thread:c1"])
async def test_what_was_kept_of_somebody_else_or_of_another_group_stays(store: Store, of: str) -> None:
    await opened(store, waiting("c1"))
    await store.keep(NAME, MESSAGE, seconds=LONG, of=of)
    await store.erase("p-ana", "c1")
    assert await store.kept(NAME) == MESSAGE


async def test_what_changes_hands_goes_with_whom_it_is_of_now(store: Store) -> None:
    for name, before, after in (("one", "p-ana", "p-ben"), ("two", "p-ben", "p-ana"), ("three", "p-ana", "")):
        await store.keep(name, MESSAGE, seconds=LONG, of=before)
        await store.keep(name, MESSAGE, seconds=LONG, of=after)
    await store.erase("p-ana", "c1")
    assert [await store.kept(name) for name in ("one", "two", "three")] == [MESSAGE, None, MESSAGE]


async def test_a_refused_one_does_not_change_hands(store: Store) -> None:
    await store.keep(NAME, MESSAGE, seconds=LONG, of="p-ana")
    assert not await store.keep(NAME, MESSAGE, seconds=LONG, of="p-ben", if_new=True)
    await store.erase("p-ben", "c9")
    assert await store.kept(NAME) == MESSAGE


async def test_nothing_more_is_kept_of_a_conversation_that_was_erased(store: Store) -> None:
    await opened(store, waiting("c1"))
    await store.erase("p-ana", "c1")
    assert not await store.keep(NAME, MESSAGE, seconds=LONG, of="c1")
    assert await store.kept(NAME) is None
    assert await store.keep(NAME, MESSAGE, seconds=LONG, of="p-ana")
    assert await store.keep("slack:thread:c1", MESSAGE, seconds=LONG, of="thread:c1")


async def test_what_is_kept_of_a_group_leaves_nothing_behind_when_it_ends(
    redis_url: str, open_redis: OpenRedis
) -> None:
    store = await open_redis(redis_url)
    with redis.Redis.from_url(redis_url) as client:

        def groups() -> list[bytes]:
            return [key for key in client.keys("*") if b":kept-of:" in key]

        for name, seconds in (("one", 500.0), ("two", LONG), ("three", 300.0)):
            await store.keep(name, MESSAGE, seconds=seconds, of="c1")
        (index,) = groups()
        longest = max(client.pexpiretime(key) for key in client.keys("*:kept:*"))
        assert client.pexpiretime(index) == longest
        await store.drop("two")
        assert client.pexpiretime(index) == max(client.pexpiretime(key) for key in client.keys("*:kept:*")) < longest
        await store.keep("one", MESSAGE, seconds=LONG, of="c2")
        assert client.pexpiretime(index) == min(client.pexpiretime(key) for key in client.keys("*:kept:*"))
        for name in ("one", "three"):
            await store.drop(name)
        assert groups() == []


async def test_a_group_forgets_the_names_of_what_has_ended(redis_url: str, open_redis: OpenRedis) -> None:
    store = await open_redis(redis_url)
    await store.keep("short", MESSAGE, seconds=0.05, of="c1")

    async def gone() -> bool:
        return await store.kept("short") is None

    await until(gone)
    await store.keep("long", MESSAGE, seconds=LONG, of="c1")
    with redis.Redis.from_url(redis_url) as client:
        (index,) = client.keys("*:kept-of:*")
        assert client.zcard(index) == 1


async def test_one_holder_at_a_time_has_a_lease_and_may_renew_it(store: Store) -> None:
    assert await store.lease("telegram:polling", "one", LONG)
    assert not await store.lease("telegram:polling", "two", LONG)
    assert await store.lease("telegram:polling", "one", LONG)
    assert await store.lease("slack:ticker", "two", LONG)


async def test_a_lease_that_ran_out_is_free(store: Store) -> None:
    await store.lease("telegram:polling", "one", 0.05)

    async def taken() -> bool:
        return await store.lease("telegram:polling", "two", LONG)

    await until(taken)
    assert not await store.lease("telegram:polling", "one", LONG)


async def test_a_lease_lasts_as_long_as_it_was_renewed_for(store: Store) -> None:
    await store.lease("telegram:polling", "one", LONG)
    await store.lease("telegram:polling", "one", 0.05)

    async def taken() -> bool:
        return await store.lease("telegram:polling", "two", LONG)

    await until(taken)
    assert not await store.lease("telegram:polling", "one", LONG)
