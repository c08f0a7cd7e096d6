"""A supporter in Slack: clicks cards, writes in threads, closes by a modal."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackClientError

from connectors.slack.names import Action, Modal, Tick
from connectors.slack.room import about_of
from tests.chaos.history import Line, Place, View, line_of
from tests.chaos.marks import SEEKER, SUPPORTER
from tests.chaos.talks import Talk
from tests.emulators.slack import Member
from tests.emulators.slack_blocks import element_in, words_of

Json = dict[str, Any]
_AGAIN = "This may be a repeat"
_NOBODY = ("reached nobody", "reaches nobody")
_PATIENCE = 15.0
"""Seconds for one thread: a click that got lost opens no modal, however long one waits."""
_PRESENT_AGAIN = 40
"""Looks after which it is said again that they are here."""


@dataclass(slots=True)
class _Thread:
    """One thread of theirs: the conversation, its lines as they stand, and whether it can be written in."""

    root: str
    conversation: str
    is_open: bool
    messages: list[Json]


class SlackDesk:
    """Looks at Slack as a person would, again and again; what Slack took from them counts as said."""

    def __init__(self, member: Member, supporter: str, talks: Mapping[int, Talk], dice: random.Random, capacity: int):
        self.supporter = supporter
        self.most_held = 0
        self._member, self._talks, self._dice, self._capacity = member, talks, dice, capacity
        self._threads: dict[str, _Thread] = {}
        self._whole: set[str] = set()
        self._channel = ""
        self._known: dict[str, str] = {}

    async def run(self) -> None:
        looks = 0
        while True:
            with contextlib.suppress(AssertionError, SlackClientError, aiohttp.ClientError, TimeoutError):
                if looks % _PRESENT_AGAIN == 0:
                    await self._member.runs("/warmline", "available")
                looks += 1
                await self._look()
            await asyncio.sleep(self._dice.uniform(0.5, 1.5))

    @property
    def unsent(self) -> int:
        return 0

    async def _look(self) -> None:
        self._channel = self._channel or await self._member.direct()
        await self._read()
        held = [each for each in self._threads.values() if each.is_open]
        if len(held) < self._capacity:
            await self._accept()
        for thread in held:
            async with asyncio.timeout(_PATIENCE):
                await self._asks_for_everything(thread.root)
                await self._go_on(thread)

    async def _asks_for_everything(self, root: str) -> None:
        """Once in each thread: it begins with the last lines alone."""
        if root not in self._whole:
            await self._member.clicks(self._channel, root, Action.EVERYTHING)
            self._whole.add(root)

    async def _read(self, *, old: bool = False) -> None:
        """What they can write in, and once more what has just ended; with `old` everything."""
        for root in await self._member.world.messages(self._channel):
            conversation = _value(root, Action.CLOSE)
            if conversation:
                self._known[root["ts"]] = conversation
            before = self._threads.get(root["ts"])
            news = old or conversation or before is None or before.is_open or self._is_unsure_in(before)
            if root["ts"] in self._known and news:
                lines = await self._member.world.messages(self._channel, root["ts"])
                lines[:1] = [self._first_root(lines[0])]
                thread = _Thread(root["ts"], self._known[root["ts"]], bool(conversation), lines)
                self._threads[root["ts"]] = thread
                self._note(thread)

    def _is_unsure_in(self, thread: _Thread) -> bool:
        """Whether it is not known yet what became of something they wrote there."""
        talk = self._talk_of(thread)
        wrote = {mark for each in thread.messages for mark in line_of("", words_of(each)).marks if mark.by == SUPPORTER}
        return talk is not None and bool(wrote & talk.said.keys() - talk.in_chat - talk.refused)

    def _first_root(self, root: Json) -> Json:
        """As it was read first: it holds what was told before, until its end takes the place of that."""
        known = self._threads.get(root["ts"])
        return known.messages[0] if known else root

    def _note(self, thread: _Thread) -> None:
        """What came, who holds it, and what its writer was told reached nobody."""
        talk = self._talk_of(thread)
        if talk is None:
            return
        name = f"{self.supporter}:{thread.root}"
        (talk.held_at.add if thread.is_open else talk.held_at.discard)(name)
        for message in thread.messages:
            for mark in line_of("", words_of(message)).marks:
                if mark.by == SEEKER:
                    talk.at_desks.add(mark)
                elif mark in talk.said.keys() - talk.in_chat - talk.refused and self._is_told(thread, message):
                    talk.refuse(mark)

    def _is_told(self, thread: _Thread, message: Json) -> bool:
        failed = any(each["name"] == Tick.FAILED for each in message.get("reactions") or ())
        told = [each for each in self._member.world.front.ephemerals[self._member.user] if _of(each, thread.root)]
        return failed or (not thread.is_open and any(part in words_of(each) for each in told for part in _NOBODY))

    def _talk_of(self, thread: _Thread) -> Talk | None:
        marks = (mark for each in thread.messages for mark in line_of("", words_of(each)).marks)
        first = next(marks, None)
        return self._talks.get(first.talk) if first else None

    async def _accept(self) -> None:
        world = self._member.world
        cards = [each for each in await world.messages(world.queue) if _value(each, Action.QUEUE_ACCEPT)]
        if cards:
            await self._member.clicks(world.queue, self._dice.choice(cards)["ts"], Action.QUEUE_ACCEPT)

    async def _go_on(self, thread: _Thread) -> None:
        talk = self._talk_of(thread)
        if talk is None:
            return
        if talk.supporter_left > 0:
            talk.supporter_left -= 1
            mark, text = talk.next(SUPPORTER)
            await self._member.writes(self._channel, text, thread.root)
            talk.kept.add(mark)
        elif talk.closes and talk.round_over:
            await self._member.clicks(self._channel, thread.root, Action.CLOSE)
            await self._member.submits(Modal.CLOSE, outcome="supported")

    async def views(self) -> list[tuple[str, View]]:
        """For each thread what stands in it, and what was asked for as a whole; who comes back has a second one."""
        await self._read(old=True)
        return [
            (thread.conversation, View(Place.SLACK, tuple(map(_line, lines)), self.supporter))
            for thread in self._threads.values()
            for lines in _apart(thread.messages)
        ]


def _apart(messages: list[Json]) -> list[list[Json]]:
    """What was said there, and each answer to the wish for everything, which is repeated where a click got lost."""
    apart: dict[str, list[Json]] = {"": []}
    for each in messages:
        apart.setdefault(str(about_of(each).get("whole", "")), []).append(each)
    return list(apart.values())


def _line(message: Json) -> Line:
    return line_of("", words_of(message), again=_AGAIN)


def _value(message: Json, action: Action) -> str:
    try:
        return str(element_in(message.get("blocks") or [], action)["value"])
    except AssertionError:
        return ""


def _of(ephemeral: Json, root: str) -> bool:
    return str(ephemeral.get("thread_ts")) == root
