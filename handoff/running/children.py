"""Programs that are started, watched, started again when they die, and stopped with all that they started."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from handoff.running.ports import is_free

_PR_SET_PDEATHSIG = 1
_TAIL_LINES = 12
_LOG_BYTES = 10_000_000
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60.0
_LOOK_AGAIN = 0.1

Say = Callable[[str], None]
Ready = Callable[[], Awaitable[bool]]


class DidNotStart(Exception):
    """A program ended, or did not answer, before it was ever ready; the message shows the end of its log."""


@dataclass(frozen=True, slots=True)
class Program:
    """A command line and what it needs. `label` is how people are told of it, `port` where it listens on loopback."""

    label: str
    command: tuple[str, ...]
    log: Path
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    grace_seconds: float = 8.0
    port: int | None = None


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent ends, however it ends. Does nothing where there is no such thing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


async def start(program: Program, *, output: int | None = None) -> asyncio.subprocess.Process:
    """Start it in a process group of its own, its log taking errors and, unless `output` does, what it prints.

    Raises DidNotStart.
    """
    program.log.parent.mkdir(parents=True, exist_ok=True)
    if program.log.exists() and program.log.stat().st_size > _LOG_BYTES:
        program.log.replace(program.log.with_suffix(".log.1"))
    with program.log.open("ab") as log:
        try:
            return await asyncio.create_subprocess_exec(
                *program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log if output is None else output,
                stderr=log,
                env={**os.environ, **program.environment},
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        except OSError as failure:
            raise DidNotStart(
                f"{program.label} could not be started: {failure.strerror} ({program.command[0]})."
            ) from None


async def stop(process: asyncio.subprocess.Process, grace_seconds: float) -> None:
    """End the whole process group: politely, then, after the grace time, at once."""
    _signal_group(process, signal.SIGTERM)
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), grace_seconds)
    _signal_group(process, signal.SIGKILL)
    await process.wait()


def tail(log: Path, lines: int = _TAIL_LINES) -> str:
    """The end of a log, indented, for a message."""
    if not log.exists():
        return ""
    with log.open(encoding="utf-8", errors="replace") as file:
        return "".join(f"    {line.rstrip()}\n" for line in deque(file, maxlen=lines)).rstrip("\n")


class Watched:
    """One program kept alive. `begin` returns once it is ready; `end` stops it for good."""

    def __init__(self, program: Program, ready: Ready, say: Say, *, patience_seconds: float = 60.0) -> None:
        self.program = program
        self._ready = ready
        self._say = say
        self._patience = patience_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._began = 0.0

    async def begin(self) -> None:
        """Start it, wait until it is ready, and keep it alive from then on. Raises DidNotStart."""
        await self._launch()
        self._watch = asyncio.create_task(self._keep_alive())

    async def end(self) -> None:
        """Stop it for good, with all that it started."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        if self._process is not None:
            await stop(self._process, self.program.grace_seconds)

    async def _launch(self) -> None:
        loop = asyncio.get_running_loop()
        self._began = loop.time()
        if self.program.port is not None and not is_free(self.program.port):
            raise DidNotStart(
                f"{self.program.label} cannot start: port {self.program.port} is taken by another program."
            )
        self._process = process = await start(self.program)
        while not await self._ready():
            if process.returncode is not None:
                raise DidNotStart(self._story(f"ended at once ({_exit_words(process.returncode)})"))
            if loop.time() - self._began > self._patience:
                raise DidNotStart(self._story(f"has not answered for {self._patience:.0f} s"))
            await asyncio.sleep(_LOOK_AGAIN)

    async def _keep_alive(self) -> None:
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE
        while self._process is not None:
            code = await self._process.wait()
            _signal_group(self._process, signal.SIGKILL)
            pause = _FIRST_PAUSE if loop.time() - self._began > _STEADY_SECONDS else min(pause * 2, _LONGEST_PAUSE)
            self._say(f"{self.program.label} stopped ({_exit_words(code)}); starting it again in {pause:.0f} s.")
            await asyncio.sleep(pause)
            try:
                await self._launch()
            except DidNotStart as failure:
                self._say(str(failure))
            else:
                self._say(f"{self.program.label} is running again.")

    def _story(self, what: str) -> str:
        return f"{self.program.label} {what}. The end of {self.program.log}:\n{tail(self.program.log)}"


async def run_once(program: Program) -> str:
    """Run a program to its end and return the last line it printed. Raises DidNotStart when it fails."""
    process = await start(program, output=asyncio.subprocess.PIPE)
    try:
        printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            await stop(process, program.grace_seconds)
    with program.log.open("ab") as log:
        log.write(printed)
    if process.returncode != 0:
        ended = _exit_words(process.returncode or 0)
        raise DidNotStart(f"{program.label} failed ({ended}). The end of {program.log}:\n{tail(program.log)}")
    lines = printed.decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _signal_group(process: asyncio.subprocess.Process, what: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, what)


def _exit_words(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
