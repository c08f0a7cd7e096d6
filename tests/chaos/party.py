"""Everybody in a run: who seeks, who supports, at which channel and desk."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Protocol

from tests.chaos.desk import ConsoleDesk
from tests.chaos.history import View
from tests.chaos.play import Seeker
from tests.chaos.talks import Share, Talk
from tests.chaos.web import WebSeeker
from tests.chaos.world import World

_IN_DANGER = 0.1
"""Share of seekers who say in some round that they are in danger; half of them to the bot."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything. `seconds`: after so long no new line is begun; `settle`: for what is on its way then.

    `longest`: seconds that anything may be frozen. `think`: seconds between two lines of one person.
    """

    seekers: int
    supporters: int
    messages: int
    seconds: float
    settle: float
    longest: float
    think: float = 1.0

    @property
    def rounds(self) -> int:
        return 1 if self.messages < self.seekers * 24 else 2

    def share(self) -> Share:
        each = self.messages // (self.seekers * self.rounds)
        return Share(to_bot=2, live=max(2, (each - 2) // 2))

    @property
    def capacity(self) -> int:
        """So that one in five may be missing and everybody still finds somebody."""
        return max(2, -(-self.seekers * 5 // (self.supporters * 4)))


class Desk(Protocol):
    """Where a supporter works."""

    supporter: str
    most_held: int

    async def run(self) -> None:
        """Until cancelled."""

    async def views(self) -> dict[str, View]:
        """What stands there, by conversation."""

    @property
    def unsent(self) -> int: ...


@dataclass(slots=True)
class Party:
    """Everybody in a run."""

    talks: dict[int, Talk]
    seekers: list[Seeker]
    desks: list[Desk]


async def gather_party(world: World, size: Size, dice: random.Random) -> Party:
    """Everybody, not yet at their pages."""
    talks = {number: _talk(number, size, dice) for number in range(1, size.seekers + 1)}
    seekers: list[Seeker] = [WebSeeker(world.urls, each, random.Random(dice.random())) for each in talks.values()]
    desks: list[Desk] = []
    for number in range(size.supporters):
        who = await world.line.hire(f"desk{number}", lead=number % 8 == 0, capacity=size.capacity)
        session = await world.line.session(who)
        desks.append(ConsoleDesk(world.urls, session, who, talks, random.Random(dice.random()), size.think))
    return Party(talks, seekers, desks)


def _talk(number: int, size: Size, dice: random.Random) -> Talk:
    share = size.share()
    danger = dice.choice((-1, dice.randint(1, share.live))) if dice.random() < _IN_DANGER else 0
    return Talk(number, share, random.Random(dice.random()), danger_at=danger, stays=dice.random() < 0.5)
