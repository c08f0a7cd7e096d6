"""Everybody in a run: who seeks, who supports, at which channel and desk."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Protocol

from tests.chaos.desk import ConsoleDesk
from tests.chaos.history import View
from tests.chaos.page import Page
from tests.chaos.play import Seeker
from tests.chaos.slack import SlackDesk
from tests.chaos.talks import Share, Talk
from tests.chaos.telegram import TelegramSeeker
from tests.chaos.web import WebSeeker
from tests.chaos.world import World
from tests.platforms.both import on_the_roster

_IN_SLACK = ("ana", "ben", "lou")
"""Everybody the emulated workspace has."""
_ON_TELEGRAM = 0.4
_FIRST_CHAT = 50_000
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

    async def views(self) -> list[tuple[str, View]]:
        """What stands there, each with its conversation."""

    @property
    def unsent(self) -> int: ...


@dataclass(slots=True)
class Party:
    """Everybody in a run."""

    talks: dict[int, Talk]
    seekers: list[Seeker]
    desks: list[Desk]

    @property
    def pages(self) -> list[Page]:
        """Those that speak our own protocols."""
        return [each for each in (*self.seekers, *self.desks) if isinstance(each, Page)]


async def gather_party(world: World, size: Size, dice: random.Random) -> Party:
    """Everybody, not yet at their pages."""
    talks = {number: _talk(number, size, dice) for number in range(1, size.seekers + 1)}
    seekers = [_seeker(world, each, dice) for each in talks.values()]
    desks: list[Desk] = [await _in_slack(world, name, talks, size, dice) for name in _IN_SLACK[: size.supporters // 3]]
    for number in range(size.supporters - len(desks)):
        who = await world.line.hire(f"desk{number}", lead=number % 8 == 0, capacity=size.capacity)
        session = await world.line.session(who)
        desks.append(ConsoleDesk(world.urls, session, who, talks, random.Random(dice.random()), size.think))
    return Party(talks, seekers, desks)


def _seeker(world: World, talk: Talk, dice: random.Random) -> Seeker:
    if dice.random() < _ON_TELEGRAM:
        chat = _FIRST_CHAT + talk.number
        person = world.telegram.person(f"Person {talk.number}", chat, f"person{talk.number}")
        return TelegramSeeker(world, person, talk)
    return WebSeeker(world.urls, talk, random.Random(dice.random()))


async def _in_slack(world: World, name: str, talks: dict[int, Talk], size: Size, dice: random.Random) -> SlackDesk:
    member = world.slack.member(name)
    who = await on_the_roster(world.line, world.slack, member, capacity=size.capacity)
    return SlackDesk(member, who.id, talks, random.Random(dice.random()), size.capacity)


def _talk(number: int, size: Size, dice: random.Random) -> Talk:
    share = size.share()
    danger = dice.choice((-1, dice.randint(1, share.live))) if dice.random() < _IN_DANGER else 0
    return Talk(number, share, random.Random(dice.random()), danger_at=danger, stays=dice.random() < 0.5)
