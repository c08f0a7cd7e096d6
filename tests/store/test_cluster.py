"""Several lines spread over a real cluster: each on one node, followed when it moves and when its node dies."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote

import pytest

from handoff.ports import Notice, Outcome, Store, StoreDown
from handoff.store.redis import RedisStore
from tests.proofs.clusters import Cluster, cluster
from tests.proofs.machines import play
from tests.proofs.night import Night
from tests.store.conftest import OpenRedis
from tests.store.making import a_conversation, a_parcel, an_entry, opened, save, stored, until

LINES = ("north", "south", "east", "west", "coast", "hills")


@pytest.fixture(scope="module")
def house() -> Iterator[Cluster]:
    """Three nodes that share the slots, and one that knows them."""
    with cluster(3, spare=1) as made:
        yield made


async def filled(store: RedisStore, who: str = "ana") -> str:
    """Somebody's talk with two entries in it; the conversation's id."""
    name = f"c-{who}"
    await opened(store, a_conversation(name, who))
    entries = ((f"p-{who}", an_entry(1, name)), (f"p-{who}", an_entry(2, name)))
    assert await save(store, feed=entries, parcels=(a_parcel("records", name),)) is Outcome.DONE
    return name


async def goes_on(store: Store, who: str = "ana") -> bool:
    """Whether the store takes a commit again, found out by trying."""
    try:
        await save(store, parcels=(a_parcel("records", f"c-{who}"),))
    except StoreDown:
        return False
    return True


async def test_lines_spread_over_the_nodes_and_each_has_all_its_keys_on_one(
    house: Cluster, open_redis: OpenRedis
) -> None:
    for line in LINES:
        await filled(await open_redis(house.url, line))
    homes = {line: house.home_of(line) for line in LINES}
    assert len({each.port for each in homes.values()}) == 3
    for line, home in homes.items():
        holds = {node.port for node in house.nodes if any(key.startswith(f"{{{line}}}") for key in house.keys(node))}
        assert holds == {home.port}


async def test_everything_a_line_does_works_on_a_cluster(house: Cluster, open_redis: OpenRedis) -> None:
    store, other = await open_redis(house.url, "works"), await open_redis(house.url, "works")
    async with other.listen(["feed:p-ana", "lanes"]) as notices:
        conversation = await filled(store)
        assert {(await anext(notices)).topic for _ in range(3)} == {"feed:p-ana", "lanes"}
    hold = await other.claim_lane(["records"], 30, 9e9)
    assert hold is not None
    assert await other.settle(hold, 1, 9e9)
    await store.alias("p-elsewhere", "p-ana")
    assert await store.keep("telegram:1", {"n": 1}, seconds=900, of=conversation)
    assert (await store.mark("p-ana", read=1)).read == 1
    await store.erase("p-elsewhere", conversation)
    assert await other.conversation(conversation) is None
    assert await other.kept("telegram:1") is None


async def test_a_line_that_moves_to_another_node_is_followed_and_listeners_are_told(
    house: Cluster, open_redis: OpenRedis
) -> None:
    store, other = await open_redis(house.url, "mover"), await open_redis(house.url, "mover")
    conversation = await filled(store)
    home = house.home_of("mover")
    away = next(node for node in house.nodes[:3] if node is not home)
    async with other.listen(["feed:p-ana"]) as notices:
        house.move("mover", away)
        assert [each.seq for each in await other.feed("p-ana")] == [1, 2]
        assert await anext(notices) == Notice("feed:p-ana", "gap")
        assert await save(store, feed=(("p-ana", an_entry(3, conversation)),)) is Outcome.DONE
        assert (await anext(notices)).body.seq == 3
    assert house.home_of("mover") is away
    assert not [key for key in house.keys(home) if key.startswith("{mover}")]


async def test_many_at_once_lose_nothing_to_a_move(house: Cluster, open_redis: OpenRedis) -> None:
    store = await open_redis(house.url, "busy")
    await filled(store)
    home = house.home_of("busy")
    away = next(node for node in house.nodes[:3] if node is not home)
    house.move("busy", away)
    outcomes = await asyncio.gather(*(save(store, parcels=(a_parcel("records"),)) for _ in range(50)))
    assert set(outcomes) == {Outcome.DONE}
    hold = await store.claim_lane(["records"], 30, 9e9, most=100)
    assert hold is not None
    assert len(hold.parcels) == 51


async def test_while_a_line_is_moved_key_by_key_it_is_down_and_nothing_is_done_by_halves(
    house: Cluster, open_redis: OpenRedis
) -> None:
    store = await open_redis(house.url, "half")
    conversation = await filled(store)
    home = house.home_of("half")
    away = next(node for node in house.nodes[:3] if node is not home)
    said: list[str] = []
    loop = asyncio.get_running_loop()

    async def tries() -> None:
        for _ in range(3):
            with pytest.raises(StoreDown) as refusal:
                await save(store, feed=(("p-ana", an_entry(3, conversation)),))
            said.append(str(refusal.value))

    await asyncio.to_thread(house.move, "half", away, lambda: asyncio.run_coroutine_threadsafe(tries(), loop).result(9))
    assert all("is moving the line to another node" in each for each in said)
    assert len(said) == 3
    assert [each.seq for each in await store.feed("p-ana")] == [1, 2]
    assert await save(store, feed=(("p-ana", an_entry(3, conversation)),)) is Outcome.DONE


def test_a_night_at_the_line_is_the_same_on_a_cluster_as_in_memory(house: Cluster) -> None:
    play(type("NightOnACluster", (Night,), {"url": house.url}), 5, 20)


async def test_a_password_in_the_address_opens_every_node(open_redis: OpenRedis) -> None:
    with cluster(1) as made:
        made.ask(made.nodes[0], "CONFIG", "SET", "requirepass", "hush:hush@home")
        login = quote("hush:hush@home", safe="")
        store = await open_redis(made.url.replace("://", f"://:{login}@"), "locked")
        assert await save(store) is Outcome.DONE
        with pytest.raises(StoreDown):
            await open_redis(made.url, "locked")


async def test_a_node_that_dies_is_down_until_its_replica_leads_and_then_goes_on_by_itself(
    house: Cluster, open_redis: OpenRedis
) -> None:
    store = await open_redis(house.url, "west")
    await filled(store, "cleo")
    home, replica = house.home_of("west"), house.nodes[3]
    house.replicate(replica, home)
    async with store.listen(["feed:p-cleo"]) as notices:
        home.kill()
        with pytest.raises(StoreDown):
            await save(store)
        await until(lambda: goes_on(store, "cleo"))
        assert house.home_of("west") is replica
        assert (await stored(store, "c-cleo")).id == "c-cleo"
        with suppress(StoreDown):
            await save(store, feed=(("p-cleo", an_entry(3, "c-cleo")),))
        async with asyncio.timeout(20):
            assert (await anext(notices)).kind in {"gap", "entry"}
    fresh = await open_redis(house.url, "west")
    assert (await stored(fresh, "c-cleo")).id == "c-cleo"


async def test_a_cluster_nobody_of_which_answers_is_a_store_that_is_down(open_redis: OpenRedis) -> None:
    with pytest.raises(StoreDown, match="no node of the cluster says where the line is"):
        await open_redis("redis+cluster://127.0.0.1:1,127.0.0.1:2")


async def test_a_server_that_is_no_cluster_is_said_to_be_none(redis_url: str, open_redis: OpenRedis) -> None:
    address = redis_url.replace("redis://", "redis+cluster://").removesuffix("/0")
    with pytest.raises(StoreDown, match="Cluster mode is not enabled"):
        await open_redis(address)
