"""A line's keys taken out of Redis as they are, sealed as they lie there, and put back into an empty place."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from handoff.store.failures import down
from handoff.store.nodes import Nodes
from handoff.store.wire import load_scripts

_NOT_COPIED = ("link:", "session:", "sign-ins:", "lease:")
"""Whoever signed out must not be signed in again, and nobody has a lease any more."""
_AT_ONCE = 500
_PATIENCE = 120.0


class CopyRefused(Exception):
    """Redis does not take a copy back; the message says what to do."""


@dataclass(frozen=True, slots=True)
class KeptKey:
    """One key: its name without the line's prefix, when it ends (milliseconds since the epoch, 0: never), its dump."""

    name: str
    ends: int
    dump: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Copy:
    """All keys at one moment (seconds since the epoch), and the version of the server they came from."""

    at: float
    server: str
    keys: tuple[KeptKey, ...]


class LineKeys:
    """The keys of one line at one address."""

    def __init__(self, client: Redis, line: str) -> None:
        self._client: Any = client
        self._prefix = f"{{{line}}}"

    async def copy(self) -> Copy:
        """Everything but sign-ins and leases. Redis stands still meanwhile: some forty microseconds a key."""
        server = str((await self._client.info("server"))["redis_version"])
        at, *found = await self._client.eval(load_scripts()["copy"].text, 1, self._prefix)
        now = int(at)
        keys = tuple(
            KeptKey(name.decode(), now + left if left >= 0 else 0, dump)
            for name, left, dump in found
            if dump is not None and not name.decode().startswith(_NOT_COPIED)
        )
        return Copy(now / 1000, server, keys)

    async def names(self) -> list[str]:
        """Every key there is now, without the prefix."""
        found = [key.decode() async for key in self._client.scan_iter(f"{self._prefix}:*", count=1000)]
        return [name.removeprefix(f"{self._prefix}:") for name in found]

    async def is_served(self) -> bool:
        """Whether a process of this line is connected and listens."""
        [(_, listening)] = await self._client.pubsub_numsub(f"{self._prefix}:topic:lanes")
        return int(listening) > 0

    async def clear(self) -> None:
        """Remove every key of this line."""
        for some in _in_parts(await self.names()):
            await self._client.unlink(*(f"{self._prefix}:{name}" for name in some))

    async def put_back(self, keys: Sequence[KeptKey]) -> int:
        """Put back what has not expired; returns how many keys that were. Raises `CopyRefused`.

        What waits in a lane may have been delivered after the copy was made: whoever carries it is told so.
        """
        now = time.time() * 1000
        living = [each for each in keys if not 0 < each.ends <= now]
        for some in _in_parts(living):
            await self._restore(some)
        await self._doubt_the_lanes([each.name for each in living if each.name.startswith("lanes:")])
        return len(living)

    async def _restore(self, some: Sequence[KeptKey]) -> None:
        pipeline = self._client.pipeline(transaction=False)
        for each in some:
            pipeline.restore(f"{self._prefix}:{each.name}", each.ends, each.dump, absttl=each.ends > 0)
        try:
            await pipeline.execute()
        except ResponseError as refusal:
            raise CopyRefused(f"Redis refuses the copy ({str(refusal).partition(' ')[0]}).") from None

    async def _doubt_the_lanes(self, indexes: Iterable[str]) -> None:
        for index in indexes:
            for lane in await self._client.zrange(f"{self._prefix}:{index}", 0, -1):
                await self._client.hset(f"{self._prefix}:hold:{lane.decode()}", "u", 1)


@asynccontextmanager
async def line_keys(url: str, line: str) -> AsyncIterator[LineKeys]:
    """The keys of one line, on the node that has them, while the context lasts. Raises `StoreDown`."""
    try:
        client: Any = Redis.from_url(
            await Nodes(url, f"{{{line}}}").now(), socket_timeout=_PATIENCE, socket_connect_timeout=5
        )
        try:
            yield LineKeys(client, line)
        finally:
            await client.aclose()
    except RedisError as error:
        raise down(f"did not answer ({type(error).__name__})") from None


def _in_parts(names: Sequence[Any]) -> list[Sequence[Any]]:
    return [names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE)]
