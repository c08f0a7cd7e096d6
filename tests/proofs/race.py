"""What a race is made of: clients that meet at the same moment, and what must be true in the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from handoff.core import events as e
from handoff.core.conversation import Conversation, Deadline
from handoff.core.ids import Address
from handoff.dispatcher import Dispatcher
from handoff.ports import Reply
from handoff.store.redis import RedisStore
from tests.proofs.desk import Desk
from tests.proofs.stepping import Client

Check = Callable[[list[Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Set:
    """One race, set up: its clients, and what must hold in the end of what they answered."""

    clients: Sequence[Client]
    check: Check


Race = Callable[[Desk, Sequence[RedisStore]], Awaitable[Set]]


def fronts(desk: Desk, stores: Sequence[RedisStore]) -> list[Dispatcher]:
    return [desk.front(store, f"client{n}-") for n, store in enumerate(stores)]


def claims(front: Dispatcher, who: str, conversation: str) -> Client:
    event = e.Claimed(id=f"claim:{who}:{conversation}", supporter=who, conversation=conversation)
    return lambda: front.handle(event)


def writes(front: Dispatcher, seeker: Address, text: str = "are you there") -> Client:
    return lambda: front.handle(e.SeekerWrote(id=f"{seeker}:{text}", seeker=seeker, text=text))


def at_desk(front: Dispatcher, kind: type[e.DeskEvent], who: str, talk: Conversation, **about: Any) -> Client:
    event = kind(id=f"{kind.__name__}:{who}", supporter=who, conversation=talk.id, **about)
    return lambda: front.handle(event)


def done(replies: Sequence[Reply]) -> int:
    return sum(each.refused is None and not each.duplicate for each in replies)


async def overdue(desk: Desk, talk: Conversation, kind: Deadline) -> None:
    desk.clock.now = talk.deadlines[kind] + 1
