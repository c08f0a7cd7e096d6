"""`make run` on a machine where it ran before: seconds until somebody in danger is answered, and until the bot answers.

From the command: what make itself looks at first, which is timed apart, then the programs in a folder of their own that
ran once already, so that secrets, database and model are there. Somebody tries to open the chat from the first moment,
writes words of danger and waits for the card; somebody else talks to the bot.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException

from tests.bench.rows import row
from tests.bench.sizes import Size
from tests.journey.processes import ROOT, MakeRun
from tests.journey.talk import Seeker

_WORDS = "I want to kill myself"
_YES, _ITS_ANSWER = "/consent_yes", "A few short questions now"
_AGAIN_SECONDS = 0.1
_PATIENCE_SECONDS = 120.0


async def measure(size: Size) -> list[dict[str, Any]]:
    """Medians of both."""
    runs = size.of(full=3, small=1)
    make = min([await asyncio.to_thread(_make) for _ in range(runs)])
    with tempfile.TemporaryDirectory() as folder:
        run = MakeRun(Path(folder))
        await _once(run)
        took = [await _once(run) for _ in range(runs)]
    answered, bot = (make + statistics.median(each) for each in zip(*took, strict=True))
    return [
        row("warm make run to the first answered message", answered, "s", n=runs, aim=20, at_most=True),
        row("warm make run to the bot's first answer", bot, "s", n=runs, aim=60, at_most=True),
    ]


def _make() -> float:
    """Seconds that make takes to see that everything is there."""
    begun = time.perf_counter()
    subprocess.run(["make", "environments"], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - begun


async def _once(run: MakeRun) -> tuple[float, float]:
    """Seconds from the start until the card came, and until the bot said something."""
    begun = time.perf_counter()
    starting = asyncio.create_task(run.start())
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            card, said = await asyncio.gather(_card(run, begun), _bot(run, begun))
        await starting
        return card, said
    finally:
        starting.cancel()
        await run.stop()


async def _opened(run: MakeRun) -> Seeker:
    """A chat, opened as soon as there is one."""
    while True:
        seeker = Seeker(run.url)
        with suppress(OSError, WebSocketException):
            await seeker.connect()
            return seeker
        await asyncio.sleep(_AGAIN_SECONDS)


async def _card(run: MakeRun, begun: float) -> float:
    seeker = await _opened(run)
    await seeker.send("say", id="danger", text=_WORDS)
    await seeker.card()
    took = time.perf_counter() - begun
    await seeker.leave()
    return took


async def _bot(run: MakeRun, begun: float) -> float:
    seeker = await _opened(run)
    await seeker.tap(_YES)
    await seeker.hears(_ITS_ANSWER)
    took = time.perf_counter() - begun
    await seeker.leave()
    return took
