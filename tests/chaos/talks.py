"""One talk: a seeker, whoever holds the conversation, and what each of both has said and what has come."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.chaos.marks import SEEKER, SUPPORTER, Mark

_WORDS = ("the day was long", "tea is on the table", "the window is open", "it rains outside", "thank you for asking")
_DANGER = "I do not want to be alive any more"
"""A plain sentence that the screen answers with a crisis card."""


@dataclass(slots=True)
class Share:
    """How much each side says in one round: to the bot, to each other."""

    to_bot: int
    live: int


@dataclass(slots=True)
class Talk:
    """Numbers from 1 for each side. `held_at`: the desks that have it open now; empty while nobody holds it.

    A round is: some lines to the bot, asking for a person, both writing, and a close. It is over once both have
    said their share and everything stands on the other side.
    """

    number: int
    share: Share
    dice: random.Random = field(repr=False)
    said: dict[Mark, float] = field(default_factory=dict)
    """When each was begun to be sent."""
    kept: set[Mark] = field(default_factory=set)
    """What its sender was told is saved, or was taken by the platform."""
    refused: set[Mark] = field(default_factory=set)
    crises: set[Mark] = field(default_factory=set)
    at_desks: set[Mark] = field(default_factory=set)
    heard: set[Mark] = field(default_factory=set)
    """By the bot."""
    in_chat: set[Mark] = field(default_factory=set)
    held_at: set[str] = field(default_factory=set)
    seeker_left: int = 0
    supporter_left: int = 0
    stays: bool = False
    """Whether the last round is not closed, so that somebody holds it at the end."""
    closes: bool = False
    """Whether it is time for the supporter to close."""
    ending: bool = False
    danger_at: int = 0
    """With so many lines left to say, danger is said; below zero: to the bot; 0: never."""
    _count: dict[str, int] = field(default_factory=lambda: {SEEKER: 0, SUPPORTER: 0})

    def begin_round(self) -> None:
        self.seeker_left = self.supporter_left = 0 if self.ending else self.share.live

    def end(self) -> None:
        """Nothing more is begun."""
        self.ending = True
        self.seeker_left = self.supporter_left = 0

    def next(self, by: str, *, danger: bool = False) -> tuple[Mark, str]:
        """The next thing to say: its mark and its words."""
        self._count[by] += 1
        mark = Mark(by, self.number, self._count[by])
        self.said[mark] = time.time()
        if danger:
            self.crises.add(mark)
        return mark, f"{mark} {_DANGER if danger else self.dice.choice(_WORDS)}"

    def refuse(self, mark: Mark) -> None:
        """Its sender was told that it is not sent, for good: somebody else says as much."""
        self.refused.add(mark)
        if mark.by == SUPPORTER and not self.ending:
            self.supporter_left += 1

    def seen(self) -> dict[str, set[Mark]]:
        """What came while the talk went on, by where."""
        return {"at a desk": self.at_desks, "by the bot": self.heard, "in the chat": self.in_chat}

    @property
    def settled(self) -> bool:
        """Whether all that was said stands on the other side."""
        given = self.said.keys() - self.refused
        seekers = {mark for mark in given if mark.by == SEEKER}
        return seekers <= self.at_desks | self.heard and given - seekers <= self.in_chat

    @property
    def round_over(self) -> bool:
        return self.seeker_left <= 0 and self.supporter_left <= 0 and self.settled


async def until(holds: Callable[[], bool]) -> None:
    """Wait as long as it takes; whoever asked bounds it."""
    while True:
        if holds():
            return
        await asyncio.sleep(0.1)
