"""What happens after words of danger, against the running service: both channels, every phase, with parts gone."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from handoff.core.entries import Speaker
from handoff.settings import Settings, variable
from models.classifier import reader
from tests.conftest import RedisProcess
from tests.emulators.proxy import EVERY, Fault, FaultProxy
from tests.emulators.slack import SlackWorld
from tests.emulators.telegram import TOKEN, TelegramWorld
from tests.journey.line import eventually
from tests.journey.processes import ROOT, OwnLine, StandInBot, line_settings, own_line
from tests.platforms.both import both_settings
from tests.platforms.seekers import OnTelegram, OnTheWeb, Person

pytestmark = pytest.mark.asyncio(loop_scope="session")

WEB, TELEGRAM = "web", "telegram"
BOT, WAITING, LIVE = "bot", "waiting", "live"
WORDS = "I want to kill myself"
SUBTLE = "everything feels pointless"
QUESTION = "are you having thoughts of suicide?"
NOT_SEEN = ("I can't see where you are", "I can't see where they are")
_GREETING = ("I'm a bot", "Three things before we start", "Clear history")
_GB = {variable("country"): "GB"}
_chats = itertools.count(21_000)


class Street:
    """Where people come from: `arrives` is somebody new on a channel, `within` brings them into a phase."""

    def __init__(self, line: OwnLine, telegram: TelegramWorld, stack: AsyncExitStack) -> None:
        self._line, self._telegram, self._stack = line, telegram, stack

    async def arrives(self, channel: str) -> Person:
        """Greeted, and with nothing said yet."""
        if channel == WEB:
            return OnTheWeb(await self._stack.enter_async_context(self._line.seeker(country="GB")))
        person = OnTelegram(self._telegram.person(chat=next(_chats)), self._line)
        await person.writes("/start")
        for each in _GREETING:
            await person.sees(each)
        return person

    async def within(self, phase: str, channel: str) -> Person:
        """Somebody who talks with the bot, waits for a person, or talks with one."""
        await self._line.send_home()
        person = await self.arrives(channel)
        await person.writes("work has been too much lately")
        await person.sees("I heard: work has been too much lately")
        if phase == BOT:
            return person
        desk = await self._stack.enter_async_context(self._line.desk(await self._line.hire("Mira", capacity=50)))
        await person.asks_for_a_person()
        await person.sees("I'm looking for a supporter")
        if phase == LIVE:
            talk = await person.conversation()
            await desk.accept(talk)
            await desk.say(talk, "Hello, I am here now")
            await person.sees("Hello, I am here now")
        return person


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, telegram: TelegramWorld, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    settings = line_settings(
        tmp_path_factory.mktemp("line"), redis.url, bot.url, telegram_token=TOKEN, telegram_api=telegram.api,
        line="then",
    )  # fmt: skip
    async with own_line(settings, **_GB) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def street(line: OwnLine, telegram: TelegramWorld) -> AsyncIterator[Street]:
    async with AsyncExitStack() as stack:
        yield Street(line, telegram, stack)


everywhere = pytest.mark.parametrize(
    ("phase", "channel"), list(itertools.product((BOT, WAITING, LIVE), (WEB, TELEGRAM)))
)


# --- the card ---------------------------------------------------------------------------------------------------------


@everywhere
async def test_danger_brings_the_card_as_the_very_next_line(street: Street, phase: str, channel: str) -> None:
    person = await street.within(phase, channel)
    await person.writes(WORDS)
    card = await person.card()
    assert "116 123" in card
    assert "999" in card
    assert await person.cards() == 1


@everywhere
@pytest.mark.parametrize("words", ["i want to end my life tonight", "I am going to jump now"])
async def test_in_an_emergency_the_number_stands_first_and_nobody_claims_to_see_where_they_are(
    street: Street, phase: str, channel: str, words: str
) -> None:
    person = await street.within(phase, channel)
    await person.writes(words)
    card = await person.card()
    assert "999" in card.split("\n")[0]
    assert card.index("999") < card.index("116 123")
    assert any(each in card for each in NOT_SEEN)


SPECIAL = {
    "my friend says she wants to die": ("for them", "116 123"),
    "i am 13 and i want to kill myself": ("made for young people", "0800 1111"),
    "my husband hit me again last night and he checks my phone": ("Write as little as you like", "999"),
    "i took a lot of pills an hour ago but i feel fine": ("even if you feel fine", "999"),
}


@everywhere
async def test_each_situation_has_its_own_card(street: Street, phase: str, channel: str) -> None:
    person = await street.within(phase, channel)
    for words, expected in SPECIAL.items():
        await person.writes(words)
        card = await person.card()
        assert [each for each in expected if each not in card] == [], card


# --- the question -----------------------------------------------------------------------------------------------------

before_a_supporter = pytest.mark.parametrize(
    ("phase", "channel"), list(itertools.product((BOT, WAITING), (WEB, TELEGRAM)))
)


@before_a_supporter
async def test_the_question_is_asked_and_a_yes_brings_the_card(street: Street, phase: str, channel: str) -> None:
    person = await street.within(phase, channel)
    await person.writes(SUBTLE)
    await person.sees(QUESTION)
    assert await person.cards() == 0
    await person.taps("warmline:safety_yes")
    assert "116 123" in await person.card()


@before_a_supporter
async def test_a_typed_yes_does_the_same(street: Street, phase: str, channel: str) -> None:
    person = await street.within(phase, channel)
    await person.writes(SUBTLE)
    await person.sees(QUESTION)
    await person.writes("sometimes, at night")
    assert "116 123" in await person.card()


@before_a_supporter
async def test_after_a_no_there_is_no_card_and_the_question_never_comes_again(
    street: Street, line: OwnLine, phase: str, channel: str
) -> None:
    person = await street.within(phase, channel)
    await person.writes(SUBTLE)
    await person.sees(QUESTION)
    await person.taps("warmline:safety_no")
    for number in range(2):
        await person.writes(f"{SUBTLE}, as I said {number}")
        await person.sees(f"I heard: {SUBTLE}, as I said {number}")
    assert (await person.times(QUESTION), await person.cards()) == (1, 0)
    told = await line.said(await person.conversation(), Speaker.SYSTEM)
    assert sum(QUESTION in each for each in told) == 1


# --- with parts gone --------------------------------------------------------------------------------------------------


@everywhere
async def test_with_redis_gone_the_card_comes_all_the_same(
    street: Street, line: OwnLine, redis: RedisProcess, phase: str, channel: str
) -> None:
    person = await street.within(phase, channel)
    talk = await person.conversation()
    redis.kill()
    try:
        await person.writes(WORDS)
        assert "999" in await person.card()
    finally:
        redis.start()

    async def is_back() -> bool:
        return await line.store.conversation(talk) is not None

    await eventually(is_back, "the store is back")


NO_BOT, NO_DATABASE, NO_SLACK, NO_CLASSIFIER = "bot", "database", "slack", "classifier"
ALL = (NO_BOT, NO_DATABASE, NO_SLACK, NO_CLASSIFIER)


@pytest_asyncio.fixture(
    scope="module", loop_scope="session", params=[*((each,) for each in ALL), ALL], ids=[*ALL, "everything"]
)
async def broken(
    request: pytest.FixtureRequest, redis: RedisProcess, bot: StandInBot, telegram: TelegramWorld, slack: SlackWorld,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[OwnLine, tuple[str, ...]]]:  # fmt: skip
    """A line that never had these parts."""
    gone: tuple[str, ...] = request.param
    folder = tmp_path_factory.mktemp("broken")
    async with FaultProxy(slack.front.url) as to_slack:
        if NO_SLACK in gone:
            to_slack.fails(EVERY, Fault.RESET, times=10**9)
        settings = _without(gone, folder, redis, bot, telegram, slack, to_slack)
        async with own_line(settings, **_GB, **_surroundings(gone, folder)) as running:
            yield running, gone


def _without(
    gone: tuple[str, ...], folder: Path, redis: RedisProcess, bot: StandInBot, telegram: TelegramWorld,
    slack: SlackWorld, to_slack: FaultProxy,
) -> Settings:  # fmt: skip
    database = folder / "not-there" / "warmline.db" if NO_DATABASE in gone else folder / "warmline.db"
    rasa = "http://127.0.0.1:1" if NO_BOT in gone else bot.url
    return both_settings(
        folder, redis.url, rasa, telegram, slack, slack_api=f"{to_slack.url}/api/", line=f"no-{'-'.join(gone)}",
        bot_down_seconds=4, DATABASE_URL=f"sqlite+aiosqlite:///{database}",
    )  # fmt: skip


def _surroundings(gone: tuple[str, ...], folder: Path) -> dict[str, str]:
    """Where the classifier is missing: the same packages, but none of its weights."""
    if NO_CLASSIFIER not in gone:
        return {}
    place = folder / "packages"
    _mirror(ROOT / "models", place / "models", reader.SHIPPED)
    for each in ("handoff", "connectors"):
        (place / each).symlink_to(ROOT / each)
    return {"PYTHONPATH": str(place)}


def _mirror(source: Path, target: Path, without: Path) -> None:
    """Folders anew, files as links."""
    target.mkdir(parents=True)
    for each in source.iterdir():
        if each.is_dir() and each != without:
            _mirror(each, target / each.name, without)
        elif each.is_file():
            (target / each.name).symlink_to(each)


@pytest_asyncio.fixture(loop_scope="session")
async def broken_street(broken: tuple[OwnLine, tuple[str, ...]], telegram: TelegramWorld) -> AsyncIterator[Street]:
    async with AsyncExitStack() as stack:
        yield Street(broken[0], telegram, stack)


@pytest.mark.parametrize("channel", [WEB, TELEGRAM])
async def test_with_parts_gone_the_card_comes_while_talking_and_while_waiting(
    broken: tuple[OwnLine, tuple[str, ...]], broken_street: Street, channel: str
) -> None:
    line, gone = broken
    person = await broken_street.arrives(channel)
    await person.writes(WORDS)
    assert "116 123" in await person.card()
    await person.writes("I am going to jump now")
    assert "999" in (await person.card()).split("\n")[0]
    log = (line.var / "log" / "service.log").read_text()
    assert ("classifier_not_loaded" in log) == (NO_CLASSIFIER in gone)


@pytest.mark.parametrize("channel", [WEB, TELEGRAM])
async def test_and_with_redis_gone_as_well(
    broken: tuple[OwnLine, tuple[str, ...]], broken_street: Street, redis: RedisProcess, channel: str
) -> None:
    line, _ = broken
    person = await broken_street.arrives(channel)
    talk = await person.conversation()
    redis.kill()
    try:
        await person.writes(WORDS)
        assert "999" in await person.card()
    finally:
        redis.start()

    async def is_back() -> bool:
        return await line.store.conversation(talk) is not None

    await eventually(is_back, "the store is back")
