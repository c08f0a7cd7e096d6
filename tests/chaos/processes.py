"""The programs of a run, each a process that can be killed, frozen and started again at the same address."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from handoff.running.children import die_with_parent
from handoff.running.ports import free_port
from handoff.running.probes import http_answers, http_status
from handoff.running.redis_server import OwnServer, find_binary
from handoff.settings import Settings, variable
from tests.journey.line import eventually
from tests.journey.processes import ROOT, Service

_STARTS_SECONDS = 300.0
"""On a machine that is busy with other things a service takes minutes."""


@dataclass(slots=True)
class Program:
    """One process. `ready` says, from a thread, whether it answers."""

    name: str
    command: Sequence[str]
    log: Path
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    frozen: bool = False
    _process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Until it answers; nothing where it runs already."""
        if self.alive:
            return
        process = self._process = self._begin()

        async def up() -> bool:
            assert process.poll() is None, f"{self.name} ended at once; see {self.log}"
            return await asyncio.to_thread(self.ready)

        await eventually(up, f"{self.name} answers", _STARTS_SECONDS)

    def _begin(self) -> subprocess.Popen[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            return subprocess.Popen(
                self.command, cwd=ROOT, env=dict(self.environment), stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, preexec_fn=die_with_parent,
            )  # fmt: skip

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def ended_by_itself(self) -> bool:
        """Whether it is gone although nobody here killed it."""
        return self._process is not None and self._process.poll() is not None

    async def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 60.0) -> None:
        """Send it a signal and wait until it is gone; killed where it does not go in time."""
        process, self._process = self._process, None
        if process is None:
            return
        self.frozen = False
        process.send_signal(signal.SIGCONT)
        process.send_signal(how)
        try:
            await asyncio.to_thread(process.wait, seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            await asyncio.to_thread(process.wait)

    async def kill(self) -> None:
        """As a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            await asyncio.to_thread(process.wait)
        self.frozen = False

    def freeze(self) -> None:
        """SIGSTOP: it is there and does nothing."""
        if self._process is not None and self.alive:
            self._process.send_signal(signal.SIGSTOP)
            self.frozen = True

    def thaw(self) -> None:
        if self._process is not None and self.alive:
            self._process.send_signal(signal.SIGCONT)
        self.frozen = False


class Clock:
    """The seconds by which one service's clock is wrong; shared through a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.step(0.0)

    def step(self, seconds: float) -> None:
        """In place, because the service holds the file open."""
        self.file.touch()
        with self.file.open("r+b") as kept:
            kept.write(struct.pack("d", seconds))


class _Known(Service):
    """What a service of these settings is started with."""

    @property
    def command(self) -> Sequence[str]:
        return self._program.command

    @property
    def environment(self) -> dict[str, str]:
        return self._environment


def service(name: str, settings: Settings, clock: Clock, copies: int) -> Program:
    """One process of the service, on its own port, with a clock that can step."""
    known = _Known(settings)
    environment = {**known.environment, "PYTHONPATH": str(Path(__file__).with_name("clock"))}
    environment |= {"CHAOS_CLOCK": str(clock.file), variable("log_level"): "INFO"}
    environment[variable("redis_wait_replicas")] = str(copies)
    url = f"http://127.0.0.1:{settings.port}/healthz"
    log = settings.var / "log" / f"{name}.log"
    return Program(name, known.command, log, lambda: http_status(url) > 0, environment)


def redis(name: str, folder: Path, *more: str) -> tuple[Program, OwnServer]:
    """A Redis server that writes every change to disk at once."""
    server = OwnServer(find_binary(), folder, free_port())
    command = [*server.command(), *more]
    return Program(name, command, folder.parent.parent / f"{name}.log", server.answers), server


def bot(folder: Path) -> tuple[Program, str, Path]:
    """The bot, its address, and the file of what it was asked."""
    port, kept = free_port(), folder / "asked"
    command = [sys.executable, "-m", "tests.chaos.bot", str(port), str(kept)]
    url = f"http://127.0.0.1:{port}"
    return Program("bot", command, folder / "bot.log", lambda: http_answers(url)), url, kept
