"""The connector over the real dispatcher and the store in memory, with a Bot API that is a stand-in."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram import Update

from connectors.telegram import Telegram, TelegramOptions
from connectors.telegram.fetching import ComesAgain
from handoff.core.conversation import Conversation
from handoff.core.entries import Attachment, AttachmentKind
from handoff.core.ids import Address
from handoff.core.plan import readable
from handoff.delivery import Platform
from handoff.ports import FileGone, FileRefused, LaneHold, ShelvedFile
from handoff.resources import TOPICS
from handoff.wording.page_files import load_page_wording
from tests.core.making import line
from tests.service.house import House
from tests.telegram.bot_api import TOKEN, BotApi, bot_api

CHAT = 42
ANN = Address("telegram", str(CHAT))
WHO = {"id": CHAT, "is_bot": False, "first_name": "Zephyrine", "username": "quill", "language_code": "en-GB"}
PRIVATE = {"id": CHAT, "type": "private", "first_name": "Zephyrine", "username": "quill"}


class OneShelf:
    """Takes anything but what begins with `bad`."""

    def __init__(self) -> None:
        self.files: dict[str, ShelvedFile] = {}

    async def put(self, content: bytes, *, conversation: str, seconds: int | None = None) -> Attachment:
        if content.startswith(b"bad"):
            raise FileRefused("kind")
        name = f"f{len(self.files)}"
        about = Attachment(
            file=name, kind=AttachmentKind.IMAGE, type="image/jpeg", name="picture.jpg", size=len(content)
        )
        self.files[name] = ShelvedFile(attachment=about, content=content)
        return about

    async def get(self, file: str) -> ShelvedFile:
        if file not in self.files:
            raise FileGone
        return self.files[file]


class Ann(House):
    """Somebody with the bot in their pocket, and the service behind it."""

    def __init__(self, api: BotApi, **options: Any) -> None:
        super().__init__(pushed=frozenset({"telegram"}))
        self.api = api
        self.shelf = OneShelf()
        self.name = self.front.pseudonym(ANN)
        self.telegram = Telegram(self.front, self.store, self.shelf, make_options(api, **options))
        self._platform = Platform(self.store, self.front, self.telegram)
        self._numbers = itertools.count(1)

    def message(self, **more: Any) -> dict[str, Any]:
        number = next(self._numbers)
        return {"update_id": number, "message": {"message_id": number, "date": 1, "chat": PRIVATE, "from": WHO, **more}}

    async def sends(self, **more: Any) -> dict[str, Any]:
        """A message of any kind; the update."""
        update = self.message(**more)
        await self.takes(update)
        return update

    async def says(self, text: str) -> dict[str, Any]:
        return await self.sends(text=text)

    async def edits(self, message: int, text: str, update: int | None = None) -> None:
        changed = {"message_id": message, "date": 1, "edit_date": 2, "chat": PRIVATE, "from": WHO, "text": text}
        await self.takes({"update_id": update or next(self._numbers), "edited_message": changed})

    async def touches(self, payload: str, label: str = "a button") -> None:
        keyboard = {"inline_keyboard": [[{"text": label, "callback_data": payload}]]}
        number = next(self._numbers)
        under = {"message_id": 7, "date": 1, "chat": PRIVATE, "from": WHO, "text": "?", "reply_markup": keyboard}
        query = {"id": "q", "from": WHO, "chat_instance": "1", "message": under, "data": payload}
        await self.takes({"update_id": number, "callback_query": query})

    async def takes(self, update: dict[str, Any]) -> None:
        """Raises `ComesAgain`."""
        made = Update.de_json(update, None)
        assert made is not None
        await self.telegram.take(made)

    async def is_refused(self, update: dict[str, Any]) -> bool:
        """Whether it has to come again."""
        try:
            await self.takes(update)
        except ComesAgain:
            return True
        return False

    async def hears(self) -> list[str]:
        """The texts that were sent, once everything in the chat's lane was carried."""
        while await self.carry() is not None:
            pass
        return self.api.texts()

    async def carry(self) -> LaneHold | None:
        """The next entry, as the lane worker carries it."""
        hold = await self.store.claim_lane(["telegram"], 30.0, self.clock())
        if hold is None:
            return None
        carried = await self._platform.carry(hold)
        if carried.settled:
            await self.store.settle(hold, carried.settled, self.clock())
        elif carried.give_up:
            await self.store.bury(hold, carried.give_up, self.clock())
        else:
            self.clock.now += carried.retry or 1.0
            await self.store.postpone(hold, self.clock(), failed=not carried.told, unsure=carried.unsure)
        return hold

    async def talk_here(self) -> Conversation:
        found = await self.store.current(ANN, self.name)
        assert found is not None
        return found


def make_options(api: BotApi, **changes: Any) -> TelegramOptions:
    async def make_code(seeker: Address) -> str:
        return "Your code is AB2C3D4E."

    async def use_code(code: str, seeker: Address) -> str:
        return f"used {code}"

    given: dict[str, Any] = {
        "token": TOKEN, "api": api.url, "webhook_url": None, "texts": load_page_wording("telegram.yml"),
        "language": "en", "line": "test", "line_name": "Night line", "topics": TOPICS, "policy": line().policy,
        "rate": 1000, "make_code": make_code, "use_code": use_code,
        "plan": lambda plan, language: readable(plan, line().wording, language), **changes,
    }  # fmt: skip
    return TelegramOptions(**given)


@asynccontextmanager
async def ann_at_home(**options: Any) -> AsyncIterator[Ann]:
    async with bot_api() as api:
        api.downloads.set()
        ann = Ann(api, **options)
        try:
            yield ann
        finally:
            await ann.telegram.close()
