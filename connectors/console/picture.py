"""The picture: all that one desk should show now, read afresh from the store, so that nothing goes stale or missing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from connectors.console import views
from connectors.console.options import ConsoleOptions
from connectors.console.views import View
from handoff.core.conversation import Conversation
from handoff.core.matching import eligible, wishes_met
from handoff.core.queue import Place
from handoff.core.supporter import Supporter
from handoff.ports import Store

_QUEUE_READ = 500


@dataclass(frozen=True, slots=True)
class Picture:
    """`frames` by type; `open` are the conversations whose transcripts the desk may follow."""

    frames: dict[str, View]
    open: dict[str, Conversation]


async def draw(
    store: Store, options: ConsoleOptions, supporter: Supporter, looking: Collection[str], now: float
) -> Picture:
    """Everything for this supporter's desk. Raises `StoreDown`."""
    roster = await store.supporters()
    places = await store.waiting(_QUEUE_READ)
    held = await _conversations(store, supporter.holding)
    looked = await _conversations(store, [each for each in looking if each not in supporter.holding])
    frames = {
        "me": views.me(supporter, now),
        "mine": _mine(held, looked, roster, now),
        "offers": _offers(places, supporter, options, now),
        "roster": {
            "type": "roster",
            "people": [views.colleague(each, now) for each in roster if each.id != supporter.id],
        },
    }
    if supporter.is_lead:
        frames["board"] = await _board(store, places, roster, now)
        frames["alerts"] = {"type": "alerts", "alerts": [views.alert(each) for each in await store.alerts()]}
    return Picture(frames, {each.id: each for each in (*held, *looked)})


async def _conversations(store: Store, ids: Sequence[str]) -> list[Conversation]:
    """Asked for together: one after the other, each would wait for whatever else the store is busy with."""
    found = await asyncio.gather(*(store.conversation(each) for each in ids))
    return [each for each in found if each is not None]


def _mine(
    held: Sequence[Conversation], looked: Sequence[Conversation], roster: Sequence[Supporter], now: float
) -> View:
    mine = [views.held(each, roster, now, mine=True) for each in held]
    return {"type": "mine", "conversations": mine + [views.held(each, roster, now, mine=False) for each in looked]}


def _offers(places: Sequence[Place], supporter: Supporter, options: ConsoleOptions, now: float) -> View:
    fitting = [place for place in places if eligible(place, supporter, now, options.policy).ok]
    offers = [{**views.offer(place, supporter), "wishes_met": wishes_met(place, supporter)} for place in fitting]
    return {"type": "offers", "offers": offers, "waiting": len(places)}


async def _board(store: Store, places: Sequence[Place], roster: Sequence[Supporter], now: float) -> View:
    here = [each for each in roster if each.is_here(now)]
    counts = await store.counts()
    standing = await store.standing(places[0].score if places else 0.0)
    tiers = Counter(place.tier for place in places)
    return {
        "type": "board",
        "waiting": counts.get("waiting", len(places)),
        "by_tier": [{"tier": tier.name.lower(), "count": tiers[tier]} for tier in sorted(tiers, reverse=True)],
        "longest_since": views.milliseconds(min((place.since for place in places), default=None)),
        "live": counts.get("live", 0),
        "here": len(here),
        "free": sum(max(0, each.capacity - len(each.holding)) for each in here if each.takes_offers(now)),
        "average_seconds": None if standing.average is None else round(standing.average),
        "undelivered": counts.get("dead_letters", 0),
        "queue": [_queued(place, roster) for place in places[:100]],
        "talking": await _talking(store, roster),
    }


def _queued(place: Place, roster: Sequence[Supporter]) -> View:
    names = {each.id: each.name for each in roster}
    return {
        "conversation": place.conversation,
        "pseudonym": place.pseudonym,
        "tier": place.tier.name.lower(),
        "since": views.milliseconds(place.since),
        "language": place.language,
        "assigned_to": names.get(place.assigned_to or "", ""),
    }


async def _talking(store: Store, roster: Sequence[Supporter]) -> list[View]:
    """Every conversation a supporter holds, by supporter."""
    found = await _conversations(store, [each for supporter in roster for each in supporter.holding])
    held = {each.id: each for each in found}
    return [
        {
            "conversation": conversation.id,
            "pseudonym": conversation.pseudonym,
            "tier": conversation.tier.name.lower(),
            "holder": supporter.name,
            "holder_id": supporter.id,
            "since": views.milliseconds(conversation.claimed_at),
            "unanswered_since": views.milliseconds(conversation.unanswered_since),
        }
        for supporter in roster
        for conversation in (held[each] for each in supporter.holding if each in held)
    ]
