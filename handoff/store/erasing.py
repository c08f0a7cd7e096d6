"""Forgetting one seeker: read what there is of them, then let one script remove it all if nothing changed meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handoff.core.conversation import Conversation, Deadline
from handoff.core.ids import bot_lane
from handoff.core.supporter import Supporter
from handoff.store import codec
from handoff.store.box import Box
from handoff.store.plan import raw, supporter_plan
from handoff.store.wire import Wire


async def erase_plan(wire: Wire, box: Box, prefix: str, pseudonym: str, conversation: str) -> bytes:
    """The argument of `scripts/erase.lua`."""
    known = {each.decode() for each in await wire.ask("SMEMBERS", f"{prefix}:seeker:{pseudonym}")}
    gone = sorted(known | {conversation})
    kept = [await wire.ask("HGET", f"{prefix}:conversation:{each}", "r") for each in gone]
    records = [box.open(each, codec.conversation) for each in kept if each is not None]
    versions = {each.id: each.version for each in records}
    roster = [box.open(each, codec.supporter) for each in await wire.ask("HVALS", f"{prefix}:roster")]
    letters = await wire.ask("ZRANGE", f"{prefix}:dead", 0, -1)
    plan: dict[str, Any] = {
        "pseudonym": pseudonym,
        "known": len(known),
        "conversations": [{"id": each, "version": versions.get(each, 0)} for each in gone],
        "supporters": [supporter_plan(each, box) for each in _letting_go(roster, set(gone))],
        "lanes": [(codec.lane_kind(each), box.lane(each)) for each in _lanes(gone, records)],
        "letters": [raw(each) for each in letters if box.open(each, codec.dead_letter).parcel.conversation in gone],
        "kinds": [str(kind) for kind in Deadline],
    }
    return codec.encode(plan)


def _letting_go(roster: list[Supporter], gone: set[str]) -> list[Supporter]:
    return [
        replace(each, holding=tuple(held for held in each.holding if held not in gone))
        for each in roster
        if gone.intersection(each.holding)
    ]


def _lanes(gone: list[str], records: list[Conversation]) -> list[str]:
    """Everything on its way to the bot or to the seeker's own device."""
    return [*(bot_lane(each) for each in gone), *dict.fromkeys(str(each.seeker) for each in records)]
