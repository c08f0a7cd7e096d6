"""Everything else that people do on Telegram: edits, files, other kinds, commands, groups, leaving, deleting."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from handoff.core.conversation import Phase
from handoff.core.entries import EntryKind, Speaker
from tests.conftest import RedisProcess
from tests.emulators.telegram import TOKEN, Person, TelegramWorld
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.journey.talk import Desk
from tests.platforms.people import known_talk, talk_of
from tests.shelf.samples import opus, pdf, picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
_chats = itertools.count(9000)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, telegram: TelegramWorld, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    settings = line_settings(
        tmp_path_factory.mktemp("line"), redis.url, bot.url, telegram_token=TOKEN, telegram_api=telegram.api,
        line="kinds",
    )  # fmt: skip
    async with own_line(settings) as running:
        yield running


@pytest.fixture
def ann(telegram: TelegramWorld) -> Person:
    return telegram.person(chat=next(_chats))


async def live(line: OwnLine, ann: Person, desk: Desk) -> str:
    """Ann talks with whoever sits at this desk."""
    await ann.writes("/talk")
    await ann.sees("I'm looking for a supporter")
    talk = (await talk_of(line, ann)).id
    await desk.ask("accept", conversation=talk)
    await ann.sees("is here")
    return talk


async def kinds(line: OwnLine, talk: str) -> list[tuple[str, str]]:
    return [(each.kind.value, each.text) for each in await line.feed(talk) if each.speaker is Speaker.SEEKER]


async def comes(line: OwnLine, talk: str, kind: EntryKind, text: str) -> None:
    async def there() -> bool:
        return (kind.value, text) in await kinds(line, talk)

    await eventually(there, f"{kind.value} {text!r}")


async def test_an_edit_is_seen_as_one_and_danger_in_it_gets_the_card(line: OwnLine, ann: Person) -> None:
    async with line.desk(await line.hire("Sam")) as desk:
        talk = await live(line, ann, desk)
        message = await ann.writes("it is fine")
        await comes(line, talk, EntryKind.TEXT, "it is fine")
        await ann.edits(message, "it is not fine")
        await comes(line, talk, EntryKind.EDIT, "it is not fine")
        await ann.edits(message, "i want to kill myself")
        await ann.sees("Are you safe right now?")


async def test_a_reply_knows_what_it_answers(line: OwnLine, ann: Person) -> None:
    async with line.desk(await line.hire("Sam")) as desk:
        talk = await live(line, ann, desk)
        await desk.ask("say", conversation=talk, text="which of them?")
        asked = await ann.sees("which of them?")
        seq = next(each.seq for each in await line.feed(talk) if each.text == "which of them?")
        await desk.until(lambda frame: frame["type"] == "marks" and frame["delivered"] >= seq)
        await ann.writes("the second", reply_to=asked["message_id"])
        await comes(line, talk, EntryKind.TEXT, "the second")
        feed = await line.feed(talk)
        answer = next(each for each in feed if each.text == "the second")
        assert feed[answer.answers - 1].text == "which of them?"


async def test_a_supporter_corrects_and_takes_back_what_stands_in_the_chat(line: OwnLine, ann: Person) -> None:
    async with line.desk(await line.hire("Sam")) as desk:
        talk = await live(line, ann, desk)
        await desk.ask("say", id="first", conversation=talk, text="tommorow")
        await ann.sees("tommorow")
        await desk.ask("edit", conversation=talk, refers="first", text="tomorrow")
        await ann.sees("tomorrow")
        assert "tommorow" not in " ".join(await ann.texts())
        await desk.ask("unsay", conversation=talk, refers="first")

        async def taken_back() -> bool:
            return "tomorrow" not in " ".join(await ann.texts())

        await eventually(taken_back, "the message is gone from the chat")


@pytest.mark.parametrize(
    ("content", "kind"), [(opus(), "voice"), (picture(), "image"), (pdf(), "document")], ids=["voice", "photo", "pdf"]
)
async def test_files_are_kept_for_the_supporter_and_the_bot_says_so(
    line: OwnLine, ann: Person, content: bytes, kind: str
) -> None:
    await ann.writes("/start")
    await ann.sees("I'm a bot")
    if kind == "voice":
        await ann.sends_voice(content)
    elif kind == "image":
        await ann.sends_photo(content, caption="this is my room")
    else:
        await ann.sends_document(content, "my very own name.pdf")
    await ann.sees("but I keep it for the supporter")
    talk = (await talk_of(line, ann)).id
    [body] = [each.body or {} for each in await line.feed(talk) if each.kind is EntryKind.FILE]
    assert body["kind"] == kind
    assert "own name" not in body["name"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"contact": {"phone_number": "+44", "first_name": "Bob"}}, "other people's contacts"),
        ({"dice": {"emoji": "🎲", "value": 1}}, "can't pass on this kind of message"),
        (
            {"video": {"file_id": "v", "file_unique_id": "v", "width": 1, "height": 1, "duration": 1}},
            "can't pass on videos",
        ),
    ],
)
async def test_what_is_not_passed_on_is_named_kindly(
    line: OwnLine, ann: Person, sent: dict[str, Any], said: str
) -> None:
    await ann.sends(**sent)
    await ann.sees(said)


async def test_stickers_and_places_are_words(line: OwnLine, ann: Person) -> None:
    await ann.writes("/start")
    await ann.sees("I'm a bot")
    await ann.sends(location={"latitude": 51.5, "longitude": -0.12})
    await ann.sees("[my location: 51.50000, -0.12000]")


async def test_a_file_that_is_none_of_ours_is_refused_with_what_works(line: OwnLine, ann: Person) -> None:
    await ann.sends_document(b"MZ" + b"\x00" * 200, "game.exe")
    await ann.sees("can't pass on this kind of file")


async def test_groups_are_told_once_and_left(line: OwnLine, telegram: TelegramWorld) -> None:
    group = {"id": -100, "type": "supergroup", "title": "Friends"}
    who = {"id": 5, "is_bot": False, "first_name": "G"}
    for number in (1, 2):
        await telegram.update({"message": {"message_id": number, "date": 1, "chat": group, "from": who, "text": "hi"}})

    async def gone() -> bool:
        return bool((await telegram.chat(-100))["left"])

    await eventually(gone, "the bot left the group")
    said = [each for each in (await telegram.chat(-100))["messages"] if "private chats" in each["text"]]
    assert len(said) == 1
    assert await line.keys("telegram:-100") == []


async def test_whoever_blocks_the_bot_is_waited_for_no_longer(line: OwnLine, ann: Person) -> None:
    async with line.desk(await line.hire("Sam")) as desk:
        talk = await live(line, ann, desk)
        await ann.blocks()

        async def ended() -> bool:
            return (await line.conversation(talk)).phase is Phase.CLOSED

        await eventually(ended, "the conversation ends")
        margin = await line.store.margin(talk)
        assert any("blocked" in each.text for each in margin)


async def test_a_language_is_chosen_by_a_button(line: OwnLine, ann: Person) -> None:
    await ann.writes("/language")
    await ann.taps("Español")
    await ann.sees("Soy un bot")


async def test_everything_comes_as_a_file_and_goes_when_asked(line: OwnLine, ann: Person) -> None:
    await ann.writes("please remember the heron")
    await ann.sees("I heard: please remember the heron")
    await ann.writes("/export")
    file = await ann.sees("everything we keep")
    text = (await ann.world.file(file["document"]["file_id"])).decode()
    assert "please remember the heron" in text
    await ann.writes("/erase")
    await ann.taps("Yes, delete everything")
    await ann.sees("is being deleted everywhere")

    async def forgotten() -> bool:
        return await known_talk(line, ann) is None

    await eventually(forgotten, "nothing is kept", 30)


async def test_notifications_can_be_kept_neutral(line: OwnLine, ann: Person) -> None:
    await ann.writes("/notifications")
    await ann.sees("only say")
    await ann.writes("/notifications")
    await ann.sees("show what a message says")


async def test_stopping_ends_kindly(line: OwnLine, ann: Person) -> None:
    await ann.writes("hello")
    await ann.sees("I heard: hello")
    await ann.writes("/stop")
    await ann.sees("we'll stop here")


async def test_a_link_about_a_topic_begins_with_it(line: OwnLine, ann: Person) -> None:
    await ann.writes("/start topic_grief")
    await ann.sees("I'm a bot")
    assert (await talk_of(line, ann)).intake.topics == ("grief",)


async def test_nothing_typed_is_taken_for_formatting_and_long_words_come_in_order(line: OwnLine, ann: Person) -> None:
    odd = "<b>*bold*</b> _under_ `code` [x](y) &amp; \\ $"
    long = " ".join(f"word{number}." for number in range(430))
    async with line.desk(await line.hire("Sam")) as desk:
        talk = await live(line, ann, desk)
        await desk.ask("say", conversation=talk, text=odd)
        await ann.sees(odd)
        await desk.ask("say", conversation=talk, text=long)
        await ann.sees("word429.")
        await ann.writes("/not a command of ours")
        await comes(line, talk, EntryKind.TEXT, "/not a command of ours")


async def test_the_same_update_again_changes_nothing(line: OwnLine, ann: Person, telegram: TelegramWorld) -> None:
    chat = {"id": ann.chat, "type": "private", "first_name": "A"}
    who = {"id": ann.chat, "is_bot": False, "first_name": "A"}
    update = await telegram.update(
        {"message": {"message_id": 71, "date": 1, "chat": chat, "from": who, "text": "only once"}}
    )
    await ann.sees("I heard: only once")
    await telegram.again(update)
    await ann.writes("and then this")
    await ann.sees("I heard: and then this")
    said = await line.said((await talk_of(line, ann)).id, Speaker.SEEKER)
    assert said.count("only once") == 1
