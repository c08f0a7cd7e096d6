"""The emulated Telegram: what happens in it, and what goes wrong on its way to the bot."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from handoff.running.ports import free_port
from tests.emulators.processes import node
from tests.emulators.telegram_people import BOT, Group, Message, Person, file_of, text_of

TOKEN = f"{BOT}:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
SECRET = "a-secret_of-the-webhook"

__all__ = ["SECRET", "TOKEN", "Group", "Message", "Person", "TelegramWorld", "file_of", "telegram_world", "text_of"]


@dataclass(frozen=True, slots=True)
class TelegramWorld:
    """The emulator. `api` is where a bot finds it, `direct` where tests do (past any proxy)."""

    api: str
    direct: str
    http: httpx.AsyncClient
    _since: list[int] = field(default_factory=list)

    def person(self, name: str = "Ann Example", chat: int = 4242, handle: str = "ann_example") -> Person:
        return Person(self, name, chat, handle)

    def group(self, chat: int = -1001, title: str = "A group", kind: str = "supergroup") -> Group:
        """Also a channel, with that as its `kind`."""
        return Group(self, chat, title, kind)

    async def update(self, update: dict[str, Any]) -> int:
        """Anything that happened; its update_id."""
        return (await self.happens(update))["update_id"]

    async def happens(self, update: dict[str, Any]) -> dict[str, int]:
        """The same; its update_id, and the message_id that the chat gave it where it had none."""
        made: dict[str, int] = await self.tell("update", token=TOKEN, update=update)
        self._since.append(made["update_id"])
        return made

    async def again(self, update_id: int) -> None:
        """The same update once more."""
        await self.tell("again", token=TOKEN, update_id=update_id)

    @asynccontextmanager
    async def mixed_up(self, *, seed: int = 1, twice: int = 0) -> AsyncIterator[None]:
        """What happens in here comes afterwards: to a webhook in any order and the first `twice` of them twice.

        Whoever fetches gets all of it at once, in order, as Telegram answers.
        """
        await self.tell("hold")
        begun = len(self._since)
        yield
        made = self._since[begun:]
        order = made + made[:twice]
        random.Random(seed).shuffle(order)
        await self.tell("release", token=TOKEN, order=order)

    async def loses_acks(self, count: int) -> None:
        """The next answers of the webhook never arrive at Telegram, which posts the same once more."""
        await self.tell("lose", acks=count)

    async def revokes_token(self, revoked: bool = True) -> None:
        """The bot's owner changes the token, or (False) it works again."""
        await self.tell("token", token=TOKEN, revoked=revoked)

    async def open_updates(self) -> int:
        """How many updates were not confirmed."""
        return int((await self.http.get(f"{self.direct}/_open/{TOKEN}")).json()["open"])

    async def pushed(self) -> list[dict[str, Any]]:
        """Every delivery to a webhook: `update_id`, the `status` it answered (0: none), whether that was `lost`."""
        return list((await self.http.get(f"{self.direct}/_pushed")).json())

    async def profile(self) -> dict[str, Any]:
        """What the bot set, by `method:language`."""
        return dict((await self.http.get(f"{self.direct}/_profile")).json())

    async def file(self, file: str) -> bytes:
        return (await self.http.get(f"{self.direct}/_file/{file}")).content

    async def content_of(self, message: Message) -> bytes:
        """The file in a message of the bot's."""
        return await self.file(str(file_of(message)))

    async def chat(self, chat: int) -> dict[str, Any]:
        return dict((await self.http.get(f"{self.direct}/_chat/{TOKEN}/{chat}")).json())

    async def upload(self, content: bytes) -> dict[str, Any]:
        """A file of a person's; its part of a message."""
        head = {"Content-Type": "application/octet-stream"}
        answer = (await self.http.post(f"{self.direct}/_file", content=content, headers=head)).json()
        return {**answer, "file_unique_id": f"u{answer['file_id']}"}

    async def tell(self, what: str, **more: Any) -> Any:
        """One of the shim's paths for tests."""
        answer = await self.http.post(f"{self.direct}/_{what}", json=more)
        assert answer.is_success, f"{what}: {answer.status_code}"
        return answer.json()


@asynccontextmanager
async def telegram_world(log: Path) -> AsyncIterator[TelegramWorld]:
    """An emulator of its own, empty."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    fresh = httpx.Limits(max_keepalive_connections=0)  # an idle one may be closed just when it is used
    async with (
        node("telegram_shim.js", str(port), ready=f"{url}/_profile", log=log),
        httpx.AsyncClient(limits=fresh) as http,
    ):
        yield TelegramWorld(url, url, http)
