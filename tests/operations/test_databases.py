"""The database's copy: taken and brought back, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from handoff.backup import databases
from handoff.backup.failures import BackupFailed
from handoff.core.policy import Policy
from handoff.migrating import revisions
from handoff.records import SqlRecords
from handoff.sealing import Sealer
from handoff.store.memory import MemoryStore
from tests.records.postgres_server import PostgresServer, postgres_server
from tests.records.rows import BODIES, parcel
from tests.store.making import KEY


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def two(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The addresses of two empty databases."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/one.db", f"sqlite+aiosqlite:///{tmp_path}/two.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.database(f"one_{tmp_path.name}"), server.database(f"two_{tmp_path.name}")


async def filled(url: str) -> None:
    records = SqlRecords(url, MemoryStore("test", Policy()), Sealer([KEY]))
    await records.write([parcel(kind) for kind in BODIES if kind != "forget"])
    await records.close()


async def test_a_copy_brings_every_row_back_and_replaces_what_came_later(two: tuple[str, str], tmp_path: Path) -> None:
    one, _ = two
    await filled(one)
    before = databases.rows(one)
    assert databases.save(one, tmp_path / "copy")
    await filled(one)
    assert databases.rows(one) != before
    databases.bring_back(one, tmp_path / "copy")
    assert databases.rows(one) == before
    assert databases.revision(one) == revisions()[-1]


async def test_a_copy_fits_into_an_empty_database(two: tuple[str, str], tmp_path: Path) -> None:
    one, other = two
    await filled(one)
    databases.save(one, tmp_path / "copy")
    assert not any(databases.rows(other).values())
    databases.bring_back(other, tmp_path / "copy")
    assert databases.rows(other) == databases.rows(one)
    assert databases.pseudonyms(other) == databases.pseudonyms(one) != set()
    await filled(other)


async def test_tables_that_a_newer_warmline_brought_go_with_a_restore(two: tuple[str, str], tmp_path: Path) -> None:
    one, _ = two
    await filled(one)
    before = databases.rows(one)
    databases.save(one, tmp_path / "copy")
    newer = create_engine(make_url(one).set(drivername=make_url(one).drivername.replace("+aiosqlite", "")))
    with newer.begin() as connection:
        connection.execute(text("create table newer (id integer primary key, seeker text references seekers)"))
        connection.execute(text("insert into newer values (1, null)"))
        connection.execute(text("update alembic_version set version_num = 'newer'"))
    newer.dispose()
    databases.bring_back(one, tmp_path / "copy")
    assert databases.rows(one) == before
    assert databases.revision(one) == revisions()[-1]


async def test_a_copy_that_cannot_be_read_leaves_the_database_as_it_is(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = postgres.database(f"kept_{tmp_path.name}")
    await filled(url)
    before = databases.rows(url)
    (tmp_path / "copy").write_bytes(b"no copy of anything")
    with pytest.raises(BackupFailed, match="pg_restore failed"):
        databases.bring_back(url, tmp_path / "copy")
    assert databases.rows(url) == before


def test_without_postgresqls_programs_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(BackupFailed, match="postgresql-client"):
        databases.save("postgresql+psycopg://warmline@127.0.0.1:1/none", tmp_path / "copy")


def test_a_server_that_is_away_is_said_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed) as failed:
        databases.save("postgresql+psycopg://warmline:hidden-password@127.0.0.1:1/none", tmp_path / "copy")
    assert "hidden-password" not in str(failed.value)


def test_the_password_goes_by_the_environment_and_no_stars_in_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(
        f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {tmp_path}/told\nprintenv PGPASSWORD > {tmp_path}/password\n"
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    databases.save("postgresql+psycopg://warmline:hush%40home@db.test:5433/line?sslmode=require", tmp_path / "copy")
    told = (tmp_path / "told").read_text().splitlines()
    assert told[0] == "--dbname=postgresql://warmline@db.test:5433/line?sslmode=require"
    assert not any("***" in each or "hush" in each for each in told)
    assert (tmp_path / "password").read_text() == "hush@home\n"
