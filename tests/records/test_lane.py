"""From the core to the rows: what a night at the line leaves in the database, which may be down meanwhile."""

from __future__ import annotations

import asyncio

from handoff.carrying import Route
from handoff.core import events as e
from handoff.core.entries import Speaker
from handoff.deadlines import sweep
from handoff.delivery import Erasures, RecordKeeping
from handoff.lanes import LaneWorker
from handoff.ports import Commit, Parcel, RecordsDown
from handoff.records import SqlRecords
from handoff.sealing import Sealer
from tests.core.making import SEEKER, lead, supporter
from tests.records.rows import CANARY, Rows, parcel
from tests.service.house import CRISIS_WORD, YOUNG_WORD, House
from tests.store.making import KEY, until


async def a_night(house: House) -> None:
    """Ana writes, is in danger, is helped, says how it was, reports who helped, and is blocked for an hour."""
    await house.add(supporter(minors=True))
    await house.writes(f"{CANARY} hello")
    await house.bot(e.ConsentGiven, given=True)
    await house.bot(e.MessageLeft, text=CANARY)
    await house.writes(f"{CRISIS_WORD} {CANARY} {YOUNG_WORD}")
    await sweep(house.front, house.store)
    await house.desk(e.Claimed)
    await house.desk(e.SupporterWrote, text=CANARY)
    words_of_theirs = [each.seq for each in await house.feed() if each.speaker is Speaker.SEEKER]
    await house.desk(e.MessageFlagged, seq=words_of_theirs[0], verdict="missed_risk")
    await house.desk(e.Escalated, why=CANARY)
    await house.desk(e.SupporterClosed, outcome="supported")
    talk = (await house.talk()).id
    given = e.FeedbackGiven(id="f", seeker=SEEKER, conversation=talk, rating=5, words=CANARY, review=True)
    await house.front.handle(given)
    await house.bot(e.ResourceRated, resource="breathing", helped=True)
    await house.front.handle(e.SupporterReported(id="r", seeker=SEEKER, reason="hurtful", words=CANARY))
    await house.add(lead())
    await house.desk(e.SeekerBlocked, who="lou", reason="abusive", seconds=3600)


async def carry_all(house: House, records: SqlRecords) -> None:
    """The worker of the records lane, until nothing is left in it."""
    worker = LaneWorker(
        house.store,
        Route("records", RecordKeeping(records).carry, at_once=1, most=100),
        house.clock,
        house.front.buried,
    )
    working = asyncio.create_task(worker.run())

    async def empty() -> bool:
        house.clock.now += 1
        worker.stir()
        return "records" not in house.store._lanes

    await until(empty)
    working.cancel()
    await asyncio.wait({working})


async def test_everything_the_core_records_fits_the_tables(url: str, rows: Rows) -> None:
    house = House()
    records = SqlRecords(url, house.store, Sealer([KEY]))
    await a_night(house)
    await carry_all(house, records)
    counts = await rows.counts()
    assert all(counts[name] == 1 for name in counts if name not in ("audit", "written", "files"))
    assert counts["audit"] > 4
    assert await house.store.dead_letters() == []
    kept = await rows.only("conversations")
    assert (kept["pseudonym"], kept["tier"], kept["outcome"]) == (house.name, 4, "supported")
    assert CANARY not in await rows.everything()
    assert SEEKER.id not in await rows.everything()
    transcript = await records.transcript(kept["id"])
    assert transcript is not None
    assert f"{CANARY} hello" in [entry["text"] for entry in transcript["feed"]]
    await records.close()


async def test_a_database_that_was_down_for_a_while_misses_nothing(url: str, rows: Rows) -> None:
    class Faltering(SqlRecords):
        falls = 3

        async def write(self, parcels: object) -> None:
            if self.falls:
                self.falls -= 1
                raise RecordsDown("down")
            await super().write(parcels)  # type: ignore[arg-type]

    house = House()
    records = Faltering(url, house.store, Sealer([KEY]))
    await a_night(house)
    await carry_all(house, records)
    assert records.falls == 0
    assert (await rows.counts())["conversations"] == 1
    await records.close()


async def test_one_record_the_database_refuses_becomes_a_dead_letter_and_the_others_are_written(
    url: str, rows: Rows
) -> None:
    house = House()
    records = SqlRecords(url, house.store, Sealer([KEY]))
    bad = Parcel("bad", "records", "c9", 0, "nonsense", {"at": 1.0})
    parcels = (parcel("audit"), bad, parcel("rating"))
    await house.store.commit(Commit(event_id="put", parcels=parcels), house.clock())
    await carry_all(house, records)
    assert [letter.parcel.id for letter in await house.store.dead_letters()] == ["bad"]
    assert [alert.kind for alert in await house.store.alerts()] == ["dead_letter"]
    counts = await rows.counts()
    assert (counts["audit"], counts["ratings"]) == (1, 1)
    await records.close()


async def test_who_asked_to_be_forgotten_is_nowhere_any_more(url: str, rows: Rows) -> None:
    house = House()
    records = SqlRecords(url, house.store, Sealer([KEY]))
    await a_night(house)
    await house.desk(e.SeekerUnblocked, who="lou")
    await carry_all(house, records)
    await house.taps("warmline:forget_confirmed")
    await carry_all(house, records)
    for _ in range(3):
        hold = await house.store.claim_lane(["erase"], 100, house.clock())
        assert hold is not None
        carried = await Erasures(house.store, house.clock).carry(hold)
        await house.store.settle(hold, carried.settled, house.clock())
    counts = await rows.counts()
    assert {name for name, count in counts.items() if count} == {"audit", "safeguarding", "reports", "written"}
    assert house.name not in await rows.everything()
    assert await house.feed() == []
    await records.close()
