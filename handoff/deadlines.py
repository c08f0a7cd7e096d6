"""The sweep: turns due times in the store into events. Any process may sweep; the event's id makes it one event."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from handoff.core.conversation import Deadline
from handoff.core.events import Due
from handoff.core.ids import due_id
from handoff.ports import Contended, Front, Store, StoreDown
from handoff.watching.port import UNWATCHED, Watching

_log = logging.getLogger(__name__)

SWEEP_SECONDS = 0.5


async def sweep_for_ever(front: Front, store: Store, watching: Watching = UNWATCHED) -> None:
    """Sweep twice a second until cancelled. A store that is down is waited for."""
    while True:
        try:
            await sweep(front, store, watching)
        except StoreDown:
            _log.warning("sweep_waits_for_the_store")
        await asyncio.sleep(SWEEP_SECONDS)


async def sweep(front: Front, store: Store, watching: Watching = UNWATCHED) -> int:
    """Handle everything due now; returns how many there were. One that can't be handled holds up no other."""
    found = await store.due(front.clock())
    for kind, conversation, at in found:
        watching.took("deadline", max(0.0, front.clock() - at))
        broke = await _failure_of(_fall_due(front, store, kind, conversation, at))
        if isinstance(broke, StoreDown) and not isinstance(broke, Contended):
            raise broke
        if broke is not None:
            _log.error("deadline_broke", extra={"kind": str(kind), "conversation": conversation}, exc_info=broke)
    return len(found)


async def _failure_of(handling: Coroutine[Any, Any, None]) -> BaseException | None:
    """What it failed with. As a task of its own, so that a defect in one move ends no sweep."""
    task = asyncio.create_task(handling)
    try:
        await asyncio.wait({task})
    finally:
        task.cancel()
    return task.exception()


async def _fall_due(front: Front, store: Store, kind: Deadline, conversation: str, at: float) -> None:
    reply = await front.handle(Due(id=due_id(kind, conversation, at), kind=kind, conversation=conversation, at=at))
    still_runs = reply.conversation is not None and kind in reply.conversation.deadlines
    if not still_runs:
        await store.settle_due(kind, conversation, at)
