"""Putting a backup back: everything is checked first, then the database, then Redis, then whoever was erased meanwhile
is erased again."""

from __future__ import annotations

import tempfile
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from handoff.backup import databases, manifest, sealed_files
from handoff.backup.erased import KEPT_SECONDS
from handoff.backup.failures import BackupFailed
from handoff.backup.manifest import Manifest
from handoff.backup.taking import kept_keys
from handoff.commits import forget_in_records
from handoff.house import make_erased, make_sealer
from handoff.ports import Store
from handoff.records import SqlRecords
from handoff.sealing import Sealer
from handoff.settings import Settings
from handoff.store.copying import CopyRefused, KeptKey, LineKeys, line_keys
from handoff.store.greeting import FORMAT
from handoff.store.redis import RedisStore

_SLACK_SECONDS = 60.0
"""Erasures are counted from a little before the copy: one under way then may be only half in it."""
_OF_A_SEEKER = ("seeker:", "alias:", "feed:", "current:")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. `listed`: erasures since the backup of which the lists know. `lost_seconds`: between the backup
    and now, and what was written in it is gone."""

    made: Manifest
    keys: int
    expired: int
    listed: int
    erased_again: int
    lost_seconds: float


async def restore(settings: Settings, folder: Path, *, replace: bool, erased_files: Sequence[Path] = ()) -> Restored:
    """Put a backup back. Raises `BackupFailed`, `SealBroken`, `StoreDown`."""
    sealer, now = make_sealer(settings), time.time()
    made = manifest.load(folder)
    _check(settings, folder, made, sealer, now)
    keys = kept_keys(folder, made, sealer)
    listed = make_erased(settings).since(made.at - _SLACK_SECONDS, erased_files)
    with tempfile.TemporaryDirectory() as place:
        plain = _plain_records(folder, made, sealer, Path(place))
        await _check_target(settings, made, replace=replace)
        if plain is not None:
            databases.bring_back(settings.database_url, plain)
    gone = await _erased_since(settings, made, keys, listed)
    make_erased(settings).write(gone, now)
    async with line_keys(settings.redis_url, settings.line) as line:
        count = await _put_back(line, keys, made)
    again = await _erase_again(settings, sealer, gone, now)
    return Restored(made, count, len(keys) - count, len(listed), again, max(0.0, now - made.at))


def _check(settings: Settings, folder: Path, made: Manifest, sealer: Sealer, now: float) -> None:
    """Everything that can be known before anything is touched."""
    if made.line != settings.line:
        raise BackupFailed(f"This is a backup of the line {made.line!r}; set WARMLINE_LINE to it.")
    if made.store.format > FORMAT:
        raise BackupFailed("A newer Warmline wrote this store. Restore it with that version.")
    if now - made.at > KEPT_SECONDS:
        raise BackupFailed("This backup is older than ninety days: who was erased since then is no longer known.")
    if missing := sorted(set(made.keys) - set(sealer.names)):
        raise BackupFailed(f"These keys are missing: {', '.join(missing)}. Put them at the end of WARMLINE_KEYS.")
    if made.pseudonyms != manifest.mark_of(settings.pseudonym_secret.get_secret_value()):
        raise BackupFailed("WARMLINE_PSEUDONYM_SECRET is another than it was; everybody would be a stranger.")
    for part in (made.store, made.records):
        if part.file and sealed_files.digest(folder / part.file) != part.sha256:
            raise BackupFailed(f"{part.file} is not what was written: its checksum differs. Take another backup.")
    if made.records.kind not in ("none", databases.kind_of(settings.database_url)):
        raise BackupFailed(f"The backup's database is {made.records.kind}; give a DATABASE_URL of that kind.")


def _plain_records(folder: Path, made: Manifest, sealer: Sealer, place: Path) -> Path | None:
    if made.records.kind == "none":
        return None
    plain = place / "plain"
    with plain.open("wb") as file:
        file.writelines(sealed_files.read(folder / made.records.file, sealer))
    return plain


async def _check_target(settings: Settings, made: Manifest, *, replace: bool) -> None:
    async with line_keys(settings.redis_url, settings.line) as line:
        if await line.is_served():
            raise BackupFailed("The service of this line runs. Stop every process of it first.")
        taken = bool(await line.names())
    filled = made.records.kind != "none" and any(databases.rows(settings.database_url).values())
    if (taken or filled) and not replace:
        where = " and ".join(name for name, so in (("Redis", taken), ("the database", filled)) if so)
        raise BackupFailed(
            f"There is something of this line in {where}. Give --replace to put the backup in its place."
        )


async def _erased_since(
    settings: Settings, made: Manifest, keys: Sequence[KeptKey], listed: dict[str, float]
) -> dict[str, float]:
    """Hashes of who was erased after the copy and when, from the lists and from the store that is about to be replaced.

    Whoever has them writes them down before that store is cleared: a restore that breaks off is run once more, and by
    then the store knows nothing."""
    async with line_keys(settings.redis_url, settings.line) as line:
        if not await line.names():
            return listed
    people = _seekers(each.name for each in keys) | databases.pseudonyms(settings.database_url)
    store = _store(settings, make_sealer(settings))
    try:
        known = await make_erased(settings).known_to(store, people, made.at - _SLACK_SECONDS)
    finally:
        await store.close()
    return {name: max(listed.get(name, 0.0), known.get(name, 0.0)) for name in {**listed, **known}}


def _seekers(names: Iterable[str]) -> set[str]:
    """The pseudonyms that keys are named after."""
    return {name.removeprefix(kind) for name in names for kind in _OF_A_SEEKER if name.startswith(kind)}


async def _put_back(line: LineKeys, keys: Sequence[KeptKey], made: Manifest) -> int:
    await line.clear()
    try:
        return await line.put_back(keys)
    except CopyRefused as refused:
        cure = f"It came from version {made.store.server}; give a server of that version or newer, and try again"
        raise BackupFailed(f"{refused} {cure} with --replace.") from None


async def _erase_again(settings: Settings, sealer: Sealer, gone: dict[str, float], now: float) -> int:
    """Those who had themselves erased after the copy was made, in the store and in the records; returns how many."""
    erased, store = make_erased(settings), _store(settings, sealer)
    records = SqlRecords(settings.database_url, store, sealer)
    try:
        await records.expire(now - settings.policy().retention_seconds)
        async with line_keys(settings.redis_url, settings.line) as line:
            names = await line.names()
        people = _seekers(names) | databases.pseudonyms(settings.database_url)
        back = [each for each in sorted(people) if erased.hidden(each) in gone]
        for each in back:
            await _erase(store, records, each)
        await erased.remember(store, gone, now)
        return len(back)
    finally:
        await records.close()
        await store.close()


async def _erase(store: Store, records: SqlRecords, pseudonym: str) -> None:
    family = await store.family(pseudonym)
    conversation = family.conversations[0] if family.conversations else uuid.uuid4().hex
    await store.erase(pseudonym, conversation)
    parcels = [forget_in_records(f"{conversation}/{uuid.uuid4().hex}", each, time.time()) for each in family.pseudonyms]
    await records.write(parcels)


def _store(settings: Settings, sealer: Sealer) -> RedisStore:
    return RedisStore(settings.redis_url, settings.line, settings.policy(), sealer)
