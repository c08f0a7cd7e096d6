"""Tasks that belong together: when one ends, the others are stopped, and how it ended is how all did."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


async def until_one_ends(*works: Coroutine[None, None, None]) -> None:
    """Run all until the first ends; raises what it raised. Nothing is left running, whatever happens."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        endings = await asyncio.gather(*tasks, return_exceptions=True)
    failures = [ending for task, ending in zip(tasks, endings, strict=True) if task in done and ending is not None]
    if failures:
        raise failures[0]


class Nudge:
    """An `asyncio.Event` for one who waits. Every open page has several, and the library's is ten times as large."""

    __slots__ = ("_is_set", "_waiting")

    def __init__(self) -> None:
        self._is_set = False
        self._waiting: asyncio.Future[None] | None = None

    def set(self) -> None:
        self._is_set = True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def clear(self) -> None:
        self._is_set = False

    async def wait(self) -> None:
        """Until it is set; at once where it is."""
        while not self._is_set:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
