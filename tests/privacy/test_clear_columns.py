"""What stands in clear in the database are ids, codes and numbers: nothing that anybody typed."""

from __future__ import annotations

from handoff.core import events as e
from handoff.records import SqlRecords
from handoff.sealing import Sealer
from tests.core.making import supporter
from tests.records.conftest import postgres, rows, url
from tests.records.rows import CANARY, Rows
from tests.records.test_lane import a_night, carry_all
from tests.service.house import House
from tests.store.making import KEY

__all__ = ["postgres", "rows", "url"]


async def test_why_somebody_declined_is_a_sealed_note_and_not_in_the_audit(url: str, rows: Rows) -> None:
    house = House()
    records = SqlRecords(url, house.store, Sealer([KEY]))
    await house.add(supporter())
    await house.writes("hello")
    await house.bot(e.HandoffAsked, why="asked")
    await house.desk(e.Declined, why=f"I know her, {CANARY}")
    await carry_all(house, records)
    assert [row["detail"] for row in await rows.of("audit") if row["action"] == "declined"] == [{"with_reason": True}]
    assert CANARY not in await rows.everything()
    notes = [each.text for each in await house.store.margin((await house.talk()).id)]
    assert f"I know her, {CANARY}" in notes, "leads can read it, and it goes with the person"
    await records.close()


async def test_a_whole_night_leaves_no_typed_word_in_a_clear_column(url: str, rows: Rows) -> None:
    house = House()
    records = SqlRecords(url, house.store, Sealer([KEY]))
    await a_night(house)
    await carry_all(house, records)
    assert CANARY not in await rows.everything()
    await records.close()
