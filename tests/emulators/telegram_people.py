"""People on Telegram: what they do in their chat with the bot, and what they see there; groups they take it into."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.journey.line import eventually
from tests.journey.talk import PATIENCE

if TYPE_CHECKING:
    from tests.emulators.telegram import TelegramWorld

BOT = 123456789
_numbers = itertools.count(1)

Message = dict[str, Any]


def text_of(message: Message) -> str:
    """What a message says, the words with a file included."""
    return str(message.get("text") or message.get("caption") or "")


def file_of(message: Message) -> str | None:
    """The id of the file in a message."""
    media = message.get("voice") or message.get("document") or (message.get("photo") or [None])[-1]
    return str(media["file_id"]) if media else None


class Person:
    """Somebody with the bot in their pocket."""

    def __init__(self, world: TelegramWorld, name: str, chat: int, handle: str) -> None:
        self.world = world
        self.chat = chat
        first, _, last = name.partition(" ")
        self.who = {
            "id": chat, "is_bot": False, "first_name": first, "last_name": last, "username": handle,
            "language_code": "en",
        }  # fmt: skip
        self._where = {"id": chat, "type": "private", "first_name": first, "last_name": last, "username": handle}

    # --- what they see ------------------------------------------------------------------------------------------------

    async def messages(self) -> list[Message]:
        """What the bot wrote, as it stands now. `answers` is the message it replies to."""
        return list((await self.world.chat(self.chat))["messages"])

    async def texts(self) -> list[str]:
        return [text_of(each) for each in await self.messages()]

    async def typing(self) -> int:
        """How often the bot was seen typing."""
        return int((await self.world.chat(self.chat))["typing"])

    async def toasts(self) -> list[str]:
        """What was shown for a moment after taps ("" for nothing)."""
        return list((await self.world.chat(self.chat))["toasts"])

    async def sees(self, words: str, within: float = PATIENCE) -> Message:
        """The newest message with these words, once it is there."""
        found: list[Message] = []

        async def there() -> bool:
            found[:] = [each for each in await self.messages() if words in text_of(each)]
            return bool(found)

        try:
            await eventually(there, f"{words!r} in the chat", within)
        except AssertionError as missed:
            raise AssertionError(f"{missed}; there stands: {await self.texts()}") from None
        return found[-1]

    async def gets(self, kind: str, within: float = PATIENCE) -> bytes:
        """The newest `voice`, `photo` or `document` of the bot's, once it is there."""
        found: list[Message] = []

        async def there() -> bool:
            found[:] = [each for each in await self.messages() if each.get(kind)]
            return bool(found)

        await eventually(there, f"a {kind} in the chat", within)
        return await self.world.content_of(found[-1])

    # --- what they do -------------------------------------------------------------------------------------------------

    async def writes(self, text: str, reply_to: int | None = None) -> int:
        """Sends words; the message's id."""
        more: Message = {"text": text}
        if text.startswith("/"):
            more["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        if reply_to is not None:
            more["reply_to_message"] = {**self._message(), "message_id": reply_to, "text": "earlier"}
        return await self.sends(**more)

    async def edits(self, message: int, text: str) -> int:
        """Changes what they wrote; the update's id."""
        changed = {**self._message(), "message_id": message, "text": text, "edit_date": _now()}
        return await self.world.update({"edited_message": changed})

    async def taps(self, title: str) -> int:
        """Taps the newest button with this title (or payload), once there is one; the update's id."""
        found: list[tuple[Message, str]] = []

        async def there() -> bool:
            found[:] = _buttons(await self.messages(), title)
            return bool(found)

        await eventually(there, f"a button {title!r}", PATIENCE)
        return await self.taps_payload(*found[-1])

    async def taps_payload(self, message: Message, payload: str) -> int:
        """A tap on a button that may be gone by now; the update's id."""
        tap = {"id": f"{next(_numbers)}", "from": self.who, "chat_instance": "1", "data": payload, "message": message}
        return await self.world.update({"callback_query": tap})

    async def sends_voice(self, content: bytes, seconds: int = 3) -> int:
        file = await self.world.upload(content)
        return await self.sends(voice={**file, "duration": seconds, "mime_type": "audio/ogg"})

    async def sends_photo(self, content: bytes, caption: str = "", **more: Any) -> int:
        file = await self.world.upload(content)
        photo: Message = {"photo": [{**file, "width": 10, "height": 10}], **({"caption": caption} if caption else {})}
        return await self.sends(**photo, **more)

    async def sends_album(self, photos: Sequence[bytes], caption: str = "") -> list[int]:
        """Photos that belong together; Telegram tells of each by itself, the caption with the first."""
        group = f"album-{next(_numbers)}"
        captions = [caption] + [""] * len(photos)
        return [
            await self.sends_photo(each, said, media_group_id=group)
            for each, said in zip(photos, captions, strict=False)
        ]

    async def sends_document(self, content: bytes, name: str) -> int:
        return await self.sends(document={**await self.world.upload(content), "file_name": name})

    async def sends_sticker(self, emoji: str = "🙂") -> int:
        size = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
        return await self.sends(sticker={**await self.world.upload(b"sticker"), **size, "emoji": emoji})

    async def sends_location(self, latitude: float = 52.5, longitude: float = 13.4) -> int:
        return await self.sends(location={"latitude": latitude, "longitude": longitude})

    async def sends_contact(self, phone: str = "+15550100", name: str = "Ann") -> int:
        return await self.sends(contact={"phone_number": phone, "first_name": name})

    async def sends(self, **more: Any) -> int:
        """Any kind of message; its id."""
        return (await self.world.happens({"message": {**self._message(), **more}}))["message_id"]

    async def blocks(self) -> None:
        """Stops the bot, which is told so, and can't write any more."""
        await self._refuses(403, "Forbidden: bot was blocked by the user")
        await self.world.update(_membership(self._where, self.who, "member", "kicked"))

    async def unblocks(self) -> None:
        await self._refuses(0, "")
        await self.world.update(_membership(self._where, self.who, "kicked", "member"))

    async def goes(self) -> None:
        """Deletes their account. No update tells of it: who writes to them is told."""
        await self._refuses(403, "Forbidden: user is deactivated")

    async def _refuses(self, code: int, description: str) -> None:
        await self.world.tell("refuse", chat=self.chat, code=code, description=description)

    def _message(self) -> Message:
        return {"date": _now(), "from": self.who, "chat": self._where}


class Group:
    """A group or a channel that somebody took the bot into."""

    def __init__(self, world: TelegramWorld, chat: int, title: str, kind: str) -> None:
        self.world = world
        self.chat = chat
        self._where = {"id": chat, "type": kind, "title": title}

    async def invites_bot(self, by: Person) -> int:
        return await self.world.update(_membership(self._where, by.who, "left", "member"))

    async def hears(self, person: Person, text: str) -> int:
        """Somebody writes in it (in a channel: posts); the update's id."""
        post = {"date": _now(), "chat": self._where, "text": text}
        if self._where["type"] == "channel":
            return await self.world.update({"channel_post": post})
        return await self.world.update({"message": {**post, "from": person.who}})

    async def migrates(self, to: int) -> int:
        """Becomes a supergroup with another id, which everyone who writes to the old one is told."""
        said = "Bad Request: group chat was upgraded to a supergroup chat"
        parameters = {"migrate_to_chat_id": to}
        await self.world.tell("refuse", chat=self.chat, code=400, description=said, parameters=parameters)
        return await self.world.update({"message": {"date": _now(), "chat": self._where, "migrate_to_chat_id": to}})

    async def texts(self) -> list[str]:
        return [text_of(each) for each in (await self.world.chat(self.chat))["messages"]]

    async def was_left(self, within: float = PATIENCE) -> None:
        """Once the bot has gone out of it."""

        async def gone() -> bool:
            return bool((await self.world.chat(self.chat))["left"])

        await eventually(gone, "the bot leaves the group", within)


def _membership(chat: Message, by: Message, before: str, after: str) -> dict[str, Any]:
    bot = {"user": {"id": BOT, "is_bot": True, "first_name": "Harbour"}}
    status = {"kicked": {"until_date": 0}}
    change = {
        "chat": chat, "from": by, "date": _now(),
        "old_chat_member": {**bot, "status": before, **status.get(before, {})},
        "new_chat_member": {**bot, "status": after, **status.get(after, {})},
    }  # fmt: skip
    return {"my_chat_member": change}


def _buttons(messages: list[Message], title: str) -> list[tuple[Message, str]]:
    return [
        (message, button["callback_data"])
        for message in messages
        for row in message.get("reply_markup", {}).get("inline_keyboard", ())
        for button in row
        if title in (button["text"], button["callback_data"])
    ]


def _now() -> int:
    return int(time.time())
