"""The queue, the desk's view of it, and the estimate's evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core import queue
from handoff.core.conversation import Intake, Phase
from handoff.core.policy import Policy
from handoff.core.risk import Tier
from handoff.ports import Standing, Store
from tests.store.making import NOW, a_conversation, live, opened, save, waiting


async def test_the_queue_is_in_the_order_of_its_scores(store: Store) -> None:
    await opened(store, waiting("late", "ana", NOW + 60))
    await opened(store, waiting("early", "ben", NOW))
    await opened(store, waiting("crisis", "cleo", NOW + 90, tier=Tier.ACTIVE))
    await opened(store, waiting("imminent", "dan", NOW + 91, tier=Tier.IMMINENT))
    await opened(store, waiting("concern", "eve", NOW + 599, tier=Tier.CONCERN))
    await opened(store, waiting("concern later", "fay", NOW + 601, tier=Tier.CONCERN))
    order = [each.conversation for each in await store.waiting()]
    assert order == ["imminent", "crisis", "concern", "early", "concern later", "late"]
    assert [each.conversation for each in await store.waiting(limit=2)] == order[:2]


async def test_equal_scores_have_a_steady_order(store: Store) -> None:
    for name in ("b", "c", "a"):
        await opened(store, waiting(name, name))
    assert [each.conversation for each in await store.waiting()] == ["a", "b", "c"]


async def test_a_place_shows_the_desk_what_the_core_says(store: Store) -> None:
    given = waiting(intake=Intake(name="Ana", topics=("grief",), preferences=("a woman",)), excluded=("sam",), climb=1)
    await opened(store, given)
    assert await store.waiting() == [queue.place(given, Policy())]


@pytest.mark.parametrize("phase", [Phase.LIVE, Phase.INTAKE, Phase.CLOSING, Phase.CLOSED])
async def test_who_no_longer_waits_is_out_of_the_queue(store: Store, phase: Phase) -> None:
    conversation = await opened(store, waiting())
    await save(store, conversations=(replace(conversation, phase=phase),))
    assert await store.waiting() == []
    counts = await store.counts()
    assert (counts["waiting"], counts["live"]) == (0, int(phase is Phase.LIVE))


async def test_who_goes_back_has_the_original_place(store: Store) -> None:
    first = await opened(store, waiting("c1", "ana", NOW))
    await opened(store, waiting("c2", "ben", NOW + 5))
    await save(store, conversations=(live(first, "sam"),))
    await save(store, conversations=(replace(first, version=2, excluded=("sam",)),))
    assert [each.conversation for each in await store.waiting()] == ["c1", "c2"]
    assert (await store.counts())["live"] == 0


async def test_new_risk_moves_a_place_at_once(store: Store) -> None:
    await opened(store, waiting("c1", "ana", NOW))
    second = await opened(store, waiting("c2", "ben", NOW + 5))
    await save(store, conversations=(replace(second, tier=Tier.PASSIVE),))
    assert [each.conversation for each in await store.waiting()] == ["c2", "c1"]


async def test_the_standing_counts_who_is_before(store: Store) -> None:
    assert await store.standing(0.0) == Standing(0, 0, None)
    for place in range(4):
        await opened(store, waiting(f"c{place}", f"s{place}", NOW + place))
    third = (await store.waiting())[2]
    assert await store.standing(third.score) == Standing(2, 4, None)


async def test_the_average_wait_is_the_cores(store: Store) -> None:
    expected = None
    for waited in (61.3, 7.7, 1234.5678, 0.1):
        await save(store, waited=waited)
        expected = queue.average(expected, waited)
    assert (await store.standing(0.0)).average == expected


async def test_a_conversation_still_with_the_bot_is_in_no_index(store: Store) -> None:
    await opened(store, a_conversation())
    counts = await store.counts()
    assert (counts["waiting"], counts["live"]) == (0, 0)
