"""Who was erased of late, so that a backup from before does not bring them back: keyed hashes, for ninety days.

They lie in two places, because a disaster may take either: in the store, and in `<var>/erased.list` of each process,
one line an erasure: seconds since the epoch, HMAC-SHA256 of the pseudonym. Nobody can be found from them without the
line's pseudonym secret.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from handoff.ports import Store

_log = logging.getLogger(__name__)

FILE = "erased.list"
KEPT_SECONDS = 90 * 86_400.0
"""Backups older than this are not restored. Our own choice: three times as long as words are kept."""


class Erased:
    """Notes erasures, and finds out about pseudonyms. `key`: the secret that makes pseudonyms."""

    def __init__(self, key: bytes, file: Path) -> None:
        self._key = key
        self._file = file

    def hidden(self, pseudonym: str) -> str:
        return hmac.new(self._key, b"erased:" + pseudonym.encode(), hashlib.sha256).hexdigest()[:32]

    def noting(self, store: Store, clock: Callable[[], float]) -> Noting:
        """What the erasing lane calls, before anything goes."""
        return Noting(self, store, clock)

    def write(self, hashes: Iterable[str], now: float) -> None:
        """Add to the file, and drop from it what is older than ninety days. Raises OSError."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            young = [line for line in file if float(line.split()[0]) > now - KEPT_SECONDS]
            file.seek(0)
            file.writelines((*young, *(f"{now:.0f} {each}\n" for each in hashes)))
            file.truncate()
            file.flush()
            os.fsync(file.fileno())

    def since(self, at: float, files: Sequence[Path]) -> set[str]:
        """The hashes of those erased since then, as far as these files and ours know."""
        found = set()
        for path in {self._file, *files}:
            if path.exists():
                lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
                found |= {name for when, name in lines if float(when) >= at}
        return found

    async def known_to(self, store: Store, pseudonyms: Iterable[str], at: float) -> set[str]:
        """The hashes of those among `pseudonyms` of whom a store knows that they were erased since then."""
        found = set()
        for each in pseudonyms:
            mark = await store.kept(_name(self.hidden(each)))
            if mark is not None and mark["at"] >= at:
                found.add(self.hidden(each))
        return found

    async def remember(self, store: Store, hashes: Iterable[str], now: float) -> None:
        """In the store."""
        for each in hashes:
            await store.keep(_name(each), {"at": now}, seconds=KEPT_SECONDS)


class Noting:
    """Notes the erasure of one seeker under all their pseudonyms, in both places."""

    def __init__(self, erased: Erased, store: Store, clock: Callable[[], float]) -> None:
        self._erased, self._store, self._clock = erased, store, clock

    async def __call__(self, pseudonyms: Sequence[str]) -> None:
        """A file that can't be written holds up no erasure: the store knows as well. Raises `StoreDown`."""
        now, hashes = self._clock(), [self._erased.hidden(each) for each in pseudonyms]
        await self._erased.remember(self._store, hashes, now)
        try:
            self._erased.write(hashes, now)
        except OSError as failure:
            _log.error("erasure_not_noted_in_the_file", extra={"kind": type(failure).__name__})


def _name(hidden: str) -> str:
    return f"erased:{hidden}"
