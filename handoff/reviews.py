"""What waits to be looked at again: messages that somebody marked, and sampled conversations. Sealed, and expiring.

An item goes with its transcript: with the seeker's erasure, after the line's retention, or once it was dealt with.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from handoff import tables
from handoff.ports import RecordsDown
from handoff.sealing import Sealer

_MOST = 200
_table = tables.reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """One thing to look at. `what`: message or sample; `verdict`: missed_risk or false_alarm of a message, else empty.

    `consent`: whether the seeker lets their words be read again and kept; None when they were not asked yet, or said
    nothing. `tier`: the conversation's when the item was made.
    """

    id: str
    what: str
    conversation: str
    pseudonym: str
    seq: int
    verdict: str
    tier: int
    language: str
    by: str
    consent: bool | None
    at: float
    outcome: str | None = None
    words: str = field(default="", repr=False)
    context: tuple[str, ...] = field(default=(), repr=False)


class Reviews:
    """The items of one line. Every method raises `RecordsDown` when the database does not answer."""

    def __init__(self, engine: AsyncEngine, sealer: Sealer) -> None:
        self._engine = engine
        self._sealer = sealer

    async def open(self, what: str = "") -> list[ReviewItem]:
        """What nobody has dealt with yet, oldest first; without words. A sample only with the seeker's consent."""
        wanted = select(_table).where(_table.c.outcome.is_(None)).order_by(_table.c.at, _table.c.id).limit(_MOST)
        async with self._at_work() as connection:
            rows = (await connection.execute(wanted)).mappings().all()
        items = [ReviewItem(**{name: value for name, value in row.items() if name != "words"}) for row in rows]
        return [each for each in items if what in ("", each.what) and (each.what != "sample" or each.consent)]

    async def item(self, item: str) -> ReviewItem | None:
        """One item with its words."""
        async with self._at_work() as connection:
            row = (await connection.execute(select(_table).where(_table.c.id == item))).mappings().first()
        if row is None:
            return None
        kept = msgspec.json.decode(self._sealer.open(row["words"])) if row["words"] else {"text": "", "context": []}
        return ReviewItem(**{**row, "words": kept["text"], "context": tuple(kept["context"])})

    async def shown(self, item: ReviewItem, *, by: str, at: float) -> None:
        """Somebody read the words: on record."""
        async with self._at_work() as connection:
            await _audit(connection, item.conversation, by, "review_read", at, item.verdict)

    async def done(self, item: str, *, by: str, action: str, at: float) -> None:
        """Dealt with: the item goes, words and all; that it was, by whom, and how, stays on record."""
        async with self._at_work() as connection:
            row = (await connection.execute(select(_table).where(_table.c.id == item))).mappings().first()
            if row is None:
                return
            await connection.execute(delete(_table).where(_table.c.id == item))
            await _audit(connection, row["conversation"], by, action, at, row["verdict"])

    @asynccontextmanager
    async def _at_work(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None


async def _audit(connection: AsyncConnection, conversation: str, by: str, action: str, at: float, verdict: str) -> None:
    row = {"actor": by, "action": action, "conversation": conversation, "detail": {"verdict": verdict}, "at": at}
    await connection.execute(insert(tables.audit).values(row))


async def write_item(connection: AsyncConnection, sealer: Sealer, body: dict[str, Any]) -> None:
    """A new item; the same message marked again has the newest verdict."""
    row = {name: value for name, value in body.items() if name not in ("words", "context")}
    if body["words"]:
        kept = {"text": body["words"], "context": list(body["context"])}
        row["words"] = sealer.seal(msgspec.json.encode(kept))
    await connection.execute(delete(_table).where(_table.c.id == row["id"]))
    await connection.execute(insert(_table).values(row))


async def write_consent(connection: AsyncConnection, body: dict[str, Any]) -> None:
    """What the seeker said, for the items there are; with a no, what was only drawn by lot goes."""
    theirs = _table.c.conversation == body["conversation"]
    await connection.execute(update(_table).where(theirs).values(consent=body["given"]))
    if not body["given"]:
        await connection.execute(delete(_table).where(theirs, _table.c.what == "sample"))


async def write_outcome(connection: AsyncConnection, body: dict[str, Any]) -> None:
    """What a lead found in a sampled conversation; counted, without words."""
    await connection.execute(update(_table).where(_table.c.id == body["item"]).values(outcome=body["outcome"]))
