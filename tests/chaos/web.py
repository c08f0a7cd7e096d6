"""A seeker at the web chat."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.chaos.history import Kind, Line, Place, View, line_of
from tests.chaos.marks import SEEKER, SUPPORTER
from tests.chaos.page import Frame, Page
from tests.chaos.talks import Talk, until

_KINDS = {"card": Kind.CARD, "notice": Kind.NOTICE}


class WebSeeker(Page):
    """Writes, taps, confirms what was shown; `feed` is what the page holds, by sequence number."""

    def __init__(self, urls: Sequence[str], talk: Talk, dice: random.Random) -> None:
        super().__init__(urls, "/chat/ws", dice, {})
        self.talk = talk
        self.feed: dict[int, Frame] = {}
        self.phase = ""
        self.cards_at_once = 0
        """Cards shown outside the feed because nothing could be saved."""
        self.restarts = 0
        """How often the feed had to be read anew from its beginning."""
        self.token: str | None = None
        self._taps = 0

    def hello(self) -> Frame:
        return {"type": "hello", "token": self.token, "after": max(self.feed, default=0), "language": "en"}

    async def took(self, frame: Frame) -> None:
        match frame["type"]:
            case "welcome":
                self._welcomed(frame)
            case "entry":
                await self._entry(frame)
            case "state":
                self.phase = frame["phase"]
            case "card":
                self.cards_at_once += 1

    def _welcomed(self, frame: Frame) -> None:
        self.token = frame["token"]
        if frame["seq"] is not None and frame["seq"] < max(self.feed, default=0):
            self.restarts += 1
            self.feed.clear()

    async def _entry(self, frame: Frame) -> None:
        known = self.feed.setdefault(frame["seq"], frame)
        self.clashes += known != frame
        self.talk.in_chat |= {m for m in line_of(frame["from"], frame["text"]).marks if m.by == SUPPORTER}
        await self.quietly({"type": "got", "seq": frame["seq"]})

    async def says(self, *, danger: bool = False) -> None:
        """Into the outbox; the page keeps it until it is saved."""
        mark, text = self.talk.next(SEEKER, danger=danger)
        item = self.put({"type": "say", "id": str(mark), "text": text})
        await item.done.wait()
        (self.talk.refused if item.code else self.talk.kept).add(mark)

    async def asks_for_a_person(self) -> None:
        self._taps += 1
        item = self.put({"type": "tap", "id": f"tap{self._taps}", "payload": "warmline:person", "label": "A person"})
        await item.done.wait()

    async def sees_the_close(self) -> None:
        """Once the page says that the talk is over."""
        await until(lambda: self.phase in ("closing", "closed", "none"))

    async def view(self) -> View:
        return View(Place.WEB, tuple(_lines(self.feed[seq]) for seq in sorted(self.feed)))


def _lines(frame: Frame) -> Line:
    kind = _KINDS.get(frame["kind"], Kind.WORDS)
    return line_of(frame["from"], frame["text"], kind=kind, conversation=frame["conversation"])
