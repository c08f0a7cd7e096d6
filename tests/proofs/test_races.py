"""The long proofs of races, updates and days, in a short form."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handoff.store.redis import RedisStore
from tests.proofs import racing, updates
from tests.proofs.__main__ import keep
from tests.proofs.days import Run
from tests.proofs.desk import stores
from tests.proofs.rows import row


@pytest.fixture
async def line(redis_url: str) -> AsyncIterator[list[RedisStore]]:
    """A store to look with, and those of three processes."""
    async with stores(redis_url, 4) as made:
        yield made


async def test_a_thousand_racing_claims_of_one_conversation_have_one_winner(line: list[RedisStore]) -> None:
    assert await racing.one_conversation(line[0], line[1:]) == 1


async def test_a_thousand_racing_claims_of_two_hundred_fill_every_place_and_no_more(line: list[RedisStore]) -> None:
    assert await racing.many_conversations(line[0], line[1:]) == 100


async def test_three_thousand_scattered_deliveries_are_each_done_once(line: list[RedisStore]) -> None:
    told = await updates.deliver(line[0], line[1:], seekers=30, many=3000, seed=1)
    assert told.duplicates > 1000
    assert len(told.saved) > 1000


async def test_three_days_of_deadlines_end_with_nobody_forgotten(line: list[RedisStore]) -> None:
    days = await Run(line[0], 4, seed=5).through()
    assert days.swept > 100
    assert days.phases.total() >= 4


async def test_the_clock_alone_closes_nobody_who_is_in_danger(line: list[RedisStore]) -> None:
    class WithoutCrew(Run):
        async def _crew(self) -> None:
            """Nobody comes."""

    with pytest.raises(AssertionError, match="Counter"):
        await WithoutCrew(line[0], 4, seed=5).through()


def test_figures_are_added_to_the_file_and_replace_their_own_only(tmp_path: Path) -> None:
    out = tmp_path / "chaos.json"
    keep([row("one", 1, "", n=1), row("two", 2, "", n=1)], out)
    keep([row("two", 3, "", n=1)], out)
    assert {each["name"]: each["value"] for each in json.loads(out.read_text())} == {"one": 1, "two": 3}
