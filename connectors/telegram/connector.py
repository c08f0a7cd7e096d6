"""The connector: fetching or being sent updates, sending entries, showing who is typing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from telegram import Bot, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError

from connectors.telegram import updates
from connectors.telegram.calls import make_bot, make_requests, state_of
from connectors.telegram.fetching import WANTED, ComesAgain, Fetching, backoff
from connectors.telegram.files import Files
from connectors.telegram.inbox import Inbox
from connectors.telegram.memory import CHANNEL, Memory, Recent
from connectors.telegram.options import TelegramOptions
from connectors.telegram.profile import show_profile
from connectors.telegram.sending import Sender
from handoff.carrying import Route
from handoff.core.entries import Entry
from handoff.core.ids import Address
from handoff.ports import Front, Shelf, Store, StoreDown

_log = logging.getLogger(__name__)

_TRIES = 3
_PROFILE_LEAST, _PROFILE_MOST = 5.0, 3600.0
_MIND_SECONDS = 60.0
_TYPING_SECONDS = 4.0
"""Telegram shows typing for five seconds."""


class Telegram:
    """One line's bot in Telegram. Seekers alone; supporters never meet it."""

    name = CHANNEL
    channel = CHANNEL

    def __init__(self, front: Front, store: Store, shelf: Shelf, options: TelegramOptions) -> None:
        self.options = options
        self._store = store
        self._clock = front.clock
        self._requests = make_requests()
        self._bot: Bot = make_bot(options, self._requests)
        self._health = "unreachable"
        self._typed: dict[int, float] = {}
        self._broke = Recent()
        self._background: set[asyncio.Task[None]] = set()
        memory = Memory(store, front, options)
        self._sender = Sender(self._bot, store, memory, shelf, options, front.clock)
        files = Files(self._bot, shelf)
        self._inbox = Inbox(self._bot, front, store, memory, self._sender, files, options, self._show_typing)
        self._fetching = Fetching(self._bot, store, self.take, self._glance, self._tell)

    def routes(self) -> Sequence[Route]:
        """None besides the chats' own lanes."""
        return ()

    def health(self) -> str:
        """ok, unauthorized, unreachable or conflict."""
        return self._health

    async def deliver(self, seeker: Address, entry: Entry, *, again: bool) -> None:
        """Send one entry. Raises `DeliveryFailed`."""
        await self._sender.deliver(int(seeker.id), entry, again=again)

    def read(self, sent: dict[str, object]) -> Update | None:
        """An update as Telegram sent it to the webhook; None when it is none."""
        try:
            update = Update.de_json(sent, self._bot)
            updates.read(update)
        except (TypeError, KeyError, ValueError, AttributeError, OverflowError):
            return None
        return update

    async def take(self, update: Update) -> None:
        """One update. Raises `ComesAgain` when it was not saved. One that breaks us is passed over at the third try."""
        [failed] = await asyncio.gather(self._inbox.take(update), return_exceptions=True)
        if failed is None:
            return
        if not isinstance(failed, StoreDown):
            _log.error("update_broke", exc_info=failed)
            tries = self._broke.get(update.update_id) + 1
            self._broke.put(update.update_id, tries)
            if tries >= _TRIES:
                return
        raise ComesAgain

    async def run(self) -> None:
        """Set everything up, then fetch for ever, or be sent to."""
        await self._begin()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._show_who_types())
            group.create_task(self._keep_profile())
            group.create_task(self._fetching.run() if self.options.webhook_url is None else self._mind_webhook())

    async def close(self) -> None:
        """Let go of the connections."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        with suppress(StoreDown):
            await self._fetching.release()
        for request in self._requests:
            await request.shutdown()

    async def _begin(self) -> None:
        """Until Telegram knows us; a wrong token is tried again, since somebody may mend it there."""
        for wait in backoff():
            try:
                await self._bot.initialize()
                await self._set_webhook()
            except TelegramError as error:
                self._tell(state_of(error))
            else:
                self._tell("ok")
                return
            await asyncio.sleep(wait)

    async def _set_webhook(self) -> None:
        url = self.options.webhook_url
        if url is None:
            await self._bot.delete_webhook()
        else:
            await self._bot.set_webhook(url, secret_token=self.options.webhook_secret, allowed_updates=WANTED)

    def _tell(self, state: str) -> None:
        if state != self._health:
            self._health = state
            log = _log.info if state == "ok" else _log.warning
            log("telegram_state", extra={"state": state, "next": "warmline doctor tells what to do"})

    async def _keep_profile(self) -> None:
        """Nobody waits for how the bot looks, and Telegram may be slow to allow changes of it."""
        for wait in backoff(_PROFILE_LEAST, _PROFILE_MOST):
            try:
                await show_profile(self._bot, self._store, self.options)
            except TelegramError as error:
                _log.warning("profile_not_set", extra={"state": state_of(error)})
            except StoreDown:
                _log.info("profile_waits_for_the_store")
            else:
                return
            await asyncio.sleep(wait)

    async def _mind_webhook(self) -> None:
        """Nobody else may have taken the updates elsewhere, and the token must still hold."""
        while True:
            await asyncio.sleep(_MIND_SECONDS)
            try:
                if (await self._bot.get_webhook_info()).url != self.options.webhook_url:
                    await self._set_webhook()
            except TelegramError as error:
                self._tell(state_of(error))
            else:
                self._tell("ok")

    async def _glance(self, update: Update) -> None:
        [failed] = await asyncio.gather(self._inbox.glance(update), return_exceptions=True)
        if failed is not None:
            _log.error("glance_broke", exc_info=failed)

    # --- typing -----------------------------------------------------------------------------------------------------

    def _show_typing(self, chat: int) -> None:
        """In the background: nothing waits for three dots."""
        now = self._clock()
        if now - self._typed.get(chat, 0.0) < _TYPING_SECONDS:
            return
        self._typed = {each: at for each, at in self._typed.items() if now - at < _TYPING_SECONDS} | {chat: now}
        task = asyncio.create_task(self._send_typing(chat))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _send_typing(self, chat: int) -> None:
        with suppress(TelegramError):
            await self._bot.send_chat_action(chat, ChatAction.TYPING)

    async def _show_who_types(self) -> None:
        while True:
            with suppress(StoreDown):
                async with self._store.listen(["typing"]) as notices:
                    async for notice in notices:
                        if notice.kind == "typing":
                            await self._shown_to(notice.body[0])
            await asyncio.sleep(1.0)

    async def _shown_to(self, conversation: str) -> None:
        known = await self._store.conversation(conversation)
        if known is not None and known.seeker.channel == CHANNEL:
            self._show_typing(int(known.seeker.id))
