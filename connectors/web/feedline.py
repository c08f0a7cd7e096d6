"""The feed line: one seeker's feed in order and without gaps, from a sequence number on, for as long as it is read."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Protocol

from connectors.web.together import Nudge
from handoff.core.entries import Entry
from handoff.core.ids import Address
from handoff.ports import Front, Notice, Store, StoreDown

log = logging.getLogger(__name__)

_PAGE = 200
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0
_FAREWELL = 2.0


class Reader(Protocol):
    """Who is shown what the line brings."""

    async def show(self, entry: Entry) -> None:
        """The next entry; its `seq` is one more than the last one's."""
        ...

    async def heard(self, notice: Notice) -> None:
        """Something that is not an entry: marks, typing, erased."""
        ...

    async def caught_up(self) -> None:
        """Everything there was has been shown. Called again after each break."""
        ...


class FeedLine:
    """Listens first and reads then, so that nothing falls between; survives a store that goes away and comes back."""

    __slots__ = ("_front", "_pseudonym", "_seeker", "_shown", "_store", "last")

    def __init__(self, store: Store, front: Front, seeker: Address, after: int) -> None:
        self._store, self._front, self._seeker = store, front, seeker
        self._pseudonym = ""
        self._shown = Nudge()
        self.last = after
        """The sequence number of the newest entry shown."""

    async def run(self, reader: Reader) -> None:
        """Never returns; cancel it."""
        pause = _FIRST_PAUSE
        while True:
            try:
                self._pseudonym = await self._front.who(self._seeker)
                async with self._store.listen([f"feed:{self._pseudonym}"]) as notices:
                    await self._catch_up(reader)
                    await reader.caught_up()
                    pause = _FIRST_PAUSE
                    async for notice in notices:
                        await self._take(notice, reader)
            except StoreDown:
                log.warning("the feed cannot be read: the store is down; trying again in %.1f s", pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def shown_all(self) -> None:
        """Wait, two seconds at most, until whatever the feed has by now was shown."""
        with suppress(TimeoutError, StoreDown):
            async with asyncio.timeout(_FAREWELL):
                self._shown.clear()
                while await self._store.feed(await self._front.who(self._seeker), self.last, 1):
                    await self._shown.wait()
                    self._shown.clear()

    async def _take(self, notice: Notice, reader: Reader) -> None:
        if notice.kind == "entry":
            await self._take_entry(notice.body, reader)
        elif notice.kind == "gap":
            await self._catch_up(reader)
            await reader.caught_up()
        else:
            await reader.heard(notice)

    async def _take_entry(self, entry: Entry, reader: Reader) -> None:
        if entry.seq == self.last + 1:
            await self._show(entry, reader)
        elif entry.seq > self.last:
            await self._catch_up(reader)

    async def _catch_up(self, reader: Reader) -> None:
        while page := await self._store.feed(self._pseudonym, self.last, _PAGE):
            for entry in page:
                await self._show(entry, reader)

    async def _show(self, entry: Entry, reader: Reader) -> None:
        self.last = entry.seq
        await reader.show(entry)
        self._shown.set()
