"""Aliases: one person under several pseudonyms, in one conversation, forgotten as one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
import redis

from handoff.core.ids import Address
from handoff.ports import Marks, Notice, Outcome, Store
from tests.store.conftest import OpenRedis
from tests.store.making import a_conversation, a_parcel, an_entry, opened, save, stored, until, waiting
from tests.store.test_erasing import someone

HERE = Address("telegram", "42")
NOTHING_LEFT = {"waiting": 0, "live": 0, "lanes": 0, "dead_letters": 0, "alerts": 0}


async def roots(store: Store, *pseudonyms: str) -> list[str]:
    return [await store.root(each) for each in pseudonyms]


async def test_a_pseudonym_stands_for_itself_until_it_is_made_an_alias(store: Store) -> None:
    assert await store.root("p-ana") == "p-ana"
    await store.alias("p-tg", "p-ana")
    assert await roots(store, "p-tg", "p-ana") == ["p-ana", "p-ana"]


async def test_an_alias_leads_to_the_conversation(store: Store) -> None:
    conversation = await opened(store, waiting())
    assert await store.current(HERE, "p-tg") is None
    await store.alias("p-tg", "p-ana")
    assert await store.current(HERE, "p-tg") == conversation
    assert await store.current(conversation.seeker, "p-ana") == conversation


async def test_an_alias_of_an_alias_stands_for_the_root(store: Store) -> None:
    await store.alias("p-tg", "p-ana")
    await store.alias("p-slack", "p-tg")
    assert await roots(store, "p-slack", "p-tg", "p-ana") == ["p-ana"] * 3


async def test_a_root_that_becomes_an_alias_takes_its_aliases_along(store: Store) -> None:
    await store.alias("p-tg", "p-ana")
    await store.alias("p-ana", "p-web")
    assert await roots(store, "p-tg", "p-ana", "p-web") == ["p-web"] * 3


async def test_who_is_the_same_already_stays_so_and_nobody_stands_for_themselves_in_a_circle(store: Store) -> None:
    await store.alias("p-ana", "p-ana")
    await store.alias("p-tg", "p-ana")
    await store.alias("p-ana", "p-tg")
    await store.alias("p-tg", "p-tg")
    await store.alias("p-tg", "p-ana")
    assert await roots(store, "p-tg", "p-ana") == ["p-ana", "p-ana"]


async def test_an_alias_may_be_linked_to_somebody_else(store: Store) -> None:
    await store.alias("p-tg", "p-ana")
    await store.alias("p-tg", "p-ben")
    assert await roots(store, "p-tg", "p-ana") == ["p-ben", "p-ana"]
    await store.erase("p-ana", "none")
    assert await store.root("p-tg") == "p-ben"
    await store.erase("p-ben", "none")
    assert await store.root("p-tg") == "p-tg"


async def test_nobody_opens_a_conversation_under_an_aliass_own_name(store: Store) -> None:
    """Whoever read before the alias was made decides again, and then opens it for the root."""
    await store.alias("p-tg", "p-ana")
    made = a_conversation("c1", "tg")
    assert await save(store, conversations=(made,), opens="c1") is Outcome.CONFLICT
    assert await save(store, conversations=(a_conversation("c1", "ana", seeker=HERE),), opens="c1") is Outcome.DONE
    assert await store.current(HERE, "p-tg") == await stored(store, "c1")


async def linked_to_ana(store: Store) -> None:
    """Ana talked on the web; before that, she did so on Telegram."""
    await someone(store, "tg", "c1")
    await someone(store, "ana", "c2")
    await store.alias("p-tg", "p-ana")
    await store.alias("p-old", "p-ana")


@pytest.mark.parametrize(("pseudonym", "conversation"), [("p-ana", "c2"), ("p-tg", "c1"), ("p-old", "c2")])
async def test_erasing_one_pseudonym_erases_all_there_is_of_the_person(
    store: Store, pseudonym: str, conversation: str
) -> None:
    await linked_to_ana(store)
    for of in ("p-ana", "p-tg", "p-old", "c1", "c2"):
        await store.keep(f"telegram:{of}", {"kept": of}, seconds=900, of=of)
    await store.erase(pseudonym, conversation)
    assert await roots(store, "p-ana", "p-tg", "p-old") == ["p-ana", "p-tg", "p-old"]
    for each in ("p-ana", "p-tg"):
        assert await store.feed(each) == []
        assert await store.marks(each) == Marks()
        assert await store.current(HERE, each) is None
    for each in ("c1", "c2"):
        assert await store.conversation(each) is None
        assert await store.margin(each) == []
    for of in ("p-ana", "p-tg", "p-old", "c1", "c2"):
        assert await store.kept(f"telegram:{of}") is None
    assert await store.counts() == NOTHING_LEFT


async def test_nobody_else_loses_anything_by_it(store: Store) -> None:
    await linked_to_ana(store)
    await someone(store, "ben", "c3")
    await store.alias("p-bens", "p-ben")
    await store.erase("p-ana", "c2")
    assert await store.root("p-bens") == "p-ben"
    assert (await stored(store, "c3")).pseudonym == "p-ben"
    assert len(await store.feed("p-ben")) == 1


async def test_all_pages_of_an_erased_person_are_told(store: Store) -> None:
    await linked_to_ana(store)
    async with store.listen(["feed:p-ana", "feed:p-tg"]) as notices:
        await store.erase("p-ana", "c2")
        told = [await anext(notices), await anext(notices)]
    assert told == [Notice("feed:p-ana", "erased"), Notice("feed:p-tg", "erased")]


async def test_redis_keeps_no_key_of_an_erased_person_nor_of_their_aliases(
    redis_url: str, open_redis: OpenRedis
) -> None:
    store = await open_redis(redis_url)
    await linked_to_ana(store)
    await store.erase("p-ana", "c2")
    with redis.Redis.from_url(redis_url) as client:
        left = {key.decode().split(":")[1] for key in client.keys("*")}
    assert left == {"format", "secret", "seen", "fence", "buried", "kinds", "forgotten", "over"}


async def ana_goes_on(store: Store) -> None:
    await save(store, conversations=(await stored(store, "c2"),))


async def the_desk_still_writes_in_the_aliass_own(store: Store) -> None:
    await save(store, feed=(("p-tg", an_entry(2, "c1")),))


async def another_channel_is_linked(store: Store) -> None:
    await store.alias("p-new", "p-tg")


@pytest.mark.parametrize("used", [ana_goes_on, the_desk_still_writes_in_the_aliass_own, another_channel_is_linked])
async def test_aliases_live_on_together_with_whatever_goes_on(
    redis_url: str, open_redis: OpenRedis, used: Callable[[Store], Awaitable[None]]
) -> None:
    store = await open_redis(redis_url, retention_seconds=100)
    await linked_to_ana(store)
    with redis.Redis.from_url(redis_url) as client:
        keys = client.keys("*:alias:*") + client.keys("*:aliases:*")
        assert len(keys) == 3
        for key in keys:
            client.expire(key, 50)
        await used(store)
        ends = {client.pexpiretime(key) for key in keys}
        assert len(ends) == 1
        assert client.ttl(keys[0]) > 50
        lasting = [key for key in client.keys("*") if key.split(b":")[1] in (b"conversation", b"current", b"feed")]
        assert ends >= {max([*ends, *(client.pexpiretime(key) for key in lasting)])}


async def test_aliases_end_by_themselves(redis_url: str, open_redis: OpenRedis) -> None:
    store = await open_redis(redis_url, retention_seconds=1)
    await opened(store, waiting())
    await store.alias("p-tg", "p-ana")

    async def ended() -> bool:
        return await store.root("p-tg") == "p-tg"

    await until(ended)
    assert await store.conversation("c1") is None
    with redis.Redis.from_url(redis_url) as client:
        assert client.keys("*alias*") == []


async def test_what_is_on_its_way_to_any_address_they_had_goes_too(store: Store) -> None:
    """Telegram gave the chat another id, then the talk went on in the web: three lanes, one person."""
    read = await opened(store, waiting(seeker=HERE))
    for there in (Address("telegram", "-10042"), Address("web", "ana-on-the-web")):
        await save(store, conversations=(a_conversation(seeker=there, version=read.version),))
        read = await stored(store, "c1")
    lanes = ("telegram:42", "telegram:-10042", "web:ana-on-the-web", "telegram:43")
    await save(store, parcels=tuple(a_parcel(lane) for lane in lanes))
    await store.erase("p-ana", "c1")
    assert (await store.counts())["lanes"] == 1
