"""Alembic's environment: one connection, the tables of `handoff.tables`, one process at a time, all steps or none."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine, make_url, text

from handoff.tables import metadata

_LOCK = 7_263_541
"""Any number will do, as long as every process takes the same: PostgreSQL lets one of them migrate."""
_PATIENCE_SECONDS = 60
"""How long SQLite waits for another process that migrates."""
_SYNCHRONOUS = {"sqlite+aiosqlite": "sqlite", "postgresql+psycopg": "postgresql+psycopg"}


def run() -> None:
    url = make_url(context.config.attributes["url"])
    engine = create_engine(url.set(drivername=_SYNCHRONOUS[url.drivername]))
    with engine.connect() as connection:
        _locked(connection)
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


def _locked(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    else:
        _begin_for_real(connection)


def _begin_for_real(connection: Connection) -> None:
    """Python's driver opens no transaction before a table is made, so that a process killed in between would leave
    half of them behind, which no later one could go on from."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.isolation_level = None
    connection.execute(text(f"pragma busy_timeout = {_PATIENCE_SECONDS * 1000}"))
    connection.execute(text("begin immediate"))


run()
