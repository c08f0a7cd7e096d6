"""Lanes: order, leases with fencing, back-off, what may have arrived, dead letters."""

from __future__ import annotations

import pytest

from handoff.ports import LaneHold, LaneLoad, Parcel, Store
from tests.store.making import NOW, a_parcel, save

CHAT = "telegram:42"


async def claim(store: Store, *kinds: str, now: float = NOW, most: int = 1) -> LaneHold:
    hold = await store.claim_lane(kinds or ("telegram",), 30, now, most)
    assert hold is not None
    return hold


async def test_parcels_leave_in_the_order_they_came(store: Store) -> None:
    parcels = [a_parcel(CHAT, text=f"{n}", nested={"list": [1, None, 2.5]}) for n in range(5)]
    await save(store, parcels=tuple(parcels[:3]))
    await save(store, parcels=tuple(parcels[3:]))
    left: list[Parcel] = []
    while hold := await store.claim_lane(["telegram"], 30, NOW):
        assert (hold.lane, hold.attempts) == (CHAT, 0)
        left.extend(hold.parcels)
        assert await store.settle(hold, 1, NOW)
    assert left == parcels


async def test_a_worker_may_take_several_at_once(store: Store) -> None:
    parcels = [a_parcel("records") for _ in range(5)]
    await save(store, parcels=tuple(parcels))
    hold = await claim(store, "records", most=3)
    assert list(hold.parcels) == parcels[:3]
    assert await store.settle(hold, 3, NOW)
    assert list((await claim(store, "records", most=10)).parcels) == parcels[3:]


async def test_a_held_lane_is_nobody_elses_and_new_parcels_wait_behind(store: Store) -> None:
    await save(store, parcels=(a_parcel(CHAT, n=1),))
    hold = await claim(store)
    await save(store, parcels=(a_parcel(CHAT, n=2),))
    assert await store.claim_lane(["telegram"], 30, NOW + 29) is None
    assert await store.settle(hold, 1, NOW + 29)
    assert (await claim(store, now=NOW + 29)).parcels[0].body == {"n": 2}


async def test_only_lanes_of_the_kinds_asked_for_are_claimed(store: Store) -> None:
    await save(store, parcels=(a_parcel("records"), a_parcel("bot:c1")))
    assert await store.claim_lane(["telegram", "slack"], 30, NOW) is None
    assert (await claim(store, "bot")).lane == "bot:c1"
    assert (await claim(store, "records")).lane == "records"


async def test_the_lane_longest_due_comes_first_whatever_its_kind(store: Store) -> None:
    await save(store, parcels=(a_parcel("bot:c2"),), now=NOW + 2)
    await save(store, parcels=(a_parcel(CHAT),), now=NOW + 1)
    await save(store, parcels=(a_parcel("bot:c3"),), now=NOW + 3)
    kinds = ("bot", "telegram")
    assert [(await claim(store, *kinds, now=NOW + 9)).lane for _ in range(3)] == [CHAT, "bot:c2", "bot:c3"]


async def test_the_lane_of_a_worker_that_died_comes_back_and_the_dead_can_do_nothing_more(store: Store) -> None:
    await save(store, parcels=(a_parcel(CHAT, n=1), a_parcel(CHAT, n=2)))
    dead = await claim(store)
    heir = await claim(store, now=NOW + 30)
    assert heir.parcels == dead.parcels
    assert heir.token > dead.token
    assert heir.attempts == 1
    assert not await store.settle(dead, 1, NOW + 31)
    assert not await store.postpone(dead, NOW + 99)
    assert not await store.bury(dead, "too late", NOW + 31)
    assert await store.settle(heir, 1, NOW + 31)
    assert not await store.settle(heir, 1, NOW + 31)
    assert (await claim(store, now=NOW + 31)).parcels[0].body == {"n": 2}
    assert await store.dead_letters() == []


async def test_whoever_goes_on_carrying_holds_on_and_only_while_it_is_theirs(store: Store) -> None:
    await save(store, parcels=(a_parcel(CHAT),))
    mine = await claim(store)
    assert await store.hold_on(mine, NOW + 60)
    assert await store.claim_lane(["telegram"], 30, NOW + 59) is None
    heir = await claim(store, now=NOW + 60)
    assert not await store.hold_on(mine, NOW + 999)
    assert await store.settle(heir, 1, NOW + 61)
    assert not await store.hold_on(heir, NOW + 999)
    assert await store.claim_lane(["telegram"], 30, NOW + 9999) is None


async def test_a_slow_worker_may_still_settle_when_nobody_took_over(store: Store) -> None:
    await save(store, parcels=(a_parcel(CHAT),))
    hold = await claim(store)
    assert await store.settle(hold, 1, NOW + 500)
    assert await store.claim_lane(["telegram"], 30, NOW + 999) is None


async def test_a_postponed_lane_waits_and_counts_what_was_tried_in_vain(store: Store) -> None:
    await save(store, parcels=(a_parcel(CHAT), a_parcel(CHAT)))
    for attempts in range(3):
        at = NOW + attempts * 10
        hold = await claim(store, now=at)
        assert hold.attempts == attempts
        assert await store.postpone(hold, at + 10)
        assert await store.claim_lane(["telegram"], 30, at + 9) is None
    hold = await claim(store, now=NOW + 30)
    assert await store.settle(hold, 1, NOW + 30)
    assert (await claim(store, now=NOW + 30)).attempts == 0


@pytest.mark.parametrize("failed", [True, False])
async def test_new_parcels_do_not_end_a_pause(store: Store, failed: bool) -> None:
    """A platform that said when to come back is not asked earlier, whatever else there is to say."""
    await save(store, parcels=(a_parcel(CHAT, n=1),))
    await store.postpone(await claim(store), NOW + 60, failed=failed)
    for seconds in (1, 59):
        await save(store, parcels=(a_parcel(CHAT, n=seconds),), now=NOW + seconds)
        assert await store.claim_lane(["telegram"], 30, NOW + 59.875) is None
    assert [each.body["n"] for each in (await claim(store, now=NOW + 60, most=9)).parcels] == [1, 1, 59]


async def test_a_lane_that_waits_for_nothing_is_due_at_once(store: Store) -> None:
    for n in range(2):
        await save(store, parcels=(a_parcel(CHAT, n=n),), now=NOW + n)
        hold = await claim(store, now=NOW + n)
        assert hold.parcels[0].body == {"n": n}
        await save(store, parcels=(a_parcel(CHAT, n="behind"),), now=NOW + n)
        assert await store.settle(hold, 1, NOW + n)
        assert await store.settle(await claim(store, now=NOW + n), 1, NOW + n)


async def test_a_pause_of_one_lane_is_none_of_another(store: Store) -> None:
    await save(store, parcels=(a_parcel(CHAT),))
    await store.postpone(await claim(store), NOW + 60, failed=False)
    await save(store, parcels=(a_parcel("telegram:43"),), now=NOW + 1)
    assert (await claim(store, now=NOW + 1)).lane == "telegram:43"


async def test_the_heir_of_a_carrier_that_died_is_told_that_the_head_may_have_arrived(store: Store) -> None:
    await save(store, parcels=(a_parcel(CHAT), a_parcel(CHAT)))
    assert not (await claim(store)).unsure
    heir = await claim(store, now=NOW + 30)
    assert heir.unsure
    assert await store.settle(heir, 1, NOW + 30)
    assert not (await claim(store, now=NOW + 30)).unsure


async def test_a_carrier_who_lost_the_answer_tells_the_next_one(store: Store) -> None:
    await save(store, parcels=(a_parcel(CHAT), a_parcel(CHAT)))
    await store.postpone(await claim(store), NOW, unsure=True)
    hold = await claim(store)
    assert (hold.unsure, hold.attempts) == (True, 1)
    assert await store.settle(hold, 1, NOW)
    assert not (await claim(store)).unsure


@pytest.mark.parametrize("failed", [True, False])
async def test_only_a_head_that_is_done_with_is_sure_again(store: Store, failed: bool) -> None:
    await save(store, parcels=(a_parcel(CHAT), a_parcel(CHAT)))
    await store.postpone(await claim(store), NOW, unsure=True)
    await store.postpone(await claim(store), NOW, failed=failed)
    hold = await claim(store)
    assert hold.unsure
    assert await store.settle(hold, 0, NOW)
    hold = await claim(store)
    assert hold.unsure
    assert await store.bury(hold, "gone", NOW)
    assert not (await claim(store)).unsure


async def test_a_try_that_surely_failed_leaves_no_doubt(store: Store) -> None:
    await save(store, parcels=(a_parcel(CHAT),))
    await store.postpone(await claim(store), NOW)
    await store.postpone(await claim(store), NOW, failed=False)
    assert not (await claim(store)).unsure


async def test_a_lane_that_comes_again_remembers_no_doubt(store: Store) -> None:
    await save(store, parcels=(a_parcel(CHAT),))
    await store.postpone(await claim(store), NOW, unsure=True)
    await store.settle(await claim(store), 1, NOW)
    await save(store, parcels=(a_parcel(CHAT),))
    assert not (await claim(store)).unsure


async def test_a_pause_without_failure_counts_nothing(store: Store) -> None:
    await save(store, parcels=(a_parcel(CHAT),))
    await store.postpone(await claim(store), NOW + 1, failed=False)
    assert (await claim(store, now=NOW + 1)).attempts == 0


async def test_what_cannot_be_delivered_is_kept_apart_and_the_lane_goes_on(store: Store) -> None:
    first, second = a_parcel(CHAT, text="lost"), a_parcel(CHAT)
    await save(store, parcels=(first, second))
    await store.postpone(await claim(store), NOW)
    assert await store.bury(await claim(store), "the chat was deleted", NOW + 5)
    letter = (await store.dead_letters())[0]
    assert (letter.parcel, letter.reason, letter.at) == (first, "the chat was deleted", NOW + 5)
    hold = await claim(store, now=NOW + 5)
    assert (hold.parcels, hold.attempts) == ((second,), 0)
    assert (await store.counts())["dead_letters"] == 1


async def test_dead_letters_come_newest_first(store: Store) -> None:
    for n in range(3):
        await save(store, parcels=(a_parcel(CHAT, n=n),))
        await store.bury(await claim(store), "gone", NOW + n)
    assert [each.parcel.body["n"] for each in await store.dead_letters(limit=2)] == [2, 1]


async def test_an_empty_lane_is_gone_and_may_come_again(store: Store) -> None:
    for _ in range(2):
        await save(store, parcels=(a_parcel(CHAT),))
        assert (await store.counts())["lanes"] == 1
        await store.settle(await claim(store), 1, NOW)
        assert (await store.counts())["lanes"] == 0


async def test_what_lies_in_the_lanes_is_told_by_kind(store: Store) -> None:
    assert await store.lanes() == {}
    await save(store, parcels=(a_parcel(CHAT), a_parcel(CHAT), a_parcel("telegram:43")), now=NOW + 5)
    await save(store, parcels=(a_parcel("records"),), now=NOW)
    assert await store.lanes() == {"telegram": LaneLoad(2, 3, NOW + 5), "records": LaneLoad(1, 1, NOW)}
