"""A supporter at the console."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

from tests.chaos.history import Kind, Place, View, line_of
from tests.chaos.marks import SEEKER, SUPPORTER
from tests.chaos.page import Frame, Page
from tests.chaos.talks import Talk, until

_KINDS = {"card": Kind.CARD, "notice": Kind.NOTICE}
_OUTCOME = "supported"


class ConsoleDesk(Page):
    """Accepts what is offered, answers, and closes what is over. `shown` by conversation and sequence number."""

    def __init__(
        self, urls: Sequence[str], session: str, supporter: str, talks: Mapping[int, Talk], dice: random.Random,
        think: float,
    ) -> None:  # fmt: skip
        super().__init__(urls, "/console/ws", dice, {"Cookie": f"warmline_desk={session}"})
        self.supporter = supporter
        self.shown: dict[str, dict[int, Frame]] = defaultdict(dict)
        self.most_held = 0
        self.mine: set[str] = set()
        self._talks, self._think = talks, think
        self._numbers = itertools.count(1)
        self._offered: set[str] = set()
        self._accepting: set[str] = set()
        self._trying: set[asyncio.Task[None]] = set()
        self._writing: dict[str, asyncio.Task[None]] = {}

    def hello(self) -> Frame:
        after = {each: [max(lines, default=0), 0] for each, lines in self.shown.items()}
        return {"type": "hello", "after": after}

    async def run(self) -> None:
        try:
            await super().run()
        finally:
            for task in (*self._writing.values(), *self._trying):
                task.cancel()

    async def took(self, frame: Frame) -> None:
        match frame["type"]:
            case "me":
                self.most_held = max(self.most_held, frame["holding"])
            case "offers":
                self._offered = {each["conversation"] for each in frame["offers"]}
                self._accept()
            case "mine":
                self._holds({each["id"] for each in frame["conversations"] if each["mine"]})
            case "entry":
                self._entry(frame)

    def _accept(self) -> None:
        for conversation in self._offered - self._accepting:
            self._accepting.add(conversation)
            trying = asyncio.create_task(self._try(conversation))
            self._trying.add(trying)
            trying.add_done_callback(self._trying.discard)

    async def _try(self, conversation: str) -> None:
        """As long as it is offered here."""
        while conversation in self._offered:
            await asyncio.sleep(self._dice.uniform(0, 0.3))
            item = self.put({"type": "accept", "id": f"a{next(self._numbers)}", "conversation": conversation})
            await item.done.wait()
            await asyncio.sleep(1.0)
        self._accepting.discard(conversation)

    def _holds(self, mine: set[str]) -> None:
        self.mine = mine
        for gone in self._writing.keys() - mine:
            self._writing.pop(gone).cancel()
            self._let_go(gone)
        for new in mine - self._writing.keys():
            self._writing[new] = asyncio.create_task(self._write(new))

    def _let_go(self, conversation: str) -> None:
        talk = self._talk_of(conversation)
        if talk is not None:
            talk.held_at.discard(f"{self.supporter}:{conversation}")

    def _entry(self, frame: Frame) -> None:
        known = self.shown[frame["conversation"]].setdefault(frame["seq"], frame)
        self.clashes += known != frame
        for mark in line_of("", frame.get("text", "")).marks:
            if mark.by == SEEKER and mark.talk in self._talks:
                self._talks[mark.talk].at_desks.add(mark)

    def _talk_of(self, conversation: str) -> Talk | None:
        for frame in self.shown[conversation].values():
            for mark in line_of("", frame.get("text", "")).marks:
                return self._talks.get(mark.talk)
        return None

    async def _write(self, conversation: str) -> None:
        """As long as it is held: answer until the round is over, then close."""
        await until(lambda: self._talk_of(conversation) is not None)
        talk = self._talk_of(conversation)
        assert talk is not None
        talk.held_at.add(f"{self.supporter}:{conversation}")
        while not (talk.closes and talk.round_over):
            if talk.supporter_left > 0:
                await self._say(conversation, talk)
            await asyncio.sleep(self._dice.uniform(0.5, 1.5) * self._think)
        close = {"type": "close", "conversation": conversation, "outcome": _OUTCOME}
        while conversation in self.mine:
            await self.put({**close, "id": f"c{next(self._numbers)}"}).done.wait()
            await asyncio.sleep(1.0)

    async def _say(self, conversation: str, talk: Talk) -> None:
        talk.supporter_left -= 1
        mark, text = talk.next(SUPPORTER)
        item = self.put({"type": "say", "id": str(mark), "conversation": conversation, "text": text})
        sent = asyncio.ensure_future(item.done.wait())
        sent.add_done_callback(lambda _: talk.refuse(mark) if item.code else talk.kept.add(mark))
        await asyncio.shield(sent)

    async def views(self) -> list[tuple[str, View]]:
        return [(name, self._view(lines)) for name, lines in self.shown.items()]

    def _view(self, shown: Mapping[int, Frame]) -> View:
        lines = (
            line_of(each.get("from", ""), each.get("text", ""), kind=_KINDS.get(each["kind"], Kind.WORDS))
            for _, each in sorted(shown.items())
        )
        return View(Place.CONSOLE, tuple(lines), self.supporter)
