"""What an update of Telegram means to us. Pure: updates in, acts out, nothing looked up and nothing decided."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypedDict

from telegram import CallbackQuery, ChatMemberUpdated, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from handoff.core.moves import reporting

COMMANDS = (
    "start", "help", "talk", "another", "resources", "plan", "urgent", "stop", "report", "export", "erase",
    "language", "notifications", "link",
)  # fmt: skip
"""What the menu offers, in its order."""
_COMMAND = re.compile(r"/([a-zA-Z]+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_PARAMETERS = {
    "start": re.compile(r"(topic|line|link)_[\w-]{1,64}", re.ASCII),
    "link": re.compile(r"[\w-]{4,16}", re.ASCII),
}
"""What may stand behind a command without being words."""
_NEVER_WORDS = ("report",)
"""Commands that stay commands when they are changed: what stands behind them is not for whoever reads the talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that happened in one private chat. `language` is the app's, where Telegram tells it."""

    update: int
    chat: int
    language: str | None = None

    @property
    def id(self) -> str:
        """What this update is known by when it comes again."""
        return f"telegram:{self.update}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Act):
    """Words; `edited`: they replace those of the same message."""

    text: str = field(repr=False)
    message: int
    replies_to: int | None = None
    edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Act):
    """One of `COMMANDS`. `argument` is its parameter, `words` what else somebody wrote with it."""

    name: str
    argument: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap(Act):
    """A button under a message. `label` is what stood on it."""

    query: str
    payload: str
    label: str = field(repr=False)
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Media(Act):
    """A file: `size` in bytes where told, `seconds` that it plays, `album` what it was sent together with."""

    file: str = field(repr=False)
    size: int
    seconds: int | None
    caption: str = field(repr=False)
    message: int
    replies_to: int | None = None
    album: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesture(Act):
    """A sticker or a place: passed on in words of ours. `key` names them, `values` fill them in."""

    key: str
    values: dict[str, str] = field(repr=False)
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported(Act):
    """Something that is not passed on, by the wording key that says so. What was written with it is."""

    key: str
    caption: str = field(default="", repr=False)
    message: int
    album: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere(Act):
    """A group or channel that we were put into or spoken to in, and can go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked(Act):
    """The person stopped the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Act):
    """The chat has another id from now on."""

    to: int


class _Base(TypedDict):
    update: int
    chat: int
    language: str | None


def read(update: Update) -> Act | None:
    """The act; None for what means nothing to us."""
    if update.callback_query is not None:
        return _tap(update.update_id, update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.update_id, update.my_chat_member)
    message = update.message or update.edited_message or update.channel_post
    if message is None:
        return None
    if message.chat.type != ChatType.PRIVATE:
        return Elsewhere(update=update.update_id, chat=message.chat.id, language=_language(message))
    return _message(update.update_id, message, edited=update.edited_message is not None)


def _message(update: int, message: Message, *, edited: bool) -> Act | None:
    base: _Base = {"update": update, "chat": message.chat.id, "language": _language(message)}
    if message.migrate_to_chat_id is not None:
        return Moved(**base, to=message.migrate_to_chat_id)
    replies_to = message.reply_to_message.message_id if message.reply_to_message else None
    if message.text is not None:
        command = _command(message.text)
        if command and (not edited or command[0] in _NEVER_WORDS):
            name, argument, words = command
            return Command(**base, name=name, argument=argument, words=words, message=message.message_id)
        return Words(**base, text=message.text, message=message.message_id, replies_to=replies_to, edited=edited)
    if edited:
        caption = message.caption
        return Words(**base, text=caption, message=message.message_id, edited=True) if caption else None
    return _file(base, message, replies_to) or _gesture(base, message) or _unsupported(base, message)


def _command(text: str) -> tuple[str, str, str] | None:
    """A command of ours, its parameter, and the words that came with it; any other word with a slash is words."""
    if (report := reporting.typed(text)) is not None:
        return "report", report, ""
    found = _COMMAND.fullmatch(text)
    if found is None or (name := found[1].lower()) not in COMMANDS:
        return None
    rest = (found[2] or "").strip()
    parameter = _PARAMETERS.get(name)
    if not rest or (parameter and parameter.fullmatch(rest)):
        return name, rest, ""
    return name, "", rest if name == "start" else text


def _file(base: _Base, message: Message, replies_to: int | None) -> Media | None:
    photo = message.photo[-1] if message.photo else None
    found = message.voice or message.audio or photo or (None if message.animation else message.document)
    if found is None:
        return None
    return Media(
        **base,
        file=found.file_id,
        size=found.file_size or 0,
        seconds=found.to_dict().get("duration"),
        caption=message.caption or "",
        message=message.message_id,
        replies_to=replies_to,
        album=message.media_group_id or "",
    )


def _gesture(base: _Base, message: Message) -> Gesture | None:
    if message.sticker is not None:
        values = {"emoji": message.sticker.emoji or "🙂"}
        return Gesture(**base, key="sticker", values=values, message=message.message_id)
    if message.location is not None and message.venue is None:
        place = message.location
        values = {"latitude": f"{place.latitude:.5f}", "longitude": f"{place.longitude:.5f}"}
        return Gesture(**base, key="location", values=values, message=message.message_id)
    return None


_NOT_PASSED_ON = {
    "video": "not_video", "video_note": "not_video", "animation": "not_video", "contact": "not_contact",
    "poll": "not_this", "dice": "not_this", "game": "not_this", "story": "not_this", "venue": "not_this",
    "checklist": "not_this", "paid_media": "not_this", "invoice": "not_this", "giveaway": "not_this",
}  # fmt: skip


def _unsupported(base: _Base, message: Message) -> Unsupported | None:
    """Service messages (a pinned message, a new theme) mean nothing; everything that a person sent is named."""
    for kind, key in _NOT_PASSED_ON.items():
        if getattr(message, kind, None):
            caption, album = message.caption or "", message.media_group_id or ""
            return Unsupported(**base, key=key, caption=caption, message=message.message_id, album=album)
    return None


def _tap(update: int, query: CallbackQuery) -> Act | None:
    message = query.message
    if message is None or message.chat.type != ChatType.PRIVATE:
        return None
    keyboard = message.reply_markup if isinstance(message, Message) else None
    return Tap(
        update=update,
        chat=message.chat.id,
        language=query.from_user.language_code,
        query=query.id,
        payload=query.data or "",
        label=_label(keyboard, query.data),
        message=message.message_id,
    )


def _label(keyboard: InlineKeyboardMarkup | None, data: str | None) -> str:
    rows = keyboard.inline_keyboard if keyboard else ()
    return next((button.text for row in rows for button in row if button.callback_data == data), "")


def _membership(update: int, change: ChatMemberUpdated) -> Act | None:
    base: _Base = {"update": update, "chat": change.chat.id, "language": change.from_user.language_code}
    status = change.new_chat_member.status
    if change.chat.type == ChatType.PRIVATE:
        return Blocked(**base) if status == ChatMemberStatus.BANNED else None
    is_in = status in (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)
    return Elsewhere(**base) if is_in else None


def _language(message: Message) -> str | None:
    return message.from_user.language_code if message.from_user else None
