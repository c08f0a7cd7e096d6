"""The records: written once, all or nothing, sealed where they hold words, and the same on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from handoff.core.entries import EntryKind
from handoff.ports import Parcel, RecordsDown, RecordsRefused
from handoff.records import SqlRecords, counted
from handoff.sealing import Sealer
from handoff.store.memory import MemoryStore
from tests.records.rows import BODIES, CANARY, Rows, parcel
from tests.store.making import KEY, NOW, a_conversation, an_entry, opened, save, waiting

TABLES = {
    "seeker": "seekers", "consent": "consents", "conversation": "conversations", "feedback": "feedback",
    "rating": "ratings", "message": "messages", "audit": "audit", "review": "reviews",
}  # fmt: skip


def before(kind: str) -> list[Parcel]:
    """What must be known already: a review is written only of a seeker who is."""
    return [parcel("seeker")] if kind == "review" else []


async def spoken(store: MemoryStore, conversation: str = "c1", who: str = "ana", text: str = CANARY) -> None:
    """Three lines of a conversation, and a note in its margin."""
    talk = await opened(store, a_conversation(conversation, who))
    feed = tuple((talk.pseudonym, an_entry(seq, conversation, f"{text} {seq}")) for seq in (1, 2, 3))
    note = an_entry(1, conversation, f"{text} in the margin", kind=EntryKind.NOTE)
    await save(store, feed=feed, margin=(note,))


@pytest.mark.parametrize("kind", TABLES)
async def test_each_kind_becomes_a_row_with_everything_it_brought(records: SqlRecords, rows: Rows, kind: str) -> None:
    await records.write([*before(kind), parcel(kind)])
    row = await rows.only(TABLES[kind])
    sealed = {"words", "context"}
    renamed = {"at": "first_seen"} if kind == "seeker" else {}
    for name, value in {"at": NOW, **BODIES[kind]}.items():
        if name not in sealed and not (kind == "conversation" and name == "at"):
            assert row[renamed.get(name, name)] == value


async def test_a_seeker_is_one_row_however_often_they_come(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("seeker"), parcel("seeker", at=NOW + 9)])
    assert (await rows.only("seekers"))["first_seen"] == NOW


async def test_a_conversation_told_again_is_the_same_row_as_it_is_now(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("conversation", outcome=None)])
    await records.write([parcel("conversation")])
    assert (await rows.only("conversations"))["outcome"] == "supported"


@pytest.mark.parametrize("kind", TABLES)
async def test_a_parcel_that_comes_twice_is_written_once(records: SqlRecords, rows: Rows, kind: str) -> None:
    twice = parcel(kind)
    await records.write([*before(kind), twice, twice])
    await records.write([twice])
    await rows.only(TABLES[kind])


async def test_what_another_process_is_writing_at_the_same_moment_is_written_once(
    url: str, store: MemoryStore, rows: Rows
) -> None:
    """A lane that two workers carry for a moment: who comes second is refused, asks again, and finds it done."""
    both = [SqlRecords(url, store, Sealer([KEY])) for _ in range(2)]
    await both[0].write([])
    parcels = [parcel("audit") for _ in range(5)]
    told = await asyncio.gather(*(each.write(parcels) for each in both), return_exceptions=True)
    assert all(failure is None or isinstance(failure, RecordsRefused | RecordsDown) for failure in told)
    for each in both:
        await each.write(parcels)
        await each.close()
    assert len(await rows.of("audit")) == 5


async def test_words_are_sealed_and_nowhere_to_be_read(
    records: SqlRecords, rows: Rows, store: MemoryStore, tmp_path: Path
) -> None:
    await spoken(store)
    await records.write([parcel(kind) for kind in BODIES])
    assert (await rows.only("messages"))["words"]
    assert (await rows.only("feedback"))["words"]
    assert CANARY not in await rows.everything()
    await records.close()
    for file in tmp_path.glob("records.db*"):
        assert CANARY.encode() not in file.read_bytes()


async def test_feedback_without_words_has_none(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("feedback", words="")])
    assert (await rows.only("feedback"))["words"] is None


# --- transcripts ------------------------------------------------------------------------------------------------------


async def test_a_transcript_is_kept_whole_with_the_margin_and_opens_with_the_key_alone(
    records: SqlRecords, store: MemoryStore, url: str
) -> None:
    await spoken(store)
    await records.write([parcel("transcript")])
    kept = await records.transcript("c1")
    assert kept is not None
    assert [entry["text"] for entry in kept["feed"]] == [f"{CANARY} {seq}" for seq in (1, 2, 3)]
    assert [entry["text"] for entry in kept["margin"]] == [f"{CANARY} in the margin"]
    assert await records.transcript("c2") is None
    stranger = SqlRecords(url, store, Sealer([b"another key of thirty-two bytes!"]))
    with pytest.raises(Exception, match="key"):
        await stranger.transcript("c1")
    await stranger.close()


async def test_a_transcript_holds_its_own_conversation_alone(records: SqlRecords, store: MemoryStore) -> None:
    await spoken(store)
    await records.write([parcel("transcript", first_seq=2, last_seq=2)])
    kept = await records.transcript("c1")
    assert kept is not None
    assert [entry["seq"] for entry in kept["feed"]] == [2]


async def test_a_transcript_leaves_out_what_is_the_seekers_alone(records: SqlRecords, store: MemoryStore) -> None:
    talk = await opened(store, a_conversation("c1", "ana"))
    plan = replace(an_entry(1, "c1", "my plan"), private=True)
    await save(store, feed=((talk.pseudonym, plan), (talk.pseudonym, an_entry(2, "c1", "hello"))))
    await records.write([parcel("transcript")])
    kept = await records.transcript("c1")
    assert kept is not None
    assert [each["text"] for each in kept["feed"]] == ["hello"]


async def test_what_was_erased_meanwhile_is_not_written(records: SqlRecords, rows: Rows, store: MemoryStore) -> None:
    await spoken(store)
    await store.erase("p-ana", "c1")
    await records.write([parcel("transcript")])
    assert await rows.of("transcripts") == []


# --- forgetting -------------------------------------------------------------------------------------------------------


KEPT = ("written", "audit", "files", "safeguarding", "reports")
"""Tables that hold nothing which leads to a seeker, or that the shelf empties itself."""


async def test_forgetting_leaves_nothing_of_that_seeker_and_everything_of_others(
    records: SqlRecords, rows: Rows, store: MemoryStore
) -> None:
    await spoken(store)
    await spoken(store, "c9", "ben")
    theirs: dict[str, Any] = {"conversation": "c9", "pseudonym": "p-ben"}
    for kind in BODIES:
        changes = {name: value for name, value in theirs.items() if name in BODIES[kind]}
        more = {"id": "c9", "pseudonym": "p-ben"} if kind == "conversation" else changes
        await records.write([parcel(kind), parcel(kind, **more)])
    await records.write([parcel("forget", pseudonym="p-ana", conversation="c1")])
    left = {name: count for name, count in (await rows.counts()).items() if name not in KEPT}
    assert left == dict.fromkeys(left, 1)
    assert "p-ana" not in await rows.everything()
    assert await records.transcript("c1") is None
    assert await records.transcript("c9") is not None
    assert len(await rows.of("audit")) == 2


async def test_forgetting_reaches_every_earlier_conversation_and_one_that_was_never_closed(
    records: SqlRecords, rows: Rows
) -> None:
    await records.write([parcel("conversation", id="old"), parcel("feedback", conversation="old")])
    await records.write([parcel("rating", conversation="never-closed"), parcel("message", conversation="never-closed")])
    await records.write([parcel("forget", pseudonym="p-ana", conversation="never-closed")])
    counts = await rows.counts()
    assert {name for name, count in counts.items() if count} == {"written"}


async def test_the_order_of_the_lane_is_kept_so_that_nothing_comes_back_after_forgetting(
    records: SqlRecords, rows: Rows
) -> None:
    await records.write([parcel("message"), parcel("forget", pseudonym="p-ana", conversation="c1")])
    assert await rows.of("messages") == []


# --- what fails -------------------------------------------------------------------------------------------------------

BAD: dict[str, Parcel] = {
    "a field is missing": Parcel("bad", "records", "", 0, "consent", {"pseudonym": "p-ana", "at": NOW}),
    "nothing where something must be": parcel("consent", "bad", given=None),
    "a kind nobody knows": parcel("nonsense", "bad"),
    "a name nobody knows": parcel("audit", "bad", nonsense=1),
    "what is no number": parcel("conversation", "bad", tier={"no": "number"}),
    "what is no JSON": parcel("audit", "bad", detail=object()),
}


@pytest.mark.parametrize("why", BAD)
async def test_one_bad_parcel_is_refused_with_its_batch_and_the_others_can_be_written_without_it(
    records: SqlRecords, rows: Rows, why: str
) -> None:
    good = parcel("rating")
    with pytest.raises(RecordsRefused):
        await records.write([good, BAD[why]])
    assert (await rows.counts())["ratings"] == 0
    with pytest.raises(RecordsRefused):
        await records.write([BAD[why]])
    await records.write([good])
    await rows.only("ratings")


@pytest.mark.parametrize("body", [{"resource": "a" * 200}, {"resource": "nothing\x00here"}])
async def test_what_postgresql_will_never_take_is_refused_and_not_waited_for(
    records: SqlRecords, url: str, body: dict[str, str]
) -> None:
    if url.startswith("postgresql"):
        with pytest.raises(RecordsRefused):
            await records.write([parcel("rating", **body)])
    else:
        await records.write([parcel("rating", **body)])


async def test_a_failure_never_repeats_what_it_could_not_write(records: SqlRecords) -> None:
    with pytest.raises(RecordsRefused) as refused:
        await records.write([parcel("consent", given=None, pseudonym=CANARY)])
    assert CANARY not in str(refused.value)
    assert refused.value.__cause__ is None


async def test_a_database_that_is_not_there_is_down_and_not_a_refusal(
    free_port: Callable[[], int], tmp_path: Path, store: MemoryStore
) -> None:
    for url in (
        f"postgresql+psycopg://warmline@127.0.0.1:{free_port()}/records",
        f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/records.db",
    ):
        records = SqlRecords(url, store, Sealer([KEY]))
        for _ in range(2):
            with pytest.raises(RecordsDown):
                await records.write([parcel("audit")])
        with pytest.raises(RecordsDown):
            await records.ping()
        await records.close()


async def test_a_database_whose_tables_are_gone_is_waited_for(records: SqlRecords, url: str) -> None:
    """Somebody is mending it: nothing may be given up meanwhile."""
    await records.write([parcel("audit")])
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE audit"))
    await engine.dispose()
    with pytest.raises(RecordsDown):
        await records.write([parcel("audit")])


async def test_a_database_that_answers_is_healthy_and_counts_its_rows(records: SqlRecords, url: str) -> None:
    await records.write([parcel("audit")])
    await records.ping()
    engine = create_async_engine(url)
    assert (await counted(engine))["audit"] == 1
    await engine.dispose()


async def test_the_queue_has_no_part_in_the_records(records: SqlRecords, rows: Rows, store: MemoryStore) -> None:
    await opened(store, waiting())
    await records.write([])
    assert set((await rows.counts()).values()) == {0}
