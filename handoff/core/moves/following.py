"""Follow-up after a crisis conversation: only if wished, when and in which neutral words the person chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handoff.core.conversation import Conversation, Deadline, FollowUp, Phase
from handoff.core.draft import Draft
from handoff.core.entries import EntryKind, Speaker
from handoff.core.ids import WEB
from handoff.core.moves.crisis import staffed
from handoff.core.risk import Modifier

DAY = 86_400
TIMES = {"tomorrow": 1, "two_days": 2, "week": 7}
"""What may be chosen, in days from now."""
TEXTS = ("hello", "today", "thinking")
"""The neutral texts, by their wording keys: none says who writes, or why."""


def offer(draft: Draft) -> None:
    """After a crisis conversation: may we write once more, and when? Not where somebody dangerous may read it."""
    if Modifier.PERPETRATOR_NEARBY in draft.conversation.modifiers:
        return
    draft.notice("follow_offer", *(f"follow_{each}" for each in TIMES), "follow_none")


def at(days: int) -> Callable[[Draft], None]:
    """The move that takes a time and asks for the words."""

    def choose(draft: Draft) -> None:
        draft.set(follow_up=FollowUp(days=days))
        draft.notice("follow_words", *(f"follow_{each}" for each in TEXTS), "follow_none")

    return choose


def saying(text: str) -> Callable[[Draft], None]:
    """The move that takes the words and sets the time."""

    def choose(draft: Draft) -> None:
        wished = draft.conversation.follow_up
        if not wished.days:
            offer(draft)
            return
        draft.set(follow_up=replace(wished, text=text))
        draft.due(Deadline.FOLLOW_UP, wished.days * DAY)
        key = "follow_set_page" if draft.conversation.seeker.channel == WEB else "follow_set"
        when = draft.text(f"follow_in_{wished.days}")
        draft.notice(key, "follow_cancel", when=when, words=draft.text(f"follow_text_{text}"))

    return choose


def declined(draft: Draft) -> None:
    """No follow-up, or no longer."""
    planned = Deadline.FOLLOW_UP in draft.conversation.deadlines
    draft.not_due(Deadline.FOLLOW_UP)
    draft.set(follow_up=FollowUp())
    draft.notice("follow_cancelled" if planned else "follow_not_wished")


def send(draft: Draft, _event: object = None) -> None:
    """The time has come. Whoever talks with a supporter right now needs no message from us."""
    draft.not_due(Deadline.FOLLOW_UP)
    wished = draft.conversation.follow_up
    draft.set(follow_up=FollowUp())
    if draft.conversation.phase is Phase.LIVE or draft.scene.superseded or not wished.text:
        return
    words = draft.text(f"follow_text_{wished.text}")
    if not staffed(draft):
        words = f"{words}\n\n{draft.text('follow_nobody_here')}"
    draft.say(Speaker.SYSTEM, words, kind=EntryKind.NOTICE, buttons=draft.buttons("follow_fine", "follow_talk"))
    draft.audit("clock", "followed_up")


def fine(draft: Draft) -> None:
    """They are all right."""
    draft.notice("follow_glad")


def kept(known: Conversation) -> dict[Deadline, float]:
    """Of the deadlines of a conversation that ends, the one that outlives it."""
    return {kind: at for kind, at in known.deadlines.items() if kind is Deadline.FOLLOW_UP}


MOVES: dict[str, Callable[[Draft], None]] = {
    **{f"warmline:follow_{name}": at(days) for name, days in TIMES.items()},
    **{f"warmline:follow_{name}": saying(name) for name in TEXTS},
    "warmline:follow_none": declined,
    "warmline:follow_cancel": declined,
    "warmline:follow_fine": fine,
}
