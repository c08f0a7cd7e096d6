"""Ports on loopback: whether one is free, and one that is."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from pathlib import Path

LOOPBACK = "127.0.0.1"
_TRIES = 20


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether this process could listen there now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port(preferred: int = 0, taken: frozenset[int] = frozenset()) -> int:
    """`preferred` if it is free and not in `taken`, else any free port on loopback."""
    if preferred and preferred not in taken and is_free(preferred):
        return preferred
    while True:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port


class HeldPorts:
    """Ports kept for programs that start later, so that nobody else takes them in the meantime.

    A program needs seconds from its start until it listens. So a preferred port is also promised, among all runs on
    this machine, for as long as this process lives: otherwise two runs from two folders may end up with one bot.
    """

    def __init__(self, promises: Path | None = None) -> None:
        self._promises = promises or Path(tempfile.gettempdir())
        self._promised: dict[int, int] = {}
        self._held: dict[int, socket.socket] = {}

    def hold(self, preferred: int = 0, taken: frozenset[int] = frozenset()) -> int:
        """Keep `preferred`, or any free port when it is taken or in `taken`; returns the one that is kept."""
        for wanted in (preferred, *[0] * _TRIES):
            port = free_port(wanted, taken | self._promised.keys() | self._held.keys())
            if (port != preferred or self._promise(port)) and self._bind(port):
                return port
        raise OSError(f"no free port was found on {LOOPBACK}")

    def release(self, port: int) -> None:
        """Let go of one port, for the program that it was kept for."""
        if holder := self._held.pop(port, None):
            holder.close()

    def release_all(self) -> None:
        """Let go of everything, promises too: the run is over."""
        for port in list(self._held):
            self.release(port)
        for lock in self._promised.values():
            os.close(lock)
        self._promised.clear()

    def _promise(self, port: int) -> bool:
        """Whether nobody else on this machine was promised it. The system takes a lock back however its holder ends."""
        try:
            lock = os.open(self._promises / f"warmline-port-{port}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError:  # somebody else's promise, kept or not
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._promised[port] = lock
        return True

    def _bind(self, port: int) -> bool:
        holder = socket.socket()
        try:
            holder.bind((LOOPBACK, port))
        except OSError:  # taken meanwhile, or a connection of its last owner still lingers
            holder.close()
            return False
        self._held[port] = holder
        return True
