"""Taking a backup while the line runs: Redis in one moment, the database after it.

In that order nothing falls between: what the records lane still held when Redis was copied may be in the database's
copy as well, where it is known by its id.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import msgspec

from handoff.backup import databases, manifest, sealed_files
from handoff.backup.failures import BackupFailed
from handoff.backup.manifest import Manifest, RecordsPart, StorePart
from handoff.house import make_sealer
from handoff.sealing import Sealer
from handoff.settings import Settings
from handoff.store.copying import Copy, KeptKey, line_keys
from handoff.store.greeting import FORMAT

STORE_FILE, RECORDS_FILE = "store.sealed", "records.sealed"
_KEYS_A_FRAME = 500


async def take(settings: Settings, folder: Path) -> Manifest:
    """Write a backup into an empty folder. Raises `BackupFailed`, `StoreDown`."""
    _prepare(folder)
    sealer = make_sealer(settings)
    async with line_keys(settings.redis_url, settings.line) as keys:
        copy = await keys.copy()
    store = _write_store(folder, copy, sealer)
    records = _write_records(folder, settings.database_url, sealer)
    made = Manifest(
        format=manifest.FORMAT,
        warmline=version("warmline"),
        line=settings.line,
        at=copy.at,
        keys=list(sealer.names),
        pseudonyms=manifest.mark_of(settings.pseudonym_secret.get_secret_value()),
        store=store,
        records=records,
    )
    manifest.save(folder, made)
    return made


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise BackupFailed(f"{folder} is not empty. Give a new folder, for example one named after today.")


def _write_store(folder: Path, copy: Copy, sealer: Sealer) -> StorePart:
    digest = sealed_files.write(folder / STORE_FILE, _frames(copy), sealer)
    return StorePart(file=STORE_FILE, sha256=digest, keys=len(copy.keys), server=copy.server, format=FORMAT)


def _frames(copy: Copy) -> Iterator[bytes]:
    for start in range(0, len(copy.keys), _KEYS_A_FRAME):
        yield msgspec.msgpack.encode(copy.keys[start : start + _KEYS_A_FRAME])


def _write_records(folder: Path, url: str, sealer: Sealer) -> RecordsPart:
    """The plain copy lives for a moment, readable by its owner alone, in the folder itself."""
    kind = databases.kind_of(url)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        plain = Path(place) / "plain"
        if not databases.save(url, plain):
            return RecordsPart(kind="none", file="", sha256="", revision="", rows={})
        digest = sealed_files.write(folder / RECORDS_FILE, sealed_files.pieces(plain), sealer)
        counted = databases.rows(f"sqlite:///{plain}") if kind == "sqlite" else databases.rows(url)
    return RecordsPart(kind=kind, file=RECORDS_FILE, sha256=digest, revision=databases.revision(url), rows=counted)


def kept_keys(folder: Path, made: Manifest, sealer: Sealer) -> list[KeptKey]:
    """What lies in the copy of Redis."""
    decoder = msgspec.msgpack.Decoder(list[KeptKey])
    return [each for frame in sealed_files.read(folder / made.store.file, sealer) for each in decoder.decode(frame)]
