"""Things to read or do that may help: found by meaning, one to three at a time, and whether they did help."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from bot.actions.service import service
from bot.actions.turn import EXERCISE, MESSAGE, PERSON, RESOURCES, Events, Turn, TurnAction
from bot.reading.intake import SKIPPED
from bot.reading.topics import topics

HELPED = {"title": "Yes, it helped", "payload": "/helped"}
NOT_HELPED = {"title": "Not really", "payload": "/not_helped"}
MOST_WORDS = 600
"""Characters of somebody's words that are searched with; the encoder reads no more anyway."""


def wanted(turn: Turn, limit: int) -> dict[str, Any]:
    """What POST /bot/resources is asked: these words, else those that brought them here; topics; none a second time."""
    told = turn.slot("topics")
    known = told if isinstance(told, list) else []
    words = turn.in_own_words if turn.intent in ("ask_resources", "feelings", "ask_exercise") else ""
    own = words or turn.slot("brings") or ""
    spoken = turn.slot("language")
    return {
        "text": own[:MOST_WORDS],
        "topics": topics(words) or known,
        "language": spoken if spoken and spoken != SKIPPED else turn.told.get("language") or "en",
        "limit": limit,
        "exclude": turn.slot("offered") or [],
    }


async def offer_resources(turn: Turn, limit: int) -> Events:
    found = await service().resources(turn.conversation, wanted(turn, limit))
    return offered(turn, found)


def offered(turn: Turn, found: list[dict[str, Any]]) -> Events:
    if not found:
        return turn.ask("person", "no_resources", [PERSON])
    turn.say("offer_resources")
    for resource in found:
        turn.show({"kind": "exercise" if resource.get("steps") else "resource", "resource": resource})
    ids = [str(resource["id"]) for resource in found]
    asked = turn.ask("helped", "ask_helped", [HELPED, NOT_HELPED, PERSON])
    return [*asked, SlotSet("offered", [*(turn.slot("offered") or []), *ids]), SlotSet("last_offered", ids[0])]


class Resources(TurnAction):
    action_name = "action_resources"

    async def take(self, turn: Turn) -> Events:
        return await offer_resources(turn, limit=3)


class Exercise(TurnAction):
    """Something to do now. When the service finds nothing with steps, the grounding exercise the bot knows by heart."""

    action_name = "action_exercise"

    async def take(self, turn: Turn) -> Events:
        asked = wanted(turn, limit=3)
        text = asked["text"] or "a breathing or grounding exercise to calm down now"
        found = await service().resources(turn.conversation, asked | {"text": text, "topics": []})
        with_steps = [resource for resource in found if resource.get("steps")][:1]
        if with_steps:
            return offered(turn, with_steps)
        return turn.ask("helped", "grounding", [HELPED, NOT_HELPED, PERSON])


async def it_helped(turn: Turn, helped: bool) -> Events:
    resource = turn.slot("last_offered")
    if resource:
        await service().helped(turn.conversation, resource, helped)
    done: Events = [SlotSet("last_offered", None)]
    if turn.waiting:
        turn.say("helped_waiting" if helped else "not_helped_waiting", [EXERCISE, RESOURCES, MESSAGE])
        return done
    buttons = [PERSON] if helped else [PERSON, RESOURCES, EXERCISE]
    return done + turn.ask("person", "helped" if helped else "not_helped", buttons)


class Helped(TurnAction):
    action_name = "action_helped"

    async def take(self, turn: Turn) -> Events:
        return await it_helped(turn, helped=True)


class NotHelped(TurnAction):
    action_name = "action_not_helped"

    async def take(self, turn: Turn) -> Events:
        return await it_helped(turn, helped=False)
