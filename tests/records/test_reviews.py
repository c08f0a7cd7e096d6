"""What waits to be looked at again: sealed, listed without words, gone with its seeker or once it was dealt with."""

from __future__ import annotations

import pytest

from handoff.records import SqlRecords
from tests.records.rows import CANARY, Rows, parcel
from tests.store.making import NOW

ITEM = "a1b2c3"


@pytest.fixture(autouse=True)
async def _known(records: SqlRecords) -> None:
    """Ana has written to the line."""
    await records.write([parcel("seeker")])


async def test_an_item_is_listed_without_words_and_opened_with_them(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("review")])
    [listed] = await records.reviews().open()
    assert (listed.id, listed.verdict, listed.tier, listed.words) == (ITEM, "missed_risk", 1, "")
    opened = await records.reviews().item(ITEM)
    assert opened is not None
    assert (opened.words, opened.context) == (CANARY, (CANARY,))
    assert CANARY not in repr(opened)
    assert CANARY not in await rows.everything()
    assert await records.reviews().item("another") is None


async def test_the_same_message_marked_again_is_one_item_with_the_newest_verdict(records: SqlRecords) -> None:
    await records.write([parcel("review"), parcel("review", verdict="false_alarm")])
    assert [each.verdict for each in await records.reviews().open()] == ["false_alarm"]


async def test_what_the_seeker_says_about_it_is_known_to_the_items_there_are(records: SqlRecords) -> None:
    await records.write(
        [parcel("review"), parcel("review", id="s1", what="sample", verdict="", words="", consent=True)]
    )
    await records.write([parcel("review_consent", conversation="c1", given=True)])
    assert [each.consent for each in await records.reviews().open()] == [True, True]
    await records.write([parcel("review_consent", conversation="c1", given=False)])
    [left] = await records.reviews().open()
    assert (left.what, left.consent) == ("message", False)


async def test_a_sample_is_offered_until_somebody_says_what_they_found(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("review", what="sample", verdict="", words="", consent=True)])
    assert len(await records.reviews().open("sample")) == 1
    assert await records.reviews().open("message") == []
    await records.write([parcel("reviewed", item=ITEM, by="lou", outcome="nothing_missed")])
    assert await records.reviews().open() == []
    assert (await rows.only("reviews"))["outcome"] == "nothing_missed"


async def test_what_was_dealt_with_is_erased_and_that_it_was_is_on_record(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("review")])
    item = await records.reviews().item(ITEM)
    assert item is not None
    await records.reviews().shown(item, by="lou", at=NOW)
    await records.reviews().done(ITEM, by="lou", action="review_written", at=NOW)
    await records.reviews().done(ITEM, by="lou", action="review_written", at=NOW)
    assert await rows.of("reviews") == []
    assert [(row["actor"], row["action"]) for row in await rows.of("audit")] == [
        ("lou", "review_read"), ("lou", "review_written"),
    ]  # fmt: skip


async def test_an_item_goes_with_its_seeker(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("review")])
    await records.write([parcel("forget", pseudonym="p-ana", conversation="c9")])
    assert await rows.of("reviews") == []


async def test_words_go_when_their_time_is_over_and_the_counts_stay(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("review"), parcel("message"), parcel("feedback"), parcel("conversation")])
    await records.expire(NOW)
    assert len(await rows.of("reviews")) == 1
    await records.expire(NOW + 1)
    assert (await rows.of("reviews"), await rows.of("messages")) == ([], [])
    feedback = await rows.only("feedback")
    assert (feedback["rating"], feedback["words"]) == (5, None)
    await rows.only("conversations")


async def test_a_click_that_comes_while_somebody_is_forgotten_leaves_nothing(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("forget", pseudonym="p-ana", conversation="c1"), parcel("review")])
    assert await rows.of("reviews") == []
