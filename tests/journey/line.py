"""One running line as its tests see it: its address, its store and records, and who works there."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import redis.asyncio

from handoff.core.conversation import Conversation
from handoff.core.entries import Entry, Speaker
from handoff.core.supporter import Presence, Role, Supporter, Training
from handoff.house import make_sealer
from handoff.ports import Commit, Outcome
from handoff.sealing import Sealer
from handoff.settings import Settings
from handoff.signin import make_link, redeem
from handoff.store.redis import RedisStore
from tests.journey.talk import PATIENCE, Desk, Seeker

_numbers = itertools.count(1)


async def eventually(holds: Callable[[], Awaitable[object]], what: str, seconds: float = PATIENCE) -> None:
    """Waits until `holds` answers with something true."""
    end = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        await asyncio.sleep(0.1)


class Line:
    """A line that runs somewhere with these settings. Holds its own connection to the line's store."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = RedisStore(settings.redis_url, settings.line, settings.policy(), self.sealer)

    @property
    def url(self) -> str:
        return self.settings.base_url()

    @property
    def sealer(self) -> Sealer:
        return make_sealer(self.settings)

    @property
    def var(self) -> Path:
        return self.settings.var

    # --- people -----------------------------------------------------------------------------------------------------

    async def hire(self, name: str, *, lead: bool = False, **more: Any) -> str:
        """Put somebody on the roster who counts as available once their desk is open; returns their id."""
        given: dict[str, Any] = {"training": Training.SENIOR, "minors": True, "presence": Presence.AVAILABLE, **more}
        role = Role.LEAD if lead else Role.SUPPORTER
        person = Supporter(id=f"{name.lower()}-{next(_numbers)}", name=name, role=role, **given)
        commit = Commit(event_id=f"test:{person.id}", supporters=(person,))
        assert await self.store.commit(commit, time.time()) is Outcome.DONE
        return person.id

    async def send_home(self) -> None:
        """Nobody is here any more."""
        for each in await self.store.supporters():
            away = replace(each, presence=Presence.AWAY, present_until=0.0)
            commit = Commit(event_id=f"test:home-{next(_numbers)}", supporters=(away,))
            await self.store.commit(commit, time.time())

    async def link(self, supporter: str) -> str:
        """A fresh sign-in address."""
        return f"{self.url}/console/sign-in/{await make_link(self.store, supporter, time.time())}"

    async def session(self, supporter: str) -> str:
        """A signed-in session's token."""
        link = await make_link(self.store, supporter, time.time())
        session = await redeem(self.store, link, time.time())
        assert session is not None
        return session

    @asynccontextmanager
    async def desk(self, supporter: str, url: str | None = None) -> AsyncIterator[Desk]:
        """An open desk; on the process at `url` where there are several."""
        desk = Desk(url or self.url, await self.session(supporter))
        await desk.connect()
        try:
            yield desk
        finally:
            await desk.leave()

    @asynccontextmanager
    async def seeker(self, url: str | None = None, **hello: str) -> AsyncIterator[Seeker]:
        """Somebody who has opened the chat; `hello` may say `country` and `language`."""
        seeker = Seeker(url or self.url, **hello)
        await seeker.connect()
        try:
            yield seeker
        finally:
            await seeker.leave()

    # --- what is kept -----------------------------------------------------------------------------------------------

    async def conversation(self, conversation: str) -> Conversation:
        known = await self.store.conversation(conversation)
        assert known is not None
        return known

    async def conversation_with(self, text: str) -> str:
        """The id of the one conversation in which a seeker wrote this."""
        names = [key.rpartition(":")[2] for key in await self.keys(f"{self.settings.line}}}:conversation:")]
        found = [name for name in names if text in await self.said(name, Speaker.SEEKER)]
        assert len(found) == 1, f"{text!r} was written in {len(found)} conversations"
        return found[0]

    async def feed(self, conversation: str) -> list[Entry]:
        """All that was said to and by this seeker."""
        return await self.store.feed((await self.conversation(conversation)).pseudonym)

    async def said(self, conversation: str, speaker: Speaker) -> list[str]:
        return [each.text for each in await self.feed(conversation) if each.speaker is speaker]

    async def keys(self, part: str) -> list[str]:
        """The keys of the store whose name holds `part`."""
        async with redis.asyncio.Redis.from_url(self.settings.redis_url, decode_responses=True) as client:
            return [str(key) for key in await client.keys(f"*{part}*")]

    def rows(self, table: str, **where: str) -> list[dict[str, Any]]:
        """The records as they are on disk; none before the first was written."""
        file = Path(self.settings.database_url.partition(":///")[2])
        if not file.exists():
            return []
        condition = " AND ".join(f"{name} = ?" for name in where) or "1"
        with closing(sqlite3.connect(file)) as connection:
            connection.row_factory = sqlite3.Row
            known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            found = connection.execute(f"SELECT * FROM {table} WHERE {condition}", (*where.values(),)) if known else ()
            return [dict(each) for each in found]

    async def recorded(self, table: str, **where: str) -> dict[str, Any]:
        """The one row of a table, once it is there."""

        async def there() -> bool:
            return bool(self.rows(table, **where))

        await eventually(there, f"a row in {table}")
        (row,) = self.rows(table, **where)
        return row

    def opened(self, sealed: bytes) -> Any:
        return msgspec.json.decode(self.sealer.open(sealed))

    async def close(self) -> None:
        await self.store.close()
