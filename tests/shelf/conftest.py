"""A shelf in SQLite and one in a real PostgreSQL: every test that asks for `shelf` runs on both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from handoff.sealing import Sealer
from handoff.shelf import SqlShelf
from tests.records.conftest import postgres, rows, store, url
from tests.store.making import KEY, NOW

__all__ = ["Clock", "clock", "postgres", "rows", "shelf", "store", "url"]
LIMIT = 100_000
WEEK = 604_800


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def shelf(url: str, clock: Clock) -> AsyncIterator[SqlShelf]:
    made = SqlShelf(url, Sealer([KEY]), clock, limit=LIMIT, seconds=WEEK)
    yield made
    await made.close()
