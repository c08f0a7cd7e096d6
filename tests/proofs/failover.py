"""A master dies, its replica takes over: how many acknowledged commits are gone, by how the line is set up.

Each round: a master and a replica, writers that commit and keep a ledger of what was acknowledged, `kill -9` of the
master in the middle, the replica promoted, the ledger compared with what the new master has. In half of the rounds the
cable between the two is cut for a while before the master dies: the worst there is, as nobody was told.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import redis.asyncio

from handoff.core.policy import Policy
from handoff.ports import Commit, Outcome, StoreDown
from handoff.sealing import Sealer
from handoff.store.redis import RedisStore
from tests.proofs.cable import Cable, cable
from tests.proofs.rows import row
from tests.proofs.servers import Server, servers
from tests.store.making import KEY, NOW, a_parcel

WRITERS = 16
_BEFORE, _CUT = 0.7, 3.0
"""Seconds of load before anything happens, and between the cut and the master's death."""
_PATIENCE = 60.0
_AT_ONCE = ("--repl-diskless-sync-delay", "0")


@dataclass(slots=True)
class Ledger:
    """What writers were told, and what came of it."""

    acknowledged: list[str] = field(default_factory=list)
    refused: int = 0
    lost: int = 0


async def fail_over(*, copies: int, guard: bool, cut: bool, before: float = _BEFORE, after: float = _CUT) -> Ledger:
    """One death of a master. `copies`: our setting; `guard`: the server's own `min-replicas-to-write 1`."""
    ledger = Ledger()
    async with copying(guard=guard) as (master, replica, between):
        store = await RedisStore.connect(master.url, "main", Policy(), Sealer([KEY]), copies=copies)
        writers = [asyncio.create_task(_write(store, f"writer{n}", ledger)) for n in range(WRITERS)]
        await asyncio.sleep(before)
        if cut:
            between.cut()
            await asyncio.sleep(after)
        master.kill()
        for each in writers:
            each.cancel()
        await asyncio.gather(*writers, return_exceptions=True)
        await store.close()
        await between.close()
        ledger.lost = await _missing(replica, ledger.acknowledged)
    return ledger


@asynccontextmanager
async def copying(*, guard: bool = False) -> AsyncIterator[tuple[Server, Server, Cable]]:
    """A master, its replica that has everything so far, and the cable between them."""
    with servers(2, also=_AT_ONCE) as (master, replica):
        async with cable(master.port) as between:
            await _copies_of(master, replica, between.port, guard)
            yield master, replica, between


async def _write(store: RedisStore, name: str, ledger: Ledger) -> None:
    """Commits one after another, the same again when it was refused, as every connector does."""
    number = 0
    while True:
        event = f"{name}:{number}"
        commit = Commit(event_id=event, parcels=(a_parcel(f"telegram:{name}", n=number),))
        try:
            outcome = await store.commit(commit, NOW)
        except StoreDown:
            ledger.refused += 1
            await asyncio.sleep(0.01)
            continue
        assert outcome is not Outcome.CONFLICT
        ledger.acknowledged.append(event)
        number += 1


async def _copies_of(master: Server, replica: Server, cable_port: int, guard: bool) -> None:
    async with _client(replica) as copy, _client(master) as origin:
        await copy.replicaof("127.0.0.1", str(cable_port))
        await origin.set("copied", "1")

        async def has_all() -> bool:
            return bool(await origin.wait(1, 500))

        await _until(has_all)
        if guard:
            await origin.config_set("min-replicas-max-lag", 1)
            await origin.config_set("min-replicas-to-write", 1)


async def _missing(replica: Server, acknowledged: list[str]) -> int:
    """The replica leads now: which commits does it not know?"""
    async with _client(replica) as client:

        async def noticed() -> bool:
            return bool((await client.info("replication"))["master_link_status"] != "up")

        await _until(noticed)
        await client.replicaof("NO", "ONE")
    store = await RedisStore.connect(replica.url, "main", Policy(), Sealer([KEY]))
    known = await asyncio.gather(*(store.seen(each) for each in acknowledged))
    await store.close()
    return known.count(False)


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


@asynccontextmanager
async def _client(server: Server) -> AsyncIterator[redis.asyncio.Redis]:
    client = redis.asyncio.Redis(port=server.port, decode_responses=True)
    try:
        yield client
    finally:
        await client.aclose()


_WAYS = {
    "as Redis copies by itself": (0, False),
    "with min-replicas-to-write 1, lag 1 s": (0, True),
    "with WARMLINE_REDIS_WAIT_REPLICAS=1": (1, False),
}
ROUNDS = 10


async def measure() -> list[dict[str, Any]]:
    """Acknowledged commits that are gone after a failover, of all acknowledged, and refused attempts beside them."""
    rows = []
    for cut in (False, True):
        for name, (copies, guard) in _WAYS.items():
            ledgers = [await fail_over(copies=copies, guard=guard, cut=cut) for _ in range(ROUNDS)]
            rows += _rows(name, copies, cut, ledgers)
    return rows


def _rows(name: str, copies: int, cut: bool, ledgers: list[Ledger]) -> list[dict[str, Any]]:
    before = f"{_CUT:g} s after the cable to its replica was cut" if cut else "its replica healthy"
    acknowledged = sum(len(each.acknowledged) for each in ledgers)
    what = f"master killed, {before}, {name}"
    lost = sum(each.lost for each in ledgers)
    aim = 0.0 if copies else None
    return [
        row(f"{what}: lost of acknowledged", lost, "commits", n=acknowledged, aim=aim, at_most=True),
        row(f"{what}: most lost in one", max(each.lost for each in ledgers), "commits", n=len(ledgers)),
    ]
