"""Commands of an operator that can't do what they are asked: one sentence, exit code 1, no trace, no secret."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner, Result

from handoff.backup import databases, restoring
from handoff.backup.erased import Erased
from handoff.cli import app
from handoff.house import make_sealer
from handoff.migrating import move
from handoff.ports import RecordsDown
from handoff.settings import Settings, load
from handoff.store.redis import RedisStore
from tests.conftest import TEST_KEY
from tests.store.making import a_conversation, opened

AWAY = "postgresql+psycopg://warmline:hidden-password@127.0.0.1:1/none"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, redis_url: str) -> Settings:
    """A line as a `warmline` command reads it from the environment."""
    given = {
        "WARMLINE_BOT_TOKEN": "t" * 32, "WARMLINE_SESSION_SECRET": "s" * 64, "WARMLINE_PSEUDONYM_SECRET": "p" * 64,
        "WARMLINE_KEYS": TEST_KEY, "WARMLINE_VAR": str(tmp_path / "var"), "REDIS_URL": redis_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/warmline.db",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return load()


@pytest.fixture
def copy(settings: Settings, tmp_path: Path) -> str:
    """A backup of a line with one talk, whose database has its tables."""

    async def talk() -> None:
        store = await RedisStore.connect(settings.redis_url, settings.line, settings.policy(), make_sealer(settings))
        await opened(store, a_conversation())
        await store.close()

    asyncio.run(talk())
    move(settings.database_url)
    assert run("backup", str(tmp_path / "copy")).exit_code == 0
    return str(tmp_path / "copy")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def refused(*arguments: str) -> str:
    """What a command says that fails as commands should."""
    done = run(*arguments)
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert "hidden-password" not in done.output
    return done.stderr


def broken_file(settings: Settings) -> None:
    Path(settings.database_url.partition(":///")[2]).write_bytes(b"this is no database, but a text of some length " * 9)


def test_a_backup_of_a_damaged_database_names_the_kind_of_the_failure(settings: Settings, tmp_path: Path) -> None:
    broken_file(settings)
    assert "DatabaseError. `warmline doctor` tells more" in refused("backup", str(tmp_path / "copy"))


def test_a_restore_into_a_damaged_database_names_the_kind_of_the_failure(settings: Settings, copy: str) -> None:
    broken_file(settings)
    assert "DatabaseError. `warmline doctor` tells more" in refused("restore", copy, "--replace")


@pytest.mark.parametrize(
    "failure", [RecordsDown("the database did not answer: OperationalError"), sqlite3.OperationalError("locked")]
)
def test_a_restore_that_loses_the_database_on_the_way_says_how_to_go_on(
    copy: str, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    async def lost(*_: object) -> int:
        raise failure

    monkeypatch.setattr(restoring, "_erase_again", lost)
    said = refused("restore", copy, "--replace")
    assert "OperationalError" in said
    assert "--replace" in said


def test_a_backup_of_a_database_that_is_away_is_one_sentence(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", AWAY)
    assert "pg_dump failed" in refused("backup", str(tmp_path / "copy"))


def test_migrating_a_database_that_is_away_is_one_sentence(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", AWAY)
    assert refused("migrate").startswith("The database did not answer: OperationalError. Start it")


def test_migrating_what_a_newer_warmline_brought_forward_says_which_one_can(settings: Settings) -> None:
    move(settings.database_url)
    engine = create_engine(settings.database_url.replace("+aiosqlite", ""))
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    engine.dispose()
    assert "by a newer Warmline" in refused("migrate")
    assert "by a newer Warmline" in refused("migrate", "--to", "0001", "--yes")
    assert databases.revision(settings.database_url) == "9999"


@pytest.mark.parametrize("command", [("erase", "telegram"), ("erase", "--yes", "web:"), ("erase", "web", "")])
def test_a_forgotten_id_is_asked_for(settings: Settings, command: tuple[str, ...]) -> None:
    assert "Give the id as well" in refused(*command)


def test_an_erased_list_that_is_not_there_is_refused_before_anything_is_touched(copy: str, tmp_path: Path) -> None:
    for wrong in (tmp_path / "wrong.list", tmp_path):
        done = run("restore", copy, "--replace", "--erased", str(wrong))
        assert done.exit_code == 2
        assert "--erased" in done.stderr
        assert "Back as of" not in done.output


def test_a_restore_says_how_many_erasures_its_lists_knew(settings: Settings, copy: str, tmp_path: Path) -> None:
    other = Erased(settings.pseudonym_secret.get_secret_value().encode(), tmp_path / "other.list")
    now = 2_000_000_000.0
    other.write({other.hidden(each): now for each in ("p-ana", "p-nobody")}, now)
    done = run("restore", copy, "--replace", "--erased", str(tmp_path / "other.list"))
    assert done.exit_code == 0, done.output
    assert "The lists know of 2 names that were erased since then." in done.output
    assert "were erased again: 1." in done.output
