"""Telegram as a person sees it: what they write, tap and send, and what stands in their chat."""

from __future__ import annotations

import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from handoff.running.ports import free_port
from tests.emulators.processes import node
from tests.journey.line import eventually

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
SECRET = "a-secret_of-the-webhook"
PATIENCE = 20.0

Message = dict[str, Any]


def text_of(message: Message) -> str:
    """What a message says, the words with a file included."""
    return str(message.get("text") or message.get("caption") or "")


@dataclass(frozen=True, slots=True)
class TelegramWorld:
    """The emulator. `api` is where a bot finds it, `direct` where tests do (past any proxy)."""

    api: str
    direct: str
    http: httpx.AsyncClient

    def person(self, name: str = "Ann Example", chat: int = 4242, handle: str = "ann_example") -> Person:
        return Person(self, name, chat, handle)

    async def update(self, update: dict[str, Any]) -> int:
        """Anything that happened; its update_id."""
        answer = await self.http.post(f"{self.direct}/_update", json={"token": TOKEN, "update": update})
        return int(answer.json()["update_id"])

    async def again(self, update_id: int) -> None:
        """The same update once more."""
        await self.http.post(f"{self.direct}/_again", json={"token": TOKEN, "update_id": update_id})

    async def open_updates(self) -> int:
        """How many updates were not confirmed."""
        return int((await self.http.get(f"{self.direct}/_open/{TOKEN}")).json()["open"])

    async def profile(self) -> dict[str, Any]:
        return dict((await self.http.get(f"{self.direct}/_profile")).json())

    async def file(self, file: str) -> bytes:
        return (await self.http.get(f"{self.direct}/_file/{file}")).content

    async def chat(self, chat: int) -> dict[str, Any]:
        return dict((await self.http.get(f"{self.direct}/_chat/{TOKEN}/{chat}")).json())


class Person:
    """Somebody with the bot in their pocket."""

    def __init__(self, world: TelegramWorld, name: str, chat: int, handle: str) -> None:
        self.world = world
        self.chat = chat
        first, _, last = name.partition(" ")
        self._from = {
            "id": chat, "is_bot": False, "first_name": first, "last_name": last, "username": handle,
            "language_code": "en",
        }  # fmt: skip
        self._where = {"id": chat, "type": "private", "first_name": first, "last_name": last, "username": handle}
        self._own = itertools.count(900_000)

    async def messages(self) -> list[Message]:
        """What the bot wrote, as it stands now."""
        return list((await self.world.chat(self.chat))["messages"])

    async def texts(self) -> list[str]:
        return [text_of(each) for each in await self.messages()]

    async def typing(self) -> int:
        """How often the bot was seen typing."""
        return int((await self.world.chat(self.chat))["typing"])

    async def sees(self, words: str, within: float = PATIENCE) -> Message:
        """The newest message with these words, once it is there."""
        found: list[Message] = []

        async def there() -> bool:
            found[:] = [each for each in await self.messages() if words in text_of(each)]
            return bool(found)

        await eventually(there, f"{words!r} in the chat", within)
        return found[-1]

    async def writes(self, text: str, reply_to: int | None = None) -> int:
        """Sends words; the message's id."""
        more: Message = {"text": text}
        if text.startswith("/"):
            more["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        if reply_to is not None:
            more["reply_to_message"] = {**self._message(reply_to), "text": "earlier"}
        return await self._sends(more)

    async def edits(self, message: int, text: str) -> int:
        return await self.world.update(
            {"edited_message": {**self._message(message), "text": text, "edit_date": _now()}}
        )

    async def taps(self, title: str) -> int:
        """Taps the newest button with this title, once there is one."""
        found: list[tuple[Message, str]] = []

        async def there() -> bool:
            found[:] = _buttons(await self.messages(), title)
            return bool(found)

        await eventually(there, f"a button {title!r}", PATIENCE)
        return await self._tap(*found[-1])

    async def sends_voice(self, content: bytes, seconds: int = 3) -> int:
        file = await self._upload(content)
        return await self._sends({"voice": {**file, "duration": seconds, "mime_type": "audio/ogg"}})

    async def sends_photo(self, content: bytes, caption: str = "") -> int:
        file = await self._upload(content)
        more: Message = {"photo": [{**file, "width": 10, "height": 10}]}
        return await self._sends(more | ({"caption": caption} if caption else {}))

    async def sends_document(self, content: bytes, name: str) -> int:
        return await self._sends({"document": {**await self._upload(content), "file_name": name}})

    async def sends(self, **more: Any) -> int:
        """Any other kind of message."""
        return await self._sends(more)

    async def blocks(self) -> None:
        """Stops the bot."""
        await self.world.http.post(f"{self.world.direct}/_block", json={"chat": self.chat, "blocked": True})
        member = {"user": {"id": 1, "is_bot": True, "first_name": "Harbour"}}
        await self.world.update(
            {
                "my_chat_member": {
                    "chat": self._where, "from": self._from, "date": _now(),
                    "old_chat_member": {**member, "status": "member"},
                    "new_chat_member": {**member, "status": "kicked", "until_date": 0},
                }
            }
        )  # fmt: skip

    async def _tap(self, message: Message, payload: str) -> int:
        return await self.world.update(
            {
                "callback_query": {
                    "id": str(next(self._own)), "from": self._from, "chat_instance": "1", "data": payload,
                    "message": message,
                }
            }
        )  # fmt: skip

    async def _upload(self, content: bytes) -> dict[str, Any]:
        answer = (await self.world.http.post(f"{self.world.direct}/_file", content=content)).json()
        return {**answer, "file_unique_id": f"u{answer['file_id']}"}

    async def _sends(self, more: Message) -> int:
        message = self._message(next(self._own))
        await self.world.update({"message": {**message, **more}})
        return int(message["message_id"])

    def _message(self, number: int) -> Message:
        return {"message_id": number, "date": _now(), "from": self._from, "chat": self._where}


def _buttons(messages: list[Message], title: str) -> list[tuple[Message, str]]:
    return [
        (message, button["callback_data"])
        for message in messages
        for row in message.get("reply_markup", {}).get("inline_keyboard", ())
        for button in row
        if button["text"] == title
    ]


def _now() -> int:
    return int(time.time())


@asynccontextmanager
async def telegram_world(log: Path) -> AsyncIterator[TelegramWorld]:
    """An emulator of its own, empty."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with node("telegram_shim.js", str(port), ready=f"{url}/_profile", log=log), httpx.AsyncClient() as http:
        yield TelegramWorld(url, url, http)
