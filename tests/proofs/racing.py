"""A thousand claims at the same moment, by four processes: for one conversation, and for two hundred."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.dispatcher import Dispatcher
from handoff.ports import Contended, Reply
from handoff.store.redis import RedisStore
from tests.proofs.desk import Desk, staff, stores
from tests.proofs.rows import row
from tests.proofs.servers import server

CLAIMS = 1000
PROCESSES = 4
CAPACITY = 2


async def one_conversation(own: RedisStore, others: list[RedisStore], claims: int = CLAIMS) -> int:
    """So many supporters claim the same; how many were told that it is theirs. Raises AssertionError."""
    desk = Desk(own)
    names = [f"s{n}" for n in range(claims)]
    await desk.begins(*staff(*names))
    talk = await desk.waits("ana")
    replies = await _race(desk, others, [(name, talk.id) for name in names])
    now = await desk.talk(talk.id)
    assert now.phase is Phase.LIVE
    assert [name for name, reply in zip(names, replies, strict=True) if not reply.refused] == [now.supporter]
    assert now.epoch == talk.epoch + 1
    await desk.laws()
    return sum(not reply.refused for reply in replies)


async def many_conversations(
    own: RedisStore, others: list[RedisStore], talks: int = 200, people: int = 50, claims: int = CLAIMS
) -> int:
    """Few supporters grab at many who wait; how many were told that they have one. Raises AssertionError."""
    desk, chance = Desk(own), random.Random(1)
    names = [f"s{n}" for n in range(people)]
    await desk.begins(*staff(*names, capacity=CAPACITY))
    waiting = [(await desk.waits(f"seeker{n}")).id for n in range(talks)]
    pairs = [(names[n % people], chance.choice(waiting)) for n in range(claims)]
    replies = await _race(desk, others, list(dict.fromkeys(pairs)))
    await desk.laws()
    roster = await own.supporters()
    won = sum(not reply.refused for reply in replies)
    assert won == sum(len(each.holding) for each in roster)
    assert all(len(each.holding) == CAPACITY for each in roster), "somebody with room was told no"
    return won


async def _race(desk: Desk, others: list[RedisStore], pairs: list[tuple[str, str]]) -> list[Reply]:
    fronts = [desk.front(store, f"process{n}-") for n, store in enumerate(others)]
    return await asyncio.gather(*(_claim(fronts[n % len(fronts)], *pair) for n, pair in enumerate(pairs)))


async def _claim(front: Dispatcher, who: str, conversation: str) -> Reply:
    """As a desk does: the same click again when it was told to send it again."""
    event = e.Claimed(id=f"claim:{who}:{conversation}", supporter=who, conversation=conversation)
    while True:
        try:
            return await front.handle(event)
        except Contended:
            continue


async def measure() -> list[dict[str, Any]]:
    """Owners of one conversation after 1,000 racing claims; conversations held after 1,000 claims for 200."""
    with server() as url:
        async with stores(url, PROCESSES + 1) as (own, *others):
            one = await one_conversation(own, others)
            many = await many_conversations(own, others)
    return [
        row("owners of one conversation after 1,000 racing claims", one, "", n=CLAIMS, aim=1, at_most=True),
        row("held by 50 with room for 100, after 1,000 claims for 200 who wait", many, "", n=CLAIMS, aim=100),
    ]
