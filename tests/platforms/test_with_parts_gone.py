"""The card with parts of the service gone, one by one and all together, on both channels.

A module of its own: two services that fetch for one Telegram bot at once would take each other's people.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from handoff.settings import Settings
from models.classifier import reader
from tests.conftest import RedisProcess
from tests.emulators.proxy import EVERY, Fault, FaultProxy
from tests.emulators.slack import SlackWorld
from tests.emulators.telegram import TelegramWorld
from tests.journey.line import eventually
from tests.journey.processes import ROOT, OwnLine, StandInBot, own_line
from tests.platforms.both import both_settings
from tests.platforms.street import IN_BRITAIN, TELEGRAM, WEB, WORDS, Street

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
        async with own_line(settings, **IN_BRITAIN, **_surroundings(gone, folder)) as running:
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
