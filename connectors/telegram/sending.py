"""Sending entries: texts in parts, files from the shelf, changes to what was sent before, neutral notifications."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
)

from connectors.telegram.calls import called
from connectors.telegram.memory import Memory, Sent
from connectors.telegram.options import TelegramOptions
from connectors.telegram.rendering import SHOW, Key, Letter, Rows, letter
from connectors.telegram.rich import Rich, joined, plain, split
from handoff.core.entries import AttachmentKind, Entry, EntryKind, Speaker
from handoff.ports import DeliveryFailed, FileGone, RecordsDown, Shelf, ShelvedFile, Store

_CAPTION = 1024
"""UTF-16 units of a caption: Telegram's limit."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""A preview would fetch a page for everybody to see, and say what was talked about."""
QUIET_SECONDS = 120.0
"""So long after the person's last act a message is one that comes by itself, onto a phone that may lie open."""


class Sender:
    """Puts messages into chats. `acted(chat)`: when somebody last did something there, as far as this process knows."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        memory: Memory,
        shelf: Shelf,
        options: TelegramOptions,
        clock: Callable[[], float],
        acted: Callable[[int], float],
    ) -> None:
        self._bot = bot
        self._store = store
        self._memory = memory
        self._shelf = shelf
        self._options = options
        self._clock = clock
        self._acted = acted

    async def deliver(self, chat: int, entry: Entry, *, again: bool) -> None:
        """Send one entry, or change the message it is about. Raises `DeliveryFailed`."""
        language = await self._memory.language(chat)
        if entry.kind in (EntryKind.EDIT, EntryKind.UNSAID) and await self._change(chat, entry, language):
            return
        if await self._is_neutral(chat, entry):
            await self._send(chat, entry, self._neutral(entry, language), again=again, language=language)
            return
        await self._send(chat, entry, self.letter(entry, language), again=again, language=language)

    def letter(self, entry: Entry, language: str) -> Letter:
        """What an entry looks like here."""
        return letter(entry, lambda key, **values: self._options.say(key, language, **values))

    async def say(self, chat: int, text: str, rows: Rows = ()) -> None:
        """One of our own sentences, outside the feed. Raises `DeliveryFailed`."""
        for part in split(plain(text)):
            await self._text(chat, part, rows)

    async def document(self, chat: int, content: bytes, name: str, caption: str) -> None:
        """A file made for this person. Raises `DeliveryFailed`."""
        await called(self._bot.send_document(chat, content, filename=name, caption=caption))

    async def reveal(self, chat: int, message: int, entry: Entry, language: str) -> None:
        """Put what a neutral message stood for into its place, and the rest below. Raises `DeliveryFailed`."""
        shown = self.letter(entry, language)
        if shown.file:
            await called(self._bot.delete_message(chat, message))
            await self._send(chat, entry, shown, again=False, language=language)
            return
        first, *more = split(shown.words)
        rows = () if more else shown.rows
        await called(
            self._bot.edit_message_text(
                first.text,
                chat,
                message,
                entities=_entities(first),
                reply_markup=await self._keyboard(chat, rows),
                link_preview_options=_NO_PREVIEW,
            )
        )
        for count, part in enumerate(more, 1):
            await self._text(chat, part, shown.rows if count == len(more) else ())

    async def entry(self, who: str, seq: int) -> Entry | None:
        """One line of a seeker's feed."""
        found = await self._store.feed(who, after=seq - 1, limit=1) if seq > 0 else []
        return found[0] if found else None

    async def everything(self, who: str) -> list[Entry]:
        """The whole feed."""
        entries: list[Entry] = []
        while more := await self._store.feed(who, after=len(entries)):
            entries += more
        return entries

    async def _is_neutral(self, chat: int, entry: Entry) -> bool:
        """A crisis card is never hidden: it answers what was written a moment ago."""
        if entry.kind is EntryKind.CARD or self._clock() - self._acted(chat) < QUIET_SECONDS:
            return False
        return await self._memory.wants_neutral(chat)

    def _neutral(self, entry: Entry, language: str) -> Letter:
        show = Key(self._options.say("button_show", language), f"{SHOW}:{entry.seq}")
        return Letter(plain(self._options.say("neutral", language)), ((show,),))

    async def _send(self, chat: int, entry: Entry, what: Letter, *, again: bool, language: str) -> None:
        mark = plain(self._options.say("again", language)) if again else Rich()
        if what.file:
            await self._file(chat, entry, what, mark, language)
            return
        parts = split(joined([mark, what.words]))
        done = await self._memory.progress(entry.id) if len(parts) > 1 else ()
        sent = list(done)
        for count, part in enumerate(parts[len(done) :], len(done) + 1):
            message = await self._text(chat, part, what.rows if count == len(parts) else ())
            sent.append(message.message_id)
            if len(parts) > 1:
                await self._memory.remember_progress(chat, entry.id, sent)
        await self._remember(chat, entry, sent)

    async def _file(self, chat: int, entry: Entry, what: Letter, mark: Rich, language: str) -> None:
        caption = joined([mark, what.words])
        try:
            file = await self._shelf.get(what.file)
        except FileGone:
            await self._text(chat, joined([caption, plain(self._options.say("file_gone", language))]), ())
            return
        except RecordsDown:
            raise DeliveryFailed("the database does not answer") from None
        parts = split(caption, _CAPTION)
        message = await self._upload(chat, file, parts[0] if parts else Rich())
        more = [await self._text(chat, part, ()) for part in parts[1:]]
        await self._remember(chat, entry, [message.message_id, *(each.message_id for each in more)])

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
                for message in before.messages:
                    await called(self._bot.delete_message(chat, message))
                return True
            if len(before.messages) > 1 or before.file:
                return False
            now = letter(_as_text(entry), lambda key, **values: self._options.say(key, language, **values)).words
            if len(split(now)) > 1:
                return False
            await called(
                self._bot.edit_message_text(
                    now.text, chat, before.messages[0], entities=_entities(now), link_preview_options=_NO_PREVIEW
                )
            )
        except DeliveryFailed as failed:
            if failed.hopeless:
                return False
            raise
        return True

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


def _as_text(edit: Entry) -> Entry:
    return Entry(
        seq=edit.seq, id=edit.id, at=edit.at, conversation=edit.conversation, speaker=edit.speaker, name=edit.name,
        text=edit.text,
    )  # fmt: skip
