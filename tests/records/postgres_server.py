"""A PostgreSQL server of the tests' own: started on a free port of loopback, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from handoff.running.ports import free_port

MISSING = "PostgreSQL is missing and the records' tests need it. Install it: apt-get install -y postgresql"
_INSTALLED = Path("/usr/lib/postgresql")
_PATIENCE = 60
_ACCOUNTS = ("postgres", "nobody")


class PostgresMissing(Exception):
    """There is no PostgreSQL here. The message says how to get it."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """Running; `database` makes an empty one."""

    port: int

    def database(self, name: str) -> str:
        """The address of a new, empty database."""
        with psycopg.connect(_admin(self.port), autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        return f"postgresql+psycopg://warmline@127.0.0.1:{self.port}/{name}"


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Raises `PostgresMissing`. PostgreSQL refuses to run as root, so root lends it another account.

    SIGINT ends it at once, connections or not.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="warmline-postgres-"))
    account = _other_account()
    if account:
        shutil.chown(folder, account)
    port = free_port()
    init = [programs / "initdb", "-D", folder / "data", "-U", "warmline", "-A", "trust", "--no-sync", "-E", "UTF8"]
    serve = [
        programs / "postgres", "-D", folder / "data", "-p", port, "-h", "127.0.0.1", "-k", folder, "-F",
        "-c", "max_connections=50",
    ]  # fmt: skip
    try:
        subprocess.run(_as(account, init), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
        with subprocess.Popen(
            _as(account, serve), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
        ) as server:
            try:
                _wait(port, server)
                yield PostgresServer(port)
            finally:
                server.send_signal(signal.SIGINT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _admin(port: int) -> str:
    return f"host=127.0.0.1 port={port} user=warmline dbname=postgres"


def _programs() -> Path:
    """Where `initdb` and `postgres` are: the newest installed version, or beside what is on the PATH."""
    versions = [each for each in _INSTALLED.glob("*/bin/initdb") if each.parent.parent.name.isdigit()]
    if versions:
        return max(versions, key=lambda each: int(each.parent.parent.name)).parent
    found = shutil.which("initdb")
    if found is None:
        raise PostgresMissing(MISSING)
    return Path(found).resolve().parent


def _other_account() -> str:
    """The account to run as when we are root; empty when we are not."""
    if os.geteuid() != 0:
        return ""
    known = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in _ACCOUNTS if name in known)


def _as(account: str, command: Sequence[object]) -> list[str]:
    """The command, run by another account where one is named; it ends together with us."""
    words = [str(each) for each in command]
    return ["setpriv", f"--reuid={account}", "--clear-groups", "--pdeathsig=INT", *words] if account else words


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + _PATIENCE
    while True:
        try:
            psycopg.connect(_admin(port)).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            return
