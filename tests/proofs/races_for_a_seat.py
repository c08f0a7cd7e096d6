"""Races about who holds whom: claims, closes, transfers, releases, and deadlines of those."""

from __future__ import annotations

from collections.abc import Sequence

from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.ports import Reply
from handoff.store.redis import RedisStore
from tests.core.making import lead
from tests.proofs.desk import Desk, staff
from tests.proofs.race import Set, at_desk, claims, done, fronts, writes


async def two_claims_of_one(desk: Desk, stores: Sequence[RedisStore], many: int = 2) -> Set:
    names = [f"s{n}" for n in range(many)]
    await desk.begins(*staff(*names))
    talk = await desk.waits("ana")
    ways_in = fronts(desk, stores[:many])

    async def check(replies: list[Reply]) -> None:
        assert done(replies) == 1
        now = await desk.talk(talk.id)
        assert replies[names.index(now.supporter or "")].refused is None
        assert now.epoch == talk.epoch + 1

    return Set([claims(front, name, talk.id) for front, name in zip(ways_in, names, strict=True)], check)


async def three_claims_of_one(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    return await two_claims_of_one(desk, stores, 3)


async def two_claims_by_one_who_has_room_for_one(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam", capacity=1))
    talks = [await desk.waits("ana"), await desk.waits("ben")]
    clients = [claims(front, "sam", talk.id) for front, talk in zip(fronts(desk, stores[:2]), talks, strict=True)]

    async def check(replies: list[Reply]) -> None:
        assert done(replies) == 1
        phases = {(await desk.talk(each.id)).phase for each in talks}
        assert phases == {Phase.LIVE, Phase.WAITING}

    return Set(clients, check)


async def a_claim_sent_twice(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """The same event at two processes: a click that Slack delivers again while the first is under way."""
    await desk.begins(*staff("sam"))
    talk = await desk.waits("ana")

    async def check(replies: list[Reply]) -> None:
        assert not any(each.refused for each in replies), "a redelivered click was told no"
        assert (await desk.talk(talk.id)).version == talk.version + 1

    return Set([claims(front, "sam", talk.id) for front in fronts(desk, stores[:2])], check)


async def a_claim_and_a_close(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """Sam, full, ends one and is free; at the same moment Sam claims another."""
    await desk.begins(*staff("sam", capacity=1))
    held, waits = await desk.held("ana", "sam"), await desk.waits("ben")
    one, two = fronts(desk, stores[:2])
    clients = [claims(one, "sam", waits.id), at_desk(two, e.SupporterClosed, "sam", held, outcome="supported")]

    async def check(replies: list[Reply]) -> None:
        assert replies[1].refused is None
        assert (await desk.talk(held.id)).phase is Phase.CLOSING
        claimed = replies[0].refused is None
        assert ((await desk.talk(waits.id)).phase is Phase.LIVE) == claimed

    return Set(clients, check)


async def a_transfer_and_a_claim(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """Lee has room for one: what Sam passes on, or what Lee claims."""
    await desk.begins(*staff("sam"), *staff("lee", capacity=1))
    held, waits = await desk.held("ana", "sam"), await desk.waits("ben")
    one, two = fronts(desk, stores[:2])
    clients = [at_desk(one, e.Transferred, "sam", held, to="lee"), claims(two, "lee", waits.id)]

    async def check(replies: list[Reply]) -> None:
        lee = await desk.store.supporter("lee")
        assert lee is not None
        assert len(lee.holding) == 1
        assert done(replies) == 1

    return Set(clients, check)


async def a_transfer_and_a_take_over(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam", "lee"), lead("lou"))
    held = await desk.held("ana", "sam")
    one, two = fronts(desk, stores[:2])
    clients = [at_desk(one, e.Transferred, "sam", held, to="lee"), at_desk(two, e.TakenOver, "lou", held)]

    async def check(replies: list[Reply]) -> None:
        assert replies[1].refused is None
        assert (await desk.talk(held.id)).supporter in {"lou", "lee"}

    return Set(clients, check)


async def a_release_and_a_word(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """Sam gives Ana back while Ana writes: her words are kept and she waits, whoever comes first."""
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")
    seeker = desk.seekers[held.id]
    one, two = fronts(desk, stores[:2])
    clients = [at_desk(one, e.Released, "sam", held), writes(two, seeker)]

    async def check(replies: list[Reply]) -> None:
        assert done(replies) == 2
        assert (await desk.talk(held.id)).phase is Phase.WAITING
        assert (await desk.texts(held.pseudonym)).count("are you there") == 1

    return Set(clients, check)


async def a_close_and_a_word(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")
    seeker = desk.seekers[held.id]
    one, two = fronts(desk, stores[:2])
    clients = [at_desk(one, e.SupporterClosed, "sam", held, outcome="supported"), writes(two, seeker)]

    async def check(replies: list[Reply]) -> None:
        assert done(replies) == 2
        assert (await desk.texts(held.pseudonym)).count("are you there") == 1

    return Set(clients, check)
