"""Two service processes against one, on one Redis: how many relayed messages a second each setting takes.

All of it shares this machine's cores: the services, Redis and the people, who are played by this process. What the
playing took is known, and counted apart: on a machine of its own it would leave that much of the cores to the rest.
Both processes run all the time, and the two settings take turns: everybody at the first, or spread over both.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from handoff.running.plan import Plan
from handoff.running.ports import free_port
from tests.bench.live import Pair, connected, settle_in
from tests.bench.processes import a_plan, module, on_cores, service
from tests.bench.relay import EXCHANGES, all_talk
from tests.bench.rows import row
from tests.bench.sizes import Size
from tests.bench.world import redis_server

_CORES = 2
_BETWEEN_SECONDS = 1.0
_TALKS = 2


@dataclass(frozen=True, slots=True)
class Round:
    """Messages a second by the clock, and cores that playing the people took of it."""

    rate: float
    playing: float


async def measure(size: Size) -> list[dict[str, Any]]:
    """Both rates, their ratio by the clock, and the ratio with the playing counted apart."""
    seekers, turns = size.of(full=200, small=20), size.of(full=6, small=2)
    with on_cores(_CORES), redis_server() as url, a_plan(url) as plan:
        pairs = await settle_in(plan, seekers)
        other = replace(plan, settings=plan.settings.model_copy(update={"port": free_port()}))
        async with _unscreened(plan) as one, _unscreened(other) as two:
            rounds = [[await _round(pairs, [one]), await _round(pairs, [one, two])] for _ in range(turns)]
    return _rows(rounds, seekers)


def _rows(rounds: Sequence[Sequence[Round]], seekers: int) -> list[dict[str, Any]]:
    """With the playing apart: as if the cores that it took in the second setting were there beside the two."""
    one, both = (statistics.median(each.rate for each in side) for side in zip(*rounds, strict=True))
    by_clock = statistics.median(pair.rate / alone.rate for alone, pair in rounds)
    apart = statistics.median(pair.rate * _CORES / (_CORES - pair.playing) / alone.rate for alone, pair in rounds)
    playing = statistics.median(pair.playing for _, pair in rounds)
    n = seekers * EXCHANGES * 2 * _TALKS * len(rounds)
    return [
        row("relay by one service process, by the clock", one, "/s", n=n),
        row("relay by two service processes, by the clock", both, "/s", n=n),
        row("cores that playing the people took meanwhile", playing, "", n=n),
        row("two service processes / one, by the clock, all on two cores", by_clock, "x", n=n),
        row("two service processes / one, playing the people counted apart", apart, "x", n=n, aim=1.6),
    ]


@asynccontextmanager
async def _unscreened(plan: Plan) -> AsyncIterator[str]:
    """Its address."""
    async with service(plan, module(plan.service(), "tests.bench.unscreened")):
        yield plan.service_url()


async def _round(pairs: Sequence[Pair], addresses: Sequence[str]) -> Round:
    async with connected(addresses, pairs) as talks:
        await asyncio.sleep(_BETWEEN_SECONDS)
        used, begun = time.process_time(), time.perf_counter()
        messages = sum([await all_talk(talks) for _ in range(_TALKS)])
        took = time.perf_counter() - begun
        return Round(messages / took, (time.process_time() - used) / took)
