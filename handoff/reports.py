"""Reports both ways, for leads: who, about whom, why, and what was written, sealed. Never for whom they are about.

A report outlives erasure, as the safeguarding record does, but for its words: it holds no pseudonym, and once a
conversation is erased its id leads nowhere.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from handoff import tables
from handoff.ports import RecordsDown
from handoff.sealing import Sealer

_MOST = 200
_table = tables.reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One row. `about`: seeker or supporter; `by`: a supporter's id, or seeker; `supporter`: whom it is about.

    `words` and `note` are empty until the report is opened. Times are seconds since the epoch.
    """

    id: int
    conversation: str
    about: str
    by: str
    supporter: str | None
    reason: str
    at: float
    words: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    note_by: str | None = None
    closed_at: float | None = None
    closed_by: str | None = None


class Reports:
    """The reports of one line. `reader` is a supporter's id; whoever a report is about finds none there.

    Every method raises `RecordsDown` when the database does not answer. That the reader is a lead is checked by the
    desk; the command line is the operator's.
    """

    def __init__(self, engine: AsyncEngine, sealer: Sealer) -> None:
        self._engine = engine
        self._sealer = sealer

    async def listed(self, reader: str) -> list[Report]:
        """Open ones first, then the newest first; without what was written."""
        wanted = _for(reader).order_by(_table.c.closed_at.is_not(None), _table.c.at.desc(), _table.c.id.desc())
        async with self._at_work() as connection:
            rows = (await connection.execute(wanted.limit(_MOST))).mappings().all()
        return [self._report({**row, "words": None, "note": None}) for row in rows]

    async def opened(self, report: int, reader: str, at: float) -> Report | None:
        """One with what was written; that it was opened is on record first. None when there is none for this reader."""
        async with self._at_work() as connection:
            row = await _one(connection, report, reader)
            if row is None:
                return None
            await _audit(connection, reader, "report_opened", row, at)
            return self._report(row)

    async def add_note(self, report: int, note: str, *, by: str, at: float) -> bool:
        """A lead's own words, after those that are there; False when there is no such report for them."""
        async with self._at_work() as connection:
            row = await _one(connection, report, by)
            if row is None:
                return False
            words = "\n".join(each for each in (self._opened(row["note"]), note.strip()) if each)
            await _change(connection, report, note=self._sealer.seal(words.encode()), note_by=by)
            await _audit(connection, by, "report_noted", row, at)
            return True

    async def close(self, report: int, *, by: str, at: float) -> bool:
        """A lead has dealt with it; False when there is no such report for them, or it is closed already."""
        async with self._at_work() as connection:
            row = await _one(connection, report, by)
            if row is None or row["closed_at"] is not None:
                return False
            await _change(connection, report, closed_at=at, closed_by=by)
            await _audit(connection, by, "report_closed", row, at)
            return True

    def _report(self, row: Any) -> Report:
        return Report(**{**row, "words": self._opened(row["words"]), "note": self._opened(row["note"])})

    def _opened(self, sealed: bytes | None) -> str:
        return self._sealer.open(sealed).decode() if sealed else ""

    @asynccontextmanager
    async def _at_work(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None


async def write_report(connection: AsyncConnection, sealer: Sealer, body: dict[str, Any]) -> None:
    """A row as the core recorded it."""
    words = sealer.seal(body["words"].encode()) if body["words"] else None
    await connection.execute(insert(_table).values({**body, "words": words}))


def _for(reader: str) -> Select[Any]:
    return select(_table).where(_table.c.supporter.is_(None) | (_table.c.supporter != reader))


async def _one(connection: AsyncConnection, report: int, reader: str) -> Any:
    return (await connection.execute(_for(reader).where(_table.c.id == report))).mappings().first()


async def _change(connection: AsyncConnection, report: int, **values: Any) -> None:
    await connection.execute(update(_table).where(_table.c.id == report).values(**values))


async def _audit(connection: AsyncConnection, actor: str, action: str, row: Any, at: float) -> None:
    """By the report's number: a row that named its conversation would tell whom it is about that there is one."""
    fields = {"actor": actor, "action": action, "conversation": None, "detail": {"report": row["id"]}, "at": at}
    await connection.execute(insert(tables.audit).values(**fields))
