from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handoff.doctor import broken, examine, unreadable_settings
from handoff.findings import Finding, State
from handoff.settings import Settings
from tests.proofs.clusters import cluster

if TYPE_CHECKING:
    from tests.conftest import RedisProcess


class Answers(BaseHTTPRequestHandler):
    """Success to every GET, except that the bot's questions want the right token."""

    def do_GET(self) -> None:
        refused = self.path.startswith("/bot/") and self.headers["Authorization"] != f"Bearer {'t' * 32}"
        self.send_response(401 if refused else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def neighbour() -> Iterator[int]:
    """A port at which service, bot and actions all answer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def healthy(make_settings: Callable[..., Settings], neighbour: int, own_redis: RedisProcess) -> Callable[..., Settings]:
    def make(**changes: object) -> Settings:
        here = f"http://127.0.0.1:{neighbour}"
        given = {"redis_url": own_redis.url, "rasa_url": here, "actions_url": here, "port": neighbour}
        return make_settings(**{**given, **changes})

    return make


async def _found(settings: Settings, what: str) -> list[Finding]:
    return [each for each in await examine(settings, {}) if each.what == what]


async def _fault(settings: Settings, what: str) -> Finding:
    (fault,) = [each for each in await _found(settings, what) if each.state is not State.FINE]
    return fault


async def test_a_healthy_line_has_no_fault(healthy: Callable[..., Settings]) -> None:
    findings = await examine(healthy(), {})
    assert [each for each in findings if each.state is not State.FINE] == []
    assert not broken(findings)
    assert {each.what for each in findings} == {
        *(
            "Versions",
            "Secrets",
            "Folder",
            "Redis",
            "Keys",
            "Database",
            "Bot",
            "Bot's actions",
            "Service",
            "Telegram",
            "Slack",
        ),
    }


async def test_every_fault_comes_with_its_cure(
    make_settings: Callable[..., Settings], free_port: Callable[[], int]
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    settings = make_settings(
        redis_url=f"redis://127.0.0.1:{free_port()}/0",
        database_url="postgresql+psycopg://nobody@127.0.0.1:1/none",
        rasa_url=nobody,
        actions_url=nobody,
        port=free_port(),
    )
    faults = [each for each in await examine(settings, {}) if each.state is not State.FINE]
    assert {each.what for each in faults} == {"Redis", "Database", "Bot", "Bot's actions", "Service"}
    assert all(each.cure.endswith(".") for each in faults)
    assert broken(faults)


async def test_a_redis_that_does_not_write_at_once_is_worth_knowing(
    healthy: Callable[..., Settings], redis_url: str
) -> None:
    fault = await _fault(healthy(redis_url=redis_url), "Redis")
    assert fault.state is State.WORTH_KNOWING
    assert "appendfsync always" in fault.cure


async def test_an_address_of_a_cluster_that_is_none_and_one_of_a_server_that_is_in_one_are_broken(
    healthy: Callable[..., Settings], own_redis: RedisProcess
) -> None:
    address = own_redis.url.replace("redis://", "redis+cluster://127.0.0.1:1,").removesuffix("/0")
    fault = await _fault(healthy(redis_url=address), "Redis")
    assert (fault.state, fault.detail) == (State.BROKEN, "it is no node of a cluster.")
    with cluster(1) as made:
        assert [each.state for each in await _found(healthy(redis_url=made.url), "Redis")] == [State.FINE]
        fault = await _fault(healthy(redis_url=made.nodes[0].url), "Redis")
    assert "redis+cluster://" in fault.cure


async def test_fewer_replicas_than_each_commit_wants_are_broken(healthy: Callable[..., Settings]) -> None:
    fault = await _fault(healthy(redis_wait_replicas=1), "Redis")
    assert fault.state is State.BROKEN
    assert "it has 0 replicas" in fault.detail


async def test_a_wrong_redis_password_is_named_and_not_shown(
    healthy: Callable[..., Settings], own_redis: RedisProcess
) -> None:
    fault = await _fault(healthy(redis_url=own_redis.url.replace("://", "://:hushhush@")), "Redis")
    assert "name and password in REDIS_URL" in fault.cure
    assert "hushhush" not in fault.detail


async def test_a_database_password_is_not_shown(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(database_url="postgresql+psycopg://warm:hushhush@127.0.0.1:1/none")
    assert "hushhush" not in (await _fault(settings, "Database")).detail


async def test_a_service_that_refuses_the_bots_token_is_broken(healthy: Callable[..., Settings]) -> None:
    fault = await _fault(healthy(bot_token="another-token-that-is-long-enough"), "Service")
    assert fault.state is State.BROKEN
    assert "same WARMLINE_BOT_TOKEN" in fault.cure


async def test_secrets_that_others_can_read_are_broken(healthy: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / "secrets.env").touch(mode=0o644)
    (tmp_path / "secrets.env").chmod(0o644)
    assert (await _fault(healthy(), "Secrets")).cure == f"chmod 600 {tmp_path}/secrets.env"


async def test_the_same_secret_twice_is_broken(healthy: Callable[..., Settings]) -> None:
    fault = await _fault(healthy(session_secret="x" * 40, pseudonym_secret="x" * 40), "Secrets")
    assert fault.state is State.BROKEN


async def test_a_setting_that_nothing_reads_is_named_with_the_likely_one(healthy: Callable[..., Settings]) -> None:
    findings = await examine(healthy(), {"WARMLINE_FRIST_WORD_SECONDS": "7", "HOME": "/"})
    (fault,) = [each for each in findings if each.what == "Settings"]
    assert fault.detail == "WARMLINE_FRIST_WORD_SECONDS is set but nothing reads it."
    assert fault.cure == "Did you mean WARMLINE_FIRST_WORD_SECONDS?"


async def test_opening_hours_that_are_no_file_are_broken(healthy: Callable[..., Settings], tmp_path: Path) -> None:
    fault = await _fault(healthy(opening_hours=tmp_path / "none.yml"), "Opening hours")
    assert "WARMLINE_OPENING_HOURS" in fault.cure


async def test_opening_hours_that_cannot_be_read_are_broken(healthy: Callable[..., Settings], tmp_path: Path) -> None:
    file = tmp_path / "hours.yml"
    file.write_text("hours:\n  timezone: Europe/London\n  open: [{days: weekends, from: '10:00', to: '12:00'}]\n")
    fault = await _fault(healthy(opening_hours=file), "Opening hours")
    assert (fault.state, "weekends" in fault.detail) == (State.BROKEN, True)


def test_settings_that_cannot_be_read_are_findings_too() -> None:
    findings = unreadable_settings(["WARMLINE_PORT is 'abc', which is not usable."])
    assert broken(findings)
    assert findings[0].lines()[0] == "  !!  Settings: WARMLINE_PORT is 'abc', which is not usable."
