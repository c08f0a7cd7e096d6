"""What a seeker does in a run, on whichever channel: rounds of talk, with danger in some of them."""

from __future__ import annotations

import asyncio
import random
from typing import Protocol

from tests.chaos.history import View
from tests.chaos.talks import Talk, until


class Seeker(Protocol):
    """Somebody who seeks help, at their channel."""

    talk: Talk

    async def run(self) -> None:
        """Keep what they see up to date, until cancelled."""

    async def says(self, *, danger: bool = False) -> None:
        """Write one thing; back once it is on its way for good."""

    async def asks_for_a_person(self) -> None:
        """As their channel lets them."""

    async def sees_the_close(self) -> None:
        """Once they were told that this talk is over."""

    async def view(self) -> View:
        """What stands in their chat."""


async def live(seeker: Seeker, rounds: int, dice: random.Random, think: float) -> None:
    """All rounds of one seeker. `think`: seconds between two lines, on average."""

    async def pause() -> None:
        await asyncio.sleep(dice.uniform(0.4, 1.6) * think)

    await asyncio.sleep(dice.uniform(0, 2 * think))
    for number in range(1, rounds + 1):
        if not seeker.talk.ending:
            await _round(seeker, pause, last=number == rounds)


async def _round(seeker: Seeker, pause: _Pause, *, last: bool) -> None:
    talk = seeker.talk
    talk.closes = False
    talk.begin_round()
    for _ in range(talk.share.to_bot):
        await seeker.says()
        await pause()
    if talk.danger_at < 0:
        talk.danger_at = 0
        await seeker.says(danger=True)
    await seeker.asks_for_a_person()
    await until(lambda: bool(talk.held_at))
    while talk.seeker_left > 0:
        danger = talk.seeker_left == talk.danger_at
        talk.danger_at = 0 if danger else talk.danger_at
        await seeker.says(danger=danger)
        talk.seeker_left -= 1
        await pause()
    await until(lambda: talk.round_over)
    if not (last and talk.stays):
        talk.closes = True
        await seeker.sees_the_close()


class _Pause(Protocol):
    async def __call__(self) -> None: ...
