"""Real servers for proofs: one that keeps nothing, one that keeps everything, and pairs of them that copy."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen

from handoff.running.ports import free_port
from handoff.running.redis_server import OwnServer, find_binary


class Server:
    """A server that a proof may kill and start again."""

    def __init__(self, folder: Path, *, durable: bool = True, also: tuple[str, ...] = ()) -> None:
        self._own = OwnServer(find_binary(), folder, free_port(), durable=durable)
        self._also = also
        self.process: Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self._own.url

    @property
    def port(self) -> int:
        return self._own.port

    def start(self) -> None:
        self.process = Popen([*self._own.command(), *self._also], stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
        process = self.process
        assert self._own.wait(still_alive=lambda: process.poll() is None), "the Redis server did not start"

    def kill(self) -> None:
        """As a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def servers(many: int = 1, *, durable: bool = True, also: tuple[str, ...] = ()) -> Iterator[list[Server]]:
    """So many running servers, each in a folder of its own; killed in the end."""
    with tempfile.TemporaryDirectory() as folder:
        made = [Server(Path(folder) / f"{n}", durable=durable, also=also) for n in range(many)]
        try:
            for each in made:
                each.start()
            yield made
        finally:
            for each in made:
                each.kill()


@contextmanager
def server(*, durable: bool = True) -> Iterator[str]:
    """The address of one."""
    with servers(1, durable=durable) as (only,):
        yield only.url
