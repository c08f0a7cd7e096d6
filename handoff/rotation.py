"""Rotating keys: what still rests under which key, and putting it under the newest while the service runs."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from handoff import tables
from handoff.ports import RecordsDown, StoreDown
from handoff.records import migrate
from handoff.sealing import Sealer, TokenSealer, key_bytes
from handoff.settings import Settings
from handoff.store.resealing import SECRET, RedisSeals

_NAME_BYTES, _HEAD_BYTES = 4, 16
_BATCH = 50
_PASSES = 5
"""What was written meanwhile by a process that still seals with an old key is caught by another pass."""
SEALED_COLUMNS: tuple[tuple[Table, Column[Any]], ...] = tuple(
    (table, column)
    for table in tables.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, LargeBinary)
)
"""Every column with words in it: whatever is binary is sealed."""


@dataclass(frozen=True, slots=True)
class Census:
    """`found`: how many sealed values by place and key name. `newest` and `known`: the names of our keys."""

    found: Counter[tuple[str, str]]
    newest: str
    known: tuple[str, ...]

    def under(self, name: str) -> int:
        """How many values this key sealed."""
        return sum(count for (_, each), count in self.found.items() if each == name)

    @property
    def strangers(self) -> tuple[str, ...]:
        """Keys that sealed something and are not here."""
        return tuple(sorted({name for _, name in self.found} - set(self.known)))


class SqlSeals:
    """Everything sealed in the records, in small batches. Every method raises `RecordsDown`."""

    def __init__(self, url: str, sealer: Sealer) -> None:
        self._url, self._sealer = url, sealer
        self._engine: AsyncEngine = create_async_engine(url)

    async def counted(self) -> Counter[tuple[str, str]]:
        """How many values there are by `table.column` and by the name of the key that sealed them."""
        found: Counter[tuple[str, str]] = Counter()
        try:
            await asyncio.to_thread(migrate, self._url)
            async with self._engine.connect() as connection:
                for table, column in SEALED_COLUMNS:
                    name = func.substr(column, 1, _NAME_BYTES)
                    wanted = select(name, func.count()).where(column.is_not(None)).group_by(name)
                    for key, count in await connection.execute(wanted):
                        found[f"{table.name}.{column.name}", bytes(key).hex()] += count
        except (SQLAlchemyError, OSError) as error:
            raise _down(error) from None
        return found

    async def reseal(self, names: frozenset[str], *, pause: float) -> int:
        """Put what these keys sealed under the newest; how many values that were."""
        done = 0
        for table, column in SEALED_COLUMNS:
            while changed := await self._batch(table, column, names):
                done += changed
                await asyncio.sleep(pause)
        return done

    async def close(self) -> None:
        await self._engine.dispose()

    async def _batch(self, table: Table, column: Column[Any], names: frozenset[str]) -> int:
        """A short transaction. What was changed or erased meanwhile has another head, and is left alone."""
        (key,) = table.primary_key.columns
        old = func.substr(column, 1, _NAME_BYTES).in_([bytes.fromhex(each) for each in sorted(names)])
        try:
            async with self._engine.begin() as connection:
                rows = (await connection.execute(select(key, column).where(old).limit(_BATCH))).all()
                for row, sealed in rows:
                    same = func.substr(column, 1, _HEAD_BYTES) == sealed[:_HEAD_BYTES]
                    anew = update(table).where(key == row, same)
                    await connection.execute(anew.values({column.name: self._sealer.reseal(sealed)}))
        except (SQLAlchemyError, OSError) as error:
            raise _down(error) from None
        return len(rows)


class Rotation:
    """One line's keys. Make one with the settings' own addresses and keys; `close` it."""

    def __init__(self, redis_url: str, database_url: str, line: str, keys: tuple[bytes, ...]) -> None:
        self._sealer = Sealer(keys)
        self._redis = RedisSeals(redis_url, line, self._sealer, TokenSealer(keys))
        self._sql = SqlSeals(database_url, self._sealer)

    async def census(self) -> Census:
        """Raises `StoreDown` or `RecordsDown`."""
        found = await self._redis.counted() + await self._sql.counted()
        return Census(found, self._sealer.newest, self._sealer.names)

    async def rotate(self, *, pause: float = 0.05) -> int:
        """Put everything under the newest key, with `pause` seconds between batches; how many values that were.

        The line's secret follows last, when nothing is left under an older key of ours. Can be broken off and begun
        again at any time. Raises `StoreDown`, `RecordsDown` or `SealBroken` (a damaged value).
        """
        older = frozenset(self._sealer.names[1:])
        done = 0
        for _ in range(_PASSES if older else 0):
            done += await self._redis.reseal(older, pause=pause) + await self._sql.reseal(older, pause=pause)
            left = (await self.census()).found
            if not any(name in older for place, name in left if place != SECRET):
                await self._redis.reseal_secret()
                break
        return done

    async def close(self) -> None:
        await self._redis.close()
        await self._sql.close()


async def require_keys(settings: Settings) -> None:
    """Raises `SealBroken` where a key is missing that something rests under still.

    The line's secret tells: it is put under a new key when everything else is. A store that is down is for later.
    """
    keys = tuple(key_bytes(key) for key in settings.fernet_keys())
    resting = RedisSeals(settings.redis_url, settings.line, Sealer(keys), TokenSealer(keys))
    try:
        with suppress(StoreDown):
            await resting.open_secret()
    finally:
        await resting.close()


def _down(error: Exception) -> RecordsDown:
    return RecordsDown(f"the database did not answer: {type(error).__name__}")
