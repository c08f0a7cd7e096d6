"""Stores to test: the contract's tests run over the twin in memory and over a real Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from handoff.core.policy import Policy
from handoff.ports import Store
from handoff.sealing import Sealer
from handoff.store.memory import MemoryStore
from handoff.store.redis import RedisStore
from tests.store.making import KEY

OpenRedis = Callable[..., Awaitable[RedisStore]]


@pytest.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    made: Store
    if request.param == "memory":
        made = MemoryStore("main", Policy())
    else:
        url = request.getfixturevalue("redis_url")
        made = await RedisStore.connect(url, "main", Policy(), Sealer([KEY]))
    yield made
    await made.close()


@pytest.fixture
async def open_redis() -> AsyncIterator[OpenRedis]:
    """Opens stores on a Redis, each as a process of its own would; closes them afterwards."""
    async with AsyncExitStack() as stack:

        async def open_one(url: str, line: str = "main", keys: tuple[bytes, ...] = (KEY,), **policy: Any) -> RedisStore:
            made = await RedisStore.connect(url, line, Policy(**policy), Sealer(keys))
            stack.push_async_callback(made.close)
            return made

        yield open_one
