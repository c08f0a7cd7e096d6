"""The database is brought up by whoever comes first: threads of one process, several processes, one that is killed."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from handoff import tables
from handoff.records import migrate

_MIGRATE = "import sys; from handoff.records import migrate; migrate(sys.argv[1])"


def tables_in(file: Path) -> set[str]:
    with closing(sqlite3.connect(file, timeout=60)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


async def test_bringing_the_database_up_twice_at_once_brings_it_up_once(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/records.db"
    await asyncio.gather(*(asyncio.to_thread(migrate, url) for _ in range(4)))
    await asyncio.to_thread(migrate, url)


def test_several_processes_bring_it_up_at_once(tmp_path: Path) -> None:
    file = tmp_path / "records.db"
    command = [sys.executable, "-c", _MIGRATE, f"sqlite+aiosqlite:///{file}"]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    for each in started:
        said = each.communicate()[1]
        assert each.returncode == 0, said.decode()
    assert set(tables.metadata.tables) <= tables_in(file)


@pytest.mark.parametrize("tables_there", [1, 3, 6])
def test_one_that_is_killed_on_the_way_leaves_nothing_half_done(tmp_path: Path, tables_there: int) -> None:
    file = tmp_path / "records.db"
    url = f"sqlite+aiosqlite:///{file}"
    dies = (
        "import os, signal, sys\n"
        "from sqlalchemy import event\n"
        "from sqlalchemy.engine import Engine\n"
        "from handoff.records import migrate\n"
        "made = []\n"
        "@event.listens_for(Engine, 'after_cursor_execute')\n"
        "def count(connection, cursor, statement, *rest):\n"
        "    made.append('CREATE TABLE' in statement)\n"
        "    if sum(made) > int(sys.argv[2]): os.kill(os.getpid(), signal.SIGKILL)\n"
        "migrate(sys.argv[1])\n"
    )
    killed = subprocess.run([sys.executable, "-c", dies, url, str(tables_there)], stderr=subprocess.PIPE)
    assert killed.returncode == -9
    migrate(url)
    assert set(tables.metadata.tables) <= tables_in(file)
