"""Asking for consent, and what follows from the answer."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from bot.actions.service import service
from bot.actions.turn import PERSON, URGENT, Events, Turn, TurnAction

YES = {"title": "Yes, that's okay", "payload": "/consent_yes"}
NO = {"title": "No", "payload": "/consent_no"}
KEPT = {"title": "What is kept?", "payload": "/ask_kept"}


def ask_consent(turn: Turn, response: str = "ask_consent") -> Events:
    return turn.ask("consent", response, [YES, NO, KEPT, PERSON])


async def consent_given(turn: Turn) -> Events:
    await service().consent(turn.conversation, given=True)
    turn.say("consent_given")
    return [SlotSet("consent", True), FollowupAction("intake_form")]


async def consent_refused(turn: Turn) -> Events:
    await service().consent(turn.conversation, given=False)
    turn.say("consent_refused", [YES, PERSON, URGENT])
    return [SlotSet("consent", False)]


class ConsentYes(TurnAction):
    action_name = "action_consent_yes"

    async def take(self, turn: Turn) -> Events:
        return await consent_given(turn)


class ConsentNo(TurnAction):
    action_name = "action_consent_no"

    async def take(self, turn: Turn) -> Events:
        return await consent_refused(turn)
