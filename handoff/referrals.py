"""The yearly count of referrals: in how many conversations crisis lines were shown, and confirmed. No identifiers.

Counted from the audit, which holds no words and outlives the conversations. Counts below `FEW` are not told, so that
nobody can be recognised by a small number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from handoff import tables
from handoff.ports import RecordsDown

FEW = 5
"""Smaller counts are told as "fewer than five". Our own choice; statistics offices use 3 to 10."""
SHOWN, CONFIRMED = "card_shown", "card_confirmed"
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """Conversations in which a card was shown, and in which a device confirmed one."""

    number: int
    shown: int
    confirmed: int


async def referrals(engine: AsyncEngine, year: int) -> list[Month]:
    """Twelve months, in UTC, by when the card was first shown. Raises `RecordsDown`."""
    begin, end = (datetime(each, 1, 1, tzinfo=UTC).timestamp() for each in (year, year + 1))
    audit = tables.audit.c
    wanted = select(audit.conversation, audit.action, audit.at).where(
        audit.action.in_((SHOWN, CONFIRMED)), audit.at >= begin, audit.at < end
    )
    try:
        async with engine.connect() as connection:
            rows = (await connection.execute(wanted.order_by(audit.at))).all()
    except (SQLAlchemyError, OSError) as error:
        raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None
    return _by_month([(str(row[0]), str(row[1]), float(row[2])) for row in rows])


def told(count: int) -> str:
    """A count as it may be published."""
    return str(count) if count == 0 or count >= FEW else f"fewer than {FEW}"


def _by_month(rows: list[tuple[str, str, float]]) -> list[Month]:
    first: dict[str, int] = {}
    confirmed: set[str] = set()
    for conversation, action, at in rows:
        if action == SHOWN:
            first.setdefault(conversation, datetime.fromtimestamp(at, UTC).month)
        else:
            confirmed.add(conversation)
    return [
        Month(
            number,
            sum(month == number for month in first.values()),
            sum(month == number and talk in confirmed for talk, month in first.items()),
        )
        for number in range(1, MONTHS + 1)
    ]
