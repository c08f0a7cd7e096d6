"""Starting over, stopping, and deleting everything: each says what it does before it does it."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from bot.actions.consent import ask_consent
from bot.actions.intake import NO_FORM
from bot.actions.service import service
from bot.actions.turn import PERSON, Events, Turn, TurnAction
from bot.reading.intake import SLOTS, summary

DELETE = {"title": "Yes, delete everything", "payload": "/delete_confirmed"}
CLOSE = {"title": "Yes, close the chat", "payload": "/affirm"}
NO = {"title": "No", "payload": "/deny"}
FRESH: Events = [SlotSet(slot, None) for slot in (*SLOTS, "brings", "offered", "last_offered", "intake_done", "asked")]


async def forget(turn: Turn) -> Events:
    """The second step of deleting. The tracker goes as well: the store keeps nothing of who is `forgotten`."""
    await service().forget(turn.conversation)
    turn.say("forgotten")
    return [*NO_FORM, *FRESH, SlotSet("consent", None), SlotSet("forgotten", True)]


async def close(turn: Turn) -> Events:
    await service().close(turn.conversation)
    turn.say("closed")
    return NO_FORM


class Delete(TurnAction):
    """Says what would be deleted and asks; `/delete_confirmed` or a yes does it."""

    action_name = "action_delete"

    async def take(self, turn: Turn) -> Events:
        return turn.ask("delete", "ask_delete", [DELETE, NO])


class DeleteConfirmed(TurnAction):
    action_name = "action_delete_confirmed"

    async def take(self, turn: Turn) -> Events:
        return await forget(turn)


class Stop(TurnAction):
    action_name = "action_stop"

    async def take(self, turn: Turn) -> Events:
        return turn.ask("stop", "ask_stop_waiting" if turn.waiting else "ask_stop", [CLOSE, NO, PERSON])


class Goodbye(TurnAction):
    action_name = "action_goodbye"

    async def take(self, turn: Turn) -> Events:
        turn.say("goodbye_waiting" if turn.waiting else "goodbye")
        return [SlotSet("asked", "goodbye")]


class StartOver(TurnAction):
    """All answers are dropped, here and in the service, and the first question comes again."""

    action_name = "action_start_over"

    async def take(self, turn: Turn) -> Events:
        if turn.waiting:
            turn.say("start_over_waiting")
            return []
        if not turn.consented:
            return ask_consent(turn)
        await service().intake(turn.conversation, summary({}))
        turn.say("start_over")
        return [*NO_FORM, *FRESH, FollowupAction("intake_form")]
