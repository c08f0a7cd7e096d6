"""A Redis that is gone, stuck, full, read-only, foreign or too new: a clear `StoreDown`, and all well afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import redis
import uvloop
from redis.asyncio.connection import AbstractConnection

from handoff.core.policy import Policy
from handoff.ports import Commit, Notice, Outcome, Store, StoreDown
from handoff.sealing import SealBroken, Sealer
from handoff.store import connection, wire
from handoff.store.connection import new_connection
from handoff.store.failures import NewerFormat
from handoff.store.redis import RedisStore
from tests.store.conftest import OpenRedis
from tests.store.making import KEY, NOW, a_conversation, a_parcel, an_entry, opened, save, stored, until

if TYPE_CHECKING:
    from tests.conftest import RedisProcess


@contextmanager
def stuck(url: str) -> Iterator[None]:
    """The server's process stands still, with all its connections open."""
    with redis.Redis.from_url(url) as client:
        process = client.info("server")["process_id"]
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@asynccontextmanager
async def soon() -> AsyncIterator[None]:
    """Nothing may hang. The bound is wide: it is not a measurement."""
    async with asyncio.timeout(20):
        yield


async def works_again(store: Store) -> bool:
    try:
        await store.ping()
    except StoreDown:
        return False
    return True


async def test_no_server_is_a_store_that_is_down(free_port: Callable[[], int]) -> None:
    with pytest.raises(StoreDown, match="cannot be reached"):
        await RedisStore.connect(f"redis://127.0.0.1:{free_port()}", "main", Policy(), Sealer([KEY]))


def test_a_connection_that_closes_under_a_command_is_a_store_that_is_down_on_the_loop_that_serves(
    own_redis: RedisProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a turn or two of uvloop nobody has been told, and it refuses the command with an error of its own."""
    made: list[AbstractConnection] = []

    def remembered(url: str) -> AbstractConnection:
        made.append(new_connection(url))
        return made[-1]

    async def asked(store: RedisStore, turns: int) -> None:
        assert await works_again(store)
        writer = made[-1]._writer
        assert writer is not None
        writer.transport.abort()
        for _ in range(turns):
            await asyncio.sleep(0)
        async with soon():
            with suppress(StoreDown):
                await store.seen("an event")

    async def at_every_turn() -> None:
        store = await RedisStore.connect(own_redis.url, "main", Policy(), Sealer([KEY]))
        try:
            for turns in range(6):
                await asked(store, turns)
        finally:
            await store.close()

    monkeypatch.setattr(wire, "new_connection", remembered)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(at_every_turn())


async def test_a_server_that_died_is_down_and_comes_back_with_everything(
    own_redis: RedisProcess, open_redis: OpenRedis
) -> None:
    store = await open_redis(own_redis.url)
    conversation = await opened(store, a_conversation())
    await save(store, feed=((conversation.pseudonym, an_entry(1)),), parcels=(a_parcel("records"),))
    own_redis.kill()
    for _ in range(3):
        with pytest.raises(StoreDown, match="cannot be reached"):
            await save(store, conversations=(conversation,))
    with pytest.raises(StoreDown):
        await store.feed(conversation.pseudonym)
    own_redis.start()
    assert await stored(store, "c1") == conversation
    assert len(await store.feed(conversation.pseudonym)) == 1
    assert await store.claim_lane(["records"], 30, NOW) is not None
    assert await save(store, conversations=(conversation,)) is Outcome.DONE


async def test_a_server_that_stands_still_is_down_not_waited_for(
    own_redis: RedisProcess, open_redis: OpenRedis
) -> None:
    store = await open_redis(own_redis.url)
    conversation = await opened(store, a_conversation())
    with stuck(own_redis.url):
        async with soon():
            failed = await asyncio.gather(*(save(store) for _ in range(20)), return_exceptions=True)
            assert all(isinstance(each, StoreDown) for each in failed)
            with pytest.raises(StoreDown):
                await store.ping()
            with pytest.raises(StoreDown):
                async with store.listen(["desk"]):
                    pass
    async with soon():
        assert await save(store, conversations=(conversation,)) is Outcome.DONE


async def test_a_commit_without_an_answer_is_found_out_by_sending_it_again(
    own_redis: RedisProcess, open_redis: OpenRedis
) -> None:
    store = await open_redis(own_redis.url)
    conversation = await opened(store, a_conversation())
    commit = Commit(event_id="update/1", conversations=(conversation,))
    with stuck(own_redis.url), pytest.raises(StoreDown):
        await store.commit(commit, NOW)
    outcomes = {await store.commit(commit, NOW), await store.commit(commit, NOW)}
    assert Outcome.CONFLICT not in outcomes
    assert (await stored(store, "c1")).version == 2


async def test_listeners_hear_of_a_break_and_then_go_on(own_redis: RedisProcess, open_redis: OpenRedis) -> None:
    store = await open_redis(own_redis.url)
    async with store.listen(["feed:p-ana", "desk"]) as notices:
        await save(store, feed=(("p-ana", an_entry(1)),))
        assert (await anext(notices)).body.seq == 1
        own_redis.kill()
        own_redis.start()
        async with soon():
            assert {(await anext(notices)).kind for _ in range(2)} == {"gap"}
            await save(store, feed=(("p-ana", an_entry(2)),))
            assert (await anext(notices)).body.seq == 2
        assert [each.seq for each in await store.feed("p-ana")] == [1, 2]


async def test_listeners_notice_a_server_that_stands_still(own_redis: RedisProcess, open_redis: OpenRedis) -> None:
    store = await open_redis(own_redis.url)
    async with store.listen(["desk"]) as notices:
        async with soon():
            with stuck(own_redis.url):
                await asyncio.sleep(4.5)
            assert await anext(notices) == Notice("desk", "gap")
        await store.publish(Notice("desk", "changed", "queue"))
        assert await anext(notices) == Notice("desk", "changed", "queue")


async def test_a_break_while_nothing_is_asked_is_not_even_noticed_by_who_asks_next(
    redis_url: str, open_redis: OpenRedis
) -> None:
    store = await open_redis(redis_url)
    with redis.Redis.from_url(redis_url) as client:
        client.client_kill_filter(_type="normal", skipme=True)
    await asyncio.sleep(0.05)
    assert await save(store) is Outcome.DONE


async def test_a_read_only_replica_is_down_until_it_leads_again(own_redis: RedisProcess, open_redis: OpenRedis) -> None:
    store = await open_redis(own_redis.url)
    with redis.Redis.from_url(own_redis.url) as client:
        client.replicaof("127.0.0.1", own_redis.server.port + 1)
        with pytest.raises(StoreDown):
            await save(store)
        client.replicaof("NO", "ONE")
    assert await save(store) is Outcome.DONE


async def test_a_full_server_is_down_and_takes_half_of_nothing(own_redis: RedisProcess, open_redis: OpenRedis) -> None:
    store = await open_redis(own_redis.url)
    with redis.Redis.from_url(own_redis.url) as client:
        client.config_set("maxmemory", 1)
        with pytest.raises(StoreDown, match="OutOfMemory"):
            await save(store, conversations=(a_conversation(),), feed=(("p-ana", an_entry(1)),))
        client.config_set("maxmemory", 0)
    assert await store.conversation("c1") is None
    assert await store.feed("p-ana") == []
    assert await save(store) is Outcome.DONE


async def test_a_wrong_password_is_said_so(own_redis: RedisProcess, free_port: Callable[[], int]) -> None:
    with redis.Redis.from_url(own_redis.url) as client:
        client.config_set("requirepass", "right")
    url = own_redis.url.replace("redis://", "redis://:wrong@")
    with pytest.raises(StoreDown, match=r"(?i)password"):
        await RedisStore.connect(url, "main", Policy(), Sealer([KEY]))


async def test_forgotten_scripts_are_brought_again(redis_url: str, open_redis: OpenRedis) -> None:
    store = await open_redis(redis_url)
    await save(store)
    with redis.Redis.from_url(redis_url) as client:
        client.script_flush()
    assert await save(store) is Outcome.DONE


async def test_a_store_of_a_newer_format_is_refused(redis_url: str, open_redis: OpenRedis) -> None:
    await (await open_redis(redis_url)).close()
    with redis.Redis.from_url(redis_url) as client:
        client.set("{main}:format", 2)
    with pytest.raises(NewerFormat, match="format 2, this Warmline reads up to 1; update"):
        await open_redis(redis_url)


async def test_a_store_sealed_with_another_key_is_refused(redis_url: str, open_redis: OpenRedis) -> None:
    await open_redis(redis_url)
    with pytest.raises(SealBroken, match="WARMLINE_KEYS"):
        await open_redis(redis_url, keys=(b"x" * 32,))


async def test_rotated_keys_read_what_the_old_ones_sealed(redis_url: str, open_redis: OpenRedis) -> None:
    before = await opened(await open_redis(redis_url), a_conversation(recent=("hello",)))
    rotated = await open_redis(redis_url, keys=(b"n" * 32, KEY))
    assert await stored(rotated, "c1") == before
    await save(rotated, conversations=(replace(before, language="es"),))
    assert (await stored(rotated, "c1")).language == "es"


async def test_processes_agree_again_after_redis_lost_everything(
    own_redis: RedisProcess, open_redis: OpenRedis
) -> None:
    one, two = await open_redis(own_redis.url), await open_redis(own_redis.url)
    with redis.Redis.from_url(own_redis.url) as client:
        client.flushall()
    own_redis.stop()
    own_redis.start()
    three = await open_redis(own_redis.url)
    for store in (one, two, three):
        await until(lambda store=store: works_again(store))  # type: ignore[misc]
        await save(store, parcels=(a_parcel("telegram:42"),))
    assert (await one.counts())["lanes"] == 1
    assert await save(two) is Outcome.DONE


async def test_a_cancelled_question_does_not_shift_the_answers_of_others(redis_url: str, open_redis: OpenRedis) -> None:
    store = await open_redis(redis_url)
    for n in range(40):
        await opened(store, a_conversation(f"c{n}", f"s{n}"))
    asked = [asyncio.create_task(store.conversation(f"c{n}")) for n in range(40)]
    await asyncio.sleep(0)
    for task in asked[::2]:
        task.cancel()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    for n, answer in enumerate(answers):
        assert isinstance(answer, asyncio.CancelledError) if n % 2 == 0 else answer.id == f"c{n}"  # type: ignore[union-attr]
    assert (await stored(store, "c39")).id == "c39"


class Slowly:
    """A connection on which one answer after the other comes, up to so many."""

    def __init__(self, answers: int) -> None:
        self.is_connected = True
        self._left = answers

    async def send_packed_command(self, command: bytes, check_health: bool) -> None:
        """It is always taken."""

    async def read_response(self, **_: object) -> int:
        await asyncio.sleep(0.04 if self._left else 60)
        self._left -= 1
        return 1

    async def disconnect(self, nowait: bool) -> None:
        self.is_connected = False


@pytest.mark.parametrize("answers", [20, 3])
async def test_commands_that_are_answered_one_by_one_are_waited_for_until_nothing_comes(
    monkeypatch: pytest.MonkeyPatch, answers: int
) -> None:
    """A thousand who write in one moment are all answered, the last of them later than one command may take."""
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.05)
    line = connection.Line(Slowly(answers))  # type: ignore[arg-type]
    came = await asyncio.gather(*(line.ask(b"") for _ in range(20)), return_exceptions=True)
    assert came[:answers] == [1] * answers
    assert all(isinstance(each, StoreDown) for each in came[answers:])
    await line.close(StoreDown("over"))
