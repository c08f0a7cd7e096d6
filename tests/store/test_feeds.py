"""Feeds, margins and marks."""

from __future__ import annotations

import pytest

from handoff.core.conversation import Conversation
from handoff.core.entries import Button, EntryKind, Speaker
from handoff.ports import Marks, Outcome, Store
from tests.store.making import a_conversation, an_entry, opened, save


@pytest.fixture
async def ana(store: Store) -> Conversation:
    return await opened(store, a_conversation())


async def test_entries_come_back_in_order_and_whole(store: Store, ana: Conversation) -> None:
    first = an_entry(
        1,
        speaker=Speaker.BOT,
        kind=EntryKind.RESOURCE,
        name="Warmline",
        buttons=(Button("Yes", "/affirm"),),
        body={"steps": [{"text": "breathe", "seconds": 4.5}], "none": None, "n": 3},
        refers="theirs",
    )
    second = an_entry(2, text="zero\u200bwidth, \u202eright to left, 👩‍👧, " + "long " * 2000)
    await save(store, feed=((ana.pseudonym, first), (ana.pseudonym, second)))
    await save(store, feed=((ana.pseudonym, an_entry(3)),))
    read = await store.feed(ana.pseudonym)
    assert read[:2] == [first, second]
    assert [each.seq for each in read] == [1, 2, 3]


@pytest.mark.parametrize("seqs", [(2,), (0,), (1, 3), (1, 1)])
async def test_an_entry_out_of_order_is_a_conflict(store: Store, ana: Conversation, seqs: tuple[int, ...]) -> None:
    outcome = await save(store, feed=tuple((ana.pseudonym, an_entry(seq)) for seq in seqs))
    assert outcome is Outcome.CONFLICT
    outcome = await save(store, margin=tuple(an_entry(seq) for seq in seqs))
    assert outcome is Outcome.CONFLICT
    assert await store.feed(ana.pseudonym) == await store.margin("c1") == []


async def test_two_feeds_in_one_commit_count_apart(store: Store, ana: Conversation) -> None:
    entries = tuple((who, an_entry(seq)) for seq in (1, 2) for who in ("p-ana", "p-ben"))
    assert await save(store, feed=entries) is Outcome.DONE
    assert [each.seq for each in await store.feed("p-ben")] == [1, 2]


async def test_reading_resumes_after_a_sequence_number_and_stops_at_a_limit(store: Store, ana: Conversation) -> None:
    await save(store, feed=tuple((ana.pseudonym, an_entry(seq)) for seq in range(1, 11)))
    await save(store, margin=tuple(an_entry(seq) for seq in range(1, 6)))
    assert [each.seq for each in await store.feed(ana.pseudonym, after=7)] == [8, 9, 10]
    assert [each.seq for each in await store.feed(ana.pseudonym, after=2, limit=3)] == [3, 4, 5]
    assert await store.feed(ana.pseudonym, after=10) == []
    assert [each.seq for each in await store.margin("c1", after=3)] == [4, 5]
    assert await store.feed(ana.pseudonym, limit=0) == []
    assert [each.seq for each in await store.feed(ana.pseudonym, after=-5, limit=2)] == [1, 2]


async def test_marks_rise_and_never_fall(store: Store, ana: Conversation) -> None:
    await save(store, feed=tuple((ana.pseudonym, an_entry(seq)) for seq in range(1, 6)))
    assert await store.marks(ana.pseudonym) == Marks()
    assert await store.mark(ana.pseudonym, delivered=4, read=2) == Marks(4, 2, 0)
    assert await store.mark(ana.pseudonym, delivered=3, desk_read=5) == Marks(4, 2, 5)
    assert await store.marks(ana.pseudonym) == Marks(4, 2, 5)


async def test_marks_never_pass_the_end_of_the_feed(store: Store, ana: Conversation) -> None:
    await save(store, feed=((ana.pseudonym, an_entry(1)),))
    assert await store.mark(ana.pseudonym, delivered=99, read=-3) == Marks(1, 0, 0)
    assert await store.mark("p-nobody", delivered=99) == Marks()
