"""Reports and blocks on the desk: a talk ended and reported, a block, and reports that only other leads read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handoff.core import events as e
from handoff.core.policy import Policy
from handoff.records import SqlRecords
from handoff.sealing import Sealer
from handoff.store.memory import MemoryStore
from tests.console.desk_client import desk_of
from tests.console.house import make_house, opened
from tests.core.making import NOW
from tests.records.rows import CANARY, parcel
from tests.store.making import KEY


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[SqlRecords]:
    made = SqlRecords(f"sqlite+aiosqlite:///{tmp_path}/records.db", MemoryStore("main", Policy()), Sealer([KEY]))
    await made.prepare()
    yield made
    await made.close()


async def test_a_supporter_ends_and_reports_in_one_step_and_a_lead_blocks() -> None:
    async with opened(make_house()) as house:
        await house.hire("Mira")
        await house.hire("Joan", lead=True)
        held = await house.give((await house.arrive()).id, "mira")
        async with desk_of(house, "mira") as mira, desk_of(house, "joan") as joan:
            frame = {"conversation": held.id, "reason": "abusive", "note": CANARY}
            assert (await mira.ask("report_seeker", **frame))["type"] == "ok"
            reported = house.front.of(e.SeekerReported)[-1]
            assert (reported.reason, reported.note, reported.supporter) == ("abusive", CANARY, "mira")
            assert (await mira.ask("block", conversation=held.id, reason="abusive", seconds=3600))[
                "code"
            ] == "leads_only"
            assert (await joan.ask("block", conversation=held.id, reason="abusive", seconds=5))["code"] == "bad_field"
            assert (await joan.ask("block", conversation=held.id, reason="abusive", seconds=3600))["type"] == "ok"
            assert (await joan.ask("unblock", conversation=held.id))["type"] == "ok"


async def test_leads_read_reports_that_are_not_about_them(records: SqlRecords) -> None:
    await records.write([parcel("report"), parcel("block", until=NOW + 10**9)])
    async with opened(make_house(reports=records.reports(), blocks=records.blocks())) as house:
        await house.hire("Joan", lead=True)
        async with desk_of(house, "joan") as joan:
            await joan.send("reports", id="r1")
            frame = await joan.until_type("reports")
            assert CANARY not in repr(frame)
            [item], [block] = frame["items"], frame["blocks"]
            assert (item["about"], item["supporter"], block["by"]) == ("supporter", "sam", "lou")
            await joan.send("report_open", id="r2", report=item["id"])
            assert (await joan.until_type("report"))["item"]["words"] == CANARY
            assert (await joan.ask("report_note", report=item["id"], text="Spoke with Sam."))["type"] == "ok"
            assert (await joan.ask("report_close", report=item["id"]))["type"] == "ok"
            assert (await joan.ask("report_close", report=item["id"]))["code"] == "report_gone"
    opened_again = await records.reports().opened(item["id"], "joan", NOW)
    assert opened_again is not None
    assert (opened_again.note, opened_again.note_by, opened_again.closed_by) == ("Spoke with Sam.", "joan", "joan")


async def test_a_lead_finds_no_report_about_themselves_and_supporters_find_none(records: SqlRecords) -> None:
    await records.write([parcel("report", supporter="joan")])
    async with opened(make_house(reports=records.reports(), blocks=records.blocks())) as house:
        await house.hire("Joan", lead=True)
        await house.hire("Mira")
        async with desk_of(house, "joan") as joan, desk_of(house, "mira") as mira:
            await joan.send("reports", id="r1")
            assert (await joan.until_type("reports"))["items"] == []
            assert (await joan.ask("report_open", report=1))["code"] == "report_gone"
            assert (await joan.ask("report_note", report=1, text="never"))["code"] == "report_gone"
            assert (await mira.ask("reports"))["code"] == "leads_only"
            assert (await mira.ask("report_open", report=1))["code"] == "leads_only"
