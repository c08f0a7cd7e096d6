"""Every key of a line lies in one slot of a cluster and is documented on top of a script."""

from __future__ import annotations

import re
from pathlib import Path

import redis
from redis.crc import key_slot

import handoff.store.wire
from handoff.core.policy import Policy
from handoff.ports import Commit, Outcome, SignIn
from handoff.sealing import Sealer
from handoff.store.redis import RedisStore
from tests.store.conftest import OpenRedis
from tests.store.making import KEY, NOW, a_parcel, a_supporter, on_the_roster, save
from tests.store.test_erasing import someone

_SCRIPTS = Path(handoff.store.wire.__file__).parent / "scripts"
_DOCUMENTED = re.compile(r"^-- \{line\}:([a-z-]+)(?::\S+)?\s+(string|hash|list|set|zset)\b", re.MULTILINE)


def documented() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for script in _SCRIPTS.glob("*.lua"):
        for kind, type_ in _DOCUMENTED.findall(script.read_text()):
            found.setdefault(kind, set()).add(type_)
    return found


async def test_every_key_is_documented_with_its_type_and_shares_the_lines_slot(
    redis_url: str, open_redis: OpenRedis
) -> None:
    store = await open_redis(redis_url)
    await on_the_roster(store, a_supporter())
    await someone(store, "ana", "c1")
    await save(store, waited=3.0)
    for once in (True, False):
        await store.keep_sign_in("digest", SignIn("sam", NOW + 900), once=once, now=NOW)
    await store.keep("telegram:message", {"id": 1}, seconds=900, of="c1")
    await store.lease("telegram:polling", "this process", 900)
    await store.alias("p-ana-elsewhere", "p-ana")
    known = documented()
    with redis.Redis.from_url(redis_url) as client:
        kinds = {key.decode(): client.type(key).decode() for key in client.keys("*")}
    assert {key_slot(key.encode()) for key in kinds} == {key_slot(b"{main}")}
    undocumented = {key: type_ for key, type_ in kinds.items() if type_ not in known.get(key.split(":")[1], set())}
    assert undocumented == {}
    assert {key.split(":")[1] for key in kinds} | {"live", "hold", "fence", "buried", "forgotten", "over"} == set(known)


def test_every_script_says_what_it_takes() -> None:
    for script in _SCRIPTS.glob("*.lua"):
        text = script.read_text()
        assert text.startswith("-- "), script.name
        assert "-- KEYS[1] {line}" in text, script.name


async def test_whoever_saves_before_ever_having_been_connected_saves_under_the_lines_own_names(
    redis_url: str, open_redis: OpenRedis
) -> None:
    """The first command of a process may be a commit: what it hides must be found by everybody, itself included."""
    before = await open_redis(redis_url)
    await before.keep("a name", {"n": 1}, seconds=60)
    fresh = RedisStore(redis_url, "main", Policy(), Sealer([KEY]))
    parcel = a_parcel("telegram:42")
    assert await fresh.commit(Commit(event_id="first", parcels=(parcel,)), NOW) is Outcome.DONE
    assert await before.seen("first")
    assert await before.commit(Commit(event_id="first"), NOW) is Outcome.DUPLICATE
    hold = await before.claim_lane(["telegram"], 30, NOW)
    assert hold is not None
    assert await before.settle(hold, 1, NOW)
    await fresh.close()
    reader = RedisStore(redis_url, "main", Policy(), Sealer([KEY]))
    assert await reader.kept("a name") == {"n": 1}
    await reader.close()
