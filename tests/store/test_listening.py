"""Notices: who hears what, in which order, and what a listener who fell behind is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from handoff.core.conversation import Intake
from handoff.core.effects import Alert
from handoff.core.risk import Tier
from handoff.core.supporter import Presence
from handoff.ports import Marks, Notice, Store
from handoff.store.fanout import ROOM
from tests.journey.talk import PATIENCE
from tests.store.making import (
    NOW,
    a_conversation,
    a_parcel,
    a_supporter,
    an_entry,
    live,
    on_the_roster,
    opened,
    save,
    waiting,
)

END = Notice("desk", "typing", "the end")


async def heard(store: Store, notices: AsyncIterator[Notice]) -> list[Notice]:
    """Everything published on the desk up to now."""
    await store.publish(END)
    found: list[Notice] = []
    async for notice in notices:
        if notice == END:
            return found
        found.append(notice)
    raise AssertionError("the notices ended")


async def test_entries_are_heard_whole_and_in_order(store: Store) -> None:
    entries = [an_entry(seq, text=f"words {seq}", body={"a": [1]}) for seq in range(1, 6)]
    async with store.listen(["feed:p-ana", "desk"]) as notices:
        for entry in entries:
            await save(store, feed=(("p-ana", entry),))
        assert await heard(store, notices) == [Notice("feed:p-ana", "entry", entry) for entry in entries]


async def test_a_margin_is_heard_by_who_listens_to_it_alone(store: Store) -> None:
    entry = an_entry(1)
    async with store.listen(["margin:c1", "desk"]) as mine, store.listen(["margin:c2", "desk"]) as other:
        await save(store, margin=(entry,))
        assert await heard(store, mine) == [Notice("margin:c1", "entry", entry)]
        assert (await anext(other)) == END


async def test_the_desk_hears_of_a_handoff_from_queue_to_close(store: Store) -> None:
    sam = await on_the_roster(store, a_supporter(holding=()))
    async with store.listen(["desk"]) as notices:
        conversation = await opened(store, waiting())
        assert await heard(store, notices) == [Notice("desk", "changed", "c1"), Notice("desk", "changed", "queue")]
        await save(store, conversations=(live(conversation, "sam"),), supporters=(replace(sam, holding=("c1",)),))
        assert await heard(store, notices) == [
            Notice("desk", "changed", "c1"),
            Notice("desk", "changed", "queue"),
            Notice("desk", "changed", "supporters"),
        ]
        await save(store, conversations=(replace(live(conversation, "sam"), version=2, outcome="supported"),))
        assert await heard(store, notices) == [Notice("desk", "changed", "c1")]


async def test_plain_talk_does_not_call_the_desk(store: Store) -> None:
    conversation = await opened(store, waiting())
    async with store.listen(["desk"]) as notices:
        talked = replace(conversation, seq=1, recent=("hello",), unanswered_since=NOW, changed_at=NOW + 5)
        await save(store, conversations=(talked,), feed=((conversation.pseudonym, an_entry(1)),))
        assert await heard(store, notices) == []


@pytest.mark.parametrize("change", [{"tier": Tier.ACTIVE}, {"intake": Intake(heaviness=9)}, {"climb": 1}])
async def test_what_the_desk_sees_of_a_place_calls_it(store: Store, change: dict[str, object]) -> None:
    conversation = await opened(store, waiting())
    async with store.listen(["desk"]) as notices:
        await save(store, conversations=(replace(conversation, **change),))  # type: ignore[arg-type]
        assert Notice("desk", "changed", "queue") in await heard(store, notices)


async def test_renewing_a_presence_that_runs_is_silent_and_coming_back_is_not(store: Store) -> None:
    here = a_supporter(presence=Presence.AVAILABLE, present_until=NOW + 60)
    sam = await on_the_roster(store, here)
    async with store.listen(["desk"]) as notices:
        await save(store, supporters=(replace(sam, present_until=NOW + 80),), now=NOW + 20)
        assert await heard(store, notices) == []
        await save(store, supporters=(replace(sam, version=2, present_until=NOW + 300),), now=NOW + 240)
        assert await heard(store, notices) == [Notice("desk", "changed", "supporters")]


async def test_a_nudge_reaches_one_supporter(store: Store) -> None:
    async with store.listen(["desk:sam", "desk"]) as notices:
        await save(store, nudges=(("sam", "c1", "assigned"), ("lee", "c2", "assigned")))
        assert await heard(store, notices) == [Notice("desk:sam", "nudge", ("c1", "assigned"))]


async def test_alerts_are_told_when_they_open_each_time_they_are_raised_again_and_when_they_close(store: Store) -> None:
    alert = Alert(kind="crisis", conversation="c1", at=NOW, text="look")
    told = [Notice("desk", "alerts")]
    async with store.listen(["desk"]) as notices:
        await save(store, alerts=(alert,))
        assert await heard(store, notices) == told
        await save(store, alerts=(alert,))
        assert await heard(store, notices) == told
        await store.acknowledge("crisis", "c1")
        assert await heard(store, notices) == told
        await save(store, alerts=(alert,))
        await save(store, cleared=("c1",))
        await save(store, cleared=("c1",))
        assert await heard(store, notices) == told * 2


async def test_marks_are_told_when_they_rise(store: Store) -> None:
    await save(store, feed=(("p-ana", an_entry(1)), ("p-ana", an_entry(2))))
    async with store.listen(["feed:p-ana", "desk"]) as notices:
        await store.mark("p-ana", delivered=2, read=1)
        await store.mark("p-ana", delivered=1)
        assert await heard(store, notices) == [Notice("feed:p-ana", "marks", Marks(2, 1, 0))]


async def test_typing_is_told_and_not_kept(store: Store) -> None:
    typing = Notice("feed:p-ana", "typing", "supporter")
    async with store.listen(["feed:p-ana", "desk"]) as notices:
        await store.publish(typing)
        assert await heard(store, notices) == [typing]
    async with store.listen(["feed:p-ana", "desk"]) as notices:
        assert await heard(store, notices) == []


async def test_platforms_hear_that_a_desk_is_typing_in_which_conversation(store: Store) -> None:
    typing = Notice("typing", "typing", ("c1", "Sam"))
    async with store.listen(["typing", "desk"]) as notices:
        await store.publish(typing)
        assert await heard(store, notices) == [typing]


async def test_a_console_that_stays_open_is_silent(store: Store) -> None:
    sam = await on_the_roster(store, a_supporter(console_until=NOW + 60))
    async with store.listen(["desk"]) as notices:
        await save(store, supporters=(replace(sam, console_until=NOW + 120),))
        assert await heard(store, notices) == []


async def test_workers_are_woken_when_a_lane_has_work_again(store: Store) -> None:
    woken = Notice("lanes", "changed", "bot")
    async with store.listen(["lanes", "desk"]) as notices:
        await save(store, parcels=(a_parcel("bot:c1"), a_parcel("bot:c1")))
        assert await heard(store, notices) == [woken]
        hold = await store.claim_lane(["bot"], 30, NOW)
        assert hold is not None
        await store.settle(hold, 1, NOW)
        assert await heard(store, notices) == [woken]


async def test_nobody_hears_a_commit_that_was_not_done(store: Store) -> None:
    conversation = await opened(store, a_conversation())
    async with store.listen(["feed:p-ana", "desk", "lanes"]) as notices:
        stale = replace(conversation, version=9, language="es")
        await save(store, conversations=(stale,), feed=(("p-ana", an_entry(1)),), parcels=(a_parcel(),))
        assert await heard(store, notices) == []


async def test_many_may_listen_to_one_topic_and_leave_one_by_one(store: Store) -> None:
    async with store.listen(["feed:p-ana", "desk"]) as first:
        async with store.listen(["feed:p-ana"]) as second:
            await save(store, feed=(("p-ana", an_entry(1)),))
            assert (await anext(second)).kind == "entry"
        await save(store, feed=(("p-ana", an_entry(2)),))
        assert [notice.body.seq for notice in await heard(store, first)] == [1, 2]


async def test_listening_stops_and_starts_without_a_hole(store: Store) -> None:
    for seq in range(1, 20):
        async with store.listen(["feed:p-ana"]) as notices:
            await save(store, feed=(("p-ana", an_entry(seq)),))
            assert (await anext(notices)).body.seq == seq


async def test_a_listener_who_falls_behind_is_told_to_read_again(store: Store) -> None:
    async with store.listen(["feed:p-ana", "desk"]) as slow, store.listen(["desk"]) as quick:
        for _ in range(ROOM + 5):
            await store.publish(Notice("feed:p-ana", "typing", "supporter"))
        await store.publish(END)
        assert await anext(quick) == END
        kinds = [await anext(slow) for _ in range(2)]
        assert kinds == [Notice("feed:p-ana", "gap"), Notice("desk", "gap")]


async def test_listening_ends_when_the_store_is_closed(store: Store) -> None:
    async with store.listen(["desk"]) as notices:
        await store.close()
        async with asyncio.timeout(PATIENCE):
            assert [notice async for notice in notices] == []


async def test_after_a_time_without_listeners_the_next_one_hears_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.store.ear.QUIET_SECONDS", 0.05)
    async with store.listen(["desk"]):
        pass
    await asyncio.sleep(0.3)
    async with store.listen(["desk"]) as notices:
        assert await heard(store, notices) == []
