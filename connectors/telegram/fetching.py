"""Fetching updates: in order within a chat, chats side by side, and confirming no further than what was saved."""

from __future__ import annotations

import asyncio
import itertools
import logging
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from telegram import Bot, Update
from telegram.error import TelegramError

from connectors.telegram.calls import state_of
from handoff.ports import Store, StoreDown

_log = logging.getLogger(__name__)

WANTED = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]
_NAME = "telegram:fetching"
_SECONDS = 10
"""How long Telegram holds a question that has no answer yet."""
_LEASE = 20.0
"""One process fetches, and renews this with every question; when it dies another takes over after it."""
_LET_GO = 0.001
_AGAIN = 2.0
_AFTER_CONFLICT = 10.0
_LOOK = 0.5
"""While something is still being done, such as fetching a file, Telegram is asked this often for what is new."""


class ComesAgain(Exception):
    """An update that was not taken. Leave it with Telegram, which delivers it again."""


class Fetching:
    """Polls. `told` hears how it is: ok, unauthorized, unreachable or conflict. `take` may raise `ComesAgain`."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        take: Callable[[Update], Awaitable[None]],
        glance: Callable[[Update], Awaitable[None]],
        told: Callable[[str], None],
    ) -> None:
        self._bot = bot
        self._store = store
        self._take = take
        self._glance = glance
        self._told = told
        self._me = uuid.uuid4().hex
        self._mine = False
        self._next = 0
        self._open: set[int] = set()
        self._lost: set[int] = set()
        self._done: set[int] = set()
        self._chats: dict[int, deque[Update]] = {}
        self._working: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """For ever. Telegram or the store being down is waited for."""
        try:
            while True:
                if await self._may_fetch():
                    await self._fetch()
                else:
                    self._forget()
                    await asyncio.sleep(_AGAIN)
        finally:
            for task in self._working:
                task.cancel()

    async def release(self) -> None:
        """Let another process fetch at once. Raises `StoreDown`."""
        if self._mine:
            await self._store.lease(_NAME, self._me, _LET_GO)

    async def _may_fetch(self) -> bool:
        """While the store is down whoever fetched last goes on: what can't be saved is still looked at for danger."""
        try:
            self._mine = await self._store.lease(_NAME, self._me, _LEASE)
        except StoreDown:
            _log.info("fetching_while_the_store_is_down")
        return self._mine

    async def _fetch(self) -> None:
        busy = bool(self._open)
        try:
            updates = await self._bot.get_updates(
                offset=self._offset() or None, timeout=0 if busy else _SECONDS, allowed_updates=WANTED
            )
        except TelegramError as error:
            state = state_of(error)
            self._told(state)
            await asyncio.sleep(_AFTER_CONFLICT if state == "conflict" else _AGAIN)
            return
        self._told("ok")
        self._hand_out(updates)
        if self._working:
            await asyncio.wait(self._working, timeout=_LOOK)
        if self._lost:
            await asyncio.sleep(_AGAIN)

    def _offset(self) -> int:
        """The first update that is not done yet: asking from there confirms everything before it."""
        waiting = self._open | self._lost
        self._next = min(waiting) if waiting else max(self._done, default=self._next - 1) + 1
        self._done = {each for each in self._done if each >= self._next}
        return self._next

    def _hand_out(self, updates: Iterable[Update]) -> None:
        for update in sorted(updates, key=lambda each: each.update_id):
            if update.update_id in self._open or update.update_id in self._done:
                continue
            self._open.add(update.update_id)
            self._lost.discard(update.update_id)
            chat = update.effective_chat.id if update.effective_chat else 0
            if chat in self._chats:
                self._chats[chat].append(update)
            else:
                self._chats[chat] = deque([update])
                task = asyncio.create_task(self._work(chat))
                self._working.add(task)
                task.add_done_callback(self._working.discard)

    async def _work(self, chat: int) -> None:
        """One chat's updates, one after the other. What is behind a lost one is only looked at."""
        queue, lost = self._chats[chat], False
        while queue:
            update = queue.popleft()
            lost = not await self._taken(update, only_glance=lost)
            self._open.discard(update.update_id)
            (self._lost if lost else self._done).add(update.update_id)
        del self._chats[chat]

    async def _taken(self, update: Update, *, only_glance: bool) -> bool:
        if only_glance:
            await self._glance(update)
            return False
        try:
            await self._take(update)
        except ComesAgain:
            return False
        return True

    def _forget(self) -> None:
        """Another process fetches now; whoever gets the turn next asks Telegram what is open."""
        self._next = 0
        for kept in (self._lost, self._done):
            kept.clear()


def backoff(least: float = 1.0, most: float = 60.0) -> itertools.chain[float]:
    """Seconds between tries: twice as long each time."""
    doubling = itertools.takewhile(lambda each: each < most, (least * 2**n for n in itertools.count()))
    return itertools.chain(doubling, itertools.repeat(most))
