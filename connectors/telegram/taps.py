"""Taps on buttons under messages: quick replies, feedback, the language, a country, and showing what was neutral."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from telegram import Bot

from connectors.telegram.answers import Answers
from connectors.telegram.calls import called
from connectors.telegram.commands import LANGUAGE, REPORT, Commands
from connectors.telegram.memory import Memory, address
from connectors.telegram.options import TelegramOptions
from connectors.telegram.rendering import COUNTRIES, IN_A_ROW, SHOW
from connectors.telegram.sending import Sender
from connectors.telegram.updates import Tap
from handoff.core import events as e
from handoff.core.entries import Button, EntryKind
from handoff.ports import DeliveryFailed, Front, Refused, Reply

URGENT = "warmline:urgent"
_COUNTRIES = 3
"""Countries side by side: more would be cut off on a small phone."""
_FLAG = ord("🇦") - ord("A")


class Taps:
    """Does what a button asks. The keyboard goes once it was answered, so that nobody taps an old one twice."""

    def __init__(
        self,
        bot: Bot,
        front: Front,
        memory: Memory,
        sender: Sender,
        answers: Answers,
        options: TelegramOptions,
        commands: Commands,
    ) -> None:
        self._bot = bot
        self._front = front
        self._memory = memory
        self._sender = sender
        self._answers = answers
        self._options = options
        self._commands = commands
        self._does: dict[str, Callable[[Tap, str], Awaitable[Reply | None]]] = {
            SHOW: self._show, LANGUAGE: self._choose, "feedback": self._rate, "mood": self._mood,
            "review": self._let_review, REPORT: self._report,
            COUNTRIES: self._ask_country,
        }  # fmt: skip

    async def do(self, tap: Tap) -> Reply | None:
        """Raises `StoreDown`."""
        payload = await self._memory.long(tap.payload)
        kind, _, rest = payload.partition(":")
        does = self._does.get(kind)
        reply = await (does(tap, rest) if does else self._reply(tap, payload))
        await self._done(tap, kind, payload)
        return reply

    async def reply(self, tap: Tap, payload: str) -> e.SeekerTapped:
        """The quick reply. Never fails: urgent help must not wait for the store."""
        language = await self._memory.language(tap.chat, tap.language)
        return e.SeekerTapped(
            id=tap.id,
            seeker=address(tap.chat),
            payload=payload or "gone",
            label=tap.label or self._options.say("a_button", language),
            language=language,
        )

    async def _reply(self, tap: Tap, payload: str) -> Reply:
        return await self._front.handle(await self.reply(tap, payload))

    async def _choose(self, tap: Tap, language: str) -> Reply:
        return await self._front.handle(e.LanguageChosen(id=tap.id, seeker=address(tap.chat), chosen=language))

    async def _report(self, tap: Tap, reason: str) -> Reply:
        return await self._commands.report(tap, reason)

    async def _ask_country(self, tap: Tap, _rest: str) -> None:
        language = await self._memory.language(tap.chat, tap.language)
        offered = [
            Button(f"{_flag(code)} {name}", f"{URGENT}:{code}") for code, name in self._options.countries(language)
        ]
        await self._answers.tell(
            tap, self._options.say("which_country", language), offered, body={IN_A_ROW: _COUNTRIES}
        )

    async def _rate(self, tap: Tap, rest: str) -> Reply | None:
        """The rating is kept at once, because the mood that is asked for next may be left out."""
        conversation, _, number = rest.rpartition(":")
        rating = _number(number)
        reply = await self._front.handle(
            e.FeedbackGiven(id=tap.id, seeker=address(tap.chat), conversation=conversation, rating=rating)
        )
        if reply.refused is None:
            language = await self._memory.language(tap.chat, tap.language)
            body = {"conversation": conversation, "rating": rating}
            await self._answers.tell(tap, self._options.say("mood", language), kind=EntryKind.FEEDBACK, body=body)
        return reply

    async def _mood(self, tap: Tap, rest: str) -> Reply:
        before, _, number = rest.rpartition(":")
        conversation = before.rpartition(":")[0]
        reply = await self._front.handle(
            e.FeedbackGiven(id=tap.id, seeker=address(tap.chat), conversation=conversation, mood_after=_number(number))
        )
        if reply.refused is None:
            language = await self._memory.language(tap.chat, tap.language)
            body = {"conversation": conversation, "review": True}
            await self._answers.tell(tap, self._options.say("review", language), kind=EntryKind.FEEDBACK, body=body)
        return reply

    async def _let_review(self, tap: Tap, rest: str) -> Reply:
        conversation, _, yes = rest.rpartition(":")
        return await self._front.handle(
            e.FeedbackGiven(id=tap.id, seeker=address(tap.chat), conversation=conversation, review=yes == "1")
        )

    async def _show(self, tap: Tap, seq: str) -> Reply | None:
        entry = await self._sender.entry(await self._memory.who(tap.chat), _number(seq) or 0)
        language = await self._memory.language(tap.chat, tap.language)
        if entry is None:
            return Reply(refused=Refused("gone", self._options.say("gone", language)))
        with suppress(DeliveryFailed):  # the button stays, so it can be tapped again
            await self._sender.reveal(tap.chat, tap.message, entry, language)
        return None

    async def _done(self, tap: Tap, kind: str, payload: str) -> None:
        """The little clock on the button stops, and the keyboard goes; neither matters enough to fail for.

        Whoever opens urgent help has not answered what else was asked there, so those buttons stay.
        """
        with suppress(DeliveryFailed):
            await called(self._bot.answer_callback_query(tap.query))
        if kind in (SHOW, COUNTRIES) or payload == URGENT:
            return
        with suppress(DeliveryFailed):
            await called(self._bot.edit_message_reply_markup(tap.chat, tap.message, reply_markup=None))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _flag(country: str) -> str:
    return "".join(chr(ord(letter) + _FLAG) for letter in country)
