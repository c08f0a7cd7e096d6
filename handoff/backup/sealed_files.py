"""Files of a backup: frames of sealed bytes, so that nothing of a line lies open beside its backup, not even ids."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from handoff.backup.failures import BackupFailed
from handoff.sealing import Sealer

FRAME = 8 * 1024 * 1024
"""Bytes in one frame of a file."""
_NUMBER = 8
_LENGTH = 4


def write(target: Path, chunks: Iterable[bytes], sealer: Sealer) -> str:
    """Write, readable by the owner alone; returns the file's SHA-256. Each frame knows its place; the last is empty."""
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 (an open file, readable by its owner from the first byte on)
        for number, chunk in enumerate(chain(chunks, (b"",))):
            sealed = sealer.seal(number.to_bytes(_NUMBER, "big") + chunk)
            frame = len(sealed).to_bytes(_LENGTH, "big") + sealed
            digest.update(frame)
            file.write(frame)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def read(source: Path, sealer: Sealer) -> Iterator[bytes]:
    """The chunks again. Raises `BackupFailed` when frames are missing or out of place, `SealBroken`."""
    with source.open("rb") as file:
        number, ended = 0, False
        while head := file.read(_LENGTH):
            plain = sealer.open(file.read(int.from_bytes(head, "big")))
            if ended or int.from_bytes(plain[:_NUMBER], "big") != number:
                raise BackupFailed(f"{source.name} is damaged: its parts are not in order. Take another backup.")
            number, ended = number + 1, len(plain) == _NUMBER
            if not ended:
                yield plain[_NUMBER:]
    if not ended:
        raise BackupFailed(f"{source.name} ends too early. Take another backup.")


def digest(source: Path) -> str:
    """The SHA-256 of a file as it lies there. Raises `BackupFailed` when it is missing."""
    try:
        with source.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise BackupFailed(f"{source.name} is missing from the backup. Take another backup.") from None


def pieces(source: Path) -> Iterator[bytes]:
    """A file in chunks of one frame."""
    with source.open("rb") as file:
        while chunk := file.read(FRAME):
            yield chunk
