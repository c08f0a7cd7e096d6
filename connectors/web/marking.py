"""Marking: how far a page has shown and read, kept a few times a second at most; and crisis cards confirmed."""

from __future__ import annotations

import asyncio
import logging

from connectors.web.together import Nudge
from handoff.core.events import CardConfirmed
from handoff.core.ids import Address
from handoff.ports import Front, Store, StoreDown

log = logging.getLogger(__name__)

_BETWEEN = 0.25
_WHILE_DOWN = 2.0


class Marking:
    """Collects acknowledgements and passes the highest on. A card counts as given only when this says so."""

    __slots__ = ("_card", "_delivered", "_due", "_front", "_read", "_seeker", "_store")

    def __init__(self, front: Front, store: Store, seeker: Address) -> None:
        self._front, self._store, self._seeker = front, store, seeker
        self._delivered = self._read = 0
        self._card: int | None = None
        self._due = Nudge()

    def card_sent(self, seq: int) -> None:
        """A crisis card went to this page. A later card stands for the earlier ones."""
        self._card = seq

    def got(self, seq: int) -> None:
        self._delivered = max(self._delivered, seq)
        self._due.set()

    def read(self, seq: int) -> None:
        self._read = max(self._read, seq)
        self.got(seq)

    async def run(self) -> None:
        """Never returns; cancel it."""
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                await self._pass_on()
            except StoreDown:
                log.warning("marks cannot be kept: the store is down; trying again")
                self._due.set()
                await asyncio.sleep(_WHILE_DOWN)
            await asyncio.sleep(_BETWEEN)

    async def _pass_on(self) -> None:
        delivered, read, card = self._delivered, self._read, self._card
        if card is not None and card <= delivered:
            await self._front.handle(
                CardConfirmed(id=f"{self._seeker}:card:{card}", seeker=self._seeker, seq=delivered)
            )
            self._card = None if self._card == card else self._card
        await self._store.mark(await self._front.who(self._seeker), delivered=delivered, read=read)
