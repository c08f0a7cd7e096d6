"""Whose rows there are in the database: found by pseudonym or conversation, counted, never read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import delete, func, select, union, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from handoff import tables
from handoff.ports import RecordsDown

OF_ONE_SEEKER = (
    tables.consents, tables.messages, tables.transcripts, tables.reviews, tables.conversations, tables.seekers,
)  # fmt: skip
"""The tables whose rows stand under a pseudonym."""


class InRecords:
    """Who is in the database. Every method raises `RecordsDown`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def beginning(self, letters: str) -> list[str]:
        """All pseudonyms that begin so."""
        columns = [table.c.pseudonym for table in (tables.seekers, tables.conversations, tables.transcripts)]
        wanted = union(*(select(each).where(each.startswith(letters, autoescape=True)) for each in columns))
        async with self._at_work() as connection:
            return sorted({str(row[0]) for row in await connection.execute(wanted)})

    async def of_conversation(self, conversation: str) -> str | None:
        """Whose conversation it was; None when there is none, or nobody's any more."""
        wanted = select(tables.conversations.c.pseudonym).where(tables.conversations.c.id == conversation)
        async with self._at_work() as connection:
            return (await connection.execute(wanted)).scalar() or None

    async def rows(self, names: Sequence[str]) -> int:
        """How many rows stand under these pseudonyms."""
        async with self._at_work() as connection:
            counts = [
                await connection.execute(select(func.count()).where(table.c.pseudonym.in_(names)))
                for table in OF_ONE_SEEKER
            ]
        return sum(each.scalar_one() for each in counts)

    @asynccontextmanager
    async def _at_work(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None


async def forget_who(connection: AsyncConnection, before: float) -> None:
    """Conversations that ended before (seconds since the epoch) are nobody's from now on: figures without identity.

    What was said of them (feedback, ratings) stays, and leads to no one. Whoever has no younger conversation is not
    known any more, nor what they once consented to; what makes writing idempotent has done its work.
    """
    talks, seekers, consents = tables.conversations, tables.seekers, tables.consents
    ended = func.coalesce(talks.c.closed_at, talks.c.opened_at) < before
    await connection.execute(update(talks).where(ended, talks.c.pseudonym != "").values(pseudonym=""))
    known = select(talks.c.pseudonym).where(talks.c.pseudonym != "")
    await connection.execute(delete(seekers).where(seekers.c.first_seen < before, seekers.c.pseudonym.not_in(known)))
    await connection.execute(delete(consents).where(consents.c.at < before, consents.c.pseudonym.not_in(known)))
    await connection.execute(delete(tables.written).where(tables.written.c.at < before))
