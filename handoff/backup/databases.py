"""Copies of the records' database: SQLite by its own online backup, PostgreSQL by pg_dump and pg_restore."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Engine, MetaData, create_engine, func, inspect, make_url, select, table, text

from handoff.backup.failures import BackupFailed

_NO_TABLE_OF_OURS = "alembic_version"


def kind_of(url: str) -> str:
    """sqlite or postgresql."""
    return make_url(url).get_backend_name()


def save(url: str, target: Path) -> bool:
    """Copy the database to a file; False when there is none yet. Raises `BackupFailed`."""
    made = make_url(url)
    if kind_of(url) == "postgresql":
        _run("pg_dump", made, "--format=custom", "--no-owner", f"--file={target}")
        return True
    if not Path(made.database or "").exists():
        return False
    with closing(sqlite3.connect(made.database or "")) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return True


def bring_back(url: str, source: Path) -> None:
    """Replace everything in the database by the copy, tables of which the copy knows nothing included. Raises
    `BackupFailed`."""
    made = make_url(url)
    if kind_of(url) == "postgresql":
        _run("pg_restore", made, "--list", str(source))
        _drop_every_table(url)
        how = ("--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction")
        _run("pg_restore", made, *how, str(source), so_far="The database's tables are gone already, so do it soon.")
        return
    Path(made.database or "").parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(made.database or "")) as target:
        copy.backup(target)


def rows(url: str) -> dict[str, int]:
    """How many rows each table has; nothing where there is no database yet."""
    if _is_missing(url):
        return {}
    engine = _engine(url)
    try:
        names = [name for name in inspect(engine).get_table_names() if name != _NO_TABLE_OF_OURS]
        with engine.connect() as connection:
            return {
                name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
                for name in sorted(names)
            }
    finally:
        engine.dispose()


def revision(url: str) -> str:
    """Which migration it stands at; empty before the first."""
    found = _column(url, _NO_TABLE_OF_OURS, "version_num")
    return found[0] if found else ""


def pseudonyms(url: str) -> set[str]:
    """Everybody the records know."""
    return set(_column(url, "seekers", "pseudonym"))


def _column(url: str, name: str, column: str) -> list[str]:
    if _is_missing(url):
        return []
    engine = _engine(url)
    try:
        if name not in inspect(engine).get_table_names():
            return []
        with engine.connect() as connection:
            return [str(row[0]) for row in connection.execute(select(text(column)).select_from(table(name)))]
    finally:
        engine.dispose()


def _is_missing(url: str) -> bool:
    return kind_of(url) == "sqlite" and not Path(make_url(url).database or "").exists()


def _engine(url: str) -> Engine:
    made = make_url(url)
    return create_engine(made.set(drivername=made.drivername.replace("+aiosqlite", "")))


def _drop_every_table(url: str) -> None:
    """pg_restore removes what the copy has; a newer Warmline's tables would stay, and its migration would fail."""
    engine, found = _engine(url), MetaData()
    try:
        with engine.begin() as connection:
            found.reflect(connection)
            found.drop_all(connection)
    finally:
        engine.dispose()


def _run(program: str, url: URL, *arguments: str, so_far: str = "") -> None:
    """The password goes by the environment, where no list of processes shows it.

    `URL.set` takes None for "as it is", and what it renders then has stars in the password's place, which outrank the
    environment.
    """
    if shutil.which(program) is None:
        raise BackupFailed(
            f"{program} is missing. Install PostgreSQL's client programs, of the server's version or newer "
            "(apt-get install -y postgresql-client)."
        )
    address = url._replace(drivername="postgresql", password=None).render_as_string()
    given = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    done = subprocess.run([program, f"--dbname={address}", *arguments], env=given, capture_output=True, text=True)
    if done.returncode != 0:
        first = next((line for line in done.stderr.splitlines() if line.strip()), "no reason given")
        raise BackupFailed(f"{program} failed: {first}. Correct that, and try again. {so_far}".rstrip())
