"""A thousand live conversations in one service: how long messages take at a hundred a second, and how many it can take.

Everything is as in production: screened, committed to disk, shown on the other's open page. Who writes goes round all
conversations, each side in turn. Then the rate is raised step by step until the slowest in a hundred takes a second.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import ConnectionClosed

from tests.bench.live import Talk, connected, in_turn, settle_in
from tests.bench.processes import a_plan, at_rest, service
from tests.bench.rows import quantile, row
from tests.bench.sizes import Size
from tests.bench.world import redis_server

RATE = 100
STEPS = (150, 200, 250, 300, 350, 400, 500, 600, 800)
STEP_SECONDS = 10
_TOO_SLOW = 1.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of messages sent at an even rate: seconds that each took; how many never came."""

    took: list[float]
    lost: int

    @property
    def p99(self) -> float:
        return quantile(self.took, 0.99)


async def measure(size: Size) -> list[dict[str, Any]]:
    """Latency and losses at `RATE`, and the highest rate that is held."""
    conversations, seconds = size.of(full=1000, small=50), size.of(full=60, small=5)
    steps, step = (STEPS, STEP_SECONDS) if size is Size.FULL else (STEPS[:2], 3)
    with redis_server() as url, a_plan(url) as plan:
        pairs = await settle_in(plan, conversations)
        async with service(plan, plan.service()) as pid, connected([plan.service_url()], pairs) as talks:
            await at_rest(pid)
            steady = await at_rate(talks, RATE, seconds)
            held, lost = await _highest(talks, steps, step) if steady.p99 <= _TOO_SLOW else (0, 0)
    name = f"{conversations:,} live conversations, {RATE} messages/s for {seconds} s"
    n = RATE * seconds
    return [
        row(f"{name}, p50", quantile(steady.took, 0.5) * 1000, "ms", n=n),
        row(f"{name}, p99", steady.p99 * 1000, "ms", n=n, aim=250, at_most=True),
        row(f"{name}, lost", steady.lost, "", n=n, aim=0, at_most=True),
        row(f"{conversations:,} live conversations, highest rate held with p99 of a second", held, "/s", n=n),
        row(f"{conversations:,} live conversations, lost while the rate rose", lost, "", n=n, aim=0, at_most=True),
    ]


async def at_rate(talks: Sequence[Talk], rate: float, seconds: float) -> Sent:
    """Send evenly for so long, round all conversations, the seekers' turn and the supporters' turn alternating."""
    under_way = []
    start = time.perf_counter()
    for number, talk in zip(range(int(rate * seconds)), in_turn(talks), strict=False):
        await asyncio.sleep(start + number / rate - time.perf_counter())
        way = talk.from_seeker if number // len(talks) % 2 == 0 else talk.from_supporter
        under_way.append(asyncio.create_task(way()))
    ends = await asyncio.gather(*under_way, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, TimeoutError | ConnectionClosed):
            raise end
    took = [end for end in ends if isinstance(end, float)]
    return Sent(took, len(ends) - len(took))


async def _highest(talks: Sequence[Talk], steps: Sequence[int], seconds: float) -> tuple[int, int]:
    """The last rate whose p99 was a second at most, and how many were lost on the way up to it."""
    held, lost = RATE, 0
    for rate in steps:
        sent = await at_rate(talks, rate, seconds)
        if sent.p99 > _TOO_SLOW:
            break
        held, lost = rate, lost + sent.lost
    return held, lost
