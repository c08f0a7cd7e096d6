"""A line in a cluster of Redis: copied and put back on the node that has it, and known to be served there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handoff.backup.failures import BackupFailed
from handoff.backup.restoring import restore
from handoff.backup.taking import take
from handoff.house import make_sealer
from handoff.ports import StoreDown
from handoff.settings import Settings
from handoff.store.copying import line_keys
from handoff.store.redis import RedisStore
from tests.proofs.clusters import Cluster, cluster
from tests.store.making import a_conversation, opened

LINES = ("north", "south", "east", "west")


@pytest.fixture(scope="module")
def house() -> Iterator[Cluster]:
    with cluster(3) as made:
        yield made


async def opened_store(settings: Settings) -> RedisStore:
    return await RedisStore.connect(settings.redis_url, settings.line, settings.policy(), make_sealer(settings))


async def test_lines_on_every_node_come_back_from_their_copies(
    house: Cluster, make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    lines = [make_settings(redis_url=house.url, line=line) for line in LINES]
    assert len({house.home_of(line).port for line in LINES}) == 3
    for each in lines:
        store = await opened_store(each)
        await opened(store, a_conversation(f"c-{each.line}"))
        await store.close()
        await take(each, tmp_path / each.line)
    for each in lines:
        async with line_keys(each.redis_url, each.line) as keys:
            await keys.clear()
        assert not [key for key in house.keys(house.home_of(each.line)) if key.startswith(f"{{{each.line}}}")]
        done = await restore(each, tmp_path / each.line, replace=False)
        assert done.keys > 0
        store = await opened_store(each)
        assert await store.conversation(f"c-{each.line}") is not None
        await store.close()


async def test_a_line_that_is_served_on_its_node_is_not_put_back(
    house: Cluster, make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    for line in LINES:
        settings = make_settings(redis_url=house.url, line=line)
        await take(settings, tmp_path / f"copy-{line}")
        store = await opened_store(settings)
        async with store.listen(["lanes"]):
            with pytest.raises(BackupFailed, match="The service of this line runs"):
                await restore(settings, tmp_path / f"copy-{line}", replace=True)
        await store.close()


async def test_a_cluster_that_is_away_is_a_store_that_is_down() -> None:
    with pytest.raises(StoreDown, match="did not answer"):
        async with line_keys("redis+cluster://127.0.0.1:1,127.0.0.1:2", "north"):
            pass
