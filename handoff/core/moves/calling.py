"""One question, once: what makes calling hard. Each answer is short, honest, and leads back to the card."""

from __future__ import annotations

from collections.abc import Callable

from handoff.core.conversation import Conversation, Deadline, Phase
from handoff.core.draft import Draft
from handoff.core.risk import Modifier, Tier

HURDLES = ("money", "police", "hearing", "not_alone", "not_ready")
"""What may stand in the way, in the order of the buttons. `hearing` is also about speaking and the language."""


def card_was_seen(draft: Draft) -> None:
    """A device has shown the card, or they go on writing below it: after time to read it, the question."""
    if Deadline.CALLING not in draft.conversation.deadlines and may_be_asked(draft.conversation):
        draft.due(Deadline.CALLING, draft.policy.calling_question_seconds)


def may_be_asked(known: Conversation) -> bool:
    """A card was given, no supporter is here, it was not asked before, and nobody reads over the shoulder.

    With a life in danger now, the emergency number must have been seen first. A card for a language that we can't read
    is no conversation about calling.
    """
    if known.calling_asked or known.card_at is None or known.phase not in (Phase.INTAKE, Phase.WAITING):
        return False
    if Modifier.PERPETRATOR_NEARBY in known.modifiers:
        return False
    if known.tier >= Tier.IMMINENT and not known.card_confirmed:
        return False
    return known.in_crisis_lane or Modifier.LANGUAGE_UNKNOWN not in known.modifiers


def ask_when_due(draft: Draft, _event: object = None) -> None:
    """The card had its time. Another question of ours that is still open goes first."""
    draft.not_due(Deadline.CALLING)
    if not may_be_asked(draft.conversation):
        return
    if draft.conversation.plan.asks is not None or Deadline.SAFETY_ANSWER in draft.conversation.deadlines:
        draft.due(Deadline.CALLING, draft.policy.calling_question_seconds)
        return
    ask(draft)


def ask(draft: Draft) -> None:
    """The question itself."""
    draft.not_due(Deadline.CALLING)
    draft.set(calling_asked=True)
    draft.notice("calling_question", *(f"calling_{each}" for each in HURDLES))
    draft.audit("screen", "asked_about_calling")


def answering(hurdle: str) -> Callable[[Draft], None]:
    """The move that answers one hurdle."""

    def answer(draft: Draft) -> None:
        draft.not_due(Deadline.CALLING)
        draft.set(calling_asked=True)
        draft.notice(f"calling_answer_{hurdle}", "urgent")

    return answer


MOVES = {f"warmline:calling_{each}": answering(each) for each in HURDLES}
