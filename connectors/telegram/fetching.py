"""Fetching updates: in order within a chat, chats side by side, and no further than what was saved."""

from __future__ import annotations

import asyncio
import itertools
import logging
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

from telegram import Bot, Update
from telegram.error import TelegramError

from connectors.telegram.calls import state_of
from handoff.ports import Store, StoreDown

_log = logging.getLogger(__name__)

WANTED = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]
_NAME = "telegram:fetching"
_SECONDS = 25
"""How long Telegram holds a question that has no answer yet."""
_LEASE = 40.0
"""One process fetches, and renews this with every question; when it dies another takes over after it."""
_LET_GO = 0.001
_AGAIN = 2.0
_AFTER_CONFLICT = 10.0


class Fetching:
    """Polls. `told` hears how it is: ok, unauthorized, unreachable or conflict."""

    def __init__(
        self, bot: Bot, store: Store, take: Callable[[Update], Awaitable[None]], told: Callable[[str], None]
    ) -> None:
        self._bot = bot
        self._store = store
        self._take = take
        self._told = told
        self._me = uuid.uuid4().hex
        self._next = 0
        self._fetches = False

    async def run(self) -> None:
        """For ever. Telegram or the store being down is waited for."""
        while True:
            try:
                self._fetches = await self._store.lease(_NAME, self._me, _LEASE)
                if not self._fetches:
                    await asyncio.sleep(_AGAIN)
                    continue
                updates = await self._bot.get_updates(
                    offset=self._next or None, timeout=_SECONDS, allowed_updates=WANTED
                )
                self._told("ok")
                await self._take_all(updates)
            except StoreDown:
                await asyncio.sleep(_AGAIN)
            except TelegramError as error:
                state = state_of(error)
                self._told(state)
                await asyncio.sleep(_AFTER_CONFLICT if state == "conflict" else _AGAIN)

    async def release(self) -> None:
        """Let another process fetch at once. Raises `StoreDown`."""
        if self._fetches:
            await self._store.lease(_NAME, self._me, _LET_GO)

    async def _take_all(self, updates: Sequence[Update]) -> None:
        """Those behind one that was not saved come again, and are known then."""
        chats: dict[int, list[Update]] = defaultdict(list)
        for update in sorted(updates, key=lambda each: each.update_id):
            chats[update.effective_chat.id if update.effective_chat else 0].append(update)
        lost = [each for each in await asyncio.gather(*map(self._in_order, chats.values())) if each is not None]
        if lost:
            self._next = min(lost)
            raise StoreDown("an update was not saved")
        if updates:
            self._next = max(each.update_id for each in updates) + 1

    async def _in_order(self, updates: list[Update]) -> int | None:
        """The id of the first one that was not saved."""
        for update in updates:
            try:
                await self._take(update)
            except StoreDown:
                return update.update_id
        return None


def backoff(least: float = 1.0, most: float = 60.0) -> itertools.chain[float]:
    """Seconds between tries: twice as long each time."""
    doubling = itertools.takewhile(lambda each: each < most, (least * 2**n for n in itertools.count()))
    return itertools.chain(doubling, itertools.repeat(most))
