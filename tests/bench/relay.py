"""A live conversation's messages, from the seeker's chat to the supporter's desk and back, against a bare echo.

The echo does as many Redis round trips a message as the service was seen to do. Screening is left out on both sides
and measured by itself. Nobody acknowledges what was shown: that is no part of a message's way.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from handoff.classifying import full_screen
from handoff.running.plan import Plan
from handoff.running.ports import LOOPBACK, free_port
from tests.bench.live import Talk, connected, in_rooms, settle_in
from tests.bench.load import at_rate
from tests.bench.processes import a_plan, at_rest, cpu_seconds, module, running, service
from tests.bench.rows import row
from tests.bench.screen import messages, readings
from tests.bench.sizes import Size
from tests.bench.trips import round_trips
from tests.bench.world import redis_server

EXCHANGES = 6
"""One message each way, in every conversation, this many times a round: below what a page may send in ten seconds."""
OWN_READS = 2.5
"""What a message itself needs read: the seeker's, the conversation; the supporter's, session, supporter (once for the
session, once for what they may do) and conversation. The rest is what it causes: standings told, desks drawn afresh."""
_BETWEEN_SECONDS = 1.0
_AFTERMATH_SECONDS = 0.5
"""What a message causes after its arrival (standing, desks) is over by then, and counted."""
RATE, SECONDS = 50, 12
_SCREENINGS = 400


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took: messages a second by the clock, and a second of the process's own time."""

    by_clock: float
    by_core: float


async def measure(size: Size) -> list[dict[str, Any]]:
    """Rates, their ratio, what screening adds, and how long a message takes at a modest rate."""
    seekers, rounds_each = size.of(full=200, small=20), size.of(full=5, small=2)
    with redis_server() as url, a_plan(url) as plan:
        pairs = await settle_in(plan, seekers)
        unscreened = module(plan.service(), "tests.bench.unscreened")
        async with service(plan, unscreened) as pid, connected([plan.service_url()], pairs) as talks:
            reads, writes, _ = await round_trips(url, all_talk(talks))
            assert writes >= 1, "a message that was not written cannot arrive"
            rounds = await _in_turn(plan, pid, talks, [(reads, writes), (OWN_READS, 1)], rounds_each)
        async with service(plan, plan.service()) as pid, connected([plan.service_url()], pairs) as talks:
            await at_rest(pid)
            sent = await at_rate(talks, RATE, SECONDS)
            assert not sent.lost, "a message did not come"
    return [
        *_rates(rounds, seekers),
        row("Redis round trips a relayed message", reads + writes, "", n=seekers * EXCHANGES * 2),
        row("screening a message and its context", _screening(_SCREENINGS), "ms", n=_SCREENINGS),
        *_quantiles(sent.took),
    ]


def _rates(rounds: Sequence[Sequence[Round]], seekers: int) -> list[dict[str, Any]]:
    """Of the service, of an echo with all its round trips, and of one with those of a message's own way."""
    n = seekers * EXCHANGES * 2 * len(rounds)
    core, bare, own = (statistics.median(each.by_core for each in side) for side in zip(*rounds, strict=True))
    to_bare = statistics.median(ours.by_core / echo.by_core for ours, echo, _ in rounds)
    to_own = statistics.median(ours.by_core / echo.by_core for ours, _, echo in rounds)
    by_clock = statistics.median(ours.by_clock for ours, _, _ in rounds)
    return [
        row("relay, messages by the service's core second", core, "/s", n=n),
        row("bare echo, messages by its core second", bare, "/s", n=n),
        row("relay / bare echo, by core second", to_bare, "x", n=n, aim=0.5),
        row("bare echo of a message's own way alone", own, "/s", n=n),
        row("relay / bare echo of a message's own way alone", to_own, "x", n=n),
        row("relay, messages a second by the clock", by_clock, "/s", n=n),
    ]


async def _in_turn(
    plan: Plan, pid: int, talks: Sequence[Talk], echoes: Sequence[tuple[float, float]], rounds: int
) -> list[list[Round]]:
    """`rounds` times a round of each: the service, then every echo, given by its reads and writes a message."""
    async with AsyncExitStack() as open_now:
        sides = [(pid, talks)]
        for reads, writes in echoes:
            port = free_port()
            echo = module(
                plan.service(), "tests.bench.echo", str(port), plan.settings.redis_url, f"{reads}", f"{writes}"
            )
            echo_pid = await open_now.enter_async_context(running(echo, f"http://{LOOPBACK}:{port}/healthz"))
            rooms = await open_now.enter_async_context(in_rooms(f"ws://{LOOPBACK}:{port}", len(talks)))
            await all_talk(rooms)
            sides.append((echo_pid, rooms))
        await at_rest(pid)
        return [[await _round(*side) for side in sides] for _ in range(rounds)]


async def _round(pid: int, talks: Sequence[Talk]) -> Round:
    await asyncio.sleep(_BETWEEN_SECONDS)
    used, begun = cpu_seconds(pid), time.perf_counter()
    messages = await all_talk(talks)
    took = time.perf_counter() - begun
    await asyncio.sleep(_AFTERMATH_SECONDS)
    return Round(messages / took, messages / (cpu_seconds(pid) - used))


async def all_talk(talks: Sequence[Talk]) -> int:
    """Everybody at once; each waits for the other's words before answering. Returns how many messages went."""

    async def exchange(talk: Talk) -> None:
        for _ in range(EXCHANGES):
            await talk.from_seeker()
            await talk.from_supporter()

    await asyncio.gather(*(exchange(talk) for talk in talks))
    return len(talks) * EXCHANGES * 2


def _quantiles(latencies: Sequence[float]) -> list[dict[str, Any]]:
    cuts = statistics.quantiles(latencies, n=100)
    return [
        row(f"relay at {RATE} messages a second, screened, {name}", cuts[place] * 1000, "ms", n=len(latencies))
        for name, place in (("p50", 49), ("p99", 98))
    ]


def _screening(count: int) -> float:
    """Milliseconds for what the service does with each message: read alone, then with what came before."""
    screen = full_screen()
    screen.prepare()
    return statistics.median(readings(screen, messages(count))) * 1000
