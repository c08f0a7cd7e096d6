"""The safeguarding record: for leads, without words but their own, and still there after erasure."""

from __future__ import annotations

from handoff.records import SqlRecords
from tests.records.rows import CANARY, Rows, parcel
from tests.store.making import NOW


async def test_a_concern_is_listed_with_what_was_done_newest_first(records: SqlRecords) -> None:
    await records.write([parcel("safeguarding"), parcel("audit"), parcel("safeguarding", tier=5, at=NOW + 60)])
    newest, first = await records.safeguarding().latest()
    assert (newest.tier, first.tier) == (5, 4)
    assert (first.why, first.domain, first.held_by, first.at) == ("under_18", "suicide", "sam", NOW)
    assert first.done == ((NOW, "sam", "accepted"),)
    assert (first.note, first.note_by) == ("", None)


async def test_a_leads_note_is_sealed_added_to_and_on_record(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("safeguarding")])
    (concern,) = await records.safeguarding().latest()
    assert await records.safeguarding().add_note(concern.id, f"{CANARY} one", by="lou", at=NOW)
    assert await records.safeguarding().add_note(concern.id, f"{CANARY} two", by="lin", at=NOW + 1)
    (noted,) = await records.safeguarding().latest()
    assert noted.note == f"{CANARY} one\n{CANARY} two"
    assert noted.note_by == "lin"
    assert CANARY not in await rows.everything()
    assert [(each["actor"], each["action"]) for each in await rows.of("audit")] == [
        ("lou", "safeguarding_noted"), ("lin", "safeguarding_noted"),
    ]  # fmt: skip
    assert not await records.safeguarding().add_note(concern.id + 1, "nothing there", by="lou", at=NOW)


async def test_it_stays_when_the_seeker_is_forgotten_and_names_nobody(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("seeker"), parcel("conversation"), parcel("safeguarding")])
    await records.write([parcel("forget", pseudonym="p-ana", conversation="c1")])
    assert len(await records.safeguarding().latest()) == 1
    assert "p-ana" not in await rows.everything()
