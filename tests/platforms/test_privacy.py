"""Nothing of a person shows where it must not: canaries as name, handle, phone and words, searched for everywhere."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from connectors.slack.names import Action, Modal
from tests.conftest import RedisProcess
from tests.emulators.slack import Member, SlackWorld
from tests.emulators.telegram import TelegramWorld
from tests.emulators.telegram_people import Person
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, own_line
from tests.platforms.both import SOCKET, both_settings, on_the_roster, reach
from tests.platforms.people import talk_of
from tests.shelf.samples import CANARY, picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
NAME, HANDLE, PHONE, CHAT = "Zephyrine Quillfeather", "quillfeather_canary", "+447700900417", 8_812_345_671
WORDS = "the heron by the canary lake"
CANARIES = ("Zephyrine", "Quillfeather", HANDLE, PHONE, str(CHAT), "heron", "canary lake", CANARY)

SECRETS = ("xoxb-", "xapp-", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, telegram: TelegramWorld, slack: SlackWorld,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[OwnLine]:  # fmt: skip
    folder = tmp_path_factory.mktemp("line")
    settings = both_settings(folder, redis.url, bot.url, telegram, slack, line="private", log_level="DEBUG")
    async with own_line(settings) as running:
        await reach(slack, settings, SOCKET)
        await on_the_roster(running, slack, slack.member("ana"))
        await on_the_roster(running, slack, slack.member("lou"), lead=True)
        yield running


async def test_no_canary_is_seen_in_channels_homes_notifications_or_logs(
    line: OwnLine, slack: SlackWorld, telegram: TelegramWorld
) -> None:
    person, ana, lou = telegram.person(NAME, CHAT, HANDLE), slack.member("ana"), slack.member("lou")
    for member in (ana, lou):
        await member.runs("/warmline", "available")
        member.opens_home()
    short = await _is_waiting(line, person)
    channel, thread = await _is_talking(slack, ana, person, short)
    await _ends_in_danger(slack, ana, person, short, channel, thread)

    async def drawn() -> bool:
        return bool(slack.front.homes)

    await eventually(drawn, "a home tab")
    shown = {
        "queue": await slack.messages(slack.queue),
        "leads": await slack.messages(slack.leads),
        "homes": slack.front.homes,
        "notifications": [each.get("text", "") for each in await slack.messages(channel, thread)],
        "direct": [each.get("text", "") for each in await slack.messages(await lou.direct())],
    }
    for where, what in shown.items():
        assert [each for each in CANARIES if each in json.dumps(what)] == [], where
    for log in (line.var / "log").glob("*.log"):
        text = log.read_text()
        assert [each for each in (*CANARIES, *SECRETS) if each in text] == []


async def _is_waiting(line: OwnLine, person: Person) -> str:
    """They say who they are and what is on their mind, and ask for a person; what their handoff is called."""
    await person.writes(f"/start {WORDS}")
    await person.writes(WORDS)
    await person.sees(f"I heard: {WORDS}")
    await person.writes("/talk")
    await person.sees("I'm looking for a supporter")
    return (await talk_of(line, person)).pseudonym[:4]


async def _is_talking(slack: SlackWorld, ana: Member, person: Person, short: str) -> tuple[str, str]:
    """Ana takes them; words, a picture and a contact come. Her thread."""
    card = await slack.sees(slack.queue, short)
    await ana.clicks(slack.queue, card["ts"], Action.QUEUE_ACCEPT)
    channel, thread = await ana.thread_about(short)
    await person.writes(f"again {WORDS}")
    await slack.sees(channel, f"again {WORDS}", thread)
    await person.sends_photo(picture(), caption=WORDS)
    await slack.sees(channel, "sent a picture", thread)
    await person.sends(contact={"phone_number": PHONE, "first_name": "Zephyrine"})
    await person.sees("other people's contacts")
    return channel, thread


async def _ends_in_danger(
    slack: SlackWorld, ana: Member, person: Person, short: str, channel: str, thread: str
) -> None:
    """Words of danger alert the leads; Ana asks for one, and closes."""
    await person.writes(f"{WORDS}, i want to end my life tonight")
    await slack.sees(slack.leads, short)
    await ana.clicks(channel, thread, Action.ESCALATE)
    await ana.submits(Modal.ESCALATE, why="please look")
    await ana.clicks(channel, thread, Action.CLOSE)
    await ana.submits(Modal.CLOSE, outcome="crisis_referred")
    await person.sees("has closed this conversation")
