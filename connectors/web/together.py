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
