"""What a backup says of itself, in the clear: versions, counts, checksums, names of the keys it needs. No secret."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import msgspec

from handoff.backup.failures import BackupFailed

FORMAT = 1
FILE = "manifest.json"


class StorePart(msgspec.Struct, frozen=True):
    """The copy of Redis. `format`: of what is below the line's prefix; `server`: the version it was taken from."""

    file: str
    sha256: str
    keys: int
    server: str
    format: int


class RecordsPart(msgspec.Struct, frozen=True):
    """The copy of the database: sqlite, postgresql, or none where nothing was written yet."""

    kind: str
    file: str
    sha256: str
    revision: str
    rows: dict[str, int]


class Manifest(msgspec.Struct, frozen=True):
    """`at`: seconds since the epoch. `keys`: names of the keys that something may be sealed with. `pseudonyms`: a mark
    of the secret that makes pseudonyms."""

    format: int
    warmline: str
    line: str
    at: float
    keys: list[str]
    pseudonyms: str
    store: StorePart
    records: RecordsPart


def mark_of(secret: str) -> str:
    """Tells two secrets apart and leads back to neither: HMAC-SHA256 of a constant, 64 bits."""
    return hmac.new(secret.encode(), b"warmline backup", hashlib.sha256).hexdigest()[:16]


def save(folder: Path, manifest: Manifest) -> None:
    """The last thing that is written: a folder without it is no backup."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    (folder / FILE).write_bytes(text + b"\n")


def load(folder: Path) -> Manifest:
    """Raises `BackupFailed`."""
    try:
        found = msgspec.json.decode((folder / FILE).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise BackupFailed(f"{folder} is no backup: it has no {FILE}. Give the folder of a finished one.") from None
    except msgspec.MsgspecError:
        raise BackupFailed(f"{folder / FILE} can't be read. Take another backup.") from None
    if found.format > FORMAT:
        raise BackupFailed("A newer Warmline made this backup. Restore it with that version.")
    return found
