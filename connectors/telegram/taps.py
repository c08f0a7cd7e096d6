"""Taps on buttons under messages: quick replies, feedback, the language, and showing what was neutral."""

from __future__ import annotations

from contextlib import suppress

from telegram import Bot

from connectors.telegram.calls import called
from connectors.telegram.memory import CHANNEL, Memory, address
from connectors.telegram.options import TelegramOptions
from connectors.telegram.rendering import SHOW, mood_keys
from connectors.telegram.sending import Sender
from connectors.telegram.updates import Tap
from handoff.core import events as e
from handoff.ports import DeliveryFailed, Front, Refused, Reply


class Taps:
    """Does what a button asks. The keyboard goes once it was answered, so that nobody taps an old one twice."""

    def __init__(self, bot: Bot, front: Front, memory: Memory, sender: Sender, options: TelegramOptions) -> None:
        self._bot = bot
        self._front = front
        self._memory = memory
        self._sender = sender
        self._options = options

    async def do(self, tap: Tap) -> Reply | None:
        """Raises `StoreDown`, `DeliveryFailed`."""
        payload = await self._memory.long(tap.payload)
        kind, _, rest = payload.partition(":")
        if kind == SHOW:
            return await self._show(tap, rest)
        if kind == "language":
            reply = await self._choose(tap, rest)
        elif kind == "feedback":
            return await self._rate(tap, rest)
        elif kind == "mood":
            reply = await self._mood(tap, rest)
        else:
            reply = await self._reply(tap, payload)
        await self._done(tap)
        return reply

    async def _reply(self, tap: Tap, payload: str) -> Reply:
        return await self._front.handle(
            e.SeekerTapped(
                id=_event(tap),
                seeker=address(tap.chat),
                payload=payload or "gone",
                label=tap.label or payload,
                language=await self._memory.language(tap.chat, tap.language),
            )
        )

    async def _choose(self, tap: Tap, language: str) -> Reply:
        return await self._front.handle(e.LanguageChosen(id=_event(tap), seeker=address(tap.chat), chosen=language))

    async def _rate(self, tap: Tap, rest: str) -> Reply | None:
        """The rating first; it is kept together with the mood that is asked next, or alone when that is left out."""
        conversation, _, number = rest.rpartition(":")
        reply = await self._feedback(tap, conversation, rating=int(number) if number.isdigit() else None)
        await self._done(tap)
        if reply.refused is None and not reply.duplicate:
            language = await self._memory.language(tap.chat, tap.language)
            rows = mood_keys(conversation, int(number))
            await self._sender.say(tap.chat, self._options.say("mood", language), rows)
        return reply

    async def _mood(self, tap: Tap, rest: str) -> Reply:
        conversation, _, number = rest.rpartition(":")
        return await self._feedback(
            tap, conversation.rpartition(":")[0], mood_after=int(number) if number.isdigit() else None
        )

    async def _feedback(
        self, tap: Tap, conversation: str, *, rating: int | None = None, mood_after: int | None = None
    ) -> Reply:
        return await self._front.handle(
            e.FeedbackGiven(
                id=_event(tap),
                seeker=address(tap.chat),
                conversation=conversation,
                rating=rating,
                mood_after=mood_after,
            )
        )

    async def _show(self, tap: Tap, seq: str) -> Reply | None:
        entry = await self._sender.entry(await self._memory.who(tap.chat), int(seq) if seq.isdigit() else 0)
        with suppress(DeliveryFailed):
            await called(self._bot.answer_callback_query(tap.query))
        language = await self._memory.language(tap.chat, tap.language)
        if entry is None:
            gone = self._options.say("gone", language)
            return Reply(refused=Refused("gone", gone))
        await self._sender.reveal(tap.chat, tap.message, entry, language)
        return None

    async def _done(self, tap: Tap) -> None:
        """The little clock on the button stops, and the keyboard goes; neither matters enough to fail for."""
        with suppress(DeliveryFailed):
            await called(self._bot.answer_callback_query(tap.query))
        with suppress(DeliveryFailed):
            await called(self._bot.edit_message_reply_markup(tap.chat, tap.message, reply_markup=None))


def _event(tap: Tap) -> str:
    return f"{CHANNEL}:{tap.update}"
