"""Races of three clients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.deadlines import sweep
from handoff.ports import Reply
from handoff.store.redis import RedisStore
from tests.proofs.desk import Desk, staff
from tests.proofs.race import Set, at_desk, claims, fronts, overdue, writes


async def a_claim_a_word_and_a_deadline(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam"))
    talk = await desk.waits("ana")
    await overdue(desk, talk, Deadline.WAIT_LONG)
    one, two, three = fronts(desk, stores[:3])
    clients = [claims(one, "sam", talk.id), writes(two, desk.seekers[talk.id]), lambda: sweep(three, stores[2])]

    async def check(replies: list[Any]) -> None:
        assert replies[0].refused is None
        assert (await desk.talk(talk.id)).phase is Phase.LIVE
        assert (await desk.texts(talk.pseudonym)).count("are you there") == 1

    return Set(clients, check)


async def two_claims_and_a_transfer(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam", "lee", capacity=1), *staff("kim"))
    held, waits = await desk.held("ana", "kim"), await desk.waits("ben")
    one, two, three = fronts(desk, stores[:3])
    clients = [
        claims(one, "sam", waits.id),
        claims(two, "lee", waits.id),
        at_desk(three, e.Transferred, "kim", held, to="lee"),
    ]

    async def check(replies: list[Reply]) -> None:
        assert sum(each.refused is None for each in replies[:2]) == 1
        assert (await desk.talk(held.id)).phase is Phase.LIVE

    return Set(clients, check)


async def an_erasure_a_word_and_a_claim(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam"))
    talk = await desk.waits("ana")
    _, two, three = fronts(desk, stores[:3])
    clients = [
        lambda: stores[0].erase(talk.pseudonym, talk.id),
        writes(two, desk.seekers[talk.id]),
        claims(three, "sam", talk.id),
    ]

    async def check(replies: list[Any]) -> None:
        assert await desk.store.conversation(talk.id) is None
        assert (await desk.store.supporter("sam")).holding == ()  # type: ignore[union-attr]

    return Set(clients, check)
