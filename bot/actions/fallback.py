"""Not understood: once, ask to say it in other words; twice, offer a person."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from bot.actions.consent import ask_consent
from bot.actions.turn import EXERCISE, MESSAGE, PERSON, RESOURCES, URGENT, Events, Turn, TurnAction
from bot.reading.intake import SKIPPED, SLOTS

ABOUT = {"title": "What can you do?", "payload": "/ask_abilities"}


class Fallback(TurnAction):
    action_name = "action_fallback"

    async def take(self, turn: Turn) -> Events:
        again = turn.misses() > 0
        if turn.waiting:
            turn.say("not_understood_waiting", [EXERCISE, RESOURCES, MESSAGE, URGENT])
            return []
        if again:
            return await self._offer_person(turn)
        if turn.intent == "gibberish":
            turn.say("gibberish", [PERSON, EXERCISE])
            return []
        if turn.requested in SLOTS:
            turn.say(f"hint_{turn.requested}")
            return []
        if not turn.consented:
            return ask_consent(turn, "ask_consent_unclear")
        turn.say("not_understood", [ABOUT, RESOURCES, PERSON])
        return []

    async def _offer_person(self, turn: Turn) -> Events:
        """In the form the question is left as well: being asked a third time helps nobody."""
        asked = turn.ask("person", "offer_person", [PERSON, ABOUT, URGENT])
        if turn.requested in SLOTS:
            value = False if turn.requested == "share" else SKIPPED
            return [SlotSet(turn.requested, value), *asked]
        return asked
