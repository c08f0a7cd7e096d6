"""Collects a run's history once everything has come to rest: from the clients, the store, the bot and the audit."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from typing import Any

from handoff.core.conversation import Conversation, Phase
from handoff.core.entries import Entry
from tests.chaos.faults import FAULTS
from tests.chaos.history import Audited, History, Kind, Line, Place, View, line_of
from tests.chaos.marks import Mark, marks_in
from tests.chaos.party import Party
from tests.chaos.world import World

_KINDS = {"card": Kind.CARD, "notice": Kind.NOTICE}
_REST_SECONDS = 30.0


async def at_rest(world: World) -> None:
    """Until the records are written, or half a minute is over: what is missing then is found by the ledger."""
    end = time.monotonic() + _REST_SECONDS
    while time.monotonic() < end:
        if not await unwritten(world):
            return
        await asyncio.sleep(0.5)


async def unwritten(world: World) -> int:
    """How many records still wait for the database."""
    load = (await world.line.store.lanes()).get("records")
    return 0 if load is None else load.parcels


async def history(world: World, party: Party, happened: set[str]) -> History:
    """Everything there is to compare."""
    conversations = await _conversations(world)
    desks: dict[str, list[View]] = defaultdict(list)
    for each in party.desks:
        for conversation, view in await each.views():
            desks[conversation].append(view)
    talks = party.talks.values()
    roster = await world.line.store.supporters()
    return History(
        said=frozenset(mark for talk in talks for mark in talk.said.keys() - talk.refused),
        refused=frozenset(mark for talk in talks for mark in talk.refused),
        crises=frozenset(mark for talk in talks for mark in talk.crises - talk.refused),
        chats={each.talk.number: await each.view() for each in party.seekers},
        feeds=await _feeds(world, party, conversations),
        desks={name: tuple(views) for name, views in desks.items()},
        heard=heard(world),
        audit=_audit(world),
        capacity={each.id: each.capacity for each in roster},
        crowded={each.supporter: each.most_held for each in party.desks},
        holders={each.id: str(each.supporter) for each in conversations if each.phase is Phase.LIVE},
        unconfirmed=frozenset(
            each.id for each in conversations if each.card_seq is not None and not each.card_confirmed
        ),
        clashes=sum(page.clashes for page in party.pages),
        unwritten=await unwritten(world),
        phases={each.id: f"{each.phase.value}, held by {each.supporter or 'nobody'}" for each in conversations},
        answers_lost=any(FAULTS[name].loses_answers for name in happened),
    )


async def _conversations(world: World) -> list[Conversation]:
    names = [key.rpartition(":")[2] for key in await world.line.keys("{chaos}:conversation:")]
    return [await world.line.conversation(each) for each in names]


async def _feeds(world: World, party: Party, conversations: list[Conversation]) -> dict[int, View]:
    """The store's own feed of every seeker, by the talk whose marks stand in it."""
    found = {}
    for pseudonym in {each.pseudonym for each in conversations}:
        entries: list[Entry] = []
        while more := await world.line.store.feed(pseudonym, after=len(entries)):
            entries += more
        talk = next((mark.talk for each in entries for mark in marks_in(each.text)), None)
        if talk is not None:
            found[talk] = View(Place.WEB, tuple(map(_line, entries)))
    return found


def _line(entry: Entry) -> Line:
    kind = _KINDS.get(entry.kind.value, Kind.WORDS)
    return line_of(entry.speaker.value, entry.text, kind=kind, conversation=entry.conversation)


def heard(world: World) -> frozenset[Mark]:
    """What the bot was asked."""
    return frozenset(marks_in(world.asked.read_text())) if world.asked.exists() else frozenset()


def _audit(world: World) -> tuple[Audited, ...]:
    rows = sorted(world.line.rows("audit"), key=lambda row: int(row["id"]))
    return tuple(Audited(each["actor"], each["action"], each["conversation"] or "", _detail(each)) for each in rows)


def _detail(row: dict[str, Any]) -> dict[str, Any]:
    detail = row["detail"]
    return json.loads(detail) if isinstance(detail, str) else dict(detail)
