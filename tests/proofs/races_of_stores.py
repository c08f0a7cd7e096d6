"""Races below the dispatcher: erasing, linking and lanes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handoff.core import events as e
from handoff.core.ids import Address
from handoff.ports import Commit, LaneHold, Outcome, Reply
from handoff.store.redis import RedisStore
from tests.proofs.desk import Desk, staff
from tests.proofs.race import Set, at_desk, claims, done, fronts, writes
from tests.proofs.stepping import Client
from tests.store.making import a_parcel


async def an_erasure_and_a_word(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """Either the word came first and went too, or it begins a new conversation; nothing of the old one is left."""
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")
    seeker = desk.seekers[held.id]
    clients = [lambda: stores[0].erase(held.pseudonym, held.id), writes(fronts(desk, stores[:2])[1], seeker)]

    async def check(replies: list[Any]) -> None:
        assert await desk.store.conversation(held.id) is None
        assert "hello" not in await desk.texts(held.pseudonym)
        assert (await desk.store.supporter("sam")).holding == ()  # type: ignore[union-attr]
        assert (await desk.store.counts())["live"] == 0

    return Set(clients, check)


async def an_erasure_and_a_claim(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam"))
    talk = await desk.waits("ana")
    clients = [lambda: stores[0].erase(talk.pseudonym, talk.id), claims(fronts(desk, stores[:2])[1], "sam", talk.id)]

    async def check(replies: list[Any]) -> None:
        assert await desk.store.conversation(talk.id) is None
        assert (await desk.store.supporter("sam")).holding == ()  # type: ignore[union-attr]

    return Set(clients, check)


async def an_erasure_and_a_mark(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")
    clients = [
        lambda: stores[0].erase(held.pseudonym, held.id),
        lambda: stores[1].mark(held.pseudonym, delivered=2, read=1),
        lambda: stores[2].keep("telegram:sent", {"n": 1}, seconds=900, of=held.id),
    ]

    async def check(replies: list[Any]) -> None:
        left = [each.decode() for each in await desk.store._wire.ask("KEYS", "*")]
        assert not [each for each in left if held.pseudonym in each or ":kept" in each], left

    return Set(clients, check)


async def an_erasure_and_a_link(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """A second channel joins while the first is erased: no name points at somebody who is gone with words left."""
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")
    other = desk.front().pseudonym(Address("web", "ana"))
    clients = [
        lambda: stores[0].erase(held.pseudonym, held.id),
        lambda: stores[1].alias(other, held.pseudonym),
    ]

    async def check(replies: list[Any]) -> None:
        assert await desk.store.conversation(held.id) is None
        assert await desk.store.feed(held.pseudonym) == []
        assert await desk.store.root(other) in {other, held.pseudonym}
        assert await desk.store.root(held.pseudonym) == held.pseudonym

    return Set(clients, check)


async def a_link_and_a_word(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """Ana moves from Telegram to the web while she writes on the web: all she says is in one feed."""
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")
    first, second = desk.seekers[held.id], Address("web", "ana")
    one, two = fronts(desk, stores[:2])
    moved = e.SeekerMoved(id="moved", seeker=first, to=second)

    async def check(replies: list[Reply]) -> None:
        assert done(replies) == 2
        apart = desk.front().pseudonym(second)
        root = await desk.store.root(apart)
        assert root == held.pseudonym
        both = [*await desk.texts(held.pseudonym), *(await desk.texts(apart) if apart != root else [])]
        assert both.count("are you there") == 1
        assert await desk.current(second) == await desk.current(first)

    return Set([lambda: one.handle(moved), writes(two, second)], check)


async def two_links_that_would_make_a_circle(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins()

    async def check(replies: list[Any]) -> None:
        roots = {await desk.store.root(each) for each in ("p-one", "p-two")}
        assert len(roots) == 1

    return Set([lambda: stores[0].alias("p-one", "p-two"), lambda: stores[1].alias("p-two", "p-one")], check)


async def _lane(desk: Desk, *numbers: int) -> None:
    await desk.begins()
    for n in numbers:
        commit = Commit(event_id=f"parcel{n}", parcels=(a_parcel("telegram:1", n=n),))
        assert await desk.store.commit(commit, desk.clock()) is Outcome.DONE


async def _drained(desk: Desk, sent: list[int]) -> None:
    """Work off what is left, as a worker that comes later would."""
    now = desk.clock() + 10_000
    while hold := await desk.store.claim_lane(["telegram"], 30, now):
        sent.append(hold.parcels[0].body["n"])
        assert await desk.store.settle(hold, 1, now)
    assert (await desk.store.counts())["lanes"] == 0


def _worker(store: RedisStore, sent: list[int], came: float, left: float) -> Client:
    """Claims one lane at `came`, sends its head, and lets go of it at `left`."""

    async def work() -> LaneHold | None:
        hold = await store.claim_lane(["telegram"], 30, came)
        if hold is not None:
            sent.append(hold.parcels[0].body["n"])
            return hold if await store.settle(hold, 1, left) else None
        return None

    return work


async def two_workers(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await _lane(desk, 1, 2)
    sent: list[int] = []
    now = desk.clock()
    clients = [_worker(store, sent, now, now) for store in stores[:2]]

    async def check(replies: list[Any]) -> None:
        await _drained(desk, sent)
        assert sent == [1, 2], sent

    return Set(clients, check)


async def a_lease_that_ends_under_a_worker(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """One is slower than its lease, another takes over, a third puts something in: in order, nothing lost."""
    await _lane(desk, 1, 2)
    sent: list[int] = []
    now = desk.clock()
    slow, quick = _worker(stores[0], sent, now, now + 40), _worker(stores[1], sent, now + 31, now + 32)
    late = Commit(event_id="parcel3", parcels=(a_parcel("telegram:1", n=3),))

    async def check(replies: list[Any]) -> None:
        await _drained(desk, sent)
        once = list(dict.fromkeys(sent))
        assert once == [1, 2, 3], sent
        assert len(sent) <= 4, sent
        assert replies[2] is Outcome.DONE

    return Set([slow, quick, lambda: stores[2].commit(late, now + 31)], check)


async def the_last_parcel_leaves_while_another_comes(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await _lane(desk, 1)
    sent: list[int] = []
    now = desk.clock()
    more = Commit(event_id="parcel2", parcels=(a_parcel("telegram:1", n=2),))

    async def check(replies: list[Any]) -> None:
        await _drained(desk, sent)
        assert sent == [1, 2], sent

    return Set([_worker(stores[0], sent, now, now), lambda: stores[1].commit(more, now)], check)


async def an_erasure_and_a_worker(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """What is on its way to somebody who is erased is not sent any more after the erasure."""
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")
    now = desk.clock()

    async def work() -> bool:
        hold = await stores[1].claim_lane(["telegram"], 30, now)
        return hold is not None and await stores[1].settle(hold, 1, now)

    async def check(replies: list[Any]) -> None:
        assert await desk.store.claim_lane(["telegram"], 30, now + 10_000) is None

    return Set([lambda: stores[0].erase(held.pseudonym, held.id), work], check)


async def an_erasure_and_a_dead_letter(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """A worker gives up a parcel of somebody who is erased at that moment: the letter is not left behind."""
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")
    now = desk.clock()
    hold = await desk.store.claim_lane(["telegram"], 30, now)
    assert hold is not None

    async def check(answers: list[Any]) -> None:
        assert await desk.store.dead_letters() == []
        assert await desk.store.claim_lane(["telegram"], 30, now + 10_000) is None

    return Set([lambda: stores[0].erase(held.pseudonym, held.id), lambda: stores[1].bury(hold, "blocked", now)], check)


async def an_erasure_and_a_transfer(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam", "lee"))
    held = await desk.held("ana", "sam")
    passes_on = at_desk(fronts(desk, stores[:2])[1], e.Transferred, "sam", held, to="lee")

    async def check(answers: list[Any]) -> None:
        assert await desk.store.conversation(held.id) is None
        assert [each.holding for each in await desk.store.supporters()] == [(), ()]

    return Set([lambda: stores[0].erase(held.pseudonym, held.id), passes_on], check)


async def two_erasures(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """By two names of one person."""
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")
    await desk.store.alias("p-elsewhere", held.pseudonym)

    async def check(answers: list[Any]) -> None:
        assert await desk.store.conversation(held.id) is None
        assert await desk.store.root("p-elsewhere") == "p-elsewhere"
        assert (await desk.store.counts())["live"] == 0

    return Set(
        [lambda: stores[0].erase(held.pseudonym, held.id), lambda: stores[1].erase("p-elsewhere", held.id)], check
    )


async def two_marks(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")

    async def check(answers: list[Any]) -> None:
        marks = await desk.store.marks(held.pseudonym)
        assert (marks.delivered, marks.read) == (3, 2)

    return Set(
        [
            lambda: stores[0].mark(held.pseudonym, delivered=2, read=2),
            lambda: stores[1].mark(held.pseudonym, delivered=3, read=1),
        ],
        check,
    )
