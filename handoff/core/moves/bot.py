"""Bot moves: its answers while its epoch lasts, what its actions saved, and what happens when it does not answer."""

from __future__ import annotations

from handoff.core.conversation import Phase
from handoff.core.draft import Draft, Refusal
from handoff.core.entries import EntryKind, Speaker
from handoff.core.events import (
    BotFailed,
    BotReplied,
    BotSlow,
    ConsentGiven,
    ForgetAsked,
    IntakeSaved,
    MessageLeft,
    ResourceRated,
    SeekerStopped,
)
from handoff.core.moves.ending import stop
from handoff.core.moves.forgetting import forget
from handoff.core.moves.queueing import say_wait, want_person


def replied(draft: Draft, event: BotReplied) -> None:
    """The bot's answer, unless somebody else has the word by now."""
    if event.epoch != draft.conversation.epoch:
        return
    draft.set(slow_told=False)
    for message in event.messages:
        kind = EntryKind.RESOURCE if message.body else EntryKind.TEXT
        draft.say(Speaker.BOT, message.text, kind=kind, buttons=message.buttons, body=message.body)


def slow(draft: Draft, event: BotSlow) -> None:
    """Slow and waking up are two states with two sentences, each said once."""
    if event.epoch != draft.conversation.epoch or draft.conversation.slow_told:
        return
    draft.set(slow_told=True)
    draft.notice("bot_waking" if event.waking else "bot_slow", "person", "urgent")


def failed(draft: Draft, event: BotFailed) -> None:
    """The bot will not answer: say so, and open the conversation to people."""
    if event.epoch != draft.conversation.epoch:
        return
    draft.set(slow_told=False)
    draft.alert("bot_down")
    if draft.conversation.phase is Phase.INTAKE:
        draft.notice("bot_down" if draft.line.is_open(draft.now) else "bot_down_closed")
        want_person(draft, "bot_down")
    else:
        draft.notice("bot_down_waiting", "urgent")
        say_wait(draft)


def consented(draft: Draft, event: ConsentGiven) -> None:
    """Consent is kept with its time; a no is respected and takes nothing away."""
    draft.set(consent=event.given)
    draft.record(
        "consent", conversation=draft.conversation.id, pseudonym=draft.conversation.pseudonym, given=event.given
    )


def intake_saved(draft: Draft, event: IntakeSaved) -> None:
    """What the seeker told so far, replacing what was known."""
    known = draft.conversation
    draft.set(intake=event.intake, language=event.language or known.language, country=event.country or known.country)


def message_left(draft: Draft, event: MessageLeft) -> None:
    """A message for the supporters: in the margin for whoever accepts, and leads know that there is one."""
    draft.set(message_left=True)
    draft.jot(draft.desk_text("margin_message_left") + "\n" + event.text)
    draft.alert("message_left")
    draft.record(
        "message", conversation=draft.conversation.id, pseudonym=draft.conversation.pseudonym, words=event.text
    )


def resource_rated(draft: Draft, event: ResourceRated) -> None:
    """Did this help? Counted, without words."""
    draft.record("rating", conversation=draft.conversation.id, resource=event.resource, helped=event.helped)


def forget_asked(draft: Draft, event: ForgetAsked) -> None:
    """Confirmed with the bot: everything goes."""
    forget(draft)


def stopped(draft: Draft, event: SeekerStopped) -> None:
    """The seeker told the bot that they want to stop."""
    stop(draft)


def no_answer_now(draft: Draft, event: object) -> None:
    """The bot has no word here: a supporter has it, or the conversation is over."""


def too_late(draft: Draft, event: object) -> None:
    """An action of the bot came after the end."""
    raise Refusal("gone")
