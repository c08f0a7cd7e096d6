"""Counting what a service asks of Redis while something happens."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress
from urllib.parse import urlsplit

from handoff.store.wire import load_scripts

_LINE = re.compile(rb'^\+[\d.]+ \[\d+ (?!lua)[^\]]+\] "(\w+)"(?: "([0-9a-f]{40})")?')
_WRITING = frozenset({"commit", "mark", "lane_release"})
_PASSED_OVER = frozenset({"lane_claim", "ping", "monitor"})
"""What goes on whether or not anybody talks."""
_LONGEST_LINE = 2**22
_AFTERMATH_SECONDS = 0.5
"""What something causes after it is done, and MONITOR's own delay."""


async def round_trips(url: str, doing: Awaitable[int]) -> tuple[float, float, Counter[str]]:
    """Reads and writes for each of the things that `doing` says it did, and all commands by name."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=_LONGEST_LINE)
    writer.write(b"MONITOR\r\n")
    await reader.readline()
    names: Counter[str] = Counter()
    tallying = asyncio.create_task(_tally(reader, names))
    done = await doing
    await asyncio.sleep(_AFTERMATH_SECONDS)
    tallying.cancel()
    with suppress(asyncio.CancelledError):
        await tallying
    writer.close()
    for name in _PASSED_OVER:
        del names[name]
    writes = sum(count for name, count in names.items() if name in _WRITING)
    return (names.total() - writes) / done, writes / done, names


async def _tally(reader: asyncio.StreamReader, names: Counter[str]) -> None:
    scripts = {script.sha.encode(): name for name, script in load_scripts().items()}
    while line := await reader.readline():
        found = _LINE.match(line)
        if found:
            names[scripts.get(found[2] or b"", found[1].decode().lower())] += 1
