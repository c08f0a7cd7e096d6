"""The SQL records: people by pseudonym, consents, conversations and outcomes, feedback, audit, sealed transcripts.

Everything arrives as a parcel of the records lane and is written once: the parcel's id is kept beside it, in the same
transaction. Kinds: seeker, consent, conversation, feedback, rating, message, transcript, audit, review,
review_consent, reviewed, safeguarding, report, block, unblock, block_met, forget.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from alembic import command
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from handoff import tables
from handoff.blocks import Blocks, expire_blocks, forget_blocks, write_block, write_met, write_unblock
from handoff.core.entries import Entry
from handoff.ports import Parcel, RecordsDown, RecordsRefused, Store
from handoff.reports import Reports, write_report
from handoff.reviews import Reviews, write_consent, write_item, write_outcome
from handoff.safeguarding import Safeguarding, write_concern
from handoff.sealing import Sealer
from handoff.whose import OF_ONE_SEEKER, InRecords, forget_who

_MIGRATIONS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps its context in one place for the whole process; records and shelf both may bring the database up."""
_MOST_ENTRIES = 20_000
_SYNTAX_OR_ACCESS = "42"
"""PostgreSQL's class of errors for a table or column that is missing, and for rights that are."""
_NEWER = (
    "the database was brought forward by a newer Warmline; start that one, or go back with its `warmline migrate --to`"
)


class SqlRecords:
    """The `Records` of one line. The first write brings the database to the newest revision."""

    def __init__(self, url: str, store: Store, sealer: Sealer) -> None:
        self._url = url
        self._engine: AsyncEngine = create_async_engine(url)
        self._store = store
        self._sealer = sealer
        self._prepared = False
        self._writers: dict[str, Callable[[AsyncConnection, dict[str, Any]], Awaitable[None]]] = {
            "seeker": self._write_seeker, "consent": self._write_consent, "conversation": self._write_conversation,
            "feedback": self._write_feedback, "rating": self._write_rating, "message": self._write_message,
            "transcript": self._write_transcript, "audit": self._write_audit, "forget": self._write_forget,
            "review": self._write_review, "review_consent": write_consent, "reviewed": write_outcome,
            "safeguarding": write_concern, "report": self._write_report, "block": write_block,
            "unblock": write_unblock, "block_met": write_met,
        }  # fmt: skip

    async def write(self, parcels: Sequence[Parcel]) -> None:
        """Write all of them in one transaction. Raises `RecordsDown`, or `RecordsRefused` when one can't be written."""
        try:
            await self._prepare()
            async with self._engine.begin() as connection:
                for parcel in parcels:
                    await self._write(connection, parcel)
        except (SQLAlchemyError, KeyError, TypeError) as error:
            if _is_down(error):
                raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None
            raise RecordsRefused(f"the database refused a record: {type(error).__name__}") from None
        except OSError as error:
            raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None

    async def transcript(self, conversation: str) -> dict[str, Any] | None:
        """{"feed": [...], "margin": [...]} of a closed conversation; None when there is none."""
        async with self._engine.connect() as connection:
            row = (
                await connection.execute(
                    select(tables.transcripts.c.words).where(tables.transcripts.c.conversation == conversation)
                )
            ).first()
        return msgspec.json.decode(self._sealer.open(row[0])) if row else None

    def reviews(self) -> Reviews:
        """What waits to be looked at again."""
        return Reviews(self._engine, self._sealer)

    def safeguarding(self) -> Safeguarding:
        """What concerned a child or a young person in danger."""
        return Safeguarding(self._engine, self._sealer)

    def reports(self) -> Reports:
        """What supporters said of people, and people of supporters."""
        return Reports(self._engine, self._sealer)

    def blocks(self) -> Blocks:
        """Who is blocked."""
        return Blocks(self._engine)

    def people(self) -> InRecords:
        """Whose rows there are."""
        return InRecords(self._engine)

    async def expire(self, before: float, now: float | None = None) -> None:
        """Remove words that are older than `before`, and blocks that ended by `now`. Raises `RecordsDown`.

        Both are seconds since the epoch; `now` is `before` unless it is given.
        """
        try:
            await self._prepare()
            async with self._engine.begin() as connection:
                for table in (tables.transcripts, tables.messages, tables.reviews):
                    await connection.execute(delete(table).where(table.c.at < before))
                old = update(tables.feedback).where(tables.feedback.c.at < before)
                await connection.execute(old.values(words=None))
                said = update(tables.reports).where(tables.reports.c.at < before)
                await connection.execute(said.values(words=None))
                await forget_who(connection, before)
                await expire_blocks(connection, before, before if now is None else now)
        except (SQLAlchemyError, OSError) as error:
            raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None

    async def expire_audit(self, before: float) -> None:
        """Remove what was done longer ago (seconds since the epoch). Raises `RecordsDown`."""
        try:
            await self._prepare()
            async with self._engine.begin() as connection:
                await connection.execute(delete(tables.audit).where(tables.audit.c.at < before))
        except (SQLAlchemyError, OSError) as error:
            raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None

    async def ping(self) -> None:
        """Raises `RecordsDown` when the database does not answer."""
        try:
            async with self._engine.connect() as connection:
                await connection.execute(select(1))
        except (DBAPIError, OSError) as error:
            raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None

    async def close(self) -> None:
        await self._engine.dispose()

    async def prepare(self) -> None:
        """Bring the database to the newest revision, once. Raises `RecordsDown`."""
        try:
            await self._prepare()
        except (SQLAlchemyError, OSError) as error:
            raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None

    async def _prepare(self) -> None:
        if not self._prepared:
            await asyncio.to_thread(migrate, self._url)
            self._prepared = True

    async def _write(self, connection: AsyncConnection, parcel: Parcel) -> None:
        mark = hashlib.sha256(parcel.id.encode()).hexdigest()
        known = await connection.execute(select(tables.written.c.id).where(tables.written.c.id == mark))
        if known.first():
            return
        body = dict(parcel.body)
        await self._writers[parcel.kind](connection, body)
        await connection.execute(insert(tables.written).values(id=mark, at=body.get("at") or time.time()))

    async def _write_seeker(self, connection: AsyncConnection, body: dict[str, Any]) -> None:
        if not await _exists(connection, tables.seekers.c.pseudonym, body["pseudonym"]):
            row = {"pseudonym": body["pseudonym"], "channel": body["channel"], "first_seen": body["at"]}
            await connection.execute(insert(tables.seekers).values(row))

    async def _write_consent(self, connection: AsyncConnection, body: dict[str, Any]) -> None:
        await connection.execute(insert(tables.consents).values(body))

    async def _write_conversation(self, connection: AsyncConnection, body: dict[str, Any]) -> None:
        row = {name: value for name, value in body.items() if name != "at"}
        if await _exists(connection, tables.conversations.c.id, row["id"]):
            await connection.execute(
                update(tables.conversations).where(tables.conversations.c.id == row["id"]).values(row)
            )
        else:
            await connection.execute(insert(tables.conversations).values(row))

    async def _write_feedback(self, connection: AsyncConnection, body: dict[str, Any]) -> None:
        await connection.execute(insert(tables.feedback).values({**body, "words": self._sealed(body["words"])}))

    async def _write_rating(self, connection: AsyncConnection, body: dict[str, Any]) -> None:
        await connection.execute(insert(tables.ratings).values(body))

    async def _write_message(self, connection: AsyncConnection, body: dict[str, Any]) -> None:
        await connection.execute(insert(tables.messages).values({**body, "words": self._sealed(body["words"])}))

    async def _write_audit(self, connection: AsyncConnection, body: dict[str, Any]) -> None:
        await connection.execute(insert(tables.audit).values(body))

    async def _write_review(self, connection: AsyncConnection, body: dict[str, Any]) -> None:
        """Only of somebody we know still: a click that came while they were being forgotten leaves nothing."""
        if await _exists(connection, tables.seekers.c.pseudonym, body["pseudonym"]):
            await write_item(connection, self._sealer, body)

    async def _write_report(self, connection: AsyncConnection, body: dict[str, Any]) -> None:
        await write_report(connection, self._sealer, body)

    async def _write_transcript(self, connection: AsyncConnection, body: dict[str, Any]) -> None:
        """Read from the store now, kept sealed; what was erased meanwhile is not written."""
        feed = await self._store.feed(body["pseudonym"], after=body["first_seq"] - 1, limit=_MOST_ENTRIES)
        said = [entry for entry in feed if entry.seq <= body["last_seq"] and not entry.private]
        if not said:
            return
        margin = await self._store.margin(body["conversation"], limit=_MOST_ENTRIES)
        words = msgspec.json.encode({"feed": _plain(said), "margin": _plain(margin)})
        table = tables.transcripts
        await connection.execute(delete(table).where(table.c.conversation == body["conversation"]))
        row = {"conversation": body["conversation"], "pseudonym": body["pseudonym"], "at": body["at"]}
        await connection.execute(insert(table).values({**row, "words": self._sealer.seal(words)}))

    async def _write_forget(self, connection: AsyncConnection, body: dict[str, Any]) -> None:
        """Every row of this seeker goes. The audit, the safeguarding record and the reports keep what was done, without
        a reporter's words, by ids that lead nowhere any more; of a block that runs the pseudonym stays."""
        name = body["pseudonym"]
        theirs = select(tables.conversations.c.id).where(tables.conversations.c.pseudonym == name)
        for about in (tables.feedback, tables.ratings, tables.files):
            gone = about.c.conversation.in_(theirs) | (about.c.conversation == body["conversation"])
            await connection.execute(delete(about).where(gone))
        said = tables.reports.c.conversation
        silent = update(tables.reports).where(said.in_(theirs) | (said == body["conversation"]))
        await connection.execute(silent.values(words=None))
        await forget_blocks(connection, name, body.get("at", 0.0))
        for table in OF_ONE_SEEKER:
            await connection.execute(delete(table).where(table.c.pseudonym == name))

    def _sealed(self, words: str) -> bytes | None:
        return self._sealer.seal(words.encode()) if words else None


def _is_down(error: Exception) -> bool:
    """Whether trying again can help: no connection, or a schema that is not there (any more), rather than a bad row."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, PoolTimeout | DisconnectionError)
    missing = str(getattr(error.orig, "sqlstate", None) or "").startswith(_SYNTAX_OR_ACCESS)
    return error.connection_invalidated or isinstance(error, OperationalError) or missing


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to a revision. Synchronous: run it in a thread. Raises `RecordsDown` where it stands
    at a revision that we don't know, and what SQLAlchemy raises."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["url"] = url
    try:
        with _ONE_AT_A_TIME:
            command.upgrade(config, revision)
    except CommandError as failure:
        if not isinstance(failure.__cause__, ResolutionError):
            raise
        raise RecordsDown(_NEWER) from None


async def counted(engine: AsyncEngine) -> dict[str, int]:
    """How many rows each table has."""
    async with engine.connect() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in tables.metadata.sorted_tables
        }


async def _exists(connection: AsyncConnection, column: Any, value: str) -> bool:
    return (await connection.execute(select(column).where(column == value))).first() is not None


def _plain(entries: list[Entry]) -> Any:
    return msgspec.to_builtins(entries)
