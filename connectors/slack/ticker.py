"""What time alone brings about: cards whose wait grew, reminders, leads' homes, and whether somebody is still there.

One process does it, by a lease. It draws nothing itself: it pokes the lanes, as a commit would.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from connectors.slack import answers, cards
from connectors.slack.room import Room, face
from handoff.core.ids import LEADS_LANE, card_lane, home_lane
from handoff.core.supporter import Presence, Supporter
from handoff.ports import Commit, DeliveryFailed, Parcel, StoreDown

_log = logging.getLogger(__name__)

_EVERY = 15.0
_LEASE = 60.0
_BUDGET = 10
"""Cards drawn again a turn: 40 a minute. Slack allows chat.update about 50 a minute, and events need some."""
_MOST_WAITING = 500
_HOMES_EVERY = 4
_ASK_BEFORE = 300.0


@dataclass(frozen=True, slots=True)
class Stale:
    """A card that shows something else than it should. `crisis` ones go first, then those that changed longest ago."""

    conversation: str
    crisis: bool
    since: float


def choose(stale: Iterable[Stale], budget: int = _BUDGET) -> list[str]:
    """The conversations whose cards are drawn this turn. Pure."""
    ranked = sorted(stale, key=lambda each: (not each.crisis, each.since, each.conversation))
    return [each.conversation for each in ranked[:budget]]


class Ticker:
    """Ticks for ever, in one process at a time."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._me = uuid.uuid4().hex
        self._turn = 0
        self._shown: set[str] = set()

    async def run(self) -> None:
        """Until cancelled. A store that is down is waited for."""
        while True:
            await asyncio.sleep(_EVERY)
            with suppress(StoreDown):
                if await self._room.store.lease("slack:ticker", self._me, _LEASE):
                    await self.tick()

    async def tick(self) -> None:
        """One turn. Raises `StoreDown`."""
        self._turn += 1
        due = choose(await self._stale())
        pokes = [_poke(card_lane(each), each) for each in due]
        if await self._room.store.alerts():
            pokes.append(_poke(LEADS_LANE, ""))
        staff = await self._room.store.supporters()
        if self._turn % _HOMES_EVERY == 0:
            pokes += [_poke(home_lane(each.id), "") for each in self._leads_here(staff)]
        if pokes:
            commit = Commit(event_id=f"slack:tick:{uuid.uuid4().hex}", parcels=tuple(pokes))
            await self._room.store.commit(commit, self._room.front.clock())
        for each in staff:
            await self._ask_whether_still_there(each)

    async def _stale(self) -> list[Stale]:
        """Cards of those who wait, and of those who no longer do, that show something else than is so."""
        now, names = self._room.front.clock(), await self._room.names()
        places = await self._room.store.waiting(_MOST_WAITING)
        waiting = {each.conversation for each in places}
        found = [Stale(gone, crisis=True, since=0.0) for gone in self._shown - waiting]
        for spot in places:
            conversation = await self._room.store.conversation(spot.conversation)
            if conversation is None:
                continue
            kept = await self._room.kept.card(spot.conversation)
            message = cards.card(self._room.words, conversation, now=now, policy=self._room.policy, names=names)
            if kept.shown != face(message):
                found.append(Stale(spot.conversation, conversation.in_crisis_lane, spot.since))
        self._shown = waiting
        return found

    def _leads_here(self, staff: Sequence[Supporter]) -> list[Supporter]:
        now = self._room.front.clock()
        return [each for each in staff if each.is_lead and each.slack and each.is_here(now)]

    async def _ask_whether_still_there(self, supporter: Supporter) -> None:
        """Five minutes before presence in Slack ends by itself."""
        now = self._room.front.clock()
        left = supporter.present_until - now
        away = supporter.presence is Presence.AWAY or supporter.console_until > now
        if not supporter.slack or away or not 0 < left <= _ASK_BEFORE:
            return
        if not await self._room.kept.once(f"still:{supporter.id}:{int(supporter.present_until)}", _ASK_BEFORE * 2):
            return
        try:
            await self._room.post(await self._room.direct(supporter), answers.still_here(self._room.words, supporter))
        except DeliveryFailed as failed:
            _log.info("not_asked", extra={"reason": str(failed)})


def _poke(lane: str, conversation: str) -> Parcel:
    return Parcel(f"tick:{uuid.uuid4().hex}", lane, conversation, 0, "redraw", {})
