"""One run: people talk while faults happen in turn, then everything is mended, and what was left is collected."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import time
import types
from dataclasses import dataclass
from pathlib import Path

from handoff.ports import StoreDown
from tests.chaos import gather, ledger, owners
from tests.chaos.faults import Diary, Fault, happen_in_turn
from tests.chaos.history import History
from tests.chaos.party import Party, Size, gather_party
from tests.chaos.play import live
from tests.chaos.talks import Talk
from tests.chaos.world import World, world

_TOLD_EVERY = 10.0
_LOOKS, _BETWEEN_LOOKS = 3, 4.0
CHECKS = {**ledger.CHECKS, **owners.CHECKS}
"""Everything that must not be, by its name."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run's history. `unfinished`: talks that had not come to their end when time was up, and what each waits for."""

    seed: int
    history: History
    diary: Diary
    talks: list[Talk]
    unfinished: tuple[tuple[Talk, str], ...]
    seconds: float
    unexpected: list[str]
    told: tuple[tuple[float, str], ...] = ()
    """When a page was refused what; of the web chat and the console."""
    waits: tuple[tuple[float, float], ...] = ()
    """When something was sent there, and how many seconds later it was answered."""


async def run(seed: int, size: Size, faults: list[Fault], folder: Path, copies: int = 0) -> Outcome:
    """All of one seed. `copies`: how many replicas must have what is saved before anybody is told so."""
    dice = random.Random(seed)
    small_disks = any(each.needs_disks for each in faults)
    async with world(folder, seed, small_disks=small_disks, copies=copies) as made:
        party = await gather_party(made, size, dice)
        pages = [asyncio.create_task(each.run()) for each in party.seekers]
        pages += [asyncio.create_task(each.run()) for each in party.desks]
        pages.append(asyncio.create_task(_listen_to_the_bot(made, party)))
        try:
            diary = Diary()
            unfinished = await _through(made, party, size, faults, diary, seed, pages)
            history = await _at_rest(made, party, diary)
        finally:
            await _end(pages)
        return Outcome(
            seed, history, diary, list(party.talks.values()), unfinished, time.time() - diary.began, made.unexpected,
            told=tuple(each for page in party.pages for each in page.told),
            waits=tuple(each for page in party.pages for each in page.waits),
        )  # fmt: skip


async def _at_rest(made: World, party: Party, diary: Diary) -> History:
    """Looked at again for a while where something seems wrong: a desk may be just about to be drawn."""
    happened = {name for name, _, _ in diary.faults}
    for _ in range(_LOOKS):
        with contextlib.suppress(StoreDown):
            await gather.at_rest(made)
            history = await gather.history(made, party, happened)
            if not any(check(history) for check in CHECKS.values()):
                return history
        await asyncio.sleep(_BETWEEN_LOOKS)
    return await gather.history(made, party, happened)


async def _listen_to_the_bot(made: World, party: Party) -> None:
    while True:
        for mark in gather.heard(made):
            party.talks[mark.talk].heard.add(mark)
        await asyncio.sleep(1.0)


async def _through(
    made: World,
    party: Party,
    size: Size,
    faults: list[Fault],
    diary: Diary,
    seed: int,
    pages: list[asyncio.Task[None]],
) -> tuple[tuple[Talk, str], ...]:
    """Talk and faults, then mending and coming to rest; the talks that did not come to their end, and where each is."""
    dice = random.Random(seed + 1)
    lives = [
        asyncio.create_task(live(each, size.rounds, random.Random(dice.random()), size.think)) for each in party.seekers
    ]
    enough = asyncio.Event()
    trouble = asyncio.create_task(happen_in_turn(made, faults, dice, size.longest, diary, enough))
    telling = asyncio.create_task(_tell(seed, party, diary))
    try:
        await _wait(lives, size.seconds, trouble, *pages)
        enough.set()
        await trouble
        for talk in party.talks.values():
            talk.end()
        await made.mend()
        say(seed, "mended; waiting for what is on its way")
        await _wait(lives, size.settle, *pages)
        both = zip(party.seekers, lives, strict=True)
        return tuple((who.talk, _awaits(life)) for who, life in both if not life.done())
    finally:
        await _end([*lives, trouble, telling])


async def _wait(lives: list[asyncio.Task[None]], seconds: float, *beside: asyncio.Task[None]) -> None:
    """Until all lives are lived, the time is over, or what goes on beside them fails, which is raised."""
    everything = asyncio.create_task(_all(lives))
    await asyncio.wait([everything, *beside], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    everything.cancel()
    for each in (*beside, *lives):
        if each.done() and not each.cancelled():
            each.result()


def _awaits(task: asyncio.Task[None]) -> str:
    """The functions it is in, the innermost last."""
    names: list[str] = []
    at: object = task.get_coro()
    while isinstance(at, types.CoroutineType):
        names.append(at.cr_code.co_name)
        at = at.cr_await
    return " > ".join(names)


async def _all(lives: list[asyncio.Task[None]]) -> None:
    await asyncio.wait(lives)


async def _tell(seed: int, party: Party, diary: Diary) -> None:
    while True:
        await asyncio.sleep(_TOLD_EVERY)
        talks = party.talks.values()
        said = sum(len(talk.said) for talk in talks)
        there = sum(len(talk.at_desks | talk.heard) + len(talk.in_chat) for talk in talks)
        held = sum(bool(talk.held_at) for talk in talks)
        say(seed, f"{said} said, {there} arrived, {held} held, {len(diary.faults)} faults, now {_now(diary)}")


def _now(diary: Diary) -> str:
    return diary.faults[-1][0] if diary.faults and diary.faults[-1][1] == diary.faults[-1][2] else "nothing"


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)


def say(seed: int, what: str) -> None:
    """Progress, for whoever watches."""
    print(f"{time.strftime('%H:%M:%S')} seed {seed}: {what}", file=sys.stderr, flush=True)
