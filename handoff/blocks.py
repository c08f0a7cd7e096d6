"""Who is blocked, for leads: by whom, why and until when.

A row names a pseudonym, so it goes when its person is erased, unless the block still runs: then the bare pseudonym, the
reason and the times stay until its end. What a block does is in the conversation; what carries it over erasure and
retention is `handoff.barred`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from handoff import tables
from handoff.ports import RecordsDown

_MOST = 200
_table = tables.blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One that runs. `conversation` is None once its person is erased, until they write again."""

    id: int
    conversation: str | None
    pseudonym: str
    by: str
    reason: str
    until: float
    at: float


class Blocks:
    """The blocks of one line. Every method raises `RecordsDown` when the database does not answer."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def running(self, now: float) -> list[Block]:
        """Those that hold at `now` (seconds since the epoch), the newest first."""
        runs = (_table.c.until > now) & _table.c.lifted_at.is_(None)
        columns = [_table.c[name] for name in Block.__dataclass_fields__]
        try:
            async with self._engine.connect() as connection:
                rows = await connection.execute(select(*columns).where(runs).order_by(_table.c.id.desc()).limit(_MOST))
                return [Block(**row) for row in rows.mappings()]
        except (SQLAlchemyError, OSError) as error:
            raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None


async def write_block(connection: AsyncConnection, body: dict[str, Any]) -> None:
    """A new block; one that ran for the same person is replaced by it."""
    await write_unblock(connection, body)
    await connection.execute(insert(_table).values(body))


async def write_unblock(connection: AsyncConnection, body: dict[str, Any]) -> None:
    """Every block of this person that was not lifted is lifted now."""
    theirs = (_table.c.pseudonym == body["pseudonym"]) & _table.c.lifted_at.is_(None)
    await connection.execute(update(_table).where(theirs).values(lifted_at=body["at"], lifted_by=body["by"]))


async def write_met(connection: AsyncConnection, body: dict[str, Any]) -> None:
    """Somebody who was erased writes again while blocked: the block can be lifted by this conversation."""
    theirs = (_table.c.pseudonym == body["pseudonym"]) & (_table.c.until > body["at"])
    await connection.execute(update(_table).where(theirs).values(conversation=body["conversation"]))


async def forget_blocks(connection: AsyncConnection, pseudonym: str, now: float) -> None:
    """Those that are over go; of one that runs, the pseudonym stays and the conversation goes."""
    theirs = _table.c.pseudonym == pseudonym
    over = (_table.c.until <= now) | _table.c.lifted_at.is_not(None)
    await connection.execute(delete(_table).where(theirs & over))
    await connection.execute(update(_table).where(theirs).values(conversation=None))


async def expire_blocks(connection: AsyncConnection, before: float, now: float) -> None:
    """What is over: of somebody erased at once, of the others with everything else of its age."""
    erased = _table.c.conversation.is_(None) & (_table.c.until <= now)
    await connection.execute(delete(_table).where(erased | (_table.c.until < before)))
