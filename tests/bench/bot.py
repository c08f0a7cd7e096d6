"""A bot turn through Warmline against the same Rasa asked directly: same words, same turn of as old a conversation.

Through Warmline: from the words leaving the web chat to the last of the bot's entries coming back, the screen, the two
commits on disk and the lane included. Directly: one POST to Rasa on a connection that is kept open, for a
conversation that the service knows too, so that the bot's actions do the same in both. The two sides take turns.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from handoff.running.children import run_once
from handoff.running.plan import Plan
from tests.bench.processes import a_plan, at_rest, running, service
from tests.bench.rows import row
from tests.bench.sizes import Size
from tests.bench.world import redis_server

CONSENT = "/consent_yes"
SAID = (
    "Sam",
    "work has been too much for weeks and I can't switch off",
    "who are the supporters?",
    "about a 6 I think",
    "english",
    "is this private",
    "what do you keep about me",
    "I live in Ireland",
    "someone who knows about burnout maybe",
    "yes you can share that",
    "thank you",
    "are you a bot?",
    "do you have something to help me sleep",
    "how long does it take",
)
_PATIENCE_SECONDS = 30.0
_NOTHING_MORE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Turn:
    """How long it took, in seconds, and how many messages the bot answered with."""

    seconds: float
    messages: int


class Seeker:
    """A web chat that talks to the bot."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._count = itertools.count(1)
        self.conversation = ""

    async def open(self) -> None:
        """Say hello, and read until the bot's first words are all there."""
        await self._take({"type": "hello", "token": None, "after": 0, "language": "en"})

    async def turn(self, text: str) -> Turn:
        said = {"type": "tap", "payload": text, "label": "Yes"} if text == CONSENT else {"type": "say", "text": text}
        return await self._take({"id": f"turn{next(self._count)}", **said})

    async def _take(self, frame: dict[str, Any]) -> Turn:
        """Send a frame, and take in what the bot says until it has said nothing for a moment."""
        begun = time.perf_counter()
        await self._socket.send(json.dumps(frame))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            last, messages = await self._next_of_the_bot(), 1
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(_NOTHING_MORE_SECONDS):
                    last, messages = await self._next_of_the_bot(), messages + 1
        return Turn(last - begun, messages)

    async def _next_of_the_bot(self) -> float:
        """When its next entry came."""
        while True:
            frame = json.loads(await self._socket.recv())
            if frame["type"] == "entry" and frame["from"] == "bot":
                self.conversation = frame["conversation"]
                return time.perf_counter()


class Direct:
    """The same without Warmline: Rasa's own channel."""

    def __init__(self, asking: httpx.AsyncClient, rasa: str, conversation: str) -> None:
        self._asking = asking
        self._address = f"{rasa}/webhooks/rest/webhook"
        self._conversation = conversation
        self._count = itertools.count(1)

    async def turn(self, text: str) -> Turn:
        begun = time.perf_counter()
        answers = await self.answered(text)
        took = time.perf_counter() - begun
        await asyncio.sleep(_NOTHING_MORE_SECONDS)
        return Turn(took, len(answers))

    async def answered(self, text: str) -> list[Any]:
        """What the bot says to it."""
        metadata = {
            "language": "en", "country": None, "phase": "intake", "epoch": 1, "consent": text != CONSENT or None,
            "name": "", "message_id": f"web:{self._conversation}:turn{next(self._count)}",
        }  # fmt: skip
        asked = {"sender": self._conversation, "message": text, "metadata": metadata}
        answer = await self._asking.post(self._address, json=asked, timeout=_PATIENCE_SECONDS)
        return list(answer.json())


async def measure(size: Size) -> list[dict[str, Any]]:
    """Both sides' p50 and their ratio."""
    with redis_server() as url, a_plan(url) as plan:
        async with service(plan, plan.service()), awake(plan):
            pairs = [
                pair for number in range(size.of(full=8, small=1) + 1) for pair in await _conversation(plan, number)
            ]
    pairs = pairs[len(SAID) + 1 :]  # the first conversation warmed both up
    assert sum(through.messages for through, _ in pairs) == sum(bare.messages for _, bare in pairs), (
        "not the same turns"
    )
    ours, bare = (statistics.median(each.seconds for each in side) * 1000 for side in zip(*pairs, strict=True))
    added = statistics.median(through.seconds - bare.seconds for through, bare in pairs) * 1000
    return [
        row("bot turn through Warmline, p50", ours, "ms", n=len(pairs)),
        row("bot turn, the same Rasa directly, p50", bare, "ms", n=len(pairs)),
        row("bot turn through Warmline / directly", ours / bare, "x", n=len(pairs), aim=1.10, at_most=True),
        row("what Warmline adds to a bot turn, p50", added, "ms", n=len(pairs)),
    ]


@asynccontextmanager
async def awake(plan: Plan, workers: int = 1) -> AsyncIterator[str]:
    """The trained bot, in so many processes, and its actions; the model's path."""
    await run_once(plan.encoder())
    model = await run_once(plan.training())
    rasa = plan.rasa(model)
    rasa = replace(rasa, environment={**rasa.environment, "SANIC_WORKERS": f"{workers}"})
    async with (
        running(plan.actions(), f"{plan.settings.actions_url}/health"),
        running(rasa, f"{plan.settings.rasa_url}/webhooks/rest/") as pid,
    ):
        await at_rest(pid)
        yield model


async def _conversation(plan: Plan, number: int) -> list[tuple[Turn, Turn]]:
    """One conversation of each side, turn by turn; who begins changes from turn to turn."""
    chat = f"{plan.service_url().replace('http', 'ws')}/chat/ws"
    async with connect(chat) as one, connect(chat) as other, httpx.AsyncClient(trust_env=False) as asking:
        through, known = Seeker(one), Seeker(other)
        await through.open()
        await known.open()
        directly = Direct(asking, plan.settings.rasa_url, known.conversation)
        turns = []
        for place, text in enumerate((CONSENT, *SAID)):
            if (place + number) % 2:
                ours, bare = await through.turn(text), await directly.turn(text)
            else:
                bare, ours = await directly.turn(text), await through.turn(text)
            turns.append((ours, bare))
        return turns
