"""One turn as an action sees it, and the base class of all actions."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.service import ServiceDown
from bot.reading.history import answered_since_last_message, asked_before, misses_in_a_row
from bot.reading.intake import Heard

logger = logging.getLogger(__name__)
Events = list[dict[str, Any]]

PERSON = {"title": "Talk to a person", "payload": "warmline:person"}
URGENT = {"title": "Urgent help", "payload": "warmline:urgent"}
MESSAGE = {"title": "Leave a message", "payload": "/leave_message"}
EXERCISE = {"title": "A breathing exercise", "payload": "/ask_exercise"}
RESOURCES = {"title": "Something that may help", "payload": "/ask_resources"}
SKIP = {"title": "Skip", "payload": "/skip"}


class Turn:
    """What was said, where the conversation stands, and what the bot last asked."""

    def __init__(self, tracker: Tracker, out: CollectingDispatcher) -> None:
        self._tracker = tracker
        self._out = out
        latest = tracker.latest_message or {}
        self.conversation: str = tracker.sender_id
        self.text: str = latest.get("text") or ""
        self.intent: str = (latest.get("intent") or {}).get("name") or "nlu_fallback"
        self.confidence = float((latest.get("intent") or {}).get("confidence") or 0.0)
        self.told: dict[str, Any] = latest.get("metadata") or {}
        self.picked = {each["entity"]: str(each["value"]) for each in latest.get("entities") or []}

    @property
    def consented(self) -> bool:
        told = self.told.get("consent")
        return bool(self.slot("consent") if told is None else told)

    @property
    def waiting(self) -> bool:
        return self.told.get("phase") == "waiting"

    @property
    def form(self) -> str | None:
        name = (self._tracker.active_loop or {}).get("name")
        return name if isinstance(name, str) else None

    @property
    def requested(self) -> str | None:
        asked = self.slot("requested_slot")
        return asked if self.form and isinstance(asked, str) else None

    @property
    def in_own_words(self) -> str:
        """What was typed; nothing when a button was pressed."""
        return "" if self.text.startswith("/") else self.text

    def slot(self, name: str) -> Any:
        return self._tracker.get_slot(name)

    def slots(self) -> dict[str, Any]:
        return dict(self._tracker.current_slot_values())

    def heard(self) -> Heard:
        return Heard(self.in_own_words, self.intent, self.confidence, self.requested, self.picked, self.slots())

    def pending(self) -> str | None:
        """The yes-or-no question of the bot's last turn; None when there was none."""
        return asked_before(self._tracker.events, turns_ago=1)

    def asked_now(self) -> bool:
        """Whether an action of this very turn has asked something, so that nothing else should."""
        return asked_before(self._tracker.events, turns_ago=0) is not None

    def misses(self) -> int:
        """How many turns just before this one were not understood either."""
        return misses_in_a_row(self._tracker.events)

    def answered_this_turn(self) -> bool:
        """Whether another action than a form has already run since the message came."""
        return answered_since_last_message(self._tracker.events)

    def say(self, response: str, buttons: list[dict[str, str]] | None = None, **values: Any) -> None:
        """Utter one of the responses in domain.yml."""
        self._out.utter_message(response=f"utter_{response}", buttons=buttons, **values)

    def show(self, custom: dict[str, Any]) -> None:
        self._out.utter_message(json_message=custom)

    def ask(self, question: str, response: str, buttons: list[dict[str, str]] | None = None, **values: Any) -> Events:
        """Say something that wants a yes or no; the next turn finds `question` pending."""
        self.say(response, buttons, **values)
        return [SlotSet("asked", question)]


class TurnAction(Action, ABC):
    """An action named `action_name` that takes a Turn; a service that is down is told kindly, with urgent help."""

    action_name: ClassVar[str]

    def name(self) -> str:
        return self.action_name

    @abstractmethod
    async def take(self, turn: Turn) -> Events:
        """What the bot says and remembers. May raise ServiceDown."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = Turn(tracker, dispatcher)
        try:
            return await self.take(turn)
        except ServiceDown as down:
            logger.warning("%s: %s", self.name(), down)
        except Exception as error:  # noqa: BLE001 -- rasa_sdk would answer with the whole request, words and all
            logger.error("%s failed: %s", self.name(), type(error).__name__)
        turn.say("service_down", [URGENT])
        return []
