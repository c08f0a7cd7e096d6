"""How long a person in danger waits for the card: from their words leaving to the card on its way to their device.

Each message is the first of somebody new. On the web: until the frame has come. On Telegram: until the call that sends
it has reached the platform, the emulator's own time for handing out the words included.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from handoff.running.ports import free_port
from handoff.running.redis_server import OwnServer, find_binary
from tests.bench.rows import row
from tests.bench.sizes import Size
from tests.conftest import RedisProcess
from tests.emulators.proxy import FaultProxy, Passed
from tests.emulators.telegram import TOKEN, TelegramWorld, telegram_world
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line

_AIM_MS = 2000
_WORDS = "I want to kill myself"
_ON_THE_CARD = b"Are you safe right now"
_FIRST_CHAT = 50_000
_PATIENCE = 60.0


async def measure(size: Size) -> list[dict[str, Any]]:
    """The figures of both channels."""
    messages = size.of(full=200, small=10)
    folder = Path(tempfile.mkdtemp(prefix="warmline-bench-"))
    redis, bot = RedisProcess(OwnServer(find_binary(), folder / "redis", free_port())), StandInBot()
    redis.start()
    try:
        async with telegram_world(folder / "t.log") as telegram, FaultProxy(telegram.api) as between:
            settings = line_settings(
                folder / "line", redis.url, bot.url, telegram_token=TOKEN, telegram_api=between.url
            )
            async with own_line(settings) as line:
                web = [await _on_the_web(line) for _ in range(messages)]
                sent = [await _on_telegram(telegram, between, _FIRST_CHAT + each) for each in range(messages)]
    finally:
        bot.stop()
        redis.stop()
    return [*_rows("web chat", web), *_rows("Telegram", sent)]


async def _on_the_web(line: OwnLine) -> float:
    async with line.seeker(country="GB") as seeker:
        begun = time.perf_counter()
        await seeker.send("say", id="t0", text=_WORDS)
        await seeker.card()
        return time.perf_counter() - begun


async def _on_telegram(telegram: TelegramWorld, between: FaultProxy, chat: int) -> float:
    came: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def watch(passed: Passed) -> None:
        ours = passed.method == "sendMessage" and str(chat).encode() in passed.sent
        if ours and not came.done() and _ON_THE_CARD in passed.sent.replace(b"+", b" "):
            came.set_result(passed.came)

    between.watch = watch
    begun = time.perf_counter()
    await telegram.person(chat=chat).writes(_WORDS)
    async with asyncio.timeout(_PATIENCE):
        return await came - begun


def _rows(channel: str, seconds: list[float]) -> list[dict[str, Any]]:
    took = sorted(each * 1000 for each in seconds)
    middle, late = took[len(took) // 2], took[int(len(took) * 0.95)]
    return [
        row(f"from words of danger to the card, {channel}, p50", middle, "ms", n=len(took)),
        row(f"from words of danger to the card, {channel}, p95", late, "ms", n=len(took), aim=_AIM_MS, at_most=True),
    ]
