"""Every race of `races`, in every order of its clients' commands, over one real server."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handoff.store.redis import RedisStore
from tests.proofs.desk import Desk, stores
from tests.proofs.race import Race
from tests.proofs.races import THREE, TWO, TWO_LONG
from tests.proofs.rows import row
from tests.proofs.servers import server
from tests.proofs.stepping import Begin, Walk, gated, orders

CLIENTS = 3


@dataclass(frozen=True, slots=True)
class Walked:
    """What one race came to."""

    race: str
    walk: Walk


async def walk_all(url: str, races: Sequence[Race], *, pruned: bool, most: int = 10**9) -> list[Walked]:
    """Walk every order of every race. Raises AssertionError, with the order, where one breaks a law."""
    async with stores(url, CLIENTS + 1) as (own, *others):
        wires = [gated(each) for each in others]
        found = []
        for race in races:
            walk = await orders(_begin(race, own, others), wires, pruned=pruned, most=most)
            found.append(Walked(race.__name__, walk))
            print(f"  {race.__name__}: {walk.orders} orders", file=sys.stderr, flush=True)
        return found


def _begin(race: Race, own: RedisStore, others: Sequence[RedisStore]) -> Begin:
    async def begin() -> Any:
        desk = Desk(own)
        for each in others:
            each._roster.clear()
        ready = await race(desk, others)

        async def ended(answers: list[Any]) -> None:
            await desk.laws()
            await ready.check(answers)

        return ready.clients, desk.laws, ended

    return begin


async def measure() -> list[dict[str, Any]]:
    """Two in every order there is; longer races in every order that differs in more than neighbouring reads."""
    with server(durable=False) as url:
        two = await walk_all(url, TWO, pruned=False)
        three = await walk_all(url, (*TWO_LONG, *THREE), pruned=True)
    return [
        _row(f"{len(TWO)} races of two, every order of their commands: laws broken", two),
        _row(f"{len(TWO_LONG + THREE)} longer races, every order but of neighbouring reads: laws broken", three),
    ]


def _row(name: str, walked: Sequence[Walked]) -> dict[str, Any]:
    """Nothing gets here when a law was broken: the walk raises, with the order that broke it."""
    return row(name, 0, "", n=sum(each.walk.orders for each in walked), aim=0, at_most=True)
