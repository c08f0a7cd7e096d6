"""Records and shelf may both bring the database up at the first start, from threads of one process."""

from __future__ import annotations

import asyncio
from pathlib import Path

from handoff.records import migrate


async def test_bringing_the_database_up_twice_at_once_brings_it_up_once(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/records.db"
    await asyncio.gather(*(asyncio.to_thread(migrate, url) for _ in range(4)))
    await asyncio.to_thread(migrate, url)
