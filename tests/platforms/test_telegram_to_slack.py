"""A person on Telegram and supporters in Slack, through emulators nobody here wrote, over a socket and over HTTP."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from connectors.slack.names import Action, Modal
from tests.conftest import RedisProcess
from tests.emulators.slack import Member, SlackWorld
from tests.emulators.telegram import Person, TelegramWorld
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, own_line
from tests.platforms.both import HTTP, SOCKET, both_settings, on_the_roster, reach
from tests.platforms.people import talk_of
from tests.shelf.samples import opus

pytestmark = pytest.mark.asyncio(loop_scope="session")
_chats = itertools.count(5000)


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=[SOCKET, HTTP])
async def line(
    request: pytest.FixtureRequest,
    redis: RedisProcess,
    bot: StandInBot,
    telegram: TelegramWorld,
    slack: SlackWorld,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[OwnLine]:
    way = request.param
    folder = tmp_path_factory.mktemp("line")
    settings = both_settings(folder, redis.url, bot.url, telegram, slack, way=way, line=way)
    slack.front.http_url = f"{settings.base_url()}/slack/events" if way == HTTP else None
    async with own_line(settings) as running:
        await reach(slack, settings, way)
        for name in ("ana", "ben"):
            await on_the_roster(running, slack, slack.member(name))
        await on_the_roster(running, slack, slack.member("lou"), lead=True)
        yield running


@pytest.fixture
def ann(telegram: TelegramWorld) -> Person:
    return telegram.person(chat=next(_chats))


async def accepted(line: OwnLine, slack: SlackWorld, ann: Person, who: Member) -> tuple[str, str, str]:
    """Ann asked for a person and got this one; (pseudonym's short form, channel, thread)."""
    await who.runs("/warmline", "available")
    await ann.writes("/talk")
    await ann.sees("I'm looking for a supporter")
    short = (await talk_of(line, ann)).pseudonym[:4]
    card = await slack.sees(slack.queue, short)
    await who.clicks(slack.queue, card["ts"], Action.QUEUE_ACCEPT)
    await ann.sees(f"{who.name.title()} is here")
    channel, thread = await who.thread_about(short)
    return short, channel, thread


async def test_from_hello_to_goodbye(line: OwnLine, slack: SlackWorld, ann: Person) -> None:
    ana = slack.member("ana")
    await ann.writes("/start")
    await ann.sees("I'm a bot")
    await ann.writes("i can't sleep")
    await ann.sees("I heard: i can't sleep")
    _, channel, thread = await accepted(line, slack, ann, ana)
    await slack.sees(slack.queue, "Ana")
    said = await ana.writes(channel, "hello, I am *Ana* &amp; here for you", thread)
    await ann.sees("hello, I am *Ana* & here for you")
    await ann.writes("thank you for being here")
    await slack.sees(channel, "thank you for being here", thread)
    await ann.writes("it is my exams")
    await slack.sees(channel, "it is my exams", thread)

    await ana.clicks(channel, thread, Action.CLOSE)
    await ana.submits(Modal.CLOSE, outcome="supported")
    await ann.sees("Ana has closed this conversation")
    await ann.sees("tell us how this was for you")
    await ann.taps("5")
    await ann.sees("how are you feeling now")
    await slack.sees_reaction(channel, said, "heavy_check_mark")
    await ana.writes(channel, "one more thing", thread)
    await slack.sees(channel, "What you wrote reached nobody", thread)
    assert "one more thing" not in " ".join(await ann.texts())


async def test_voice_notes_go_both_ways(line: OwnLine, slack: SlackWorld, telegram: TelegramWorld, ann: Person) -> None:
    ana = slack.member("ana")
    _, channel, thread = await accepted(line, slack, ann, ana)
    await ann.sends_voice(opus(), 3)
    await slack.sees(channel, "sent a voice note", thread)
    await ana.uploads(channel, thread, opus(), "my voice.ogg")

    async def came() -> bool:
        return any("voice" in each for each in await ann.messages())

    await eventually(came, "a voice note on Telegram")
    await ana.clicks(channel, thread, Action.CLOSE)
    await ana.submits(Modal.CLOSE, outcome="supported")


async def test_a_transfer_ends_one_thread_and_opens_another(line: OwnLine, slack: SlackWorld, ann: Person) -> None:
    ana, ben = slack.member("ana"), slack.member("ben")
    short, channel, thread = await accepted(line, slack, ann, ana)
    await ben.runs("/warmline", "available")
    await ann.writes("it is about my mother")
    await slack.sees(channel, "it is about my mother", thread)
    await ana.clicks(channel, thread, Action.TRANSFER)
    to = next(each.id for each in await line.store.supporters() if each.slack.endswith(ben.user))
    await ana.submits(Modal.TRANSFER, to=to)
    await ann.sees("Ben is taking over from here")
    there, root = await ben.thread_about(short)
    await slack.sees(there, "it is about my mother", root)
    await ben.writes(there, "hello from Ben", root)
    await ann.sees("hello from Ben")
    await ana.writes(channel, "still me?", thread)
    await slack.sees(channel, "with Ben now", thread)
    assert "still me?" not in " ".join(await ann.texts())


async def test_a_crisis_pages_the_leads_and_comes_to_whoever_is_here(
    line: OwnLine, slack: SlackWorld, ann: Person
) -> None:
    lou = slack.member("lou")
    await lou.runs("/warmline", "available")
    await ann.writes("i want to end my life tonight")
    await ann.sees("call")
    short = (await talk_of(line, ann)).pseudonym[:4]
    alert = await slack.sees(slack.leads, short)
    await lou.clicks(slack.leads, alert["ts"], Action.ACKNOWLEDGE)
    await slack.sees(slack.leads, "Lou")
