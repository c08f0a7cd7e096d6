"""`warmline reports`: nothing about whoever asks, what was written only on record, and who is blocked."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine
from typer.testing import CliRunner, Result

from handoff import tables
from handoff.cli import app
from handoff.house import make_sealer
from handoff.records import SqlRecords
from handoff.running.own_secrets import fresh
from handoff.settings import load
from handoff.store.memory import MemoryStore
from tests.records.rows import CANARY, parcel


@pytest.fixture(autouse=True)
def _a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var").mkdir()
    for name, value in fresh().items():
        monkeypatch.setenv(name, value)


def kept(kind: str, **changes: Any) -> None:
    settings = load()

    async def write() -> None:
        store = MemoryStore("main", settings.policy(), lambda: 0.0)
        records = SqlRecords(settings.database_url, store, make_sealer(settings))
        await records.write([parcel(kind, **changes)])
        await records.close()

    asyncio.run(write())


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["reports", *words])


def audited() -> list[tuple[str, str]]:
    async def read() -> list[tuple[str, str]]:
        engine = create_async_engine(load().database_url)
        async with engine.connect() as connection:
            rows = (await connection.execute(select(tables.audit.c.actor, tables.audit.c.action))).all()
        await engine.dispose()
        return [(str(actor), str(action)) for actor, action in rows]

    return asyncio.run(read())


def test_a_report_is_listed_shown_noted_and_closed_and_each_is_on_record() -> None:
    kept("report")
    assert "a person about sam: hurtful; open" in run("list").output
    assert CANARY not in run("list").output
    assert CANARY in run("show", "1", "--by", "lou").output
    assert run("note", "1", "Spoke with Sam.", "--by", "lou").exit_code == 0
    assert "Spoke with Sam." in run("show", "1", "--by", "lou").output
    assert run("close", "1", "--by", "lou").exit_code == 0
    assert "closed by lou" in run("list").output
    assert audited() == [
        ("lou", "report_opened"), ("lou", "report_noted"), ("lou", "report_opened"), ("lou", "report_closed"),
    ]  # fmt: skip


def test_a_report_about_the_only_lead_waits_here_and_is_not_theirs() -> None:
    kept("report", supporter="lou")
    assert "a person about lou" in run("list").output
    assert run("list", "--by", "lou").output == "There are no reports.\n"
    refused = run("show", "1", "--by", "lou")
    assert refused.exit_code == 1
    assert "There is no report 1 for you." in refused.output
    assert audited() == []


def test_who_is_blocked_is_listed_by_the_letters_that_desks_show() -> None:
    kept("report")
    assert run("blocks").output == "Nobody is blocked.\n"
    kept("block", until=time.time() + 3600)
    assert "abusive, by lou" in run("blocks").output


def test_without_a_database_there_is_one_sentence() -> None:
    assert "The database has no reports" in run("list").output
