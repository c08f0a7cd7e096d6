"""Deadlines: what falls due, what a commit moves, and how drift is repaired."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core.conversation import Conversation, Deadline
from handoff.ports import Store
from tests.store.making import NOW, a_conversation, opened, save


@pytest.fixture
async def ana(store: Store) -> Conversation:
    return await opened(store, a_conversation(deadlines={Deadline.NUDGE: NOW + 10, Deadline.SILENT: NOW + 20.5}))


async def test_a_deadline_falls_due_at_its_time_and_stays_due(store: Store, ana: Conversation) -> None:
    assert await store.due(NOW + 9.9) == []
    assert await store.due(NOW + 10) == [(Deadline.NUDGE, "c1", NOW + 10)]
    both = [(Deadline.NUDGE, "c1", NOW + 10), (Deadline.SILENT, "c1", NOW + 20.5)]
    assert await store.due(NOW + 30) == both
    assert await store.due(NOW + 30) == both
    assert await store.due(NOW + 30, limit=1) == both[:1]


async def test_a_commit_moves_and_removes_deadlines(store: Store, ana: Conversation) -> None:
    await save(store, conversations=(replace(ana, deadlines={Deadline.NUDGE: NOW + 50, Deadline.CLOSE: NOW + 40}),))
    assert await store.due(NOW + 99) == [(Deadline.CLOSE, "c1", NOW + 40), (Deadline.NUDGE, "c1", NOW + 50)]


async def test_a_poke_is_due_now_until_the_next_commit(store: Store, ana: Conversation) -> None:
    await save(store, pokes=((Deadline.SILENT, "c1"), (Deadline.HOLDER, "c1")), now=NOW + 1)
    assert {kind for kind, _, _ in await store.due(NOW + 1)} == {Deadline.SILENT, Deadline.HOLDER}
    await save(store, conversations=(ana,))
    assert await store.due(NOW + 1) == []
    assert len(await store.due(NOW + 99)) == 2


async def test_a_poke_never_delays_what_is_due_already(store: Store, ana: Conversation) -> None:
    await save(store, pokes=((Deadline.NUDGE, "c1"),), now=NOW + 15)
    assert await store.due(NOW + 15) == [(Deadline.NUDGE, "c1", NOW + 10)]


async def test_nobody_pokes_a_conversation_that_is_not_there(store: Store) -> None:
    await save(store, pokes=((Deadline.NUDGE, "gone"),))
    assert await store.due(NOW + 99) == []


async def test_a_poke_for_a_deadline_that_is_not_there_can_be_settled(store: Store, ana: Conversation) -> None:
    await save(store, pokes=((Deadline.HOLDER, "c1"),))
    await store.settle_due(Deadline.HOLDER, "c1", NOW)
    assert await store.due(NOW) == []


async def test_settling_a_poke_brings_the_real_time_back(store: Store, ana: Conversation) -> None:
    await save(store, pokes=((Deadline.SILENT, "c1"),))
    await store.settle_due(Deadline.SILENT, "c1", NOW)
    assert await store.due(NOW) == []
    assert (Deadline.SILENT, "c1", NOW + 20.5) in await store.due(NOW + 99)


async def test_a_deadline_the_conversation_has_cannot_be_settled_away(store: Store, ana: Conversation) -> None:
    await store.settle_due(Deadline.NUDGE, "c1", NOW + 10)
    assert await store.due(NOW + 10) == [(Deadline.NUDGE, "c1", NOW + 10)]


async def test_settling_what_moved_meanwhile_changes_nothing(store: Store, ana: Conversation) -> None:
    await save(store, pokes=((Deadline.HOLDER, "c1"),), now=NOW + 5)
    await store.settle_due(Deadline.HOLDER, "c1", NOW + 4)
    assert await store.due(NOW + 5) == [(Deadline.HOLDER, "c1", NOW + 5)]
