"""Migrations: up from nothing, down to nothing, twice, at once; and the tables they make are the tables we use."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, func, inspect, make_url, select, table

from handoff import records, tables
from handoff.migrating import UnknownRevision, move, revisions
from handoff.records import SqlRecords, migrate
from handoff.sealing import Sealer
from handoff.store.memory import MemoryStore
from tests.records.postgres_server import PostgresServer
from tests.records.rows import BODIES, Rows, parcel
from tests.store.making import KEY


def engine_of(url: str) -> Engine:
    """The same database, for one who does not wait in a loop."""
    made = make_url(url)
    return create_engine(made.set(drivername=made.drivername.replace("+aiosqlite", "")))


def config_of(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(records._MIGRATIONS))
    config.attributes["url"] = url
    return config


def names(url: str) -> set[str]:
    engine = engine_of(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found - {"alembic_version"}


def test_from_nothing_up_to_every_table_and_down_to_nothing_again(url: str) -> None:
    migrate(url)
    assert names(url) == set(tables.metadata.tables)
    command.downgrade(config_of(url), "base")
    assert names(url) == set()
    migrate(url)
    assert names(url) == set(tables.metadata.tables)


def test_every_step_can_be_taken_down_and_up_again(url: str) -> None:
    script = ScriptDirectory.from_config(config_of(url))
    for revision in reversed(list(script.walk_revisions())):
        migrate(url, revision.revision)
        command.downgrade(config_of(url), "-1")
        migrate(url, revision.revision)


def test_the_migrations_make_exactly_the_tables_that_are_used(url: str) -> None:
    migrate(url)
    engine = engine_of(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
    engine.dispose()


def test_there_is_one_newest_revision(url: str) -> None:
    assert len(ScriptDirectory.from_config(config_of(url)).get_heads()) == 1


async def test_the_first_write_lays_the_tables_and_keeps_what_is_there(
    url: str, store: MemoryStore, rows: Rows
) -> None:
    for _ in range(2):
        process = SqlRecords(url, store, Sealer([KEY]))
        await process.write([parcel("audit")])
        await process.close()
    assert len(await rows.of("audit")) == 2


def test_two_processes_that_start_at_once_lay_the_tables_once(postgres: PostgresServer) -> None:
    url = postgres.database("started_at_once")
    starts = [sys.executable, "-c", f"from handoff.records import migrate; migrate({url!r})"]
    processes = [subprocess.Popen(starts) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    assert names(url) == set(tables.metadata.tables)


def counted(url: str) -> dict[str, int]:
    """How many rows each table has."""
    engine = engine_of(url)
    with engine.connect() as connection:
        found = {
            name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names(url)
        }
    engine.dispose()
    return found


async def fill(url: str, store: MemoryStore) -> None:
    """A row of every kind that the records write."""
    process = SqlRecords(url, store, Sealer([KEY]))
    await process.write([parcel(kind) for kind in BODIES if kind != "forget"])
    await process.close()


async def test_going_back_step_by_step_and_forward_again_keeps_what_the_older_tables_hold(
    url: str, store: MemoryStore
) -> None:
    await fill(url, store)
    full = counted(url)
    assert sum(full.values()) > 10
    for revision in reversed(revisions()[:-1]):
        assert move(url, revision).after == revision
        left = counted(url)
        assert {name: full[name] for name in left} == left, f"rows were lost on the way down to {revision}"
    for revision in revisions()[1:]:
        move(url, revision)
    again = counted(url)
    assert {name: again[name] for name in left} == left
    assert set(again) == set(full)
    await fill(url, store)
    assert all(count >= full[name] for name, count in counted(url).items())


def test_forward_is_to_the_newest_and_what_is_not_there_is_named(url: str) -> None:
    moved = move(url)
    assert (moved.before, moved.after) == ("", revisions()[-1])
    assert move(url).before == moved.after
    with pytest.raises(UnknownRevision, match="0001"):
        move(url, "9999")
