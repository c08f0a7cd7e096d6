"""The yearly count: conversations, not cards; by month; small counts not told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from handoff.ports import RecordsDown
from handoff.records import SqlRecords
from handoff.referrals import referrals, told
from tests.records.rows import parcel


def at(month: int, day: int = 3) -> float:
    return datetime(2026, month, day, 12, tzinfo=UTC).timestamp()


async def test_each_conversation_counts_once_in_the_month_of_its_first_card(records: SqlRecords, url: str) -> None:
    rows = [
        ("c1", "card_shown", at(2)), ("c1", "card_shown", at(3)), ("c1", "card_confirmed", at(3)),
        ("c2", "card_shown", at(2)), ("c3", "accepted", at(2)),
        ("c4", "card_shown", datetime(2025, 12, 31, 23, tzinfo=UTC).timestamp()),
    ]  # fmt: skip
    await records.write([parcel("audit", conversation=talk, action=action, at=when) for talk, action, when in rows])
    engine = create_async_engine(url)
    months = await referrals(engine, 2026)
    await engine.dispose()
    assert [(each.number, each.shown, each.confirmed) for each in months if each.shown] == [(2, 2, 1)]
    assert len(months) == 12


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (120, "120")]
)
def test_small_counts_are_not_told(count: int, said: str) -> None:
    assert told(count) == said


async def test_a_database_without_records_is_named(tmp_path: Path) -> None:
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    with pytest.raises(RecordsDown):
        await referrals(engine, 2026)
    await engine.dispose()
