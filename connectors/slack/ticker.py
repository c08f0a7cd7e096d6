"""What time alone brings about: cards whose wait grew, reminders, leads' homes, threads that are behind, and whether
somebody is still there.

One process does it, by a lease. It draws nothing itself: it pokes the lanes, as a commit would.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from connectors.slack import answers
from connectors.slack.queue_cards import stretch_of
from connectors.slack.room import Room
from handoff.core.ids import LEADS_LANE, card_lane, home_lane, thread_lane
from handoff.core.policy import Policy
from handoff.core.queue import Place
from handoff.core.risk import CRISIS
from handoff.core.supporter import Supporter
from handoff.ports import DeliveryFailed, Parcel, StoreDown

_log = logging.getLogger(__name__)

EVERY = 15.0
BUDGET = 10
"""Cards drawn again a turn: 40 a minute. Slack allows chat.update about 50 a minute, and events need some."""
_LEASE = 60.0
_LET_GO = 0.001
_MOST_WAITING = 1000
_HOMES_EVERY = 60.0
_NEW = 30.0
"""A handoff that waits so long without a card has lost it: until then its own poke is on the way."""
_ASK_BEFORE = 300.0
_A_PAGES_LEASE = 5.0
"""Presence that ends within so many seconds of a console's own end was given by that console, not by Slack."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one turn does: cards to draw, most important first, and what is drawn then, for the next turn."""

    draw: tuple[str, ...]
    stretches: dict[str, int]


def plan(
    places: Sequence[Place],
    drawn: Mapping[str, int],
    without_card: Collection[str],
    now: float,
    policy: Policy,
    budget: int = BUDGET,
) -> Plan:
    """Which cards are drawn this turn. Pure.

    `places`: who waits. `drawn`: the stretch of waiting that each card was last drawn for, by conversation, also of
    those who no longer wait. At most `budget` cards: first those that should not be there or are missing, then crises,
    then those that wait longest; whoever finds no room is drawn a turn later.
    """
    due = {each.conversation: stretch_of(each, now, policy) for each in places}
    over = [about for about in drawn if about not in due]
    lost = [each for each in places if each.conversation in without_card and now - each.since > _NEW]
    changed = [each for each in places if drawn.get(each.conversation, 0) != due[each.conversation]]
    ranked = sorted(changed, key=lambda each: (each.tier < CRISIS, each.since, each.conversation))
    wanted = dict.fromkeys((*over, *(each.conversation for each in (*lost, *ranked))))
    draw = tuple(wanted)[:budget]
    kept = {about: drawn.get(about, 0) for about in due} | {about: -1 for about in over if about not in draw}
    return Plan(draw, kept | {about: due[about] for about in draw if about in due})


class Ticker:
    """Ticks for ever, in one process at a time."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._me = uuid.uuid4().hex
        self._homes_at = 0.0

    async def run(self) -> None:
        """Until cancelled. A store that is down is waited for. Whoever goes leaves it to another at once."""
        mine = False
        try:
            while True:
                with suppress(StoreDown):
                    mine = await self._room.store.lease("slack:ticker", self._me, _LEASE)
                    if mine:
                        await self.tick()
                await asyncio.sleep(EVERY)
        finally:
            if mine:
                with suppress(StoreDown):
                    await self._room.store.lease("slack:ticker", self._me, _LET_GO)

    async def tick(self) -> None:
        """One turn. Raises `StoreDown`."""
        staff = [each for each in await self._room.store.supporters() if each.slack]
        planned, pokes = await self._cards()
        pokes += [_poke(LEADS_LANE)] if await self._leads_are_due() else []
        pokes += self._homes(staff)
        for each in staff:
            pokes += await self._behind(each)
        if pokes:
            await self._room.poke(f"slack:turn:{uuid.uuid4().hex}", *pokes)
        await self._room.kept.keep_queue(planned.stretches)
        for each in staff:
            await self._ask_whether_still_there(each)

    async def _cards(self) -> tuple[Plan, list[Parcel]]:
        places = await self._room.store.waiting(_MOST_WAITING)
        without = [each.conversation for each in places if not await self._has_card(each.conversation)]
        drawn = await self._room.kept.queue()
        planned = plan(places, drawn, without, self._room.now, self._room.policy)
        return planned, [_poke(card_lane(each), each) for each in planned.draw]

    async def _has_card(self, about: str) -> bool:
        card = await self._room.kept.card(about)
        return card.place is not None and not card.over

    async def _leads_are_due(self) -> bool:
        """Whether something stands in the leads' channel, or should: reminders, and what could not be posted."""
        return bool(await self._room.store.alerts() or (await self._room.kept.leads()).posts)

    def _homes(self, staff: Sequence[Supporter]) -> list[Parcel]:
        """Once a minute, for those who are here: what they show changes with everybody's deeds, not just their own."""
        now = self._room.now
        if now - self._homes_at < _HOMES_EVERY:
            return []
        self._homes_at = now
        return [_poke(home_lane(each.id)) for each in staff if each.is_here(now)]

    async def _behind(self, supporter: Supporter) -> list[Parcel]:
        """Threads that lack something: left out while the console was open, or after a poke was lost."""
        if supporter.console_until > self._room.now:
            return []
        found = []
        for about in supporter.holding:
            conversation, talk = await self._room.store.conversation(about), await self._room.kept.talk(about)
            if conversation is None:
                continue
            is_open = talk.open is not None and talk.supporter == supporter.id
            if not is_open or talk.feed_seq < conversation.seq or talk.margin_seq < conversation.margin:
                found.append(_poke(thread_lane(about), about, "look"))
        return found

    async def _ask_whether_still_there(self, supporter: Supporter) -> None:
        """Five minutes before presence in Slack ends by itself."""
        now, ends = self._room.now, supporter.present_until
        by_console = ends <= supporter.console_until + _A_PAGES_LEASE
        if not supporter.is_here(now) or by_console or ends - now > _ASK_BEFORE:
            return
        if not await self._room.kept.once(f"still:{supporter.id}:{int(ends)}", _ASK_BEFORE * 2):
            return
        try:
            await self._room.post(await self._room.direct(supporter), answers.still_here(self._room.words, supporter))
        except DeliveryFailed as failed:
            _log.info("not_asked", extra={"supporter": supporter.id, "reason": str(failed)})
            if failed.gone:
                await self._room.left(supporter.id, f"still:{int(ends)}")


def _poke(lane: str, conversation: str = "", what: str = "redraw") -> Parcel:
    return Parcel(f"turn:{uuid.uuid4().hex}", lane, conversation, 0, what, {})
