"""What rests sealed in Redis, by the key that sealed it, and putting it under the newest while everybody works."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from redis.asyncio.connection import AbstractConnection

from handoff.sealing import Sealer, TokenSealer
from handoff.store.nodes import Nodes
from handoff.store.wire import Wire

SECRET = "secret"
"""Put under the newest key last of all, so that it opens without the old key only when everything else does."""
_AT_ONCE = 200
_WHOLE_HASHES = frozenset({"board", "roster"})
_FIELDS = {"conversation": b"r", "kept": b"v"}
_LISTS = frozenset({"feed", "margin", "lane"})
TRACKERS = "tracker"


class Seals(Protocol):
    """Knows keys by their names, and puts what was sealed under the newest."""

    @property
    def newest(self) -> str: ...

    def sealed_with(self, sealed: bytes) -> str: ...

    def reseal(self, sealed: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Resting:
    """One sealed value. `key` without the line's prefix; `before`: what stands in clear in front of it."""

    family: str
    key: str
    type: str
    place: bytes | int
    sealed: bytes = field(repr=False)
    before: bytes = b""


class RedisSeals:
    """Everything sealed of one line, in small batches. Every method raises `StoreDown`."""

    def __init__(self, url: str, line: str, sealer: Sealer, tokens: TokenSealer) -> None:
        self._prefix = f"{{{line}}}"
        self._wire = Wire(Nodes(url, self._prefix), self._prefix, _say_nothing)
        self._sealer, self._tokens = sealer, tokens

    async def counted(self) -> Counter[tuple[str, str]]:
        """How many values there are by family and by the name of the key that sealed them."""
        found: Counter[tuple[str, str]] = Counter()
        async for batch in self._batches():
            found.update((each.family, self._seals(each).sealed_with(each.sealed)) for each in batch)
        return found

    async def reseal(self, names: frozenset[str], *, pause: float) -> int:
        """Put what these keys sealed under the newest, all but the line's secret; how many values that were."""
        done = 0
        async for batch in self._batches():
            old = [
                each for each in batch if each.family != SECRET and self._seals(each).sealed_with(each.sealed) in names
            ]
            done += sum(await asyncio.gather(*(self._put(each) for each in old)))
            await asyncio.sleep(pause if old else 0)
        return done

    async def open_secret(self) -> None:
        """Raises `SealBroken` where it rests under a key that is not ours; changes nothing."""
        for each in await self._strings(SECRET, SECRET):
            self._sealer.open(each.sealed)

    async def reseal_secret(self) -> None:
        """The last step."""
        for each in await self._strings(SECRET, SECRET):
            await self._put(each)

    async def close(self) -> None:
        await self._wire.close()
        await asyncio.sleep(0)  # a command may end with this; the connection closes in the loop's next turn

    def _seals(self, resting: Resting) -> Seals:
        return self._tokens if resting.family == TRACKERS else self._sealer

    async def _put(self, each: Resting) -> bool:
        anew = each.before + self._seals(each).reseal(each.sealed)
        place = each.place if isinstance(each.place, bytes) else str(each.place)
        return bool(await self._wire.run("reseal", each.key, each.type, place, each.before + each.sealed, anew))

    async def _batches(self) -> AsyncIterator[list[Resting]]:
        await self._wire.ask("EXISTS", f"{self._prefix}:{SECRET}")  # a cluster leads to the node that has the line
        cursor = b"0"
        while True:
            cursor, keys = await self._wire.ask("SCAN", cursor, "MATCH", f"{self._prefix}:*", "COUNT", _AT_ONCE)
            for key in keys:
                async for batch in self._of(key.decode().removeprefix(f"{self._prefix}:")):
                    yield batch
            if int(cursor) == 0:
                return

    async def _of(self, key: str) -> AsyncIterator[list[Resting]]:
        family = key.partition(":")[0]
        if family in _LISTS:
            async for batch in self._list(family, key):
                yield batch
        elif reader := self._reader(family, key):
            yield await reader(family, key)

    def _reader(self, family: str, key: str) -> Callable[[str, str], Any] | None:
        if family in (SECRET, TRACKERS):
            return self._strings
        if family in _FIELDS:
            return self._fields
        if key in _WHOLE_HASHES:
            return self._hashes
        return {"alerts": self._alerts, "dead": self._letters}.get(key)

    async def _strings(self, family: str, key: str) -> list[Resting]:
        found = await self._wire.ask("GET", f"{self._prefix}:{key}")
        return [] if found is None else [Resting(family, key, "string", b"", found)]

    async def _fields(self, family: str, key: str) -> list[Resting]:
        name = _FIELDS[family]
        found = await self._wire.ask("HGET", f"{self._prefix}:{key}", name)
        return [] if found is None else [Resting(family, key, "hash", name, found)]

    async def _hashes(self, family: str, key: str) -> list[Resting]:
        found = await self._wire.ask("HGETALL", f"{self._prefix}:{key}")
        return [Resting(family, key, "hash", name, value) for name, value in zip(found[::2], found[1::2], strict=True)]

    async def _alerts(self, family: str, key: str) -> list[Resting]:
        """In front of each stands how often it was raised."""
        parted = [(each, *each.sealed.partition(b" ")) for each in await self._hashes(family, key)]
        return [
            Resting(family, key, "hash", each.place, sealed, times + space) for each, times, space, sealed in parted
        ]

    async def _letters(self, family: str, key: str) -> list[Resting]:
        found = await self._wire.ask("ZRANGE", f"{self._prefix}:{key}", 0, -1)
        return [Resting(family, key, "zset", b"", each) for each in found]

    async def _list(self, family: str, key: str) -> AsyncIterator[list[Resting]]:
        first = 0
        while found := await self._wire.ask("LRANGE", f"{self._prefix}:{key}", first, first + _AT_ONCE - 1):
            yield [Resting(family, key, "list", first + count, each) for count, each in enumerate(found)]
            first += len(found)


async def _say_nothing(connection: AbstractConnection) -> None:
    """Counting and resealing need no secret of the line; its keys may be the very thing that is amiss."""
