"""A seeker on Telegram."""

from __future__ import annotations

import asyncio
import contextlib

import httpx

from connectors.telegram.rendering import COUNTRIES
from handoff.ports import StoreDown
from tests.chaos.history import Kind, Line, Place, View, line_of
from tests.chaos.marks import BOT, SEEKER, SUPPORTER
from tests.chaos.talks import Talk
from tests.chaos.world import World
from tests.emulators.telegram_people import Message, Person, text_of
from tests.platforms.people import known_talk

_LOOK_SECONDS = 1.5
_AGAIN = "Sending this once more"


class TelegramSeeker:
    """What Telegram took from them counts as said; what stands in their chat is looked at now and then."""

    def __init__(self, world: World, person: Person, talk: Talk) -> None:
        self.talk = talk
        self._world, self._person = world, person

    async def run(self) -> None:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                for line in (await self.view()).lines:
                    self._saw(line)
            await asyncio.sleep(_LOOK_SECONDS)

    def _saw(self, line: Line) -> None:
        self.talk.in_chat |= {each for each in line.marks if each.by == SUPPORTER}

    async def says(self, *, danger: bool = False) -> None:
        mark, text = self.talk.next(SEEKER, danger=danger)
        await self._person.writes(text)
        self.talk.kept.add(mark)

    async def asks_for_a_person(self) -> None:
        await self._person.writes("/talk")

    async def sees_the_close(self) -> None:
        """Nothing on Telegram says so in a form that a program should read: the store does."""
        while True:
            if await self._is_over():
                return
            await asyncio.sleep(_LOOK_SECONDS)

    async def _is_over(self) -> bool:
        with contextlib.suppress(StoreDown):
            found = await known_talk(self._world.line, self._person)
            return found is None or not found.is_open
        return False

    async def view(self) -> View:
        return View(Place.TELEGRAM, tuple(map(_line, await self._person.messages())))


def _line(message: Message) -> Line:
    keys = [key for row in message.get("reply_markup", {}).get("inline_keyboard", ()) for key in row]
    is_card = any(key.get("callback_data") == COUNTRIES for key in keys)
    kind = Kind.CARD if is_card else Kind.WORDS
    line = line_of("", text_of(message), again=_AGAIN, kind=kind)
    speakers = {SUPPORTER: "supporter", BOT: "bot"}
    return Line(speakers[line.marks[0].by] if line.marks else "system", line.marks, kind, again=line.again)
