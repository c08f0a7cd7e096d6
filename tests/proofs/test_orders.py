"""Every order in which two clients' commands can reach Redis, and the first of those of three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from handoff.core.conversation import Owner, Phase
from handoff.ports import Commit
from handoff.store.redis import RedisStore
from tests.proofs.desk import Desk, staff
from tests.proofs.orders import walk_all
from tests.proofs.race import Race, Set
from tests.proofs.races import THREE, TWO, TWO_LONG
from tests.proofs.races_for_a_seat import two_claims_of_one
from tests.proofs.stepping import Client


@pytest.mark.parametrize("race", TWO, ids=lambda race: race.__name__)
async def test_two_clients_keep_every_law_in_every_order(race: Race, redis_url: str) -> None:
    (walked,) = await walk_all(redis_url, [race], pruned=False)
    assert walked.walk.orders > 1


@pytest.mark.parametrize("race", [*TWO_LONG, *THREE], ids=lambda race: race.__name__)
async def test_longer_races_keep_every_law_in_the_first_orders(race: Race, redis_url: str) -> None:
    (walked,) = await walk_all(redis_url, [race], pruned=True, most=60)
    assert walked.walk.orders > 10


async def test_every_order_is_walked_once_and_pruning_keeps_what_differs(redis_url: str) -> None:
    (whole,) = await walk_all(redis_url, [two_claims_of_one], pruned=False)
    (fewer,) = await walk_all(redis_url, [two_claims_of_one], pruned=True)
    assert whole.walk.orders == 20  # three commands each: six over three
    assert 2 <= fewer.walk.orders < whole.walk.orders


async def _careless(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """Claims that decide on one read and write over the version of another: what the script's check is there for."""
    await desk.begins(*staff("sam", "lee"))
    talk = await desk.waits("ana")

    def claims(store: RedisStore, who: str) -> Client:
        async def claim() -> None:
            decided = await store.conversation(talk.id)
            assert decided is not None
            if decided.phase is Phase.WAITING:
                await _force(store, talk.id, who)

        return claim

    async def check(answers: list[Any]) -> None:
        assert (await desk.talk(talk.id)).phase is Phase.LIVE

    return Set([claims(stores[0], "sam"), claims(stores[1], "lee")], check)


async def _force(store: RedisStore, conversation: str, who: str) -> None:
    now, supporter = await store.conversation(conversation), await store.supporter(who)
    assert now is not None
    assert supporter is not None
    taken = replace(now, phase=Phase.LIVE, owner=Owner.SUPPORTER, supporter=who, epoch=now.epoch + 1)
    held = replace(supporter, holding=(*supporter.holding, conversation))
    await store.commit(Commit(event_id=f"{who} claims", conversations=(taken,), supporters=(held,)), taken.changed_at)


async def test_a_client_that_decides_on_what_it_read_before_is_caught(redis_url: str) -> None:
    with pytest.raises(AssertionError) as caught:
        await walk_all(redis_url, [_careless], pruned=False)
    assert any("in the order" in note for note in caught.value.__notes__)
