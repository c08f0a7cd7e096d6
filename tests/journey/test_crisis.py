"""Words of danger, in every phase and whatever has failed: the card comes in the same turn, and people are told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from handoff.core.conversation import Phase
from handoff.core.entries import EntryKind, Speaker
from handoff.core.risk import Tier
from tests.conftest import RedisProcess
from tests.journey.line import Line, eventually
from tests.journey.pages import Windows
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.journey.talk import Desk, Frame, Seeker

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = "I want to kill myself"
ON_THE_CARD = {"GB": ("116 123", "999"), "US": ("988", "911"), "ES": ("024", "112")}


async def answered(seeker: Seeker, words: str = WORDS) -> Frame:
    """Say them; the card, which must be the very next line."""
    said = await seeker.say(words)
    card = await seeker.card(after=said["seq"])
    assert card["seq"] == said["seq"] + 1
    return card


def numbers(card: Frame) -> str:
    """Everything on a card that can be dialled, as it is shown."""
    body: dict[str, Any] = card["body"]
    places = [*(each["how"] for each in body["lines"]), body["emergency"]["number"]]
    return " ".join(map(str, places))


async def confirmed_after(line: Line, seeker: Seeker, card: Frame) -> None:
    """The card counts as given once this device says that it was shown, and not before."""
    assert not (await line.conversation(seeker.conversation)).card_confirmed
    await seeker.send("got", seq=card["seq"])

    async def confirmed() -> bool:
        return (await line.conversation(seeker.conversation)).card_confirmed

    await eventually(confirmed, "the card is confirmed")


@pytest.mark.parametrize("country", ON_THE_CARD)
async def test_before_any_consent_the_card_comes_with_this_countrys_lines_and_the_bot_is_not_asked(
    empty_line: OwnLine, bot: StandInBot, country: str
) -> None:
    lead = await empty_line.hire("Joan", lead=True)
    async with empty_line.seeker(country=country) as seeker, empty_line.desk(lead) as desk:
        card = await answered(seeker)
        for number in ON_THE_CARD[country]:
            assert number in numbers(card)
        await desk.alert("crisis", seeker.conversation)
        known = await empty_line.conversation(seeker.conversation)
        assert (known.consent, known.phase, known.tier) == (None, Phase.WAITING, Tier.ACTIVE)
        await confirmed_after(empty_line, seeker, card)
        assert bot.heard(seeker.conversation) == []


async def test_while_talking_with_the_bot(empty_line: OwnLine, bot: StandInBot) -> None:
    lead = await empty_line.hire("Joan", lead=True)
    async with empty_line.seeker(country="GB") as seeker, empty_line.desk(lead) as desk:
        await seeker.say("work has been too much lately")
        await seeker.hears("I heard: work has been too much lately", speaker="bot")
        card = await answered(seeker, "I don't want to be alive anymore")
        await desk.alert("crisis", seeker.conversation)
        await confirmed_after(empty_line, seeker, card)
        assert bot.heard(seeker.conversation) == ["work has been too much lately"]
        assert all(each["from"] != "bot" for each in seeker.entries if each["seq"] > card["seq"])


async def test_while_waiting_for_a_person(empty_line: OwnLine, bot: StandInBot) -> None:
    lead = await empty_line.hire("Joan", lead=True)
    async with empty_line.seeker(country="GB") as seeker, empty_line.desk(lead) as desk:
        await seeker.tap("warmline:person", "I want a person")
        assert (await desk.offer(seeker.conversation))["tier"] == "none"
        card = await answered(seeker)
        await desk.alert("crisis", seeker.conversation)
        offer = await desk.offer(seeker.conversation, tier="active", yours=True)
        assert WORDS not in str(offer), "words are for whoever accepts"
        await confirmed_after(empty_line, seeker, card)
        assert bot.heard(seeker.conversation) == []


async def test_while_a_supporter_is_with_them(empty_line: OwnLine, bot: StandInBot) -> None:
    mira, lead = await empty_line.hire("Mira"), await empty_line.hire("Joan", lead=True, capacity=1)
    async with empty_line.seeker(country="GB") as seeker, empty_line.desk(mira) as desk, empty_line.desk(lead) as joan:
        await live_with(desk, seeker)
        card = await answered(seeker)
        await joan.alert("crisis", seeker.conversation)
        await desk.hears(seeker.conversation, WORDS)
        await desk.until(lambda each: each["type"] == "nudge" and each["kind"] == "risk")
        await desk.until(lambda each: each["type"] == "margin" and "They were shown the crisis card" in each["text"])
        await confirmed_after(empty_line, seeker, card)
        known = await empty_line.conversation(seeker.conversation)
        assert (known.phase, known.supporter) == (Phase.LIVE, mira)
        assert bot.heard(seeker.conversation) == []


async def live_with(desk: Desk, seeker: Seeker) -> None:
    await seeker.tap("warmline:person", "I want a person")
    await desk.accept(seeker.conversation)
    await desk.say(seeker.conversation, "Hello, I am here now")
    await seeker.hears("Hello, I am here now", speaker="supporter")


# --- with parts of the service gone -----------------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def broken(redis: RedisProcess, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OwnLine]:
    """A line without a bot and without a usable database."""
    var = tmp_path_factory.mktemp("broken")
    settings = line_settings(
        var, redis.url, "http://127.0.0.1:1", line="broken", bot_down_seconds=4,
        DATABASE_URL=f"sqlite+aiosqlite:///{var}/not-there/warmline.db",
    )  # fmt: skip
    async with own_line(settings) as running:
        yield running


async def test_without_a_bot_and_without_a_database_the_card_comes_and_the_records_follow_later(
    broken: OwnLine,
) -> None:
    lead = await broken.hire("Joan", lead=True)
    async with broken.seeker(country="GB") as seeker, broken.desk(lead) as desk:
        card = await answered(seeker)
        assert "116 123" in numbers(card)
        await desk.alert("crisis", seeker.conversation)
        await confirmed_after(broken, seeker, card)
        folder = Path(broken.settings.database_url.partition(":///")[2]).parent
        assert broken.rows("audit") == []
        folder.mkdir()
        row = await broken.recorded("audit", conversation=seeker.conversation, action="card_shown")
        assert row["actor"] == "screen"


async def test_a_bot_that_never_answers_is_told_once_and_people_take_over(broken: OwnLine) -> None:
    await broken.send_home()
    mira = await broken.hire("Mira")
    async with broken.seeker(country="GB") as seeker, broken.desk(mira) as desk:
        said = await seeker.say("is anybody there?")
        waking = await seeker.hears("I'm just waking up", speaker="system", after=said["seq"])
        down = await seeker.hears("I'm asking for a person for you instead", speaker="system")
        assert waking["seq"] < down["seq"]
        await seeker.hears("I'm looking for a supporter for you")
        await desk.accept(seeker.conversation)
        await desk.hears(seeker.conversation, "is anybody there?")
        told = await broken.said(seeker.conversation, Speaker.SYSTEM)
        assert sum("waking up" in each for each in told) == 1
        assert sum("asking for a person for you instead" in each for each in told) == 1


async def test_with_redis_gone_the_card_is_shown_and_the_words_are_kept_once_it_is_back(
    broken: OwnLine, redis: RedisProcess, windows: Windows
) -> None:
    chat = await windows.chat(f"{broken.url}/?country=GB")
    await chat.write("hello, I need somebody")
    await chat.hears("I'm just waking up")
    redis.kill()
    try:
        await chat.write(WORDS)
        card = chat.page.get_by_role("region", name="Urgent help")
        await expect(card.get_by_role("link").first).to_be_visible()
        await expect(chat.page.locator(".pending")).to_have_count(1)
    finally:
        redis.start()
    await chat.settled()
    conversation = await broken.conversation_with("hello, I need somebody")
    assert await broken.said(conversation, Speaker.SEEKER) == ["hello, I need somebody", WORDS]
    assert sum(each.kind is EntryKind.CARD for each in await broken.feed(conversation)) == 1
    assert await chat.shown("seeker") == ["hello, I need somebody", WORDS]
