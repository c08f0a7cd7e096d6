"""One commit: saved together or not at all, once, and only over what was read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core.conversation import Deadline, Intake, Phase, Reason
from handoff.core.effects import Alert
from handoff.core.ids import Address
from handoff.core.risk import Tier
from handoff.core.supporter import Presence, Role, Training
from handoff.ports import Commit, Outcome, Store
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


async def test_a_record_comes_back_as_it_was_saved_one_version_on(store: Store) -> None:
    given = a_conversation(
        country="GB",
        consent=True,
        intake=Intake(name="Ana", topics=("grief",), heaviness=7, preferences=("a woman",), share=True, done=True),
        tier=Tier.ACTIVE,
        domains=("suicide",),
        reasons=(Reason(Tier.ACTIVE, "suicide", "said so plainly", NOW, 3),),
        recent=("one", "two"),
        waiting_since=NOW + 0.1,
        excluded=("sam",),
        deadlines={Deadline.ASSIGN: NOW + 1.5, Deadline.WAIT_LONG: NOW + 2},
    )
    assert await opened(store, given) == replace(given, version=1)


async def test_a_supporter_comes_back_as_saved_one_version_on(store: Store) -> None:
    given = a_supporter(
        role=Role.LEAD, topics=("grief",), training=Training.SENIOR, presence=Presence.BUSY, holding=("c1",)
    )
    assert await on_the_roster(store, given) == replace(given, version=1)


async def test_what_was_never_saved_is_not_there(store: Store) -> None:
    assert await store.conversation("nobody") is None
    assert await store.supporter("nobody") is None
    assert await store.current(Address("web", "x"), "nobody") is None
    assert await store.feed("nobody") == []
    assert await store.margin("nobody") == []
    assert await store.claim_lane(["records"], 30, NOW) is None


async def test_the_same_event_twice_changes_nothing_the_second_time(store: Store) -> None:
    conversation = await opened(store, a_conversation())
    commit = Commit(
        event_id="event/1",
        conversations=(replace(conversation, seq=1),),
        feed=((conversation.pseudonym, an_entry(1)),),
        parcels=(a_parcel("records"),),
        waited=60.0,
    )
    assert await store.commit(commit, NOW) is Outcome.DONE
    assert await store.commit(commit, NOW) is Outcome.DUPLICATE
    assert len(await store.feed(conversation.pseudonym)) == 1
    assert (await stored(store, "c1")).version == 2
    hold = await store.claim_lane(["records"], 30, NOW, most=10)
    assert hold is not None
    assert len(hold.parcels) == 1


async def test_a_repeat_is_known_as_one_even_when_the_record_moved_on(store: Store) -> None:
    conversation = await opened(store, a_conversation())
    commit = Commit(event_id="event/1", conversations=(conversation,))
    await store.commit(commit, NOW)
    await save(store, conversations=(replace(conversation, version=2),))
    assert await store.commit(commit, NOW) is Outcome.DUPLICATE


async def test_only_committed_events_are_seen(store: Store) -> None:
    conversation = await opened(store, a_conversation())
    stale = Commit(event_id="event/stale", conversations=(replace(conversation, version=7),))
    assert await store.commit(stale, NOW) is Outcome.CONFLICT
    assert not await store.seen("event/stale")
    await store.commit(Commit(event_id="event/empty"), NOW)
    assert await store.seen("event/empty")


async def test_a_conversation_that_changed_since_it_was_read_is_a_conflict(store: Store) -> None:
    read = await opened(store, a_conversation())
    assert await save(store, conversations=(replace(read, language="es"),)) is Outcome.DONE
    assert await save(store, conversations=(replace(read, language="de"),)) is Outcome.CONFLICT
    assert (await stored(store, "c1")).language == "es"


async def test_a_supporter_who_changed_since_is_a_conflict_for_the_whole_commit(store: Store) -> None:
    conversation = await opened(store, waiting())
    sam = await on_the_roster(store, a_supporter())
    await save(store, supporters=(replace(sam, holding=("other",)),))
    outcome = await save(
        store,
        conversations=(live(conversation, "sam"),),
        supporters=(replace(sam, holding=("c1",)),),
        feed=((conversation.pseudonym, an_entry(1)),),
        margin=(an_entry(1),),
        parcels=(a_parcel(),),
        alerts=(Alert(kind="crisis", conversation="c1", at=NOW, text="look"),),
        nudges=(("sam", "c1", "assigned"),),
        pokes=((Deadline.SILENT, "c1"),),
        waited=10.0,
    )
    assert outcome is Outcome.CONFLICT
    assert (await stored(store, "c1")).phase is Phase.WAITING
    assert await store.feed(conversation.pseudonym) == []
    assert await store.margin("c1") == []
    assert await store.due(NOW + 9e9) == []
    assert await store.alerts() == []
    assert (await store.standing(0.0)).average is None
    assert await store.counts() == {"waiting": 1, "live": 0, "lanes": 0, "dead_letters": 0, "alerts": 0}


async def test_a_seeker_gets_one_open_conversation_from_a_burst(store: Store) -> None:
    first, second = a_conversation("c1"), a_conversation("c2")
    assert await save(store, conversations=(first,), opens="c1") is Outcome.DONE
    assert await save(store, conversations=(second,), opens="c2") is Outcome.CONFLICT
    assert await store.conversation("c2") is None
    current = await store.current(first.seeker, first.pseudonym)
    assert current is not None
    assert current.id == "c1"


async def test_a_new_conversation_replaces_the_one_that_was_over(store: Store) -> None:
    first = await opened(store, a_conversation("c1"))
    wrong = Commit(event_id=fresh(), conversations=(a_conversation("c2"),), opens="c2", replaces="other")
    assert await store.commit(wrong, NOW) is Outcome.CONFLICT
    right = replace(wrong, replaces="c1", conversations=(a_conversation("c2"), replace(first, phase=Phase.CLOSED)))
    assert await store.commit(right, NOW) is Outcome.DONE
    current = await store.current(first.seeker, first.pseudonym)
    assert current is not None
    assert current.id == "c2"
    assert (await stored(store, "c1")).phase is Phase.CLOSED


async def test_one_event_may_write_several_conversations_and_supporters(store: Store) -> None:
    one, two = await opened(store, waiting("c1", "ana")), await opened(store, waiting("c2", "ben"))
    sam, lee = await on_the_roster(store, a_supporter("sam")), await on_the_roster(store, a_supporter("lee"))
    await save(
        store,
        conversations=(live(one, "sam"), live(two, "lee")),
        supporters=(replace(sam, holding=("c1",)), replace(lee, holding=("c2",))),
    )
    assert [each.holding for each in await store.supporters()] == [("c2",), ("c1",)]
    assert (await store.counts())["live"] == 2


async def test_the_removed_are_off_the_roster_but_not_forgotten(store: Store) -> None:
    await on_the_roster(store, a_supporter("sam"))
    lee = await on_the_roster(store, a_supporter("lee"))
    await save(store, supporters=(replace(lee, removed=True),))
    assert [each.id for each in await store.supporters()] == ["sam"]
    gone = await store.supporter("lee")
    assert gone is not None
    assert gone.removed


@pytest.mark.parametrize(
    "commit",
    [
        Commit(event_id="e", conversations=(a_conversation(), a_conversation())),
        Commit(event_id="e", supporters=(a_supporter(), a_supporter())),
        Commit(event_id="e", conversations=(a_conversation(),), opens="c2"),
    ],
)
async def test_a_commit_that_contradicts_itself_is_a_mistake_not_a_conflict(store: Store, commit: Commit) -> None:
    with pytest.raises(ValueError, match="a commit"):
        await store.commit(commit, NOW)
    assert not await store.seen("e")


@pytest.mark.parametrize("odd", ["}{", "a:b", "x\ny", "*", "ünï 👋", "{main}:queue", "a" * 5000])
async def test_no_id_can_reach_another_key(store: Store, odd: str) -> None:
    conversation = a_conversation(odd, pseudonym=odd, deadlines={Deadline.SILENT: NOW})
    commit = Commit(
        event_id=odd,
        conversations=(conversation,),
        supporters=(a_supporter(odd),),
        opens=odd,
        feed=((odd, an_entry(1, odd)),),
        margin=(an_entry(1, odd),),
        parcels=(a_parcel(f"web:{odd}", odd),),
        alerts=(Alert(kind="crisis", conversation=odd, at=NOW, text="look"),),
    )
    assert await store.commit(commit, NOW) is Outcome.DONE
    assert await store.seen(odd)
    assert await store.current(conversation.seeker, odd) == replace(conversation, version=1)
    assert len(await store.feed(odd)) == len(await store.margin(odd)) == len(await store.supporters()) == 1
    assert await store.due(NOW) == [(Deadline.SILENT, odd, NOW)]
    hold = await store.claim_lane(["web"], 30, NOW)
    assert hold is not None
    assert hold.lane == f"web:{odd}"
    assert await store.acknowledge("crisis", odd)
    await store.erase(odd, odd)
    assert await store.current(conversation.seeker, odd) is None
    assert await store.waiting() == []
