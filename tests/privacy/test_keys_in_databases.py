"""Rotating the sealed columns, in SQLite and in a real PostgreSQL."""

from __future__ import annotations

from handoff.core.policy import Policy
from handoff.records import SqlRecords
from handoff.rotation import SqlSeals
from handoff.sealing import Sealer, key_name
from handoff.store.memory import MemoryStore
from tests.privacy.conftest import NEW, OLD
from tests.records.conftest import postgres, rows, url
from tests.records.rows import CANARY, Rows, parcel

__all__ = ["postgres", "rows", "url"]


async def test_every_sealed_row_is_counted_put_under_the_new_key_and_still_read(url: str, rows: Rows) -> None:
    records = SqlRecords(url, MemoryStore("test", Policy()), Sealer([OLD]))
    await records.write([parcel(kind) for kind in ("seeker", "message", "feedback", "review")])
    seals = SqlSeals(url, Sealer([NEW, OLD]))
    found = await seals.counted()
    assert dict(found) == dict.fromkeys(
        [(place, key_name(OLD)) for place in ("messages.words", "feedback.words", "reviews.words")], 1
    )
    assert await seals.reseal(frozenset({key_name(OLD)}), pause=0) == 3
    assert {name for _, name in await seals.counted()} == {key_name(NEW)}
    assert Sealer([NEW]).open((await rows.only("messages"))["words"]).decode() == CANARY
    await seals.close()
    await records.close()
