"""The whole path with everything real: `make run` with its bot, a person on Telegram, supporters in Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from connectors.slack.names import Action, Modal
from tests.emulators.slack import Member, SlackWorld
from tests.emulators.slack_front import APP_TOKEN, BOT_TOKEN
from tests.emulators.telegram import TOKEN, Person, TelegramWorld
from tests.journey.line import Line, eventually
from tests.journey.processes import MakeRun
from tests.platforms.both import on_the_roster
from tests.platforms.people import talk_of
from tests.shelf.samples import opus

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    telegram: TelegramWorld, slack: SlackWorld, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Line]:
    """What `make run` starts with the tokens of both platforms set, its bot awake."""
    run = MakeRun(
        tmp_path_factory.mktemp("run"), WARMLINE_TELEGRAM_TOKEN=TOKEN, WARMLINE_TELEGRAM_API=telegram.api,
        WARMLINE_SLACK_BOT_TOKEN=BOT_TOKEN, WARMLINE_SLACK_APP_TOKEN=APP_TOKEN, WARMLINE_SLACK_API=slack.api,
        WARMLINE_SLACK_QUEUE_CHANNEL=slack.queue, WARMLINE_SLACK_LEADS_CHANNEL=slack.leads,
        WARMLINE_BOT_DOWN_SECONDS="900", WARMLINE_COUNTRY="GB",
    )  # fmt: skip
    await run.start()
    await run.awake()
    await slack.connected()
    made = run.line()
    yield made
    await made.close()
    assert await run.stop() == 0


async def thread_of(slack: SlackWorld, line: Line, person: Person, who: Member) -> tuple[str, str]:
    """The thread that opens for whoever accepts this person."""
    short = (await talk_of(line, person)).pseudonym[:4]
    card = await slack.sees(slack.queue, short)
    await who.clicks(slack.queue, card["ts"], Action.QUEUE_ACCEPT)
    return await who.thread_about(short)


async def test_from_start_to_feedback(line: Line, slack: SlackWorld, telegram: TelegramWorld) -> None:
    ann, ana, ben = telegram.person("Ann Example", 31_415), slack.member("ana"), slack.member("ben")
    for member in (ana, ben):
        await on_the_roster(line, slack, member)
        await member.runs("/warmline", "available")
    await _tells_the_bot(ann)
    await _is_offered_something(ann)
    channel, thread = await _is_taken(slack, line, ann, ana)
    await _say_it_aloud(slack, ann, ana, channel, thread)
    await ann.writes("i dont want to live anymore")
    await ann.sees("Samaritans")
    await slack.sees(channel, "crisis card", thread)
    to = await _is_passed_on(line, ann, ana, ben, channel, thread)
    await ann.sees("tell us how this was for you")
    await ann.taps("5")
    await ann.sees("how are you feeling now")
    await ann.taps("6")
    await line.recorded("conversations", supporter=to)


async def _tells_the_bot(ann: Person) -> None:
    await ann.writes("/start")
    await ann.sees("I'm a bot")
    await ann.taps("Yes, that's okay")
    await ann.sees("What would you like to be called?")
    await ann.writes("im robin")
    await ann.sees("What brings you here")
    await ann.writes("ive been having panic attacks at work and cant sleep")
    await ann.sees("How heavy")
    await ann.writes("8")


async def _is_offered_something(ann: Person) -> None:
    await ann.writes("/resources")

    async def something_to_try() -> bool:
        return any("min" in each and "\n1. " in each for each in await ann.texts())

    await eventually(something_to_try, "an exercise or resource on Telegram")
    await ann.writes("/urgent")
    await ann.sees("999")


async def _is_taken(slack: SlackWorld, line: Line, ann: Person, ana: Member) -> tuple[str, str]:
    """Ann asks for a person, and Ana is there; Ana's thread."""
    await ann.writes("/talk")
    await ann.sees("I'm looking for a supporter")
    channel, thread = await thread_of(slack, line, ann, ana)
    await ann.sees("Ana is here")
    await ana.writes(channel, "hello robin, I am Ana", thread)
    await ann.sees("hello robin, I am Ana")
    return channel, thread


async def _say_it_aloud(slack: SlackWorld, ann: Person, ana: Member, channel: str, thread: str) -> None:
    """A voice note each way."""
    await ann.sends_voice(opus(), 3)
    await slack.sees(channel, "sent a voice note", thread)
    await ana.uploads(channel, thread, opus(), "note.ogg")

    async def voice() -> bool:
        return any("voice" in each for each in await ann.messages())

    await eventually(voice, "a voice note on Telegram")


async def _is_passed_on(line: Line, ann: Person, ana: Member, ben: Member, channel: str, thread: str) -> str:
    """Ben takes over and closes; Ben's id."""
    await ana.clicks(channel, thread, Action.TRANSFER)
    to = next(each.id for each in await line.store.supporters() if each.slack.endswith(ben.user))
    await ana.submits(Modal.TRANSFER, to=to)
    await ann.sees("Ben is taking over from here")
    there, root = await ben.thread_about((await talk_of(line, ann)).pseudonym[:4])
    await ben.writes(there, "I am Ben, and I am here", root)
    await ann.sees("I am Ben, and I am here")
    await ben.clicks(there, root, Action.CLOSE)
    await ben.submits(Modal.CLOSE, outcome="crisis_referred")
    await ann.sees("Ben has closed this conversation")
    return to


async def test_from_the_web_chat_to_slack(line: Line, slack: SlackWorld) -> None:
    lou = slack.member("lou")
    await on_the_roster(line, slack, lou)
    await lou.runs("/warmline", "available")
    async with line.seeker(country="GB") as page:
        await page.tap("/consent_yes", "Yes, that's okay")
        await page.hears("What would you like to be called?", speaker="bot")
        await page.tap("warmline:person", "I want a person")
        await page.hears("I'm looking for a supporter")
        short = (await line.conversation(page.conversation)).pseudonym[:4]
        card = await slack.sees(slack.queue, short)
        await lou.clicks(slack.queue, card["ts"], Action.QUEUE_ACCEPT)
        channel, thread = await lou.thread_about(short)
        said = await lou.writes(channel, "hello from Slack", thread)
        await page.hears("hello from Slack", speaker="supporter")
        await page.send("got", seq=page.last)
        await slack.sees_reaction(channel, said, "heavy_check_mark")
        await page.say("hello from the page")
        await slack.sees(channel, "hello from the page", thread)
        await lou.clicks(channel, thread, Action.CLOSE)
        await lou.submits(Modal.CLOSE, outcome="supported")
        await page.hears("Lou has closed this conversation")
