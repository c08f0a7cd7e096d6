"""Where people come from: whoever seeks help on a channel, brought into a phase of their conversation."""

from __future__ import annotations

import itertools
from contextlib import AsyncExitStack

from handoff.settings import variable
from tests.emulators.telegram import TelegramWorld
from tests.journey.processes import OwnLine
from tests.platforms.seekers import OnTelegram, OnTheWeb, Person

WEB, TELEGRAM = "web", "telegram"
BOT, WAITING, LIVE = "bot", "waiting", "live"
WORDS = "I want to kill myself"
IN_BRITAIN = {variable("country"): "GB"}
_GREETING = ("I'm a bot", "Three things before we start", "Clear history")
_chats = itertools.count(21_000)


class Street:
    """Where people come from: `arrives` is somebody new on a channel, `within` brings them into a phase."""

    def __init__(self, line: OwnLine, telegram: TelegramWorld, stack: AsyncExitStack) -> None:
        self._line, self._telegram, self._stack = line, telegram, stack

    async def arrives(self, channel: str) -> Person:
        """Greeted, and with nothing said yet."""
        if channel == WEB:
            return OnTheWeb(await self._stack.enter_async_context(self._line.seeker(country="GB")))
        person = OnTelegram(self._telegram.person(chat=next(_chats)), self._line)
        await person.writes("/start")
        for each in _GREETING:
            await person.sees(each)
        return person

    async def within(self, phase: str, channel: str) -> Person:
        """Somebody who talks with the bot, waits for a person, or talks with one."""
        await self._line.send_home()
        person = await self.arrives(channel)
        await person.writes("work has been too much lately")
        await person.sees("I heard: work has been too much lately")
        if phase == BOT:
            return person
        desk = await self._stack.enter_async_context(self._line.desk(await self._line.hire("Mira", capacity=50)))
        await person.asks_for_a_person()
        await person.sees("I'm looking for a supporter")
        if phase == LIVE:
            talk = await person.conversation()
            await desk.accept(talk)
            await desk.say(talk, "Hello, I am here now")
            await person.sees("Hello, I am here now")
        return person
