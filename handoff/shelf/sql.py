"""The shelf in SQL: every file sealed, under an id nobody can guess, until it expires or its seeker is forgotten."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from handoff.core.entries import Attachment
from handoff.ports import FileGone, FileRefused, RecordsDown, ShelvedFile
from handoff.records import migrate
from handoff.sealing import SealBroken, Sealer
from handoff.shelf.cleaned import Cleaned
from handoff.shelf.cleaning import clean
from handoff.tables import files

log = logging.getLogger(__name__)

_AT_ONCE = 2
"""Files that one process cleans at the same time: a large picture needs some hundred megabytes while it is drawn."""
_PATIENCE = 60.0


class SqlShelf:
    """The `Shelf` of one line.

    `limit` in bytes, of a file as it came; `seconds` until a file is gone; `patience`: seconds that cleaning may take.
    """

    def __init__(
        self,
        url: str,
        sealer: Sealer,
        clock: Callable[[], float],
        *,
        limit: int,
        seconds: float,
        cleaner: Callable[[bytes], Cleaned] = clean,
        patience: float = _PATIENCE,
    ) -> None:
        self._url = url
        self._engine: AsyncEngine = create_async_engine(url)
        self._sealer, self._clock = sealer, clock
        self._limit, self._seconds = limit, seconds
        self._cleaner, self._patience = cleaner, patience
        self._threads = _threads()
        self._prepared = False

    async def put(self, content: bytes, *, conversation: str, seconds: int | None = None) -> Attachment:
        """Clean, seal and keep a file. `seconds` is how long it plays, asked only where the file does not say it."""
        if len(content) > self._limit:
            raise FileRefused("too_large")
        cleaned = await self._cleaned(content)
        attachment = _attachment(secrets.token_hex(16), cleaned, seconds)
        row = {
            "id": attachment.file,
            "conversation": conversation,
            "content": await asyncio.to_thread(self._sealer.seal, cleaned.content),
            "attachment": self._sealer.seal(msgspec.json.encode(asdict(attachment))),
            "kept_until": self._clock() + self._seconds,
        }
        async with self._connection() as connection:
            await connection.execute(insert(files).values(row))
        return attachment

    async def get(self, file: str) -> ShelvedFile:
        """Raises `FileGone` from the moment it expires, and `RecordsDown`."""
        wanted = select(files.c.attachment, files.c.content).where(
            files.c.id == file, files.c.kept_until > self._clock()
        )
        async with self._connection() as connection:
            row = (await connection.execute(wanted)).first()
        if row is None:
            raise FileGone
        try:
            attachment = msgspec.json.decode(self._sealer.open(row[0]), type=Attachment)
            return ShelvedFile(attachment=attachment, content=await asyncio.to_thread(self._sealer.open, row[1]))
        except SealBroken as broken:
            log.error("file_not_opened", extra={"next": "put the key it was sealed with back into WARMLINE_KEYS"})
            raise FileGone from broken

    async def erase(self, conversations: Sequence[str]) -> int:
        """Remove every file of these conversations; how many there were."""
        return await self._delete(files.c.conversation.in_(conversations))

    async def sweep(self, now: float) -> int:
        """Remove what has expired; how many files that were."""
        return await self._delete(files.c.kept_until <= now)

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        await self._engine.dispose()

    async def _cleaned(self, content: bytes) -> Cleaned:
        """In threads kept for it, so that a slow file keeps nothing but other files waiting, and those not for ever.

        A thread can't be stopped: one that is stuck in a file is left behind, and others take its place.
        """
        threads = self._threads
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.get_running_loop().run_in_executor(threads, self._cleaner, content)
        except TimeoutError:
            if threads is self._threads:
                self._threads = _threads()
                threads.shutdown(wait=False)
            log.warning("file_cleaning_took_too_long")
            raise FileRefused("broken") from None

    async def _delete(self, which: object) -> int:
        async with self._connection() as connection:
            gone = await connection.execute(delete(files).where(which))  # type: ignore[arg-type]
        return int(gone.rowcount)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """A transaction. Raises `RecordsDown`, for whatever reason the database did not do it: a file is asked anew."""
        try:
            if not self._prepared:
                await asyncio.to_thread(migrate, self._url)
                self._prepared = True
            async with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise RecordsDown(f"the database did not answer: {type(error).__name__}") from None


def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, "cleaning")


def _attachment(file: str, cleaned: Cleaned, seconds: int | None) -> Attachment:
    plays = None if cleaned.seconds is None else round(cleaned.seconds)
    return Attachment(
        file=file,
        kind=cleaned.kind,
        type=cleaned.type,
        name=cleaned.name,
        size=len(cleaned.content),
        seconds=plays or seconds,
    )
