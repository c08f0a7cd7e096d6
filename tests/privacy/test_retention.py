"""How long things are kept: each store lets go by itself, and a sweep with a moved clock takes what is left."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import redis

from handoff.core.effects import Alert
from handoff.core.policy import Policy
from handoff.records import SqlRecords
from handoff.retention import sweep_once
from handoff.sealing import Sealer
from handoff.settings import Settings
from handoff.shelf import SqlShelf
from handoff.store.memory import MemoryStore
from handoff.store.redis import RedisStore
from tests.privacy.data_map import data_map
from tests.privacy.test_stores import MAP, _of_everything
from tests.records.conftest import postgres, rows, url
from tests.records.rows import BODIES, CANARY, Rows, parcel
from tests.store.making import KEY, NOW, a_parcel, an_entry, save

__all__ = ["postgres", "rows", "url"]
DAY = 86400
SHORT = Policy(retention_seconds=30 * DAY, attachment_seconds=7 * DAY, audit_seconds=1000 * DAY)
BY_INDEX = {"queue", "board", "live", "due", "alerts", "lane", "lanes", "hold", "dead", "roster"}
"""Families without a time of their own: taken out by what they point at, by delivery, or by the sweep."""
FOR_EVER = {"average", "buried", "kinds", "fence", "format", "secret"}


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[RedisStore]:
    made = await RedisStore.connect(redis_url, "main", SHORT, Sealer([KEY]))
    yield made
    await made.close()


async def test_every_key_of_a_person_expires_by_itself_within_the_retention(store: RedisStore, redis_url: str) -> None:
    await _of_everything(store, redis_url)
    with redis.Redis.from_url(redis_url) as client:
        times = {key.decode().split(":")[1]: client.ttl(key) for key in client.keys("*")}
    endless = {family for family, ttl in times.items() if ttl == -1}
    assert endless <= BY_INDEX | FOR_EVER | {"alert"}
    assert all(0 < ttl <= SHORT.retention_seconds for family, ttl in times.items() if family not in endless)
    assert {f"redis {each}" for each in FOR_EVER} <= {
        name for name, row in MAP.items() if row.cells[-1].startswith("Nothing of a seeker")
    }


async def _records_and_shelf(url: str, now: list[float]) -> tuple[SqlRecords, SqlShelf]:
    memory = MemoryStore("test", SHORT)
    await save(memory, feed=(("p-ana", an_entry(1, text=CANARY)),), margin=(an_entry(1),))
    records = SqlRecords(url, memory, Sealer([KEY]))
    seconds = float(SHORT.attachment_seconds)
    shelf = SqlShelf(url, Sealer([KEY]), lambda: now[0], limit=10**6, seconds=seconds)
    await records.write([parcel(kind) for kind in BODIES if kind not in ("unblock", "block_met")])
    await shelf.put(b"words in a file", conversation="c1")
    return records, shelf


async def test_the_sweep_takes_files_after_seven_days_words_and_identity_after_thirty_and_the_audit_last(
    url: str, rows: Rows
) -> None:
    now = [NOW]
    records, shelf = await _records_and_shelf(url, now)
    memory = MemoryStore("main", SHORT)

    async def left_after(days: float) -> set[str]:
        now[0] = NOW + days * DAY
        await sweep_once(memory, shelf, records, SHORT, now[0])
        return {name for name, count in (await rows.counts()).items() if count}

    everything = set(await rows.counts())
    assert await left_after(0) == everything
    assert await left_after(6.9) == everything
    assert await left_after(7) == everything - {"files"}
    assert await left_after(29.9) == everything - {"files"}
    figures = {"conversations", "feedback", "ratings", "safeguarding", "reports", "audit"}
    assert await left_after(30.1) - {"blocks"} == figures
    assert (await rows.only("conversations"))["pseudonym"] == ""
    feedback = await rows.only("feedback")
    assert (feedback["rating"], feedback["mood_after"], feedback["words"]) == (5, 6, None)
    assert "p-ana" not in repr([await rows.of(name) for name in figures]), "figures without identity"
    assert await left_after(999) - {"blocks"} == figures
    assert await left_after(1001) == figures - {"audit"}
    await records.close()
    await shelf.close()


async def test_who_comes_back_is_still_known_by_their_younger_conversation(url: str, rows: Rows) -> None:
    records, shelf = await _records_and_shelf(url, [NOW])
    younger = {**BODIES["conversation"], "id": "c2", "opened_at": NOW + 20 * DAY, "closed_at": NOW + 20 * DAY}
    await records.write([parcel("conversation", **younger)])
    await records.expire(NOW + 10 * DAY, NOW + 40 * DAY)
    assert {row["id"]: row["pseudonym"] for row in await rows.of("conversations")} == {"c1": "", "c2": "p-ana"}
    assert (len(await rows.of("seekers")), len(await rows.of("consents"))) == (1, 1)
    await records.close()
    await shelf.close()


async def test_dead_letters_and_alerts_nobody_heeded_are_swept_and_younger_ones_stay(
    store: RedisStore, url: str
) -> None:
    records, shelf = await _records_and_shelf(url, [NOW])
    for name, at in (("old", NOW), ("new", NOW + 20 * DAY)):
        await save(store, parcels=(a_parcel(f"lost:{name}"),))
        hold = await store.claim_lane(["lost"], 30, at)
        assert hold is not None
        await store.bury(hold, name, at)
        await save(store, alerts=(Alert(kind="crisis", conversation=name, at=at, text="look"),))
    await sweep_once(store, shelf, records, SHORT, NOW + 31 * DAY)
    assert [each.reason for each in await store.dead_letters()] == ["new"]
    assert [each.conversation for each in await store.alerts()] == ["new"]
    await records.close()
    await shelf.close()


def test_the_bots_memory_has_a_term_of_its_own_that_the_map_names() -> None:
    assert Settings.model_fields["tracker_seconds"].default == DAY
    assert "WARMLINE_TRACKER_SECONDS" in data_map()["redis tracker"].cells[3]
