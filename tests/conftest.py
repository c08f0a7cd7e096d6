"""What every test may ask for: a real Redis server, settings with throw-away secrets, free ports."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from handoff.running.ports import free_port as any_free_port
from handoff.running.redis_server import OwnServer, find_binary
from handoff.settings import PREFIX, Settings

_LOGGED = 60
TEST_KEY = "d2FybWxpbmUtdGVzdHMtb25seS1ub3QtYS1zZWNyZXQ="

hypothesis_settings.register_profile(
    "warmline", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=False
)
hypothesis_settings.load_profile("warmline")


class RedisProcess:
    """A real server that a test may kill and start again; `url` stays the same."""

    def __init__(self, server: OwnServer) -> None:
        self.server = server
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.server.url

    def start(self) -> None:
        process = subprocess.Popen(
            self.server.command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._process = process
        assert self.server.wait(still_alive=lambda: process.poll() is None), "the Redis server did not start"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def kill(self) -> None:
        """As a power cut would."""
        self.stop(signal.SIGKILL)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beside a failure, what the service of the test's own line logged last: events and ids, never words."""
    report = yield
    service = getattr(getattr(item, "funcargs", {}).get("line"), "service", None)
    if report.failed and service is not None:
        report.sections.append(("the service's log", service.last_logged(_LOGGED)))
    return report


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads the settings of the person or the machine that runs it."""
    for name in list(os.environ):
        if name.startswith(PREFIX) or name in {"REDIS_URL", "DATABASE_URL"}:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisProcess]:
    """One real server for all tests of this worker. Take `redis_url` unless a test needs the process."""
    folder = tmp_path_factory.mktemp("redis")
    process = RedisProcess(OwnServer(find_binary(), folder, any_free_port(), durable=False))
    process.start()
    yield process
    process.stop()


@pytest.fixture
def redis_url(redis_server: RedisProcess) -> str:
    """The address of an empty, real Redis server."""
    _flush(redis_server.server)
    return redis_server.url


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisProcess]:
    """A durable server of this test's own (AOF, fsync always), running; for tests that kill and restart it."""
    process = RedisProcess(OwnServer(find_binary(), tmp_path / "redis", any_free_port()))
    process.start()
    yield process
    process.stop()


@pytest.fixture
def free_port() -> Callable[[], int]:
    return any_free_port


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings with throw-away secrets and everything that is kept under this test's own folder."""

    def make(**changes: Any) -> Settings:
        given: dict[str, Any] = {
            "keys": TEST_KEY,
            "bot_token": "t" * 32,
            "session_secret": "s" * 64,
            "pseudonym_secret": "p" * 64,
            "var": tmp_path,
            "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/warmline.db",
        }
        names = {"redis_url": "REDIS_URL", "database_url": "DATABASE_URL"}
        given.update({names.get(name, name): value for name, value in changes.items()})
        return Settings(**given)

    return make


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings()


def _flush(server: OwnServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
        line.sendall(b"FLUSHALL\r\n")
        assert line.recv(64) == b"+OK\r\n"
