"""How far the event loop is behind its clock: a page that waits because something else takes too long shows here."""

from __future__ import annotations

import asyncio

from handoff.watching.port import Watching

_EVERY = 0.5


async def watch_the_loop(watching: Watching) -> None:
    """Measure twice a second, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        wanted = loop.time() + _EVERY
        await asyncio.sleep(_EVERY)
        watching.took("loop", max(0.0, loop.time() - wanted))
