"""The safeguarding record: what concerned a child or a young person in danger, with no words but a lead's note.

It outlives transcripts and erasure, as the audit does: it holds no pseudonym, and once a conversation is erased its id
leads nowhere. What was done is the conversation's audit.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from handoff import tables
from handoff.ports import RecordsDown
from handoff.sealing import Sealer

_MOST = 500
_table = tables.safeguarding


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One row. `why`: under_18, worried_about_a_child or child_domain; `held_by`: a supporter's id, or who it was
    assigned to; `done`: the conversation's audit so far, (seconds since the epoch, who, what), oldest first."""

    id: int
    conversation: str
    why: str
    tier: int
    domain: str
    held_by: str | None
    at: float
    note: str = field(default="", repr=False)
    note_by: str | None = None
    done: tuple[tuple[float, str, str], ...] = ()


class Safeguarding:
    """The record of one line. Every method raises `RecordsDown` when the database does not answer."""

    def __init__(self, engine: AsyncEngine, sealer: Sealer) -> None:
        self._engine = engine
        self._sealer = sealer

    async def latest(self) -> list[Concern]:
        """The newest first."""
        wanted = select(_table).order_by(_table.c.at.desc(), _table.c.id.desc()).limit(_MOST)
        async with self._at_work() as connection:
            rows = (await connection.execute(wanted)).mappings().all()
            return [self._concern(row, await _done(connection, row["conversation"])) for row in rows]

    async def add_note(self, concern: int, note: str, *, by: str, at: float) -> bool:
        """A lead's own words, after those that are there; False when there is no such row. On record in the audit."""
        async with self._at_work() as connection:
            row = (await connection.execute(select(_table).where(_table.c.id == concern))).mappings().first()
            if row is None:
                return False
            before = self._concern(row, ()).note
            sealed = self._sealer.seal("\n".join(each for each in (before, note.strip()) if each).encode())
            await connection.execute(update(_table).where(_table.c.id == concern).values(note=sealed, note_by=by))
            noted = {"actor": by, "action": "safeguarding_noted", "conversation": row["conversation"], "at": at}
            await connection.execute(insert(tables.audit).values(**noted, detail={}))
            return True

    def _concern(self, row: Any, done: tuple[tuple[float, str, str], ...]) -> Concern:
        note = self._sealer.open(row["note"]).decode() if row["note"] else ""
        return Concern(**{**row, "note": note}, done=done)

    @asynccontextmanager
    async def _at_work(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None


async def write_concern(connection: AsyncConnection, body: dict[str, Any]) -> None:
    """A row as the core recorded it."""
    await connection.execute(insert(_table).values(body))


async def _done(connection: AsyncConnection, conversation: str) -> tuple[tuple[float, str, str], ...]:
    audit = tables.audit
    wanted = select(audit.c.at, audit.c.actor, audit.c.action).where(audit.c.conversation == conversation)
    return tuple((at, who, what) for at, who, what in (await connection.execute(wanted.order_by(audit.c.id))).all())
