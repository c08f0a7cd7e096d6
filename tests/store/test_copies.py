"""A line that wants each commit on a replica before it is acknowledged: what it may lose when the master dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import redis.asyncio

from handoff.core.policy import Policy
from handoff.house import build
from handoff.ports import Commit, NotCopied, Outcome, StoreDown
from handoff.screening import RiskScreen
from handoff.sealing import Sealer
from handoff.settings import Settings
from handoff.store.redis import RedisStore
from tests.proofs.cable import Cable
from tests.proofs.failover import copying, fail_over
from tests.proofs.servers import Server
from tests.store.making import KEY, NOW, a_conversation, an_entry, opened, save, until


@asynccontextmanager
async def careful(guard: bool = False, copies: int = 1) -> AsyncIterator[tuple[RedisStore, Server, Cable]]:
    """A store whose commits want one replica, and the cable to it."""
    async with copying(guard=guard) as (master, _, between):
        store = await RedisStore.connect(master.url, "main", Policy(), Sealer([KEY]), copies=copies)
        yield store, master, between
        await store.close()


async def refuses(store: RedisStore) -> bool:
    try:
        await save(store)
    except StoreDown as down:
        return "replicas to write" in str(down)
    return False


async def is_acknowledged(store: RedisStore, commit: Commit) -> bool:
    try:
        outcome = await store.commit(commit, NOW)
    except StoreDown:
        return False
    assert outcome is Outcome.DUPLICATE
    return True


async def test_a_commit_that_a_replica_has_is_done() -> None:
    async with careful() as (store, _, _cable):
        await opened(store, a_conversation())
        assert set(await asyncio.gather(*(save(store) for _ in range(40)))) == {Outcome.DONE}


async def test_a_commit_that_no_replica_has_is_not_acknowledged_however_often_it_comes() -> None:
    async with careful() as (store, _, between):
        between.cut()
        commit = Commit(event_id="update/1", conversations=(a_conversation(),))
        for _ in range(3):
            with pytest.raises(NotCopied, match="only 0 of 1 replicas have it"):
                await store.commit(commit, NOW)
        with pytest.raises(StoreDown, match="only 0 of 1 replicas have it"):
            await store.seen("update/1")


async def test_what_changed_nothing_is_not_said_to_be_saved_where_no_replica_is() -> None:
    async with careful() as (store, _, between):
        await opened(store, a_conversation())
        between.cut()
        stale = replace(a_conversation(), version=7)
        assert await store.commit(Commit(event_id="update/1", conversations=(stale,)), NOW) is Outcome.CONFLICT
        assert not await store.seen("update/1")


async def test_a_replica_that_comes_back_lets_what_was_refused_be_acknowledged() -> None:
    async with careful() as (store, master, between):
        between.cut()
        commit = Commit(event_id="update/1", conversations=(a_conversation(),))
        with pytest.raises(StoreDown):
            await store.commit(commit, NOW)
        async with redis.asyncio.Redis(port=master.port) as client:
            await client.client_kill_filter(_type="replica")
        between.mend()
        await until(lambda: is_acknowledged(store, commit))
        assert await store.seen("update/1")


async def test_a_master_that_refuses_to_write_without_replicas_is_down_and_takes_half_of_nothing() -> None:
    async with careful(guard=True, copies=0) as (store, _, between):
        between.cut()
        await until(lambda: refuses(store))
        with pytest.raises(StoreDown):
            await save(store, conversations=(a_conversation(),), feed=(("p-ana", an_entry(1)),))
        assert await store.conversation("c1") is None
        assert await store.feed("p-ana") == []


async def test_nothing_acknowledged_is_lost_when_the_master_dies_cut_off() -> None:
    ledger = await fail_over(copies=1, guard=False, cut=True, before=0.4, after=0.7)
    assert ledger.acknowledged
    assert ledger.refused
    assert ledger.lost == 0


async def test_without_it_what_was_acknowledged_after_the_cut_is_lost() -> None:
    """What the setting is for: were nothing lost here, the test above would show nothing."""
    ledger = await fail_over(copies=0, guard=False, cut=True, before=0.2, after=0.5)
    assert 0 < ledger.lost < len(ledger.acknowledged)


async def test_a_line_asks_for_it_by_its_setting(make_settings: Callable[..., Settings]) -> None:
    screen = RiskScreen()
    assert build(make_settings(), screen).store._copies == 0  # type: ignore[attr-defined]
    assert build(make_settings(redis_wait_replicas=2), screen).store._copies == 2  # type: ignore[attr-defined]
