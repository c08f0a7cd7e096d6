"""Reports and blocks in the database: read by leads they are not about, on record, and what erasure leaves of them."""

from __future__ import annotations

from handoff.records import SqlRecords
from tests.records.rows import CANARY, Rows, parcel
from tests.store.making import NOW


async def test_a_report_is_listed_without_its_words_open_ones_first(records: SqlRecords) -> None:
    await records.write([parcel("report"), parcel("report", about="seeker", by="sam", supporter=None, at=NOW + 1)])
    newest, first = await records.reports().listed("lou")
    assert (newest.about, newest.by, newest.supporter) == ("seeker", "sam", None)
    assert (first.about, first.by, first.supporter, first.reason) == ("supporter", "seeker", "sam", "hurtful")
    assert newest.words + first.words == ""
    assert await records.reports().close(newest.id, by="lou", at=NOW + 2)
    assert [each.id for each in await records.reports().listed("lou")] == [first.id, newest.id]
    assert not await records.reports().close(newest.id, by="lou", at=NOW + 3)


async def test_its_words_rest_sealed_and_opening_it_is_on_record(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("report")])
    [listed] = await records.reports().listed("lou")
    assert CANARY not in await rows.everything()
    opened = await records.reports().opened(listed.id, "lou", NOW + 5)
    assert opened is not None
    assert opened.words == CANARY
    [audit] = await rows.of("audit")
    assert (audit["actor"], audit["action"], audit["at"]) == ("lou", "report_opened", NOW + 5)
    assert (audit["conversation"], audit["detail"]) == (None, {"report": listed.id})


async def test_whom_a_report_is_about_finds_none_whatever_they_try(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("report")])
    [listed] = await records.reports().listed("lou")
    mine = records.reports()
    assert await mine.listed("sam") == []
    assert await mine.opened(listed.id, "sam", NOW) is None
    assert not await mine.add_note(listed.id, "never", by="sam", at=NOW)
    assert not await mine.close(listed.id, by="sam", at=NOW)
    assert await rows.of("audit") == []


async def test_a_leads_note_is_sealed_and_added_to(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("report", words="")])
    [listed] = await records.reports().listed("lou")
    assert await records.reports().add_note(listed.id, f"{CANARY} one ", by="lou", at=NOW)
    assert await records.reports().add_note(listed.id, f"{CANARY} two", by="lin", at=NOW)
    opened = await records.reports().opened(listed.id, "lou", NOW)
    assert opened is not None
    assert (opened.note, opened.note_by) == (f"{CANARY} one\n{CANARY} two", "lin")
    assert CANARY not in await rows.everything()


async def test_erasure_takes_the_words_of_a_report_and_leaves_that_there_was_one(
    records: SqlRecords, rows: Rows
) -> None:
    await records.write([parcel("conversation"), parcel("report"), parcel("report", conversation="c7")])
    await records.write([parcel("forget", pseudonym="p-ana", conversation="c1")])
    kept = {each["conversation"]: each["words"] for each in await rows.of("reports")}
    assert kept["c1"] is None
    assert kept["c7"] is not None


async def test_words_of_reports_expire_with_other_words(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("report")])
    await records.expire(NOW + 1)
    assert (await rows.only("reports"))["words"] is None


async def test_a_block_runs_until_its_end_or_until_it_is_lifted(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("block")])
    [block] = await records.blocks().running(NOW + 3599)
    assert (block.conversation, block.pseudonym, block.by, block.reason) == ("c1", "p-ana", "lou", "abusive")
    assert await records.blocks().running(NOW + 3601) == []
    await records.write([parcel("unblock", at=NOW + 60)])
    assert await records.blocks().running(NOW + 61) == []
    row = await rows.only("blocks")
    assert (row["lifted_by"], row["lifted_at"]) == ("lou", NOW + 60)


async def test_a_new_block_takes_the_place_of_the_old_one(records: SqlRecords) -> None:
    await records.write([parcel("block"), parcel("block", until=NOW + 86_400, by="lin")])
    [block] = await records.blocks().running(NOW)
    assert block.by == "lin"


async def test_erasure_leaves_the_bare_pseudonym_of_a_block_that_runs_until_its_end(
    records: SqlRecords, rows: Rows
) -> None:
    await records.write([parcel("seeker"), parcel("block"), parcel("block", pseudonym="p-ben", conversation="c9")])
    await records.write([parcel("forget", pseudonym="p-ana", conversation="c1")])
    [of_ana, of_ben] = sorted(await rows.of("blocks"), key=lambda row: str(row["pseudonym"]))
    assert (of_ana["pseudonym"], of_ana["conversation"]) == ("p-ana", None)
    assert of_ben["conversation"] == "c9"
    await records.write([parcel("block_met", conversation="c5")])
    assert [each.conversation for each in await records.blocks().running(NOW)] == ["c9", "c5"]
    await records.write([parcel("forget", pseudonym="p-ana", conversation="c5", at=NOW + 1)])
    await records.expire(NOW - 86_400, NOW + 3601)
    assert "p-ana" not in await rows.everything()
    assert len(await rows.of("blocks")) == 1


async def test_a_block_that_is_over_goes_with_its_person(records: SqlRecords, rows: Rows) -> None:
    await records.write([parcel("block")])
    await records.write([parcel("forget", pseudonym="p-ana", conversation="c1", at=NOW + 3601)])
    assert await rows.of("blocks") == []
