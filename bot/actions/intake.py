"""The intake form: read each message, save each answer, ask the next question, end with something that may help."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from rasa_sdk.events import ActiveLoop, SlotSet

from bot.actions.resources import MOST_WORDS, offer_resources
from bot.actions.service import ServiceDown, service
from bot.actions.turn import PERSON, SKIP, URGENT, Events, Turn, TurnAction, logger
from bot.reading.intake import SKIPPED, SLOTS, read, summary
from bot.reading.languages import language_name
from bot.reading.places import country_name
from bot.reading.topics import TITLES

HEAVY = 8
"""From here on the acknowledgement names how much it is, and a person is offered right there."""

SPOKEN = ("name", "heaviness", "country", "language", "preferences")
"""What is said back when it came unasked or changes an earlier answer; a name that was asked for gets its own words."""

NO_FORM: Events = [ActiveLoop(None), SlotSet("requested_slot", None)]
SHOWN_TOPICS = (*list(TITLES)[:8], "other")


class ReadIntake(TurnAction):
    """Runs on every turn of the form. No event back means: nothing for the form here, let the rules answer."""

    action_name = "validate_intake_form"

    async def take(self, turn: Turn) -> Events:
        if turn.requested not in SLOTS:
            return _known_already(turn)
        if turn.answered_this_turn():
            return NO_FORM if turn.waiting else []
        if turn.waiting:
            return []
        if turn.pending() and turn.intent in ("affirm", "deny"):
            return []
        return await keep(turn, read(turn.heard()))


def _known_already(turn: Turn) -> Events:
    """At the start of the form: what the service has told is not asked again."""
    told = {slot: turn.told.get(slot) for slot in ("name", "country")}
    return [SlotSet(slot, value) for slot, value in told.items() if value and turn.slot(slot) is None]


async def keep(turn: Turn, filled: dict[str, Any]) -> Events:
    """Save what was read, acknowledge it, and give the events that set it."""
    if not filled:
        return []
    await _save(turn, filled)
    noted = [slot for slot in filled if slot in SPOKEN and (slot != turn.requested or turn.slot(slot) is not None)]
    if noted:
        turn.say("noted", what=", ".join(_spoken(slot, filled[slot]) for slot in noted))
    else:
        _acknowledge(turn, filled)
    own_words = turn.in_own_words if filled.get("topics") not in (None, SKIPPED) else ""
    words = {"brings": f"{turn.slot('brings') or ''} {own_words}".strip()[-MOST_WORDS:]} if own_words else {}
    return [SlotSet(slot, value) for slot, value in (filled | words).items()]


async def _save(turn: Turn, filled: dict[str, Any]) -> None:
    """A partial save that fails is made good by the next one: each sends all answers so far."""
    try:
        await service().intake(turn.conversation, summary(turn.slots() | filled))
    except ServiceDown as down:
        logger.warning("An intake answer waits for the next save: %s", down)


def _acknowledge(turn: Turn, filled: dict[str, Any]) -> None:
    if filled.get("name") not in (None, SKIPPED):
        turn.say("nice_to_meet", who=filled["name"])
    elif filled.get("topics") not in (None, SKIPPED):
        turn.say("heard_topics")
    elif isinstance(filled.get("heaviness"), int) and filled["heaviness"] >= HEAVY:
        turn.say("heard_heavy", [PERSON, URGENT])
    elif turn.requested and filled.get(turn.requested) == SKIPPED:
        turn.say("skipped")


def _spoken(slot: str, value: Any) -> str:
    if slot == "heaviness":
        return f"{value} out of 10"
    if slot == "preferences":
        return ", ".join(str(wish).replace("_", " ") for wish in value)
    named = {"language": language_name, "country": country_name}
    return named[slot](value) if slot in named else str(value)


class _Ask(TurnAction):
    """Asks for one slot, unless an action of this turn has just asked something else."""

    async def take(self, turn: Turn) -> Events:
        if not turn.asked_now():
            turn.say(self.action_name.replace("action_ask_intake_form", "ask"), self.buttons(turn))
        return []

    @abstractmethod
    def buttons(self, turn: Turn) -> list[dict[str, str]]:
        """Quick replies; typing always works as well."""


class AskName(_Ask):
    action_name = "action_ask_intake_form_name"

    def buttons(self, turn: Turn) -> list[dict[str, str]]:
        return [SKIP]


class AskTopics(_Ask):
    action_name = "action_ask_intake_form_topics"

    def buttons(self, turn: Turn) -> list[dict[str, str]]:
        shown = [{"title": TITLES[code], "payload": f'/tell_topics{{"topics": "{code}"}}'} for code in SHOWN_TOPICS]
        return [*shown, SKIP]


class AskHeaviness(_Ask):
    action_name = "action_ask_intake_form_heaviness"

    def buttons(self, turn: Turn) -> list[dict[str, str]]:
        numbers = [{"title": str(n), "payload": f'/tell_heaviness{{"heaviness": "{n}"}}'} for n in range(11)]
        return [*numbers, SKIP]


class AskLanguage(_Ask):
    action_name = "action_ask_intake_form_language"

    def buttons(self, turn: Turn) -> list[dict[str, str]]:
        told = turn.told.get("language")
        codes = ["en", told] if isinstance(told, str) and told != "en" else ["en"]
        shown = [{"title": language_name(code), "payload": f'/tell_language{{"language": "{code}"}}'} for code in codes]
        return [*shown, SKIP]


class AskCountry(_Ask):
    action_name = "action_ask_intake_form_country"

    def buttons(self, turn: Turn) -> list[dict[str, str]]:
        return [SKIP]


class AskPreferences(_Ask):
    action_name = "action_ask_intake_form_preferences"

    def buttons(self, turn: Turn) -> list[dict[str, str]]:
        shown = {
            "shared_experience": "Been through something like it",
            "similar_age": "About my age",
            "same_gender": "My gender",
            "similar_culture": "My culture",
        }
        wishes = [{"title": t, "payload": f'/tell_preference{{"preferences": "{code}"}}'} for code, t in shown.items()]
        return [*wishes, {"title": "I don't mind", "payload": "/skip"}]


class AskShare(_Ask):
    action_name = "action_ask_intake_form_share"

    def buttons(self, turn: Turn) -> list[dict[str, str]]:
        return [{"title": "Yes, share it", "payload": "/affirm"}, {"title": "No, keep it here", "payload": "/deny"}]


class IntakeDone(TurnAction):
    """After the last question: thanks, and one to three resources found by the person's own words."""

    action_name = "action_intake_done"

    async def take(self, turn: Turn) -> Events:
        if turn.waiting or turn.slot("share") is None:
            return []
        turn.say("intake_done", [PERSON])
        return [SlotSet("intake_done", True), *await offer_resources(turn, limit=2)]
