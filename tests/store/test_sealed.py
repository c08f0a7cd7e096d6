"""Nothing a person wrote, and no address of theirs, can be read in Redis or in its files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import redis

from handoff.core.conversation import Deadline, Intake, Reason
from handoff.core.effects import Alert
from handoff.core.entries import Button
from handoff.core.ids import Address
from handoff.core.risk import Tier
from handoff.ports import Commit, Notice, Outcome, SignIn
from handoff.store.redis import RedisStore
from tests.store.conftest import OpenRedis
from tests.store.making import NOW, a_parcel, a_supporter, an_entry, waiting

if TYPE_CHECKING:
    from tests.conftest import RedisProcess

CANARY = "canary"
ADDRESS = "424242424242"


def a_telling_commit() -> Commit:
    """A commit with the canary in every place where words can be."""
    conversation = waiting(
        seeker=Address("telegram", ADDRESS),
        pseudonym="k5xq",
        recent=(f"{CANARY} recent",),
        intake=Intake(name=f"{CANARY} name", topics=(f"{CANARY}-topic",), preferences=(f"{CANARY} wish",)),
        reasons=(Reason(Tier.ACTIVE, f"{CANARY} domain", f"{CANARY} reason", NOW, 1),),
        supporter_name=f"{CANARY} supporter",
        tier=Tier.ACTIVE,
        deadlines={Deadline.ASSIGN: NOW},
    )
    buttons = (Button(f"{CANARY} title", f"{CANARY} payload"),)
    telling: dict[str, Any] = {"text": f"{CANARY} text", "buttons": buttons, "body": {f"{CANARY} key": [f"{CANARY}"]}}
    return Commit(
        event_id=f"telegram:{ADDRESS}:{CANARY}",
        conversations=(conversation,),
        supporters=(replace(a_supporter(), name=f"{CANARY} name", topics=(f"{CANARY}-topic",)),),
        opens="c1",
        feed=(("k5xq", an_entry(1, name=f"{CANARY} name", **telling)),),
        margin=(an_entry(1, **telling),),
        parcels=(
            a_parcel(f"telegram:{ADDRESS}", text=f"{CANARY} parcel"),
            a_parcel("records", text=f"{CANARY} record"),
        ),
        alerts=(Alert(kind="crisis", conversation="c1", at=NOW, text=f"{CANARY} alert"),),
    )


async def tell_everything(store: RedisStore) -> None:
    async with store.listen(["feed:k5xq"]) as notices:
        assert await store.commit(a_telling_commit(), NOW) is Outcome.DONE
        assert CANARY in (await anext(notices)).body.text
        await store.publish(Notice("feed:k5xq", "typing", f"{CANARY} typing"))
        assert CANARY in (await anext(notices)).body
    async with store.listen(["typing"]) as notices:
        await store.publish(Notice("typing", "typing", ("c1", f"{CANARY} typing")))
        assert CANARY in (await anext(notices)).body[1]
    for of in ("", "k5xq", f"chat:{ADDRESS}:{CANARY}"):
        kept = {f"{CANARY} key": f"{CANARY} kept", "chat": ADDRESS}
        assert await store.keep(f"telegram:{ADDRESS}:{CANARY}:{of}", kept, seconds=900, of=of)
    assert await store.lease(f"telegram:{ADDRESS}:{CANARY}", f"{CANARY} holder", 900)
    hold = await store.claim_lane(["telegram"], 30, NOW)
    assert hold is not None
    await store.bury(hold, f"{CANARY} reason", NOW)
    await store.keep_sign_in("digest", SignIn("sam", NOW + 900), once=True, now=NOW)


def everything_in(url: str) -> bytes:
    """All keys with all they hold, as anybody with access to Redis reads them."""
    readers: dict[bytes, Callable[[Any, bytes], Any]] = {
        b"string": lambda client, key: [client.get(key)],
        b"list": lambda client, key: client.lrange(key, 0, -1),
        b"set": lambda client, key: client.smembers(key),
        b"zset": lambda client, key: client.zrange(key, 0, -1),
        b"hash": lambda client, key: [part for pair in client.hgetall(key).items() for part in pair],
    }
    with redis.Redis.from_url(url) as client:
        keys = list(client.scan_iter())
        return b"\n".join([*keys, *(part for key in keys for part in readers[client.type(key)](client, key))])


async def test_no_word_and_no_address_can_be_read_in_redis_or_its_files(
    own_redis: RedisProcess, open_redis: OpenRedis
) -> None:
    await tell_everything(await open_redis(own_redis.url))
    seen = everything_in(own_redis.url)
    files = b"".join(path.read_bytes() for path in own_redis.server.folder.rglob("*") if path.is_file())
    assert b"k5xq" in seen
    assert b"k5xq" in files
    for hidden in (CANARY.encode(), ADDRESS.encode()):
        assert hidden not in seen
        assert hidden not in files


async def test_no_word_travels_readably_to_who_listens(redis_url: str, open_redis: OpenRedis) -> None:
    store = await open_redis(redis_url)
    with redis.Redis.from_url(redis_url) as client, client.pubsub() as ear:
        ear.psubscribe("*")
        await tell_everything(store)
        heard = []
        while message := await asyncio.to_thread(ear.get_message, timeout=0.2):
            heard.append(repr(message))
    assert any("typing" in each for each in heard)
    assert not [each for each in heard if CANARY in each or ADDRESS in each]


async def test_everything_comes_back_in_words(redis_url: str, open_redis: OpenRedis) -> None:
    store, commit = await open_redis(redis_url), a_telling_commit()
    await store.commit(commit, NOW)
    found = await store.current(Address("telegram", ADDRESS), "k5xq")
    assert found is not None
    assert found.recent == commit.conversations[0].recent
    assert found.intake == commit.conversations[0].intake
    assert await store.feed("k5xq") == [commit.feed[0][1]]
    assert await store.margin("c1") == list(commit.margin)
    assert await store.alerts() == list(commit.alerts)
    hold = await store.claim_lane(["telegram"], 30, NOW)
    assert hold is not None
    assert hold.parcels == commit.parcels[:1]


def test_no_record_shows_words_where_it_is_logged() -> None:
    assert f"{CANARY} text" not in repr(a_telling_commit().feed)
    assert f"{CANARY} recent" not in repr(a_telling_commit().conversations)
    assert f"{CANARY} parcel" not in repr(a_telling_commit().parcels)
