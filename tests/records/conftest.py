"""The same records, in SQLite and in a real PostgreSQL: every test that asks for `records` runs on both."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from handoff import tables
from handoff.core.policy import Policy
from handoff.records import SqlRecords
from handoff.sealing import Sealer
from handoff.store.memory import MemoryStore
from tests.records.postgres_server import PostgresMissing, PostgresServer, postgres_server
from tests.records.rows import Rows
from tests.store.making import KEY

_names = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running server, or a failure that says how to get one: records that only work on SQLite are half tested."""
    with ExitStack() as running:
        try:
            server = running.enter_context(postgres_server())
        except PostgresMissing as missing:
            pytest.fail(str(missing), pytrace=False)
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is there and empty."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/records.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.database(f"records_{next(_names)}")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore("test", Policy())


@pytest.fixture
async def records(url: str, store: MemoryStore) -> AsyncIterator[SqlRecords]:
    made = SqlRecords(url, store, Sealer([KEY]))
    yield made
    await made.close()


@pytest.fixture
async def rows(url: str) -> AsyncIterator[Rows]:
    """Reads what is in the tables."""
    engine = create_async_engine(url)

    async def read(name: str) -> list[dict[str, object]]:
        async with engine.connect() as connection:
            table = tables.metadata.tables[name]
            return [dict(row._mapping) for row in await connection.execute(select(table))]

    yield Rows(read)
    await engine.dispose()
