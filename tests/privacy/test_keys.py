"""Keys: where they come from, what rests under which, and how a new one takes over."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import redis
from cryptography.fernet import Fernet
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import create_async_engine
from typer.testing import CliRunner

from handoff.cli import app
from handoff.core.effects import Alert
from handoff.core.policy import Policy
from handoff.records import migrate
from handoff.rotation import SEALED_COLUMNS, Rotation
from handoff.sealing import SealBroken, Sealer, key_name
from handoff.store.erasing import erase_plan
from handoff.store.redis import RedisStore
from tests.privacy.conftest import NEW, OLD, text_of
from tests.proofs.clusters import cluster
from tests.store.making import NOW, a_parcel, a_supporter, an_entry, on_the_roster, save, waiting

OLD_NAME, NEW_NAME = key_name(OLD), key_name(NEW)
SEALED_FAMILIES = {
    "alerts", "board", "conversation", "dead", "feed", "kept", "lane", "margin", "roster", "secret", "tracker",
}  # fmt: skip


# --- what rests under which key -------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def rested(redis_url: str, tmp_path: Path) -> AsyncIterator[str]:
    """Something in every place where words rest, all of it under the old key; the database's address."""
    store = await RedisStore.connect(redis_url, "main", Policy(), Sealer([OLD]))
    made = waiting()
    await save(
        store, conversations=(made,), opens=made.id, margin=(an_entry(1),),
        feed=tuple((made.pseudonym, an_entry(seq)) for seq in range(1, 451)),
        parcels=(a_parcel("telegram:1"), a_parcel("telegram:2")),
        alerts=(Alert(kind="crisis", conversation=made.id, at=NOW, text="look"),),
    )  # fmt: skip
    await on_the_roster(store, a_supporter())
    hold = await store.claim_lane(["telegram"], 30, NOW)
    assert hold is not None
    await store.bury(hold, "gone", NOW)
    await store.keep("telegram:message", {"id": 1}, seconds=900, of="c1")
    await store.close()
    with redis.Redis.from_url(redis_url) as client:
        client.set("{main}:tracker:c1", Fernet(text_of(OLD)).encrypt(b"[]"), ex=500)
    url = f"sqlite+aiosqlite:///{tmp_path}/warmline.db"
    await _fill(url)
    yield url


async def _fill(url: str, times: int = 120) -> None:
    """Rows in every table that has sealed columns; the other columns hold whatever fits."""
    migrate(url)
    engine, sealer = create_async_engine(url), Sealer([OLD])
    async with engine.begin() as connection:
        for table in {table for table, _ in SEALED_COLUMNS}:
            rows = [
                {each.name: sealer.seal(b"words") if (table, each) in SEALED_COLUMNS else _some(each, number)
                 for each in table.columns}
                for number in range(times)
            ]  # fmt: skip
            await connection.execute(insert(table).values(rows))
    await engine.dispose()


def _some(column: Any, number: int) -> Any:
    return column.type.python_type(number if column.primary_key else 1)


@pytest.fixture
def rotation_of(redis_url: str, tmp_path: Path) -> Callable[..., Rotation]:
    def make(*keys: bytes) -> Rotation:
        return Rotation(redis_url, f"sqlite+aiosqlite:///{tmp_path}/warmline.db", "main", keys)

    return make


async def test_everything_sealed_is_counted_by_its_key(rested: str, rotation_of: Callable[..., Rotation]) -> None:
    rotation = rotation_of(NEW, OLD)
    census = await rotation.census()
    await rotation.close()
    places = {place for place, _ in census.found}
    assert places == SEALED_FAMILIES | {f"{table.name}.{column.name}" for table, column in SEALED_COLUMNS}
    assert census.under(NEW_NAME) == 0
    assert census.found["feed", OLD_NAME] == 450
    assert census.found["transcripts.words", OLD_NAME] == 120
    assert census.strangers == ()


async def test_rotating_leaves_nothing_under_the_old_key_and_changes_no_word_and_no_time(
    rested: str, rotation_of: Callable[..., Rotation], redis_url: str
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        before = {key: client.ttl(key) for key in client.keys("*")}
        scores = client.zrange("{main}:dead", 0, -1, withscores=True)[0][1]
    rotation = rotation_of(NEW, OLD)
    total = (await rotation.census()).under(OLD_NAME)
    assert await rotation.rotate(pause=0) == total - 1, "all, and the line's secret besides"
    after = await rotation.census()
    assert (after.under(OLD_NAME), after.under(NEW_NAME)) == (0, total)
    assert await rotation.rotate(pause=0) == 0
    await rotation.close()
    store = await RedisStore.connect(redis_url, "main", Policy(), Sealer([NEW]))
    assert [each.seq for each in await store.feed("p-ana")] == list(range(1, 451))
    assert (await store.dead_letters())[0].at == scores == NOW
    assert (await store.alerts())[0].text == "look"
    assert await store.kept("telegram:message") == {"id": 1}
    await store.close()
    with redis.Redis.from_url(redis_url) as client:
        assert Fernet(text_of(NEW)).decrypt(client.get("{main}:tracker:c1") or b"") == b"[]"
        now = {key: client.ttl(key) for key in client.keys("*")}
    assert now.keys() == before.keys()
    assert all(abs(now[key] - before[key]) < 60 for key in before), "what expires keeps its time"


async def test_a_key_that_is_not_here_is_named_and_nothing_under_it_is_touched(
    rested: str, rotation_of: Callable[..., Rotation], redis_url: str
) -> None:
    rotation = rotation_of(NEW)
    assert (await rotation.census()).strangers == (OLD_NAME, "unknown")
    assert await rotation.rotate(pause=0) == 0
    await rotation.close()
    with pytest.raises(SealBroken, match=f"sealed with the key {OLD_NAME}.*Put that key back"):
        await RedisStore.connect(redis_url, "main", Policy(), Sealer([NEW]))
    back = await RedisStore.connect(redis_url, "main", Policy(), Sealer([NEW, OLD]))
    assert len(await back.feed("p-ana")) == 450
    await back.close()


async def test_the_secret_stays_under_the_old_key_while_anything_else_does(
    rested: str, rotation_of: Callable[..., Rotation], redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever drops the old key too early is stopped at the door rather than in the middle of a conversation."""
    rotation = rotation_of(NEW, OLD)

    async def nothing(*_: Any, **__: Any) -> int:
        return 0

    monkeypatch.setattr(rotation._sql, "reseal", nothing)
    await rotation.rotate(pause=0)
    census = await rotation.census()
    await rotation.close()
    assert census.found["feed", OLD_NAME] == 0
    assert census.found["secret", OLD_NAME] == 1


async def test_what_was_erased_meanwhile_does_not_come_back(
    rested: str, rotation_of: Callable[..., Rotation], redis_url: str
) -> None:
    rotation = rotation_of(NEW, OLD)
    batches = [batch async for batch in rotation._redis._batches()]
    store = await RedisStore.connect(redis_url, "main", Policy(), Sealer([OLD]))
    await store.erase("p-ana", "c1")
    put = [await rotation._redis._put(each) for batch in batches for each in batch if each.family != "tracker"]
    assert any(put), "the roster was there still"
    await rotation.close()
    assert await store.feed("p-ana") == []
    assert await store.conversation("c1") is None
    await store.close()


async def test_a_dead_letter_put_under_a_new_key_while_it_is_erased_is_erased(
    rested: str, redis_url: str, rotation_of: Callable[..., Rotation], monkeypatch: pytest.MonkeyPatch
) -> None:
    rotation = rotation_of(NEW, OLD)

    async def then_rotated(*arguments: Any) -> bytes:
        made = await erase_plan(*arguments)
        await rotation.rotate(pause=0)
        return made

    monkeypatch.setattr("handoff.store.redis.erase_plan", then_rotated)
    store = await RedisStore.connect(redis_url, "main", Policy(), Sealer([NEW, OLD]))
    assert len(await store.dead_letters()) == 1
    await store.erase("p-ana", "c1")
    assert await store.dead_letters() == []
    await store.close()
    await rotation.close()


async def test_on_a_cluster_the_node_that_has_the_line_is_counted_and_rotated(tmp_path: Path) -> None:
    with cluster(3, spare=1) as made:
        url = f"sqlite+aiosqlite:///{tmp_path}/cluster.db"
        for line in ("north", "south", "east", "west"):
            store = await RedisStore.connect(made.url, line, Policy(), Sealer([OLD]))
            await save(store, feed=(("p-ana", an_entry(1)),))
            await store.close()
            rotation = Rotation(made.url, url, line, (NEW, OLD))
            assert (await rotation.census()).found["feed", OLD_NAME] == 1, line
            assert await rotation.rotate(pause=0) == 1
            assert (await rotation.census()).under(OLD_NAME) == 0
            await rotation.close()


# --- the commands ---------------------------------------------------------------------------------------------------


def test_status_and_rotate_say_what_an_operator_must_know(rested: str, given: Callable[..., None]) -> None:
    given(WARMLINE_KEYS=text_of(NEW, OLD))
    before = CliRunner().invoke(app, ["keys", "status", "--full"])
    assert before.exit_code == 0
    assert f"{NEW_NAME}  seals" in before.output
    assert f"{OLD_NAME}  opens" in before.output
    assert "transcripts.words" in before.output
    assert "may be dropped" not in before.output
    done = CliRunner().invoke(app, ["keys", "rotate"])
    assert done.exit_code == 0, done.output
    assert f"Nothing is sealed with {OLD_NAME} any more: it may be dropped" in done.output
    for output in (before.output, done.output):
        assert text_of(OLD) not in output
        assert text_of(NEW) not in output


def test_status_names_a_key_that_is_missing(rested: str, given: Callable[..., None]) -> None:
    given(WARMLINE_KEYS=text_of(NEW))
    done = CliRunner().invoke(app, ["keys", "status"])
    assert done.exit_code == 1
    assert f"{OLD_NAME}  not here" in done.output
    assert "Put back at the end of WARMLINE_KEYS" in done.output


def test_a_store_that_is_down_is_one_sentence(given: Callable[..., None]) -> None:
    given(WARMLINE_KEYS=text_of(NEW), REDIS_URL="redis://127.0.0.1:1/0")
    done = CliRunner().invoke(app, ["keys", "status"])
    assert done.exit_code == 1
    assert "warmline doctor" in done.output
    assert "Traceback" not in done.output


def test_the_doctor_finds_a_missing_key_and_says_what_cures_it(rested: str, given: Callable[..., None]) -> None:
    given(WARMLINE_KEYS=text_of(NEW))
    told = CliRunner().invoke(app, ["doctor"]).output
    assert f"sealed with the key {OLD_NAME}" in told
    assert "Put that key back" in told
    given(WARMLINE_KEYS=text_of(NEW, OLD))
    told = CliRunner().invoke(app, ["doctor"]).output
    assert f"{NEW_NAME} seals, {OLD_NAME} only open" in told
