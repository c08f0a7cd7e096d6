"""Records for the store's tests, with as little in them as each test needs."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from handoff.core.conversation import Conversation, Owner, Phase
from handoff.core.entries import Entry, Speaker
from handoff.core.ids import Address
from handoff.core.supporter import Supporter
from handoff.ports import Commit, Outcome, Parcel, Store
from tests.journey.talk import PATIENCE

KEY = b"a key for the tests, 32 bytes..."
NOW = 1_780_000_000.25

_counter = itertools.count(1)


def fresh(kind: str = "event") -> str:
    """An id nobody had before."""
    return f"{kind}-{next(_counter)}"


def a_conversation(name: str = "c1", who: str = "ana", **changes: Any) -> Conversation:
    base = Conversation(
        id=name,
        seeker=Address("web", f"{who}-on-the-web"),
        pseudonym=f"p-{who}",
        language="en",
        opened_at=NOW,
        changed_at=NOW,
    )
    return replace(base, **changes)


def waiting(name: str = "c1", who: str = "ana", since: float = NOW, **changes: Any) -> Conversation:
    state: dict[str, Any] = {"phase": Phase.WAITING, "owner": Owner.QUEUE, "waiting_since": since}
    return a_conversation(name, who, **{**state, **changes})


def live(before: Conversation, supporter: str) -> Conversation:
    return replace(before, phase=Phase.LIVE, owner=Owner.SUPPORTER, supporter=supporter, epoch=before.epoch + 1)


def an_entry(seq: int, conversation: str = "c1", text: str = "hello", **changes: Any) -> Entry:
    base = Entry(seq=seq, id=fresh("entry"), at=NOW, conversation=conversation, speaker=Speaker.SEEKER, text=text)
    return replace(base, **changes)


def a_parcel(lane: str = "telegram:42", conversation: str = "c1", **body: Any) -> Parcel:
    return Parcel(fresh("parcel"), lane, conversation, 0, "entry", body)


def a_supporter(name: str = "sam", **changes: Any) -> Supporter:
    return replace(Supporter(id=name, name=name.title()), **changes)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that comes by itself; give up loudly."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.02)


async def save(store: Store, now: float = NOW, **parts: Any) -> Outcome:
    """Commit something under an event id of its own."""
    return await store.commit(Commit(event_id=fresh(), **parts), now)


async def opened(store: Store, conversation: Conversation) -> Conversation:
    """The conversation as stored, its seeker's current one."""
    before = await store.current(conversation.seeker, conversation.pseudonym)
    outcome = await save(
        store,
        conversations=(conversation,),
        opens=conversation.id,
        replaces=None if before is None else before.id,
    )
    assert outcome is Outcome.DONE
    return await stored(store, conversation.id)


async def stored(store: Store, conversation: str) -> Conversation:
    found = await store.conversation(conversation)
    assert found is not None
    return found


async def on_the_roster(store: Store, supporter: Supporter) -> Supporter:
    assert await save(store, supporters=(supporter,)) is Outcome.DONE
    found = await store.supporter(supporter.id)
    assert found is not None
    return found
