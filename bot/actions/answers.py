"""Yes, no, hello, feelings, corrections: answers whose meaning depends on where the conversation stands."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from bot.actions.consent import ask_consent, consent_given, consent_refused
from bot.actions.ending import close, forget
from bot.actions.intake import keep
from bot.actions.person import hand_over
from bot.actions.resources import it_helped, offer_resources
from bot.actions.turn import EXERCISE, MESSAGE, PERSON, RESOURCES, URGENT, Events, Turn, TurnAction
from bot.reading.intake import SLOTS, read


def what_now(turn: Turn) -> Events:
    """Where to go on when nothing is pending: consent, the intake, or what there is to choose from."""
    if turn.waiting:
        turn.say("while_waiting", [EXERCISE, RESOURCES, MESSAGE, URGENT])
        return []
    if turn.form:
        return []
    if not turn.consented:
        return ask_consent(turn)
    if turn.slot("share") is None:
        return [FollowupAction("intake_form")]
    turn.say("what_now", [PERSON, RESOURCES, EXERCISE, URGENT])
    return []


class Yes(TurnAction):
    action_name = "action_yes"

    async def take(self, turn: Turn) -> Events:
        asked = turn.pending()
        if asked == "consent":
            return await consent_given(turn)
        if asked == "person":
            return await hand_over(turn, "intake" if turn.slot("intake_done") else "asked")
        if asked == "helped":
            return await it_helped(turn, helped=True)
        if asked == "delete":
            return await forget(turn)
        if asked == "stop":
            return await close(turn)
        if turn.requested in SLOTS and not turn.waiting:
            turn.say(f"hint_{turn.requested}")
        return what_now(turn)


class No(TurnAction):
    action_name = "action_no"

    async def take(self, turn: Turn) -> Events:
        asked = turn.pending()
        if asked == "consent":
            return await consent_refused(turn)
        if asked == "helped":
            return await it_helped(turn, helped=False)
        if asked in ("delete", "stop"):
            turn.say("kept_going")
            return []
        if asked == "person":
            turn.say("no_person", [RESOURCES, EXERCISE])
            return []
        return what_now(turn)


class Greet(TurnAction):
    action_name = "action_greet"

    async def take(self, turn: Turn) -> Events:
        turn.say("greet")
        return what_now(turn)


class NextStep(TurnAction):
    """After a question was answered outside the form: without consent yet, ask for it again in one line."""

    action_name = "action_next_step"

    async def take(self, turn: Turn) -> Events:
        if turn.form or turn.waiting or turn.consented:
            return []
        return ask_consent(turn, "ask_consent_again")


class Feelings(TurnAction):
    """Somebody says how they are: first that it was heard, then what there is."""

    action_name = "action_feelings"

    async def take(self, turn: Turn) -> Events:
        if turn.waiting:
            turn.say("heard_waiting", [EXERCISE, RESOURCES, MESSAGE, URGENT])
            return []
        if not turn.consented:
            turn.say("heard")
            return ask_consent(turn)
        turn.say("heard")
        if turn.form:
            return []
        if turn.slot("share") is None:
            return [*await keep_topics(turn), FollowupAction("intake_form")]
        return await offer_resources(turn, limit=1)


async def keep_topics(turn: Turn) -> Events:
    found = read(turn.heard()).get("topics")
    if not found or turn.slot("topics"):
        return []
    return [SlotSet("topics", found), SlotSet("brings", turn.in_own_words)]


class Tell(TurnAction):
    """A fact of the intake told outside its question, or a correction that does not say what to."""

    action_name = "action_tell"

    async def take(self, turn: Turn) -> Events:
        if not turn.consented:
            return ask_consent(turn)
        kept = [] if turn.form and not turn.waiting else await keep(turn, read(turn.heard()))
        if kept or turn.intent != "correct":
            return kept or what_now(turn)
        turn.say("ask_correction")
        return []


class Skip(TurnAction):
    action_name = "action_skip"

    async def take(self, turn: Turn) -> Events:
        turn.say("okay")
        return what_now(turn)


class Thanks(TurnAction):
    action_name = "action_thanks"

    async def take(self, turn: Turn) -> Events:
        turn.say("thanks")
        return [] if turn.form or turn.slot("share") is not None else what_now(turn)


class Complaint(TurnAction):
    """A complaint is taken as one, and a person is offered."""

    action_name = "action_complaint"

    async def take(self, turn: Turn) -> Events:
        return turn.ask("person", "complaint", [PERSON])
