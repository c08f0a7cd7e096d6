"""Forgetting one seeker: read what there is of them, then let one script remove it all if nothing changed meanwhile."""

from __future__ import annotations

from dataclasses import replace

from handoff.core.conversation import Conversation, Deadline
from handoff.core.ids import bot_lane
from handoff.core.supporter import Supporter
from handoff.store import codec
from handoff.store.box import Box
from handoff.store.plan import raw, supporter_plan
from handoff.store.wire import Wire


async def erase_plan(wire: Wire, box: Box, prefix: str, pseudonym: str, conversation: str) -> bytes:
    """The argument of `scripts/erase.lua`."""
    known = await known_of(wire, prefix, pseudonym)
    family = tuple(known)
    gone = sorted({conversation}.union(*known.values()))
    kept = [await wire.ask("HMGET", f"{prefix}:conversation:{each}", "r", "l") for each in gone]
    records = [box.open(each, codec.conversation) for each, _ in kept if each is not None]
    versions = {each.id: each.version for each in records}
    lanes = {lane for _, some in kept for lane in (some or b"").decode().split()} | _lanes(gone, records, box)
    roster = [box.open(each, codec.supporter) for each in await wire.ask("HVALS", f"{prefix}:roster")]
    buried = int(await wire.ask("GET", f"{prefix}:buried") or 0)
    letters = await wire.ask("ZRANGE", f"{prefix}:dead", 0, -1)
    plan = {
        "buried": buried,
        "root": family[0],
        "seekers": [{"pseudonym": each, "known": len(some)} for each, some in known.items()],
        "conversations": [{"id": each, "version": versions.get(each, 0), "group": box.hidden(each)} for each in gone],
        "groups": [box.hidden(each) for each in (*family, *gone)],
        "supporters": [supporter_plan(each, box) for each in _letting_go(roster, set(gone))],
        "lanes": [(codec.lane_kind(each), each) for each in sorted(lanes)],
        "letters": [raw(each) for each in letters if box.open(each, codec.dead_letter).parcel.conversation in gone],
        "kinds": [str(kind) for kind in Deadline],
    }
    return codec.encode(plan)


async def known_of(wire: Wire, prefix: str, pseudonym: str) -> dict[str, set[str]]:
    """The conversations of one seeker by each of their pseudonyms, the root's first."""
    family = await _family(wire, prefix, pseudonym)
    return {each: await _members(wire, f"{prefix}:seeker:{each}") for each in family}


async def _family(wire: Wire, prefix: str, pseudonym: str) -> list[str]:
    """All pseudonyms of one seeker, the root first."""
    found = await wire.ask("GET", f"{prefix}:alias:{pseudonym}")
    root = pseudonym if found is None else str(found.decode())
    return [root, *sorted(await _members(wire, f"{prefix}:aliases:{root}"))]


async def _members(wire: Wire, key: str) -> set[str]:
    return {each.decode() for each in await wire.ask("SMEMBERS", key)}


def _letting_go(roster: list[Supporter], gone: set[str]) -> list[Supporter]:
    return [
        replace(each, holding=tuple(held for held in each.holding if held not in gone))
        for each in roster
        if gone.intersection(each.holding)
    ]


def _lanes(gone: list[str], records: list[Conversation], box: Box) -> set[str]:
    """Everything on its way to the bot or to the seeker's own device."""
    return {box.lane(each) for each in (*map(bot_lane, gone), *(str(record.seeker) for record in records))}
