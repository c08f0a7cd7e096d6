"""What platforms and networks do to messages: counted on both sides, with a proxy before each emulator.

Nothing is lost and nothing changes places. A line stands twice only where the platform's answer to the first was lost,
and then it says so.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from connectors.slack.names import Action
from tests.conftest import RedisProcess
from tests.emulators.proxy import Fault, FaultProxy
from tests.emulators.slack import Member, SlackWorld
from tests.emulators.slack_blocks import words_of
from tests.emulators.telegram import Person, TelegramWorld
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, own_line
from tests.platforms.both import SOCKET, both_settings, on_the_roster, reach
from tests.platforms.ledger import Figures, count
from tests.platforms.people import talk_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
_chats = itertools.count(6000)
LINES = 12
AGAIN_ON_TELEGRAM, AGAIN_IN_SLACK = "Sending this once more", "This may be a repeat"


@dataclass(frozen=True, slots=True)
class Between:
    """A line whose platforms are reached through proxies."""

    line: OwnLine
    slack: SlackWorld
    to_telegram: FaultProxy
    to_slack: FaultProxy


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def between(
    redis: RedisProcess, bot: StandInBot, telegram: TelegramWorld, slack: SlackWorld,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Between]:  # fmt: skip
    async with FaultProxy(telegram.api) as to_telegram, FaultProxy(slack.front.url) as to_slack:
        settings = both_settings(
            tmp_path_factory.mktemp("line"), redis.url, bot.url, telegram, slack,
            line="faults", telegram_api=to_telegram.url, slack_api=f"{to_slack.url}/api/",
        )  # fmt: skip
        async with own_line(settings) as line:
            await reach(slack, settings, SOCKET)
            await on_the_roster(line, slack, slack.member("ana"), capacity=20)
            yield Between(line, slack, to_telegram, to_slack)


@dataclass(frozen=True, slots=True)
class Talk:
    """Two people who talk: one on Telegram, one in a thread."""

    between: Between
    ann: Person
    ana: Member
    channel: str
    thread: str

    async def goes_on(self) -> tuple[Figures, Figures]:
        """Both write, in turn; the figures to Slack and to Telegram, once everything is there or time is up."""
        for number in range(LINES):
            await self.ann.writes(f"t{number}.")
            await self.ana.writes(self.channel, f"s{number}.", self.thread)
        self.between.to_telegram.heals()
        self.between.to_slack.heals()

        async def there() -> bool:
            return not any(each.lost for each in await self.figures())

        await eventually(there, "every line on the other side", 60)
        return await self.figures()

    async def figures(self) -> tuple[Figures, Figures]:
        in_slack = [words_of(each) for each in await self.between.slack.messages(self.channel, self.thread)]
        to_slack = count("t", LINES, in_slack, AGAIN_IN_SLACK)
        return to_slack, count("s", LINES, await self.ann.texts(), AGAIN_ON_TELEGRAM)


async def talking(between: Between, telegram: TelegramWorld) -> Talk:
    ann, ana, slack = telegram.person(chat=next(_chats)), between.slack.member("ana"), between.slack
    await ana.runs("/warmline", "available")
    await ann.writes("/talk")
    await ann.sees("I'm looking for a supporter")
    short = (await talk_of(between.line, ann)).pseudonym[:4]
    card = await slack.sees(slack.queue, short)
    await ana.clicks(slack.queue, card["ts"], Action.QUEUE_ACCEPT)
    channel, thread = await ana.thread_about(short)
    return Talk(between, ann, ana, channel, thread)


@pytest.mark.parametrize(
    ("fault", "chance", "seconds"),
    [
        (Fault.LIMITED, 0.4, 1.0),
        (Fault.BROKEN, 0.4, 0.0),
        (Fault.GATEWAY, 0.4, 0.0),
        (Fault.RESET, 0.4, 0.0),
        (Fault.UNSENT, 0.3, 0.2),
        (Fault.SLOW, 0.5, 0.5),
        (Fault.LOST, 0.3, 0.2),
        (Fault.LATE_GATEWAY, 0.3, 0.0),
    ],
    ids=lambda given: getattr(given, "value", ""),
)
async def test_nothing_is_lost_or_reordered(
    between: Between, telegram: TelegramWorld, fault: Fault, chance: float, seconds: float
) -> None:
    talk = await talking(between, telegram)
    between.to_telegram.fails("sendMessage", fault, chance=chance, seconds=seconds)
    between.to_slack.fails("chat.postMessage", fault, chance=chance, seconds=seconds)
    to_slack, to_telegram = await talk.goes_on()
    print(f"\n{fault.value}: to Slack {to_slack}; to Telegram {to_telegram}")
    for figures in (to_slack, to_telegram):
        assert (figures.lost, figures.reordered, figures.doubled) == (0, 0, 0)
    if fault not in (Fault.LOST, Fault.LATE_GATEWAY):
        assert (to_slack.marked, to_telegram.marked) == (0, 0)


async def test_lost_acks_bring_events_again_and_they_are_known(between: Between, telegram: TelegramWorld) -> None:
    talk = await talking(between, telegram)
    between.slack.front.lost_acks = 3
    _, to_telegram = await talk.goes_on()
    assert (to_telegram.lost, to_telegram.doubled, to_telegram.marked, to_telegram.reordered) == (0, 0, 0, 0)


async def test_a_socket_that_is_closed_in_the_middle_is_opened_again(between: Between, telegram: TelegramWorld) -> None:
    talk = await talking(between, telegram)
    await between.slack.front.disconnect()
    to_slack, to_telegram = await talk.goes_on()
    for figures in (to_slack, to_telegram):
        assert (figures.lost, figures.reordered, figures.doubled, figures.marked) == (0, 0, 0, 0)


async def test_what_slack_brings_again_late_is_said_where_it_was_written(
    between: Between, telegram: TelegramWorld, redis: RedisProcess
) -> None:
    talk = await talking(between, telegram)
    front, held = between.slack.front, list[dict[str, object]]()
    front.held = held
    await talk.ana.writes(talk.channel, "s0.", talk.thread)
    await eventually(lambda: _is_told(held), "the event is on its way")
    front.held = None
    redis.kill()
    await talk.ana.writes(talk.channel, "s1.", talk.thread)
    await asyncio.sleep(1.0)
    redis.start()
    await talk.ana.writes(talk.channel, "s2.", talk.thread)
    await talk.ann.sees("s2.", within=60)
    for each in held:
        front.tell(each)
    await talk.ana.writes(talk.channel, "s3.", talk.thread)
    await talk.ann.sees("s3.", within=60)
    figures = count("s", 4, await talk.ann.texts(), AGAIN_ON_TELEGRAM)
    assert (figures.lost, figures.doubled, figures.reordered) == (0, 0, 0)


async def _is_told(held: list[dict[str, object]]) -> bool:
    return bool(held)
