from __future__ import annotations

import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handoff.running import own_secrets
from handoff.running.lock import AlreadyRunning, RunLock
from handoff.running.ports import HeldPorts, is_free
from handoff.running.ports import free_port as any_free_port
from handoff.running.preparation import PortTaken, prepare, require_port, write_running
from handoff.running.probes import without_password
from handoff.settings import SettingsError, load

ROOT = Path(__file__).parents[2]


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_port: Callable[[], int]) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WARMLINE_PORT", str(free_port()))
    return Path("var")


@pytest.fixture
def held(tmp_path: Path) -> Iterator[HeldPorts]:
    ports = HeldPorts(tmp_path)
    yield ports
    ports.release_all()


def test_without_any_configuration_everything_is_chosen_and_on_loopback(var: Path, held: HeldPorts) -> None:
    plan, redis = prepare(var, ROOT, held)
    assert redis is not None
    assert plan.settings.redis_url == redis.url
    assert plan.settings.database_url == "sqlite+aiosqlite:///var/warmline.db"
    for address in (
        plan.settings.redis_url,
        plan.settings.rasa_url,
        plan.settings.actions_url,
        plan.settings.base_url(),
    ):
        assert "127.0.0.1:" in address
    assert len({redis.port, plan.rasa_port, plan.actions_port, plan.settings.port}) == 4


def test_secrets_are_made_once_and_only_their_owner_reads_them(var: Path) -> None:
    first = own_secrets.ensure(var).read_text()
    assert own_secrets.ensure(var).read_text() == first
    assert stat.S_IMODE((var / "secrets.env").stat().st_mode) == 0o600


def test_secrets_that_were_there_are_kept_when_one_is_missing(var: Path) -> None:
    kept = own_secrets.ensure(var).read_text().splitlines()
    (var / "secrets.env").write_text("\n".join(kept[1:]) + "\n")
    own_secrets.ensure(var)
    assert set((var / "secrets.env").read_text().splitlines()) >= set(kept[1:])
    assert load().fernet_keys()


def test_a_given_redis_is_used_and_none_of_our_own_is_started(
    var: Path, held: HeldPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere:6379/0")
    plan, redis = prepare(var, ROOT, held)
    assert redis is None
    assert plan.environment()["REDIS_URL"] == "redis://elsewhere:6379/0"


def test_a_given_rasa_is_used_and_none_of_our_own_is_started(
    var: Path, held: HeldPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMLINE_RASA_URL", "http://elsewhere:5005")
    plan, _ = prepare(var, ROOT, held)
    assert not plan.bot_is_ours
    assert plan.settings.rasa_url == "http://elsewhere:5005"


def test_commands_beside_a_run_find_it_by_a_private_file_without_secrets_of_the_line(
    var: Path, held: HeldPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, _ = prepare(var, ROOT, held)
    path = write_running(plan)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not [name for name in own_secrets.fresh() if name in path.read_text()]
    monkeypatch.delenv("WARMLINE_PORT")
    beside = load()
    assert (beside.redis_url, beside.port) == (plan.settings.redis_url, plan.settings.port)


def test_what_a_killed_run_left_behind_is_not_taken_for_configuration(var: Path, held: HeldPorts) -> None:
    own_secrets.ensure(var)
    (var / "running.env").write_text("REDIS_URL=redis://127.0.0.1:1/0\n")
    _, redis = prepare(var, ROOT, held)
    assert redis is not None


def test_a_wrong_setting_stops_the_run_with_its_line(
    var: Path, held: HeldPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMLINE_COUNTRY", "Britain")
    with pytest.raises(SettingsError, match="WARMLINE_COUNTRY is 'Britain'"):
        prepare(var, ROOT, held)


def test_every_bot_program_stays_on_loopback_and_sends_no_telemetry(var: Path, held: HeldPorts) -> None:
    plan, _ = prepare(var, ROOT, held)
    for program in (plan.rasa("model.tar.gz"), plan.actions(), plan.training()):
        assert program.environment["SANIC_HOST"] == "127.0.0.1"
        assert program.environment["RASA_TELEMETRY_ENABLED"] == "false"
        assert program.environment["PYTHONPATH"] == str(ROOT)
    assert plan.rasa("m").command[:4] == (str(ROOT / ".venv-bot/bin/rasa"), "run", "-i", "127.0.0.1")


def test_no_secret_is_on_a_command_line(var: Path, held: HeldPorts) -> None:
    plan, redis = prepare(var, ROOT, held)
    assert redis is not None
    secrets = [plan.environment()[name] for name in own_secrets.fresh()]
    programs = (plan.service(), plan.rasa("m"), plan.actions(), plan.training(), plan.encoder(), plan.sign_in_link())
    for program in programs:
        assert not [secret for secret in secrets if secret in " ".join(program.command)]
        assert redis.password not in " ".join(program.command)
        assert redis.password not in repr(program)


def test_a_taken_web_port_names_another_that_is_free() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port} on 127.0.0.1 is taken .* make run WARMLINE_PORT=\d+"):
            require_port("127.0.0.1", port, patience=0)


def test_an_inner_port_that_is_taken_moves_to_a_free_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not is_free(port)
        assert any_free_port(port) != port


def test_the_lock_is_told_apart_by_what_its_holder_said(tmp_path: Path) -> None:
    with RunLock(tmp_path / "run.lock") as held:
        held.describe("http://127.0.0.1:8080, process 7")
        with pytest.raises(AlreadyRunning, match="8080, process 7"), RunLock(tmp_path / "run.lock"):
            pass
    with RunLock(tmp_path / "run.lock"):
        pass


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:hushhush@127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("redis://name:hushhush@host/1?password=hushhush", "redis://host/1"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock"),
    ],
)
def test_addresses_are_shown_without_passwords(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_a_port_kept_for_later_is_nobody_elses_until_it_is_released(held: HeldPorts) -> None:
    port = held.hold()
    assert not is_free(port)
    assert held.hold(port) != port
    held.release(port)
    assert is_free(port)


def test_two_runs_never_share_a_port_even_before_the_first_program_listens(
    tmp_path: Path, held: HeldPorts, free_port: Callable[[], int]
) -> None:
    beside = HeldPorts(tmp_path)
    port = held.hold(free_port())
    held.release(port)
    assert is_free(port)
    assert beside.hold(port) != port
    held.release_all()
    assert beside.hold(port) == port
    beside.release_all()


def test_a_port_whose_last_connection_lingers_is_left_alone(held: HeldPorts) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as caller:
            answered, _ = server.accept()
            answered.close()
            assert caller.recv(1) == b""
    assert held.hold(port) != port
