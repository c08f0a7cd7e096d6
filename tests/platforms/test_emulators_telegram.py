"""The emulated Telegram behaves like Telegram, as a small bot made with python-telegram-bot sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, Update
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TimedOut

from handoff.running.ports import LOOPBACK, free_port
from tests.emulators.proxy import Fault, FaultProxy
from tests.emulators.telegram import SECRET, TOKEN, Person, TelegramWorld, telegram_world
from tests.journey.line import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def emulator(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TelegramWorld]:
    async with telegram_world(tmp_path_factory.mktemp("telegram") / "emulator.log") as world:
        yield world


@pytest_asyncio.fixture(loop_scope="session")
async def bot(emulator: TelegramWorld) -> AsyncIterator[Bot]:
    """Everything of the test before is confirmed."""
    async with bot_at(emulator.api) as bot:
        await bot.delete_webhook(drop_pending_updates=True)
        yield bot


def bot_at(api: str) -> Bot:
    return Bot(TOKEN, base_url=f"{api}/bot", base_file_url=f"{api}/file/bot")


@pytest_asyncio.fixture(loop_scope="session")
async def ann(emulator: TelegramWorld) -> Person:
    return emulator.person()


class Fetched:
    """Fetches updates as a bot does: what was answered is confirmed by the next question."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.next: int | None = None

    async def more(self, seconds: int = 0) -> list[Update]:
        found = await self.bot.get_updates(offset=self.next, timeout=seconds)
        self.next = found[-1].update_id + 1 if found else self.next
        return list(found)


class Door:
    """A webhook that keeps what came; `status` is what it answers, `once` what it answers first."""

    def __init__(self) -> None:
        self.url = f"http://{LOOPBACK}:{free_port()}/hook"
        self.came: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.once: list[int] = []

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.came.append(await request.json())
        return web.Response(status=self.once.pop(0) if self.once else 200)

    async def until(self, count: int) -> list[str]:
        async def there() -> bool:
            return len(self.came) >= count

        await eventually(there, f"{count} updates at the webhook")
        return [each["message"]["text"] for each in self.came]


@pytest_asyncio.fixture(loop_scope="session")
async def door(bot: Bot) -> AsyncIterator[Door]:
    door = Door()
    app = web.Application()
    app.router.add_post("/hook", door.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, int(door.url.split(":")[2].partition("/")[0])).start()
    await bot.set_webhook(door.url, secret_token=SECRET)
    yield door
    await bot.delete_webhook()
    await runner.cleanup()


async def test_what_people_write_is_fetched_once_it_is_there_and_comes_until_confirmed(bot: Bot, ann: Person) -> None:
    waiting = asyncio.ensure_future(bot.get_updates(timeout=10))
    number = await ann.writes("/start en")
    (first,) = await waiting
    assert first.message is not None
    assert (first.message.message_id, first.message.text) == (number, "/start en")
    assert first.message.entities[0].type == "bot_command"
    assert [each.update_id for each in await bot.get_updates()] == [first.update_id]
    assert await bot.get_updates(offset=first.update_id + 1) == ()


async def test_every_kind_of_deed_is_understood(bot: Bot, ann: Person) -> None:
    number = await ann.writes("hello")
    await ann.writes("and this", reply_to=number)
    await ann.edits(number, "hello there")
    await ann.sends_voice(b"voice", 2)
    await ann.sends_album([b"one", b"two"], "two pictures")
    await ann.sends_document(b"words", "a.txt")
    await ann.sends_sticker("🌱")
    await ann.sends_location()
    await ann.sends_contact()
    came = [each.effective_message for each in await Fetched(bot).more()]
    text, answer, edit, voice, photo, other, document, sticker, place, contact = [each for each in came if each]
    assert text.text == "hello"
    assert answer.reply_to_message
    assert answer.reply_to_message.message_id == number
    assert (edit.message_id, edit.text, edit.edit_date is not None) == (number, "hello there", True)
    assert voice.voice
    assert bytes(await (await voice.voice.get_file()).download_as_bytearray()) == b"voice"
    assert photo.media_group_id == other.media_group_id
    assert (photo.caption, other.caption) == ("two pictures", None)
    assert document.document
    assert document.document.file_name == "a.txt"
    assert sticker.sticker
    assert sticker.sticker.emoji == "🌱"
    assert place.location
    assert contact.contact


async def test_what_the_bot_shows_is_seen_changed_and_taken_away(bot: Bot, ann: Person) -> None:
    await ann.writes("hi")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
    bold = [MessageEntity("bold", 0, 6)]
    sent = await bot.send_message(ann.chat, "Choose one", entities=bold, reply_markup=keyboard)
    seen = await ann.sees("Choose one")
    assert (seen["message_id"], seen["entities"]) == (sent.message_id, [{"type": "bold", "offset": 0, "length": 6}])
    await ann.taps("Yes")
    tap = (await Fetched(bot).more())[-1].callback_query
    assert tap
    assert (tap.data, tap.message and tap.message.message_id) == ("yes", sent.message_id)
    await bot.answer_callback_query(tap.id, "got it")
    assert await ann.toasts() == ["got it"]
    await bot.edit_message_reply_markup(ann.chat, sent.message_id)
    assert "reply_markup" not in await ann.sees("Choose one")
    await bot.edit_message_text("You chose yes", ann.chat, sent.message_id)
    await ann.sees("You chose yes")
    await bot.delete_message(ann.chat, sent.message_id)
    assert "You chose yes" not in await ann.texts()


async def test_files_of_the_bot_arrive_with_their_words(bot: Bot, ann: Person) -> None:
    await ann.writes("hi")
    await bot.send_chat_action(ann.chat, "typing")
    await bot.send_voice(ann.chat, b"a voice", duration=2, caption="listen")
    await bot.send_photo(ann.chat, b"a picture")
    await bot.send_document(ann.chat, b"a text", filename="a.txt")
    assert (await ann.gets("voice"), await ann.gets("photo"), await ann.gets("document")) == (
        b"a voice", b"a picture", b"a text",
    )  # fmt: skip
    assert (await ann.sees("listen"))["voice"]["duration"] == 2
    assert await ann.typing() > 0


async def test_what_telegram_refuses_is_refused(emulator: TelegramWorld, bot: Bot, ann: Person) -> None:
    await ann.writes("hi")
    sent = await bot.send_message(ann.chat, "as it is")
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("as it is", ann.chat, sent.message_id)
    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(ann.chat, "x" * 4097)
    with pytest.raises(BadRequest, match=r"(?i)entity"):
        await bot.send_message(ann.chat, "short", entities=[MessageEntity("bold", 3, 9)])
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(999_999, "do I know you?")
    with pytest.raises(BadRequest, match=r"(?i)to edit not found"):
        await bot.edit_message_text("gone", ann.chat, 999_999)
    await emulator.revokes_token()
    with pytest.raises(InvalidToken):
        await bot.get_me()
    await emulator.revokes_token(False)
    assert (await bot.get_me()).is_bot


async def test_who_blocked_the_bot_or_is_gone_can_not_be_written_to(emulator: TelegramWorld, bot: Bot) -> None:
    leaving, gone = emulator.person("Lea", chat=81), emulator.person("Gus", chat=82)
    await leaving.writes("hi")
    await leaving.blocks()
    change = (await Fetched(bot).more())[-1].my_chat_member
    assert change
    assert change.new_chat_member.status == "kicked"
    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(leaving.chat, "still there?")
    await leaving.unblocks()
    await bot.send_message(leaving.chat, "welcome back")
    await gone.writes("hi")
    await gone.goes()
    with pytest.raises(Forbidden, match="deactivated"):
        await bot.send_message(gone.chat, "still there?")


async def test_groups_and_channels_are_told_of_left_and_moved(emulator: TelegramWorld, bot: Bot, ann: Person) -> None:
    group, channel = emulator.group(-77, "Friends", "group"), emulator.group(-78, "News", "channel")
    await group.invites_bot(ann)
    await group.hears(ann, "hello all")
    await channel.hears(ann, "news")
    invited, said, posted = await Fetched(bot).more()
    assert invited.my_chat_member
    assert invited.my_chat_member.new_chat_member.status == "member"
    assert said.message
    assert said.message.from_user
    assert said.message.from_user.id == ann.chat
    assert posted.channel_post
    assert posted.channel_post.chat.type == "channel"
    await bot.leave_chat(-77)
    await group.was_left()
    await group.migrates(-100_77)
    with pytest.raises(ChatMigrated):
        await bot.send_message(-77, "where are you?")


async def test_only_what_was_asked_for_comes(bot: Bot, ann: Person) -> None:
    await bot.get_updates(allowed_updates=["edited_message"])
    await ann.edits(await ann.writes("not this"), "but this")
    (came,) = await Fetched(bot).more()
    assert came.edited_message
    assert came.edited_message.text == "but this"
    await bot.get_updates(offset=came.update_id + 1, allowed_updates=[])


async def test_an_update_that_was_confirmed_can_come_again(emulator: TelegramWorld, bot: Bot, ann: Person) -> None:
    fetched = Fetched(bot)
    await ann.writes("one")
    (first,) = await fetched.more()
    assert await fetched.more() == []
    await emulator.again(first.update_id)
    assert [each.update_id for each in await fetched.more()] == [first.update_id]
    assert await fetched.more() == []


async def test_a_webhook_has_the_secret_and_gets_a_refused_update_again(bot: Bot, door: Door, ann: Person) -> None:
    door.once = [503, 500]
    await ann.writes("first")
    await ann.writes("second")
    assert await door.until(4) == ["first", "first", "first", "second"]
    assert set(door.secrets) == {SECRET}
    with pytest.raises(Conflict):
        await bot.get_updates()


async def test_a_lost_answer_of_a_webhook_brings_the_update_again(
    emulator: TelegramWorld, door: Door, ann: Person
) -> None:
    await emulator.loses_acks(1)
    await ann.writes("once")
    assert await door.until(2) == ["once", "once"]
    assert door.came[0] == door.came[1]
    assert [each["lost"] for each in (await emulator.pushed())[-2:]] == [True, False]


async def test_a_webhook_can_get_things_twice_and_in_any_order(
    emulator: TelegramWorld, door: Door, ann: Person
) -> None:
    words = ["one", "two", "three", "four"]
    async with emulator.mixed_up(seed=3, twice=2):
        for each in words:
            await ann.writes(each)
        assert door.came == []
    came = await door.until(6)
    assert sorted(came) == sorted([*words, "one", "two"])
    assert came != sorted(came, key=words.index)


async def test_the_proxy_makes_telegram_bad(
    emulator: TelegramWorld, bot: Bot, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    await ann.writes("hi")
    async with FaultProxy(emulator.direct) as proxy, bot_at(proxy.url) as behind:
        proxy.fails("sendMessage", Fault.LIMITED, seconds=3)
        with pytest.raises(RetryAfter):
            await behind.send_message(ann.chat, "too fast")
        proxy.fails("sendMessage", Fault.LOST, seconds=5)
        with pytest.raises(TimedOut):
            await behind.send_message(ann.chat, "taken, not answered", read_timeout=0.5)
        assert proxy.faults() == {Fault.LIMITED: 1, Fault.LOST: 1}
    texts = await ann.texts()
    assert "too fast" not in texts
    assert texts.count("taken, not answered") == 1
