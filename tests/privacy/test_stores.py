"""Every store is on the data map, and keeps of an erased person what the map says: nothing, or what has its reason.

The stores are derived from the code and from what is there after a person was there: a new one fails here until it has
an eraser, or a reason to stay.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import redis

from handoff.core.policy import Policy
from handoff.ports import SignIn
from handoff.records import SqlRecords
from handoff.sealing import Sealer
from handoff.shelf import SqlShelf
from handoff.store.memory import MemoryStore
from handoff.store.redis import RedisStore
from handoff.whose import OF_ONE_SEEKER
from tests.privacy.data_map import PAGE, data_map, stores
from tests.records.conftest import postgres, rows, url
from tests.records.rows import BODIES, CANARY, Rows, parcel
from tests.store.making import KEY, NOW, a_parcel, a_supporter, an_entry, live, on_the_roster, save, stored
from tests.store.test_erasing import someone

__all__ = ["postgres", "rows", "url"]
MAP = data_map()


def test_the_map_names_every_store_and_no_other() -> None:
    assert set(MAP) == stores()


def test_every_row_is_filled_in_and_every_store_that_stays_says_why() -> None:
    for row in MAP.values():
        assert all(row.cells), row.store
        erased = row.cells[-1]
        assert (
            row.goes
            or erased.startswith(("Goes with the person; ", "Goes ", "Nothing of a seeker in it"))
            or ((erased.startswith("Stays") and ":" in erased) or "stays" in erased)
        ), row.store


def test_the_page_names_the_defaults_that_the_code_has() -> None:
    policy, text = Policy(), PAGE.read_text()
    assert (policy.retention_seconds, policy.attachment_seconds) == (30 * 86400, 7 * 86400)
    assert "words, conversations, feedback's sentence 30 days" in text
    assert "files 7 days" in text
    assert f"audit {'three'} years" in text
    assert policy.audit_seconds == 3 * 365 * 86400


# --- Redis ----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[RedisStore]:
    made = await RedisStore.connect(redis_url, "main", Policy(), Sealer([KEY]))
    yield made
    await made.close()


def content(url: str) -> dict[str, set[bytes]]:
    """Everything in Redis by family: keys, and the members of those that many share."""
    found: dict[str, set[bytes]] = {}
    readers: dict[bytes, Any] = {
        b"zset": lambda client, key: client.zrange(key, 0, -1),
        b"set": lambda client, key: client.smembers(key),
        b"hash": lambda client, key: client.hkeys(key),
    }
    with redis.Redis.from_url(url) as client:
        for key in client.scan_iter():
            read = readers.get(client.type(key), lambda client, key: [b""])
            members = {key + b" " + each for each in read(client, key)}
            found.setdefault(key.decode().split(":")[1], set()).update(members)
    return found


async def _of_everything(store: RedisStore, url: str) -> None:
    """One person who left something in every place of the store."""
    await someone(store, "ana", "c1")
    await store.alias("p-ana-elsewhere", "p-ana")
    await store.keep("telegram:message", {"id": 1}, seconds=900, of="c1")
    await store.keep("telegram:place", {"id": 1}, seconds=900, of="p-ana")
    await store.commit(_commit_parcels(), NOW)
    sam = await on_the_roster(store, a_supporter("sam"))
    await save(store, conversations=(live(await stored(store, "c1"), "sam"),), supporters=(sam,), waited=3.0)
    assert await store.claim_lane(["bot"], 30, NOW) is not None
    with redis.Redis.from_url(url) as client:
        client.set("{main}:tracker:c1", "sealed by the bot", ex=900)


def _commit_parcels() -> Any:
    from handoff.ports import Commit

    return Commit(event_id="more parcels", parcels=(a_parcel("bot:c1"),), margin=())


async def test_what_a_person_leaves_in_redis_goes_or_is_said_to_stay(store: RedisStore, redis_url: str) -> None:
    await on_the_roster(store, a_supporter("lou"))
    for once in (True, False):
        await store.keep_sign_in("digest", SignIn("lou", NOW + 900), once=once, now=NOW)
    await store.lease("telegram:polling", "this process", 900)
    before = content(redis_url)
    waiting_seen: dict[str, set[bytes]] = {}
    await someone(store, "zoe", "c9")
    for family, members in content(redis_url).items():
        waiting_seen.setdefault(family, set()).update(members - before.get(family, set()))
    await store.erase("p-zoe", "c9")
    await _of_everything(store, redis_url)
    during = content(redis_url)
    touched = {family for family in during if during[family] - before.get(family, set())}
    touched |= {family for family, members in waiting_seen.items() if members}
    await store.erase("p-ana", "c1")
    after = content(redis_url)
    left = {family for family in after if after[family] - before.get(family, set())} - {"roster"}
    going = {row.store.removeprefix("redis ") for row in MAP.values() if row.store.startswith("redis ") and row.goes}
    assert going <= touched, f"nothing of a person was put into {going - touched}, so this proves nothing about it"
    assert left & going == set()
    nothing = {each.store for each in MAP.values() if each.cells[-1].startswith("Nothing of a seeker")}
    assert {f"redis {each}" for each in left} & nothing <= {
        "redis average",
        "redis buried",
        "redis kinds",
        "redis fence",
    }
    every = b"\n".join(itertools.chain.from_iterable(after.values()))
    assert b"p-ana" not in every
    assert b"p-zoe" not in every


# --- SQL ------------------------------------------------------------------------------------------------------------


async def test_what_a_person_leaves_in_the_database_goes_or_is_said_to_stay(
    url: str, rows: Rows, tmp_path: Path
) -> None:
    store = MemoryStore("test", Policy())
    records = SqlRecords(url, store, Sealer([KEY]))
    shelf = SqlShelf(url, Sealer([KEY]), lambda: NOW, limit=10**6, seconds=900.0)
    await save(store, feed=(("p-ana", an_entry(1, text=CANARY)),), margin=(an_entry(1),))
    await records.write([parcel(kind) for kind in BODIES if kind not in ("unblock", "block_met")])
    await shelf.put(b"words in a file", conversation="c1")
    counts = await rows.counts()
    assert [name for name, count in counts.items() if not count] == [], "a table that no test fills proves nothing"
    await records.write([parcel("forget", pseudonym="p-ana", conversation="c1")])
    left = {f"sql {name}" for name, count in (await rows.counts()).items() if count}
    assert left == {row.store for row in MAP.values() if row.store.startswith("sql ") and not row.goes}
    for name in left - {"sql blocks"}:
        assert "p-ana" not in repr(await rows.of(name.removeprefix("sql "))), name
    said = [row["words"] for row in await rows.of("reports")]
    assert said == [None], "a report stays without the reporter's words"
    (block,) = await rows.of("blocks")
    assert (block["pseudonym"], block["conversation"], block["until"]) == ("p-ana", None, NOW + 3600)
    await records.close()
    await shelf.close()


def test_every_table_with_a_pseudonym_is_among_those_that_are_erased_by_it() -> None:
    from handoff import tables

    with_pseudonym = {each for each in tables.metadata.tables.values() if "pseudonym" in each.c}
    assert with_pseudonym - set(OF_ONE_SEEKER) == {tables.blocks}
