"""The vigil: looks at every part now and then, and tells leads when one has stopped working, and how to mend it."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Sequence
from contextlib import suppress

from handoff.carrying import Route
from handoff.core.effects import Alert, Cleared
from handoff.core.wording import WordingMissing
from handoff.health import look
from handoff.house import House
from handoff.ports import StoreDown

_log = logging.getLogger(__name__)

_EVERY = 30.0
_PATIENCE = 2
"""So many looks in a row find it down before leads are told: a restart is no outage."""
_LET_GO = 0.001
_FINE = ("ok", "degraded")


class Vigil:
    """Joins the house like a platform, without lanes of its own. One process at a time keeps it."""

    name = "vigil"

    def __init__(self, house: House, every: float = _EVERY) -> None:
        self._house = house
        self._every = every
        self._me = uuid.uuid4().hex
        self._bad: dict[str, int] = {}

    def routes(self) -> Sequence[Route]:
        """No lanes."""
        return ()

    def health(self) -> str:
        """Whoever looks at the others is not looked at."""
        return "ok"

    async def run(self) -> None:
        """Look for ever. Whoever goes leaves the watch to another at once."""
        mine = False
        try:
            while True:
                await asyncio.sleep(self._every)
                with suppress(StoreDown):
                    mine = await self._house.store.lease("vigil", self._me, self._every * 2)
                    if mine:
                        await self.look_once()
        finally:
            if mine:
                with suppress(StoreDown):
                    await self._house.store.lease("vigil", self._me, _LET_GO)

    async def close(self) -> None:
        """Nothing to let go of."""

    async def look_once(self) -> None:
        """One look at every part but the store, without which nobody could be told. Raises `StoreDown`."""
        parts = await look(self._house)
        for part, state in parts.items():
            if state in _FINE or part == "store":
                await self._well(part)
            else:
                await self._ill(part, state)

    async def _well(self, part: str) -> None:
        if self._bad.pop(part, 0) >= _PATIENCE:
            await self._house.front.page(f"well:{part}:{uuid.uuid4().hex}", Cleared(part))

    async def _ill(self, part: str, state: str) -> None:
        self._bad[part] = self._bad.get(part, 0) + 1
        if self._bad[part] == _PATIENCE:
            _log.warning("degraded", extra={"part": part, "state": state})
            now = self._house.front.clock()
            alert = Alert(kind="degraded", conversation=part, at=now, text=self._words(part, state))
            await self._house.front.page(f"ill:{part}:{uuid.uuid4().hex}", alert)

    def _words(self, part: str, state: str) -> str:
        line = self._house.line
        try:
            cure = line.wording.say(f"degraded_{part}_{state}", line.language)
        except WordingMissing:
            cure = line.wording.say("degraded_other", line.language)
        return line.wording.say("alert_degraded", line.language, part=part, next=cure)
