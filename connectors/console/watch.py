"""A watch: one conversation's transcript and margin, followed from a sequence number, without gaps or repeats."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from connectors.console import views
from connectors.console.views import View
from handoff.core.conversation import Conversation
from handoff.core.entries import Entry, Speaker
from handoff.ports import Marks, Notice, Store, StoreDown

Send = Callable[[View], Awaitable[None]]

_AGAIN_SECONDS = 1.0
_PAGE = 500


async def follow(
    listen: Callable[[], AbstractAsyncContextManager[AsyncIterator[Notice]]],
    catch_up: Callable[[], Awaitable[None]],
    take: Callable[[Notice], Awaitable[None]],
) -> None:
    """Listen for ever; after every start and break read again what may have been missed."""
    while True:
        try:
            async with listen() as notices:
                await catch_up()
                async for notice in notices:
                    await take(notice)
        except StoreDown:
            pass  # the desk shows the banner; here it is only tried again
        await asyncio.sleep(_AGAIN_SECONDS)


class Watch:
    """Follows one conversation for one desk; `conversation` is replaced whenever the desk is drawn afresh."""

    def __init__(self, store: Store, send: Send, conversation: Conversation, after: tuple[int, int] = (0, 0)) -> None:
        self.conversation = conversation
        self._store = store
        self._send = send
        self._feed = max(after[0], conversation.first_seq - 1)
        self._margin = after[1]

    async def run(self) -> None:
        """Until cancelled."""
        topics = [f"feed:{self.conversation.pseudonym}", f"margin:{self.conversation.id}"]
        await follow(lambda: self._store.listen(topics), self._catch_up, self._take)

    async def _catch_up(self) -> None:
        while lines := await self._store.feed(self.conversation.pseudonym, self._feed, _PAGE):
            for line in lines:
                await self._show(line)
        while notes := await self._store.margin(self.conversation.id, self._margin, _PAGE):
            for note in notes:
                await self._show_note(note)
        await self._send(views.marks(self.conversation.id, await self._store.marks(self.conversation.pseudonym)))

    async def _take(self, notice: Notice) -> None:
        body = notice.body
        if notice.kind == "entry" and isinstance(body, Entry):
            await self._next(notice.topic, body)
        elif notice.kind == "marks" and isinstance(body, Marks):
            await self._send(views.marks(self.conversation.id, body))
        elif notice.kind == "typing" and body == Speaker.SEEKER.value:
            await self._send({"type": "typing", "conversation": self.conversation.id})
        elif notice.kind == "erased":
            await self._send({"type": "erased", "conversation": self.conversation.id})
        elif notice.kind == "gap":
            await self._catch_up()

    async def _next(self, topic: str, line: Entry) -> None:
        is_note = topic.startswith("margin:")
        held = self._margin if is_note else self._feed
        if line.seq > held + 1:
            await self._catch_up()
        elif line.seq == held + 1:
            await (self._show_note(line) if is_note else self._show(line))

    async def _show(self, line: Entry) -> None:
        self._feed = max(self._feed, line.seq)
        if line.conversation == self.conversation.id:
            await self._send(views.entry(line, self.conversation))

    async def _show_note(self, line: Entry) -> None:
        self._margin = max(self._margin, line.seq)
        await self._send(views.margin(line))
