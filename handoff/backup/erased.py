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
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from handoff.ports import Store

_log = logging.getLogger(__name__)

FILE = "erased.list"
KEPT_SECONDS = 90 * 86_400.0
"""Backups older than this are not restored. Our own choice: three times as long as words are kept."""
_LINE = re.compile(r"(?P<at>[0-9]{1,12}(?:\.[0-9]+)?) (?P<hash>[0-9a-f]{32})", re.ASCII)


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

    def write(self, erasures: Mapping[str, float], now: float) -> None:
        """Add hashes with when they were erased, and drop from the file what is older than ninety days. What it knows
        already is not added again. Raises OSError."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+", encoding="ascii", errors="replace") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            young = [each for each in _read(file.read()) if each[1] > now - KEPT_SECONDS]
            file.seek(0)
            file.writelines(f"{at:.0f} {name}\n" for name, at in (*young, *_unknown(erasures, young)))
            file.truncate()
            file.flush()
            os.fsync(file.fileno())

    def since(self, at: float, files: Sequence[Path]) -> dict[str, float]:
        """The hashes of those erased since then and when that was, as far as these files and ours know. Lines that are
        no erasure (one that a full disk cut off, say) are passed over. Raises OSError."""
        found: dict[str, float] = {}
        for path in (self._file, *files):
            if path.exists():
                _add(
                    found, (each for each in _read(path.read_text(encoding="ascii", errors="replace")) if each[1] >= at)
                )
        return found

    async def known_to(self, store: Store, pseudonyms: Iterable[str], at: float) -> dict[str, float]:
        """The hashes of those among `pseudonyms` of whom a store knows that they were erased since then, and when."""
        found = {}
        for each in pseudonyms:
            mark = await store.kept(_name(self.hidden(each)))
            if mark is not None and mark["at"] >= at:
                found[self.hidden(each)] = float(mark["at"])
        return found

    async def remember(self, store: Store, erasures: Mapping[str, float], now: float) -> None:
        """In the store, until ninety days after they were erased."""
        for each, at in erasures.items():
            if (left := at + KEPT_SECONDS - now) > 0:
                await store.keep(_name(each), {"at": at}, seconds=left)


class Noting:
    """Notes the erasure of one seeker under all their pseudonyms, in both places."""

    def __init__(self, erased: Erased, store: Store, clock: Callable[[], float]) -> None:
        self._erased, self._store, self._clock = erased, store, clock

    async def __call__(self, pseudonyms: Sequence[str]) -> None:
        """A file that can't be written holds up no erasure: the store knows as well. Raises `StoreDown`."""
        now = self._clock()
        erasures = {self._erased.hidden(each): now for each in pseudonyms}
        await self._erased.remember(self._store, erasures, now)
        try:
            self._erased.write(erasures, now)
        except OSError as failure:
            _log.error("erasure_not_noted_in_the_file", extra={"kind": type(failure).__name__})


def _read(text: str) -> Iterator[tuple[str, float]]:
    """Every line that is an erasure: the hash, and when that was."""
    for line in text.splitlines():
        if found := _LINE.fullmatch(line.strip()):
            yield found["hash"], float(found["at"])


def _unknown(erasures: Mapping[str, float], known: Iterable[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """Those that are not noted at that second or later."""
    newest: dict[str, float] = {}
    _add(newest, known)
    return ((name, at) for name, at in erasures.items() if newest.get(name, 0.0) < round(at))


def _add(to: dict[str, float], erasures: Iterable[tuple[str, float]]) -> None:
    """Of each hash the latest time."""
    for name, at in erasures:
        to[name] = max(at, to.get(name, at))


def _name(hidden: str) -> str:
    return f"erased:{hidden}"
