"""Keeping files: sealed, under an id nobody can guess, until they expire or their seeker is forgotten."""

from __future__ import annotations

import asyncio
import io
import os
import threading

import pytest
from PIL import Image

from handoff.core.entries import AttachmentKind
from handoff.ports import FileGone, FileRefused, RecordsDown
from handoff.records import SqlRecords
from handoff.sealing import Sealer
from handoff.shelf import SqlShelf
from handoff.shelf.cleaned import Cleaned
from handoff.shelf.cleaning import clean
from handoff.store.memory import MemoryStore
from tests.records.rows import Rows, parcel
from tests.shelf import samples
from tests.shelf.conftest import LIMIT, WEEK, Clock
from tests.store.making import KEY


async def test_a_file_comes_back_clean_with_what_is_known_of_it(shelf: SqlShelf) -> None:
    put = await shelf.put(samples.picture(), conversation="c1")
    found = await shelf.get(put.file)
    assert found.attachment == put
    assert (put.kind, put.type, put.name) == (AttachmentKind.IMAGE, "image/jpeg", "picture.jpg")
    assert put.size == len(found.content)
    assert Image.open(io.BytesIO(found.content)).size == (40, 20)


async def test_how_long_a_voice_note_plays_is_read_from_it_or_else_taken_from_who_brought_it(shelf: SqlShelf) -> None:
    assert (await shelf.put(samples.opus(3), conversation="c1", seconds=99)).seconds == 3
    untold = samples.webm(at=b"\0")
    assert (await shelf.put(untold, conversation="c1", seconds=9)).seconds == 9


async def test_nothing_of_a_file_can_be_read_in_the_table(shelf: SqlShelf, rows: Rows) -> None:
    await shelf.put(b"canary words in a text", conversation="c1")
    row = await rows.only("files")
    assert b"canary" not in row["content"]
    assert b"text" not in row["attachment"]


async def test_every_file_has_an_id_of_its_own_that_says_nothing(shelf: SqlShelf) -> None:
    ids = {(await shelf.put(b"the same words", conversation="c1")).file for _ in range(5)}
    assert len(ids) == 5
    assert all(len(each) == 32 for each in ids)


async def test_a_file_over_the_limit_is_refused_before_it_is_looked_at(shelf: SqlShelf) -> None:
    with pytest.raises(FileRefused) as refusal:
        await shelf.put(b"\xff\xd8\xff" + bytes(LIMIT), conversation="c1")
    assert refusal.value.code == "too_large"


async def test_what_is_no_file_we_know_leaves_nothing_behind(shelf: SqlShelf, rows: Rows) -> None:
    with pytest.raises(FileRefused) as refusal:
        await shelf.put(b"MZ\x90\0" + os.urandom(500), conversation="c1")
    assert refusal.value.code == "kind"
    await shelf.put(b"words", conversation="c1")
    assert len(await rows.of("files")) == 1


async def test_a_file_that_never_was_is_gone(shelf: SqlShelf) -> None:
    with pytest.raises(FileGone):
        await shelf.get("0" * 32)


async def test_an_expired_file_is_gone_before_anything_swept_and_swept_afterwards(
    shelf: SqlShelf, clock: Clock, rows: Rows
) -> None:
    old = await shelf.put(b"old words", conversation="c1")
    clock.now += WEEK / 2
    new = await shelf.put(b"new words", conversation="c1")
    clock.now += WEEK / 2
    with pytest.raises(FileGone):
        await shelf.get(old.file)
    assert len(await rows.of("files")) == 2
    assert await shelf.sweep(clock.now) == 1
    assert (await shelf.get(new.file)).content == b"new words"


async def test_files_are_erased_with_their_conversation_and_others_stay(shelf: SqlShelf) -> None:
    hers = await shelf.put(b"hers", conversation="c1")
    also = await shelf.put(b"hers too", conversation="c2")
    his = await shelf.put(b"his", conversation="c9")
    assert await shelf.erase(["c1", "c2"]) == 2
    assert await shelf.erase([]) == 0
    for gone in (hers, also):
        with pytest.raises(FileGone):
            await shelf.get(gone.file)
    assert (await shelf.get(his.file)).content == b"his"


async def test_forgetting_a_seeker_takes_the_files_of_all_their_conversations(
    url: str, shelf: SqlShelf, store: MemoryStore, rows: Rows
) -> None:
    records = SqlRecords(url, store, Sealer([KEY]))
    await records.write([parcel("conversation", id="old"), parcel("conversation", id="c9", pseudonym="p-ben")])
    for conversation in ("old", "open-still", "c9"):
        await shelf.put(b"words", conversation=conversation)
    await records.write([parcel("forget", pseudonym="p-ana", conversation="open-still")])
    await records.close()
    assert (await rows.only("files"))["conversation"] == "c9"


async def test_a_new_key_seals_and_the_old_one_still_opens_until_it_is_dropped(
    url: str, shelf: SqlShelf, clock: Clock
) -> None:
    old = await shelf.put(b"sealed before", conversation="c1")
    for keys, readable in ([b"n" * 32, KEY], True), ([b"n" * 32], False):
        turned = SqlShelf(url, Sealer(keys), clock, limit=LIMIT, seconds=WEEK)
        if readable:
            assert (await turned.get(old.file)).content == b"sealed before"
        else:
            with pytest.raises(FileGone):
                await turned.get(old.file)
        await turned.close()


async def test_files_that_are_never_done_are_refused_and_keep_no_other_waiting(url: str, clock: Clock) -> None:
    stuck = threading.Event()

    def cleaner(content: bytes) -> Cleaned:
        if content == b"endless":
            stuck.wait()
        return clean(content)

    shelf = SqlShelf(url, Sealer([KEY]), clock, limit=LIMIT, seconds=WEEK, cleaner=cleaner, patience=0.3)
    outcomes = await asyncio.gather(
        *(shelf.put(b"endless", conversation="c1") for _ in range(4)), return_exceptions=True
    )
    assert [getattr(each, "code", each) for each in outcomes] == ["broken"] * 4
    assert (await shelf.put(b"words", conversation="c1")).name == "text.txt"
    stuck.set()
    await shelf.close()


@pytest.mark.parametrize("where", ["sqlite+aiosqlite:////nowhere/at/all.db", "postgresql+psycopg://a@127.0.0.1:1/b"])
async def test_a_database_that_is_down_is_named_so(where: str, clock: Clock) -> None:
    shelf = SqlShelf(where, Sealer([KEY]), clock, limit=LIMIT, seconds=WEEK)
    with pytest.raises(RecordsDown):
        await shelf.put(b"words", conversation="c1")
    with pytest.raises(RecordsDown):
        await shelf.get("0" * 32)
    await shelf.close()
