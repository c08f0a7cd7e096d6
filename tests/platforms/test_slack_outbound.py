"""From web chat to Slack, through an emulator nobody here wrote: ticks, homes, erasing, a restart, two services."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from connectors.slack.names import Action
from handoff.running.ports import free_port
from tests.conftest import RedisProcess
from tests.emulators.slack import Member, SlackWorld
from tests.emulators.slack_blocks import words_of
from tests.emulators.slack_front import APP_TOKEN, BOT_TOKEN
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, Service, StandInBot, line_settings, own_line
from tests.journey.talk import Seeker
from tests.platforms.both import on_the_roster

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, slack: SlackWorld, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    settings = line_settings(
        tmp_path_factory.mktemp("line"), redis.url, bot.url, line="outbound", slack_bot_token=BOT_TOKEN,
        slack_app_token=APP_TOKEN, slack_api=slack.api, slack_queue_channel=slack.queue,
        slack_leads_channel=slack.leads,
    )  # fmt: skip
    async with own_line(settings) as running:
        await slack.connected()
        await on_the_roster(running, slack, slack.member("ana"), capacity=9)
        await on_the_roster(running, slack, slack.member("lou"), lead=True)
        yield running


async def accepted(line: OwnLine, slack: SlackWorld, ann: Seeker, who: Member) -> tuple[str, str, str]:
    """Ann asked for a person and got this one; (pseudonym's short form, channel, thread)."""
    await who.runs("/warmline", "available")
    await ann.say("i can't sleep")
    await ann.tap("warmline:person")
    await ann.hears("I'm looking for a supporter")
    short = (await line.conversation(ann.conversation)).pseudonym[:4]
    card = await slack.sees(slack.queue, short)
    await who.clicks(slack.queue, card["ts"], Action.QUEUE_ACCEPT)
    await ann.hears(f"{who.name.title()} is here")
    return short, *await who.thread_about(short)


async def told_in(slack: SlackWorld, channel: str, thread: str) -> str:
    return " ".join(words_of(each) for each in await slack.messages(channel, thread))


async def test_what_the_page_has_shown_is_ticked(line: OwnLine, slack: SlackWorld) -> None:
    async with line.seeker() as ann:
        ana = slack.member("ana")
        _, channel, thread = await accepted(line, slack, ann, ana)
        said = await ana.writes(channel, "hello, I am Ana", thread)
        heard = await ann.hears("hello, I am Ana")
        await ann.send("got", seq=heard["seq"])

        async def ticked() -> bool:
            return "heavy_check_mark" in await slack.reactions(channel, said)

        await eventually(ticked, "a tick")


async def test_homes_show_ones_own_conversations_and_never_a_word_of_them(line: OwnLine, slack: SlackWorld) -> None:
    async with line.seeker() as ann:
        ana = slack.member("ana")
        short, channel, thread = await accepted(line, slack, ann, ana)
        await ann.say("canary words")
        await slack.sees(channel, "canary words", thread)

        async def there() -> bool:
            return ana.user in slack.front.homes and short in ana.home()

        await eventually(there, "the conversation on Ana's home")
        assert "canary" not in str(slack.front.homes)


async def test_an_erased_person_leaves_nothing_of_ours_in_slack(line: OwnLine, slack: SlackWorld) -> None:
    async with line.seeker() as ann:
        ana = slack.member("ana")
        short, channel, thread = await accepted(line, slack, ann, ana)
        about = ann.conversation
        await ann.say("canary words to be forgotten")
        await slack.sees(channel, "canary words to be forgotten", thread)
        await ana.writes(channel, "what Ana wrote", thread)
        await ann.hears("what Ana wrote")
        await ann.tap("warmline:forget_confirmed")

        async def gone() -> bool:
            left = [*await slack.messages(channel), *await slack.messages(slack.queue)]
            return await line.store.conversation(about) is None and not any(short in str(each) for each in left)

        await eventually(gone, "nothing left in Slack")
        await slack.sees(slack.leads, "asked for everything to be deleted")
        everywhere = [*await slack.messages(channel), *await slack.messages(slack.leads)]
        assert "to be forgotten" not in str(everywhere)


async def test_a_restart_loses_and_doubles_nothing_in_a_thread(line: OwnLine, slack: SlackWorld) -> None:
    async with line.seeker() as ann:
        ana = slack.member("ana")
        _, channel, thread = await accepted(line, slack, ann, ana)
        for number in range(4):
            await ann.say(f"before {number}.")
        line.service.kill()
        await ann.leave()
        await line.service.start()
        await ann.connect()
        await ann.say("after it came back")
        await slack.sees(channel, "after it came back", thread, within=90.0)
        told = await told_in(slack, channel, thread)
        said = [*(f"before {number}." for number in range(4)), "after it came back"]
        assert [told.count(each) for each in said] == [1] * 5
        assert sorted(said, key=told.index) == said


async def test_two_services_show_everything_once(line: OwnLine, slack: SlackWorld, tmp_path: Path) -> None:
    other = Service(line.settings.model_copy(update={"port": free_port(), "var": tmp_path}))
    await other.start()
    try:
        async with line.seeker() as ann, line.seeker(other.url) as bea:
            ana, said = slack.member("ana"), [f"line number {number}." for number in range(6)]
            for seeker in (ann, bea):
                short, channel, thread = await accepted(line, slack, seeker, ana)
                for each in said:
                    await seeker.say(each)
                    await asyncio.sleep(0.05)
                await slack.sees(channel, said[-1], thread)
                told = await told_in(slack, channel, thread)
                assert [told.count(each) for each in said] == [1] * 6
                assert sorted(said, key=told.index) == said
                cards = [each for each in await slack.messages(slack.queue) if short in words_of(each)]
                assert len(cards) == 1
    finally:
        other.stop()
