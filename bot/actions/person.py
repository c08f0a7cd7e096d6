"""Handing over to a person, what waiting looks like, and leaving a message."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from bot.actions.intake import NO_FORM
from bot.actions.service import service
from bot.actions.turn import EXERCISE, MESSAGE, PERSON, RESOURCES, URGENT, Events, Turn, TurnAction

NEVER_MIND = ("deny", "skip", "stop", "goodbye")
NOT_A_MESSAGE = ("ask_person", "urgent_help", "delete", "ask_exercise", "ask_how_long")


async def hand_over(turn: Turn, why: str) -> Events:
    """Ask the service for a person. The service itself then tells place and estimate, or that nobody is there."""
    if turn.waiting:
        return await tell_wait(turn)
    await service().handoff(turn.conversation, why)
    return NO_FORM


async def tell_wait(turn: Turn) -> Events:
    told = await service().waiting(turn.conversation)
    response, values = waiting_words(told)
    turn.say(response, [EXERCISE, RESOURCES, MESSAGE, URGENT], **values)
    return []


def waiting_words(told: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The response, and what it is filled with, for an answer of GET /bot/waiting."""
    place, estimate = told.get("position"), told.get("estimate")
    if told.get("open") is False:
        opens = told.get("opens_at")
        return ("wait_closed_until", {"opens": _moment(str(opens))}) if opens else ("wait_closed", {})
    if not isinstance(place, int):
        return "wait_unknown", {}
    if not isinstance(estimate, list) or len(estimate) != 2:
        return "wait_place", {"place": place}
    low, high = (max(0, round(each)) for each in estimate)
    return "wait_estimate", {"place": place, "minutes": f"{low} to {high}" if low != high else f"about {high}"}


def _moment(iso: str) -> str:
    """2026-05-04T18:00:00+02:00 as people read it: 4 May... the date and the time, without a zone's arithmetic."""
    day, _, clock = iso.partition("T")
    return f"{day} at {clock[:5]}" if clock else day


class Person(TurnAction):
    action_name = "action_person"

    async def take(self, turn: Turn) -> Events:
        return await hand_over(turn, "asked")


class HowLong(TurnAction):
    """How long it takes: the wait when waiting, else the questions and then the wait."""

    action_name = "action_how_long"

    async def take(self, turn: Turn) -> Events:
        if turn.waiting:
            return await tell_wait(turn)
        turn.say("how_long", None if turn.form else [PERSON])
        return []


class Nobody(TurnAction):
    """What if nobody is there: said in general, and as it is just now."""

    action_name = "action_nobody"

    async def take(self, turn: Turn) -> Events:
        if turn.waiting:
            return await tell_wait(turn)
        told = await service().waiting(turn.conversation)
        turn.say("nobody_now" if told.get("open") is False else "nobody", [URGENT, MESSAGE])
        return []


class ReadMessage(TurnAction):
    """The one-question form behind "leave a message": whatever comes is the message, unless they think better of it."""

    action_name = "validate_message_form"

    async def take(self, turn: Turn) -> Events:
        if turn.requested != "message_text":
            return []
        if turn.answered_this_turn():
            return NO_FORM
        if turn.intent in NOT_A_MESSAGE:
            return []
        if (turn.intent in NEVER_MIND and len(turn.text.split()) <= 4) or not turn.in_own_words:
            turn.say("message_dropped")
            return [SlotSet("message_text", None), *NO_FORM]
        await service().message(turn.conversation, turn.in_own_words)
        turn.say("message_left")
        return [SlotSet("message_text", "left")]


class MessageDone(TurnAction):
    """Back to the intake where it was, when a message was left in the middle of it."""

    action_name = "action_message_done"

    async def take(self, turn: Turn) -> Events:
        kept: Events = [SlotSet("message_text", None)]
        begun = any(turn.slot(slot) is not None for slot in ("name", "topics"))
        unfinished = turn.consented and begun and turn.slot("share") is None
        return [*kept, FollowupAction("intake_form")] if unfinished and not turn.waiting else kept
