"""What Warmline adds between Telegram and Slack, apart from the emulators' own time; and whether queue cards fit Slack.

Both proxies tell when a call came and when the platform had answered, on one clock. To Slack: from Telegram's answer
that holds the words to the call that posts them. To Telegram: from the envelope on its way to the call that sends it.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from connectors.slack.names import Action
from connectors.slack.ticker import BUDGET, EVERY, plan
from handoff.core.policy import Policy
from handoff.core.queue import Place
from handoff.core.risk import Tier
from handoff.running.ports import free_port
from handoff.running.redis_server import OwnServer, find_binary
from tests.bench.rows import row
from tests.bench.sizes import Size
from tests.conftest import RedisProcess
from tests.emulators.proxy import FaultProxy, Passed
from tests.emulators.slack import Member, SlackWorld, slack_world
from tests.emulators.telegram import Person, TelegramWorld, telegram_world
from tests.journey.processes import OwnLine, StandInBot, own_line
from tests.platforms.both import SOCKET, both_settings, on_the_roster, reach
from tests.platforms.people import talk_of

_PAUSE = 0.1
_SETTLE = 8.0
"""Seconds until the service has loaded what is large."""
_THERE, _BACK = 10_000, 20_000
_APART = _BACK - _THERE
_PATIENCE = 60.0
_MARK = re.compile(rb"line-\d{5}")
_WAITING, _HOUR = 200, 3600


class Clock:
    """When each line left one side, and when it came to the other."""

    def __init__(self) -> None:
        self.left: dict[bytes, float] = {}
        self.came: dict[bytes, float] = {}

    def telegram(self, passed: Passed) -> None:
        """Words that Telegram handed out, and words it was given."""
        if passed.method == "getUpdates":
            self._note(self.left, passed.answer, passed.answered)
        elif passed.method == "sendMessage":
            self._note(self.came, passed.sent, passed.came)

    def slack(self, passed: Passed) -> None:
        """Words posted in Slack."""
        if passed.method == "chat.postMessage":
            self._note(self.came, passed.sent, passed.came)

    def envelope(self, payload: Any) -> None:
        """Words that Slack handed out."""
        self._note(self.left, repr(payload).encode(), time.perf_counter())

    def added(self, first: int) -> list[float]:
        """Milliseconds, of every line from `first` on that both sides saw, shortest first."""
        marks = [each for each in self.left.keys() & self.came.keys() if first <= int(each[5:]) < first + _APART]
        return sorted((self.came[each] - self.left[each]) * 1000 for each in marks)

    @staticmethod
    def _note(where: dict[bytes, float], text: bytes, at: float) -> None:
        for mark in _MARK.findall(text):
            where.setdefault(mark, at)


async def measure(size: Size) -> list[dict[str, Any]]:
    """The figures of both."""
    return [*await _relay(size.of(full=200, small=10)), _cards()]


async def _relay(lines: int) -> list[dict[str, Any]]:
    folder = Path(tempfile.mkdtemp(prefix="warmline-bench-"))
    redis, bot = RedisProcess(OwnServer(find_binary(), folder / "redis", free_port())), StandInBot()
    redis.start()
    try:
        async with telegram_world(folder / "t.log") as telegram, slack_world(folder / "s.log") as slack:
            return await _between(folder, redis.url, bot.url, telegram, slack, lines)
    finally:
        bot.stop()
        redis.stop()


async def _between(
    folder: Path, redis: str, bot: str, telegram: TelegramWorld, slack: SlackWorld, lines: int
) -> list[dict[str, Any]]:
    clock = Clock()
    async with FaultProxy(telegram.api) as to_telegram, FaultProxy(slack.front.url) as to_slack:
        settings = both_settings(
            folder / "line", redis, bot, telegram, slack, telegram_api=to_telegram.url, slack_api=f"{to_slack.url}/api/"
        )
        to_telegram.watch = clock.telegram
        to_slack.watch = clock.slack
        _watch_envelopes(slack, clock)
        async with own_line(settings) as line:
            await reach(slack, settings, SOCKET)
            person, member, channel, thread = await _talk(line, slack, telegram)
            await asyncio.sleep(_SETTLE)
            await _lines(lambda words: person.writes(words), clock, _THERE, lines)
            await _lines(lambda words: member.writes(channel, words, thread), clock, _BACK, lines)
    return [*_rows("Telegram to Slack", clock.added(_THERE)), *_rows("Slack to Telegram", clock.added(_BACK))]


def _watch_envelopes(slack: SlackWorld, clock: Clock) -> None:
    send = slack.front.send

    async def watched(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        clock.envelope(payload)
        return await send(kind, payload)

    slack.front.send = watched  # type: ignore[method-assign]


async def _talk(line: OwnLine, slack: SlackWorld, telegram: TelegramWorld) -> tuple[Person, Member, str, str]:
    person, member = telegram.person(), slack.member("ana")
    await on_the_roster(line, slack, member)
    await member.runs("/warmline", "available")
    await person.writes("/talk")
    await person.sees("I'm looking for a supporter")
    short = (await talk_of(line, person)).pseudonym[:4]
    card = await slack.sees(slack.queue, short)
    await member.clicks(slack.queue, card["ts"], Action.QUEUE_ACCEPT)
    return person, member, *await member.thread_about(short)


async def _lines(write: Callable[[str], Awaitable[object]], clock: Clock, first: int, lines: int) -> None:
    """Each line has a number of its own, from `first` on."""
    for number in range(first, first + lines):
        await write(f"line-{number:05}")
        await asyncio.sleep(_PAUSE)
    for _ in range(int(_PATIENCE / _PAUSE)):
        if len(clock.added(first)) == lines:
            return
        await asyncio.sleep(_PAUSE)
    raise TimeoutError(f"{lines - len(clock.added(first))} lines did not arrive")


def _rows(which: str, added: list[float]) -> list[dict[str, Any]]:
    middle, late = added[len(added) // 2], added[int(len(added) * 0.99)]
    return [
        row(f"{which}: added by Warmline, p50", middle, "ms", n=len(added)),
        row(f"{which}: added by Warmline, p99", late, "ms", n=len(added)),
    ]


def _cards() -> dict[str, Any]:
    """The most chat.update calls in any minute of an hour in which 200 wait."""
    policy, drawn, updates = Policy(), dict[str, int](), list[tuple[float, int]]()
    begin = 1_800_000_000.0
    places = [_place(number, begin - number * 7) for number in range(_WAITING)]
    for turn in range(int(_HOUR / EVERY)):
        now = begin + turn * EVERY
        done = plan(places, drawn, (), now, policy, BUDGET)
        drawn = done.stretches
        updates.append((now, len(done.draw)))
    most = max(sum(count for at, count in updates if now <= at < now + 60) for now, _ in updates)
    return row("queue cards updated a minute at most, 200 waiting", most, "calls", n=_WAITING, aim=50, at_most=True)


def _place(number: int, since: float) -> Place:
    return Place(
        conversation=f"c{number}", pseudonym=f"p{number}", since=since, tier=Tier(number % 3), score=since,
        language="en", topics=(), heaviness=None, wishes=0, reasons=(), minor=False, excluded=(), assigned_to=None,
    )  # fmt: skip
