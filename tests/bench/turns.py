"""Bot turns a second on two cores, sixteen people at once, against Rasa's default pipeline trained on the same data.

Both are asked directly, over the same action server and service, and take turns. Ours has two processes, for its memory
is in Redis; the rival's is in its one process, and `tests.bench.rival` says what it is. Held-out utterances show that
speed was not bought with understanding. Last, a long conversation: what its 200th turn costs against the second of a
young one, by turns.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import connect

from bot.evaluate import examples, macro_f1, understand
from handoff.running.children import Program
from handoff.running.plan import Plan
from handoff.running.ports import LOOPBACK, free_port
from tests.bench.bot import CONSENT, SAID, Direct, Seeker, awake
from tests.bench.processes import a_plan, at_rest, on_cores, running, service
from tests.bench.rival import rival_arguments, rival_model
from tests.bench.rows import row
from tests.bench.sizes import Size
from tests.bench.world import redis_server

PEOPLE = 16
_SMALL_TALK = ("i feel so alone", "thanks", "is this free", "are you a bot", "how much longer")
_COMPARED = 20
"""Turns of the old and of the young conversation that are compared, by turns."""


async def measure(size: Size) -> list[dict[str, Any]]:
    """Rates and their ratio, macro F1 of both, and the growth of a turn's cost."""
    turns, rounds, long = size.of(full=20, small=4), size.of(full=2, small=1), size.of(full=200, small=20)
    rival = await asyncio.to_thread(rival_model)
    with on_cores(2), redis_server() as url, a_plan(url) as plan:
        async with service(plan, plan.service()), awake(plan, workers=2) as model:
            stock, address = _stock(plan, rival)
            async with running(stock, f"{address}/webhooks/rest/") as pid:
                await at_rest(pid)
                sides = [plan.settings.rasa_url, address]
                for side in sides:
                    await _rate(plan, side, 2)
                measured = [[await _rate(plan, side, turns) for side in sides] for _ in range(rounds)]
            growth = await _growth(plan, long)
    scores = [await asyncio.to_thread(_score, Path(each)) for each in (model, rival)]
    return [*_rates(measured, turns), *_quality(*scores), _long(growth, long)]


def _rates(measured: Sequence[Sequence[float]], turns: int) -> list[dict[str, Any]]:
    ours, stock = (statistics.median(side) for side in zip(*measured, strict=True))
    ratio = statistics.median(mine / theirs for mine, theirs in measured)
    n = PEOPLE * turns * len(measured)
    who = f"{PEOPLE} people at once, {turns} turns each"
    return [
        row(f"bot turns, {who}", ours, "/s", n=n),
        row(f"bot turns, {who}, Rasa's default pipeline", stock, "/s", n=n),
        row(f"bot turns, {who}, ours / Rasa's default", ratio, "x", n=n, aim=5.0),
    ]


def _quality(ours: float, stock: float) -> list[dict[str, Any]]:
    n = len(examples())
    return [
        row("held-out intents, macro F1, Rasa's default pipeline", stock, "", n=n),
        row("held-out intents, macro F1, ours; the aim is not lower", ours, "", n=n, aim=round(stock, 3)),
    ]


def _long(growth: float, turn: int) -> dict[str, Any]:
    return row(f"a bot turn, the {turn}th / the second", growth, "x", n=_COMPARED, aim=1.3, at_most=True)


def _stock(plan: Plan, model: Path) -> tuple[Program, str]:
    """The rival as a program beside ours, and where it answers."""
    port = free_port()
    rasa = plan.rasa(str(model))
    command = (rasa.command[0], "run", "-i", LOOPBACK, "-p", str(port), *rival_arguments(model))
    return replace(rasa, command=command, port=port), f"http://{LOOPBACK}:{port}"


async def _rate(plan: Plan, rasa: str, turns: int) -> float:
    """Turns a second of everybody together; each waits for an answer before saying the next thing."""
    async with httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=None)) as asking:
        people = [Direct(asking, rasa, each) for each in await _known(plan, PEOPLE)]

        async def talk(person: Direct) -> None:
            for text in itertools.islice(itertools.cycle((CONSENT, *SAID)), turns):
                assert await person.answered(text), "the bot said nothing"

        begun = time.perf_counter()
        await asyncio.gather(*(talk(person) for person in people))
        return PEOPLE * turns / (time.perf_counter() - begun)


async def _known(plan: Plan, count: int) -> list[str]:
    """Conversations that the service knows, opened in the web chat."""
    chat = f"{plan.service_url().replace('http', 'ws')}/chat/ws"
    known = []
    for _ in range(count):
        async with connect(chat) as socket:
            seeker = Seeker(socket)
            await seeker.open()
            known.append(seeker.conversation)
    return known


async def _growth(plan: Plan, long: int) -> float:
    """The old conversation's turns from `long` on against a young one's from the second on, medians."""
    async with httpx.AsyncClient(trust_env=False) as asking:
        old, young = (Direct(asking, plan.settings.rasa_url, each) for each in await _known(plan, 2))
        said = itertools.cycle(_SMALL_TALK)
        for text in (CONSENT, *itertools.islice(said, long - 2)):
            await old.answered(text)
        await young.answered(CONSENT)
        late, early = [], []
        for text in itertools.islice(said, _COMPARED):
            late.append(await _seconds(old, text))
            early.append(await _seconds(young, text))
    return statistics.median(late) / statistics.median(early)


async def _seconds(person: Direct, text: str) -> float:
    begun = time.perf_counter()
    await person.answered(text)
    return time.perf_counter() - begun


def _score(model: Path) -> float:
    """Macro F1 over the intents of the held-out utterances."""
    texts, wanted = zip(*examples(), strict=True)
    return float(macro_f1(list(wanted), [each.intent for each in understand(model, list(texts))]))
