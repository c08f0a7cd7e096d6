"""Sending entries: texts in parts, files from the shelf, changes to what was sent before, neutral notifications."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
)

from connectors.telegram.calls import ABSENT, UNCHANGED, called
from connectors.telegram.memory import Memory, Sent, address
from connectors.telegram.options import TelegramOptions
from connectors.telegram.rendering import EXPORT, SHOW, Key, Letter, Rows, card, letter, transcript
from connectors.telegram.rich import MOST, Rich, joined, plain, split, units
from handoff.core.entries import Attachment, AttachmentKind, Entry, EntryKind, Speaker
from handoff.ports import DeliveryFailed, FileGone, RecordsDown, Shelf, ShelvedFile, Store

_CAPTION = 1024
"""UTF-16 units of a caption: Telegram's limit."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""A preview would fetch a page for everybody to see, and say what was talked about."""
_LOOK_BACK = 50
"""Entries before one in which its reader's last words or tap are looked for."""
_BACK_SOON = 5.0
_AFTER = {EntryKind.UNSAID: EntryKind.UNSAID}
"""What an entry is after a change."""
QUIET_SECONDS = 120.0
"""So long after the person's last act a message is one that comes by itself, onto a phone that may lie open."""


class Sender:
    """Puts messages into chats."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        memory: Memory,
        shelf: Shelf,
        options: TelegramOptions,
        clock: Callable[[], float],
    ) -> None:
        self._bot = bot
        self._store = store
        self._memory = memory
        self._shelf = shelf
        self._options = options
        self._clock = clock

    async def deliver(self, chat: int, entry: Entry, *, again: bool) -> None:
        """Send one entry, or change the message it is about. Raises `DeliveryFailed`, `StoreDown`."""
        await self._store.ping()
        language = await self._memory.language(chat)
        if entry.kind in (EntryKind.EDIT, EntryKind.UNSAID) and await self._change(chat, entry, language):
            return
        if await self._is_neutral(chat, entry):
            await self._send(chat, entry, self._neutral(entry, language), again=again, language=language)
            return
        sent = await self._send(chat, entry, self.letter(entry, language), again=again, language=language)
        await self._remember(chat, entry, sent)

    def letter(self, entry: Entry, language: str) -> Letter:
        """What an entry looks like here."""
        return letter(entry, lambda key, **values: self._options.say(key, language, **values))

    async def say(self, chat: int, text: str) -> None:
        """One of our own sentences, at once and past the lane. Raises `DeliveryFailed`."""
        for part in split(plain(text)):
            await self._text(chat, part, ())

    async def card(self, chat: int, body: Mapping[str, Any]) -> None:
        """A crisis card, at once and past the lane. Raises `DeliveryFailed`."""
        for part in split(card(body, str(body.get("text", "")))):
            await self._text(chat, part, ())

    async def reveal(self, chat: int, message: int, entry: Entry, language: str) -> None:
        """Put what a neutral message stood for into its place, and the rest below. Raises `DeliveryFailed`."""
        shown = self.letter(entry, language)
        if shown.file:
            await self._remember(chat, entry, await self._send(chat, entry, shown, again=False, language=language))
            await called(self._bot.delete_message(chat, message))
            return
        first, *more = split(shown.words)
        await self._edit(chat, message, first, () if more else shown.rows)
        sent = [message]
        for count, part in enumerate(more, 1):
            sent.append((await self._text(chat, part, shown.rows if count == len(more) else ())).message_id)
        await self._remember(chat, entry, sent)

    async def entry(self, who: str, seq: int) -> Entry | None:
        """One line of a seeker's feed, as it stands after what was changed or taken back since."""
        feed = await self._store.feed(who, after=seq - 1) if seq > 0 else []
        if not feed:
            return None
        found = feed[0]
        for each in feed[1:]:
            if found.refers and each.kind in (EntryKind.EDIT, EntryKind.UNSAID) and _same(each, found):
                found = replace(found, text=each.text, kind=_AFTER.get(each.kind, found.kind))
        return found

    async def everything(self, who: str) -> list[Entry]:
        """The whole feed."""
        entries: list[Entry] = []
        while more := await self._store.feed(who, after=len(entries)):
            entries += more
        return entries

    async def _is_neutral(self, chat: int, entry: Entry) -> bool:
        """A crisis card is never hidden, and what we answer to a command says nothing of anybody."""
        if entry.kind is EntryKind.CARD or entry.seq == 0 or not await self._memory.wants_neutral(chat):
            return False
        before = await self._store.feed(
            await self._memory.who(chat), after=max(0, entry.seq - 1 - _LOOK_BACK), limit=_LOOK_BACK
        )
        acted = max((each.at for each in before if each.speaker is Speaker.SEEKER), default=0.0)
        return self._clock() - acted >= QUIET_SECONDS

    def _neutral(self, entry: Entry, language: str) -> Letter:
        show = Key(self._options.say("button_show", language), f"{SHOW}:{entry.seq}")
        return Letter(plain(self._options.say("neutral", language)), ((show,),))

    async def _send(self, chat: int, entry: Entry, what: Letter, *, again: bool, language: str) -> list[int]:
        """The messages it became. What was sent before, in an earlier try, is not sent again.

        The mark of a repetition stands before the first part that may be one; there is always room for it, so that
        the parts are the same at every try.
        """
        mark = plain(self._options.say("again", language))
        file = await self._file(chat, what, language) if what.file else None
        words = (
            joined([what.words, plain(self._options.say("file_gone", language))])
            if file is None and what.file
            else what.words
        )
        parts = split(words, (MOST if file is None else _CAPTION) - units(mark.text) - 2) or [Rich()]
        sent = list(await self._memory.progress(entry.id)) if len(parts) > 1 else []
        for count in range(len(sent), len(parts)):
            part = joined([mark, parts[count]]) if again and count == len(sent) else parts[count]
            if file is not None and count == 0:
                message = await self._upload(chat, file, part)
            else:
                message = await self._text(chat, part, what.rows if count == len(parts) - 1 else ())
            sent.append(message.message_id)
            again = False
            if len(parts) > 1:
                await self._memory.remember_progress(chat, entry.id, sent)
        return sent

    async def _file(self, chat: int, what: Letter, language: str) -> ShelvedFile | None:
        """The file, or None when it is no longer kept. Raises `DeliveryFailed`."""
        if what.file == EXPORT:
            return await self._export(chat, language)
        try:
            return await self._shelf.get(what.file)
        except FileGone:
            return None
        except RecordsDown:
            raise DeliveryFailed("the database does not answer", _BACK_SOON) from None

    async def _export(self, chat: int, language: str) -> ShelvedFile:
        """Everything that was said, and the safety plan, as a text file."""
        who = await self._memory.who(chat)
        talk = await self._store.current(address(chat), who)
        plan = self._options.plan(talk.plan, language) if talk else ""
        entries = await self.everything(who)
        text = transcript(
            entries, _when, lambda key, **values: self._options.say(key, language, **values), plan=plan
        ).encode()
        name = self._options.say("export_name", language)
        about = Attachment(file=EXPORT, kind=AttachmentKind.DOCUMENT, type="text/plain", name=name, size=len(text))
        return ShelvedFile(attachment=about, content=text)

    async def _upload(self, chat: int, file: ShelvedFile, caption: Rich) -> Message:
        kind, content, name = file.attachment.kind, file.content, file.attachment.name
        if kind is AttachmentKind.IMAGE:
            return await called(
                self._bot.send_photo(
                    chat, content, filename=name, caption=caption.text, caption_entities=_entities(caption)
                )
            )
        if kind is AttachmentKind.VOICE and file.attachment.type == "audio/ogg":
            seconds = file.attachment.seconds
            return await called(
                self._bot.send_voice(
                    chat,
                    content,
                    filename=name,
                    caption=caption.text,
                    caption_entities=_entities(caption),
                    duration=seconds,
                )
            )
        return await called(
            self._bot.send_document(
                chat, content, filename=name, caption=caption.text, caption_entities=_entities(caption)
            )
        )

    async def _text(self, chat: int, part: Rich, rows: Rows) -> Message:
        return await called(
            self._bot.send_message(
                chat,
                part.text,
                entities=_entities(part),
                reply_markup=await self._keyboard(chat, rows),
                link_preview_options=_NO_PREVIEW,
            )
        )

    async def _change(self, chat: int, entry: Entry, language: str) -> bool:
        """Change what the supporter sent before; False when it can't be, so that the change is said instead."""
        before = await self._memory.sent(chat, entry.conversation, entry.refers)
        if before is None:
            return False
        try:
            if entry.kind is EntryKind.UNSAID:
                await self._take_back(chat, before)
                return True
            now = split(self.letter(replace(entry, kind=EntryKind.TEXT), language).words)
            if len(before.messages) > 1 or before.file or len(now) > 1:
                return False
            await self._edit(chat, before.messages[0], now[0], ())
        except DeliveryFailed as failed:
            if failed.hopeless:
                return str(failed) == UNCHANGED
            raise
        return True

    async def _take_back(self, chat: int, before: Sent) -> None:
        for message in before.messages:
            try:
                await called(self._bot.delete_message(chat, message))
            except DeliveryFailed as failed:
                if str(failed) != ABSENT:
                    raise

    async def _edit(self, chat: int, message: int, words: Rich, rows: Rows) -> None:
        keyboard = await self._keyboard(chat, rows)
        await called(
            self._bot.edit_message_text(
                words.text, chat, message, entities=_entities(words), reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        )  # fmt: skip

    async def _remember(self, chat: int, entry: Entry, messages: Sequence[int]) -> None:
        if entry.speaker is Speaker.SUPPORTER and entry.refers:
            sent = Sent(tuple(messages), file=entry.kind is EntryKind.FILE)
            await self._memory.remember_sent(chat, entry.conversation, entry.refers, sent)
        if entry.speaker is Speaker.SUPPORTER:
            for message in messages:
                await self._memory.remember_place(chat, message, entry.seq)

    async def _keyboard(self, chat: int, rows: Rows) -> InlineKeyboardMarkup | None:
        if not rows:
            return None
        return InlineKeyboardMarkup(
            [
                [
                    InlineKeyboardButton(key.title, callback_data=await self._memory.short(chat, key.payload))
                    for key in row
                ]
                for row in rows
            ]
        )


def _entities(rich: Rich) -> list[MessageEntity] | None:
    return [MessageEntity(each.kind, each.at, each.length, url=each.url) for each in rich.marks] or None


def _same(one: Entry, other: Entry) -> bool:
    return (one.refers, one.speaker, one.conversation) == (other.refers, other.speaker, other.conversation)


def _when(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
