"""Many at once, on a real Redis: one owner, capacity kept, nothing lost between two writers."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from handoff.core.conversation import Phase
from handoff.ports import Commit, Outcome, SignIn, Store
from handoff.store.redis import RedisStore
from tests.store.conftest import OpenRedis
from tests.store.making import (
    NOW,
    a_conversation,
    a_parcel,
    a_supporter,
    an_entry,
    fresh,
    live,
    on_the_roster,
    opened,
    save,
    stored,
    waiting,
)


async def claim(store: Store, conversation: str, supporter: str) -> bool:
    """What the dispatcher does: load, decide, commit; again when something changed meanwhile."""
    event = fresh("claim")
    while True:
        place, who = await stored(store, conversation), await store.supporter(supporter)
        assert who is not None
        if place.phase is not Phase.WAITING or not who.has_room():
            return False
        outcome = await store.commit(
            Commit(
                event_id=event,
                conversations=(live(place, supporter),),
                supporters=(replace(who, holding=(*who.holding, conversation)),),
            ),
            NOW,
        )
        if outcome is Outcome.DONE:
            return True


async def test_500_racing_claims_have_one_winner(redis_url: str, open_redis: OpenRedis) -> None:
    stores = [await open_redis(redis_url) for _ in range(4)]
    names = [f"supporter-{n}" for n in range(500)]
    await save(stores[0], supporters=tuple(a_supporter(name) for name in names))
    for conversation in ("c1", "c2", "c3"):
        await opened(stores[0], waiting(conversation, conversation))
        won = await asyncio.gather(*(claim(stores[n % 4], conversation, name) for n, name in enumerate(names)))
        assert sum(won) == 1
        winner = names[won.index(True)]
        assert (await stored(stores[0], conversation)).supporter == winner
        held = await stores[0].supporter(winner)
        assert held is not None
        assert conversation in held.holding
    assert sum(len(each.holding) for each in await stores[0].supporters()) == 3


async def test_500_racing_claims_never_pass_anyones_capacity(redis_url: str, open_redis: OpenRedis) -> None:
    stores = [await open_redis(redis_url) for _ in range(2)]
    supporters = [f"supporter-{n}" for n in range(10)]
    await save(stores[0], supporters=tuple(a_supporter(name, capacity=2) for name in supporters))
    conversations = [f"c{n}" for n in range(50)]
    for name in conversations:
        await opened(stores[0], waiting(name, name))
    races = [(conversation, supporter) for conversation in conversations for supporter in supporters]
    won = await asyncio.gather(*(claim(stores[n % 2], *race) for n, race in enumerate(races)))
    roster = await stores[0].supporters()
    assert sum(won) == 20
    assert [len(each.holding) for each in roster] == [2] * 10
    held = [conversation for each in roster for conversation in each.holding]
    assert len(set(held)) == 20
    assert await stores[0].counts() == {"waiting": 30, "live": 20, "lanes": 0, "dead_letters": 0, "alerts": 0}


async def test_two_writers_to_one_feed_leave_no_gap_and_no_double(redis_url: str, open_redis: OpenRedis) -> None:
    stores = [await open_redis(redis_url) for _ in range(2)]
    await opened(stores[0], a_conversation())

    async def write(store: RedisStore, text: str) -> None:
        event, outcome = fresh("wrote"), Outcome.CONFLICT
        while outcome is Outcome.CONFLICT:
            read = await stored(store, "c1")
            entry = an_entry(read.seq + 1, text=text)
            moved = replace(read, seq=entry.seq)
            outcome = await store.commit(
                Commit(
                    event_id=event,
                    conversations=(moved,),
                    feed=((read.pseudonym, entry),),
                    parcels=(a_parcel("telegram:42", n=entry.seq),),
                ),
                NOW,
            )

    await asyncio.gather(*(write(stores[n % 2], f"{n}") for n in range(60)))
    feed = await stores[0].feed("p-ana")
    assert [each.seq for each in feed] == list(range(1, 61))
    assert {each.text for each in feed} == {f"{n}" for n in range(60)}
    hold = await stores[1].claim_lane(["telegram"], 30, NOW, most=100)
    assert hold is not None
    assert [each.body["n"] for each in hold.parcels] == list(range(1, 61))


async def test_a_redelivery_that_races_itself_is_done_once(redis_url: str, open_redis: OpenRedis) -> None:
    stores = [await open_redis(redis_url) for _ in range(3)]
    read = await opened(stores[0], a_conversation())
    commit = Commit(event_id="update/1", conversations=(read,), feed=((read.pseudonym, an_entry(1)),))
    outcomes = await asyncio.gather(*(stores[n % 3].commit(commit, NOW) for n in range(60)))
    assert sorted(each.value for each in outcomes) == ["done", *["duplicate"] * 59]


async def test_workers_that_race_for_lanes_never_hold_the_same_one(redis_url: str, open_redis: OpenRedis) -> None:
    stores = [await open_redis(redis_url) for _ in range(3)]
    parcels = tuple(a_parcel(f"telegram:{n % 30}", n=n) for n in range(150))
    await save(stores[0], parcels=parcels)
    delivered: dict[str, list[int]] = {}

    async def work(store: RedisStore) -> None:
        while hold := await store.claim_lane(["telegram"], 30, NOW):
            delivered.setdefault(hold.lane, []).append(hold.parcels[0].body["n"])
            assert await store.settle(hold, 1, NOW)

    await asyncio.gather(*(work(stores[n % 3]) for n in range(12)))
    await work(stores[0])
    assert len(delivered) == 30
    assert all(numbers == sorted(numbers) and len(numbers) == 5 for numbers in delivered.values())


async def test_the_same_sign_in_link_lets_one_in(redis_url: str, open_redis: OpenRedis) -> None:
    stores = [await open_redis(redis_url) for _ in range(2)]
    await stores[0].keep_sign_in("digest", SignIn("sam", NOW + 900), once=True, now=NOW)
    found = await asyncio.gather(*(stores[n % 2].take_sign_in("digest") for n in range(50)))
    assert sum(each is not None for each in found) == 1


async def test_of_many_who_keep_something_new_one_does(redis_url: str, open_redis: OpenRedis) -> None:
    stores = [await open_redis(redis_url) for _ in range(3)]
    won = await asyncio.gather(
        *(stores[n % 3].keep("telegram:album:1", {"by": n}, seconds=900, of="c1", if_new=True) for n in range(150))
    )
    assert sum(won) == 1
    assert await stores[0].kept("telegram:album:1") == {"by": won.index(True)}


async def test_of_many_who_want_a_lease_one_has_it(redis_url: str, open_redis: OpenRedis) -> None:
    stores = [await open_redis(redis_url) for _ in range(3)]
    for name in ("telegram:polling", "slack:ticker"):
        got = await asyncio.gather(*(stores[n % 3].lease(name, f"process-{n % 3}", 900) for n in range(150)))
        first = got.index(True)
        assert [n % 3 for n, has in enumerate(got) if has] == [first % 3] * 50


async def test_links_that_race_each_other_make_one_person_and_no_circle(redis_url: str, open_redis: OpenRedis) -> None:
    stores = [await open_redis(redis_url) for _ in range(3)]
    names = [f"p-{n}" for n in range(40)]
    ring = list(zip(names, [*names[1:], names[0]], strict=True))
    await asyncio.gather(*(stores[n % 3].alias(*link) for n, link in enumerate(ring)))
    roots = [await stores[0].root(each) for each in names]
    assert len(set(roots)) == 1
    assert await stores[0].root(roots[0]) == roots[0]
    await stores[0].erase(names[7], "none")
    assert [await stores[0].root(each) for each in names] == names


async def test_an_erasure_that_races_what_is_kept_leaves_nothing_of_the_conversation(
    redis_url: str, open_redis: OpenRedis
) -> None:
    stores = [await open_redis(redis_url) for _ in range(2)]
    await opened(stores[0], a_conversation())
    kept = [stores[n % 2].keep(f"telegram:sent:{n}", {"n": n}, seconds=900, of="c1") for n in range(60)]
    done, *_ = await asyncio.gather(*kept[:20], stores[1].erase("p-ana", "c1"), *kept[20:])
    assert done
    assert [n for n in range(60) if await stores[0].kept(f"telegram:sent:{n}")] == []


async def test_a_supporter_on_the_roster_of_one_process_is_on_that_of_all(
    redis_url: str, open_redis: OpenRedis
) -> None:
    sam = await on_the_roster(await open_redis(redis_url), a_supporter())
    assert await (await open_redis(redis_url)).supporters() == [sam]


async def test_two_lines_on_one_redis_know_nothing_of_each_other(redis_url: str, open_redis: OpenRedis) -> None:
    north, south = await open_redis(redis_url, "north"), await open_redis(redis_url, "south")
    async with south.listen(["desk"]) as notices:
        await opened(north, waiting())
        await on_the_roster(north, a_supporter())
        assert await south.waiting() == []
        assert await south.supporters() == []
        await opened(south, waiting("c2"))
        assert (await anext(notices)).body == "c2"
