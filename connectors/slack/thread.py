"""The root of a conversation's thread in a supporter's direct messages, and the transcript on request. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from connectors.slack import cards, thread_lines
from connectors.slack import text as t
from connectors.slack.names import Action
from connectors.slack.text import Json, Message
from connectors.slack.words import Words
from handoff.core.conversation import Conversation
from handoff.core.entries import Entry

_SHOWN_LINES = 6
_LINE = 240
"""Characters of one line of the bot's part before it is shortened."""
_REASONS = 8
_VALUE = 200


def root(words: Words, conversation: Conversation, feed: Sequence[Entry], *, lead: bool = False) -> Message:
    """The first message of the thread: who this is, why this urgency, what was told, and the buttons.

    `feed`: what was said in this conversation before the supporter came; all of it, the root shortens it itself.
    `lead`: whether the supporter may also lower the urgency.
    """
    blocks = [
        t.header(cards.heading(words, "heading", conversation, "thread")),
        t.small(words.say("thread", "how_it_works", who=t.short(conversation.pseudonym))),
        _urgency(words, conversation),
        _intake(words, conversation),
        *_standing(words, conversation),
        t.divider(),
        *_before(words, conversation, feed),
        t.actions(t.button(words.say("thread", "everything"), Action.EVERYTHING, conversation.id)),
        *buttons(words, conversation, lead=lead),
    ]
    return t.message(words.say("notification", "yours"), blocks)


def buttons(words: Words, conversation: Conversation, *, lead: bool = False) -> list[Json]:
    """Everything that can be done about one conversation."""
    say, about = partial(words.say, "thread"), conversation.id
    no = say("no")
    release = t.confirm(say("release_title"), say("release_words"), say("release_yes"), no)
    if conversation.in_crisis_lane:
        release = t.confirm(say("relief_title"), say("relief_words"), say("relief_yes"), no)
    pause = t.confirm(say("pause_title"), say("pause_words"), say("pause_yes"), no)
    talking = [
        t.button(say("replies"), Action.REPLIES, about),
        t.button(say("resources"), Action.RESOURCES, about),
        t.button(say("note"), Action.NOTE, about),
        t.button(say("pause"), Action.PAUSE, about, confirm=pause),
    ]
    leaving = [
        t.button(say("escalate"), Action.ESCALATE, about),
        t.button(say("raise"), Action.RAISE, about, style="danger"),
        *([t.button(say("lower"), Action.LOWER, about)] if lead else []),
        t.button(say("transfer"), Action.TRANSFER, about),
        t.button(say("release"), Action.RELEASE, about, confirm=release),
        t.button(say("report"), Action.REPORT, about, style="danger"),
        *([t.button(say("block"), Action.BLOCK, about, style="danger")] if lead else []),
        t.button(say("close"), Action.CLOSE, about, style="primary"),
    ]
    return [t.actions(*talking), t.actions(*leaving)]


def ended_root(words: Words, *, pseudonym: str, why: str, to: str = "") -> Message:
    """What the root becomes when the conversation is no longer this supporter's. `why`: as the `ended` poke says."""
    key = f"ended_{why}"
    if words.known("thread", key) is None:
        key = "ended_other"
    said = words.say("thread", key, who=t.short(pseudonym), to=to or words.say("thread", "somebody"))
    return t.message(
        words.say("notification", "ended"), [t.section(said), t.small(words.say("thread", "goes_nowhere"))]
    )


def transcript(words: Words, conversation: Conversation, feed: Sequence[Entry]) -> list[Message]:
    """Everything so far, in order, as messages for the thread."""
    lines, kept = thread_lines.told(feed, conversation)
    blocks = [t.section(words.say("transcript", "heading", who=t.short(conversation.pseudonym)))]
    if kept:
        blocks.append(t.small(words.count("thread", "withheld", kept)))
    for line in lines:
        blocks.extend(thread_lines.said(words, line, conversation, feed))
        if line.buttons:
            offered = ", ".join(button.title for button in line.buttons)
            blocks.append(t.small(words.say("said", "choices", choices=offered)))
    blocks.append(t.small(words.say("transcript", "end" if lines else "empty")))
    return t.spread(words.say("notification", "transcript"), blocks)


def _urgency(words: Words, conversation: Conversation) -> Json:
    reasons = list(dict.fromkeys(reason.text for reason in conversation.reasons))[-_REASONS:]
    if not reasons:
        return t.section(words.say("thread", "why_none"))
    points = [t.paragraph(t.run(t.brief(reason, _VALUE))) for reason in reasons]
    return t.rich(
        t.paragraph(t.run(words.say("thread", "why"), bold=True)),
        {"type": "rich_text_list", "style": "bullet", "elements": points},
    )


def _intake(words: Words, conversation: Conversation) -> Json:
    if conversation.intake.share is False:
        return t.section(words.say("thread", "not_shared"))
    told = _told(words, conversation)
    if not told:
        return t.section(words.say("thread", "nothing"))
    lines = [
        t.paragraph(t.run(f"{words.say('thread', key)}: ", bold=True), t.run(t.brief(value, _VALUE)))
        for key, value in told.items()
    ]
    return t.rich(t.paragraph(t.run(words.say("thread", "about"), bold=True)), *lines)


def _told(words: Words, conversation: Conversation) -> dict[str, str]:
    intake = conversation.intake
    heavy = "" if intake.heaviness is None else words.say("thread", "heaviness_value", value=intake.heaviness)
    every = {
        "called": intake.name,
        "topics": ", ".join(words.known("topic", code) or code for code in intake.topics),
        "heaviness": heavy,
        "wishes": ", ".join(words.known("wish", code) or code for code in intake.preferences),
        "language": cards.language(words, conversation.language),
        "country": conversation.country or "",
    }
    return {key: value for key, value in every.items() if value.strip()}


def _standing(words: Words, conversation: Conversation) -> list[Json]:
    """What else one should know before the first word."""
    modifiers = [name for code in conversation.modifiers if (name := words.known("modifier", code))]
    said = [f"{words.say('thread', 'modifiers')}: {', '.join(modifiers)}"] if modifiers else []
    if conversation.card_seq is not None:
        said.append(words.say("thread", "card_confirmed" if conversation.card_confirmed else "card_open"))
    if conversation.message_left:
        said.append(words.say("thread", "message_left"))
    if conversation.escalated:
        said.append(words.say("thread", "escalated"))
    if conversation.first_word_at is None:
        said.append(words.say("thread", "first_word"))
    return [t.small(*said)] if said else []


def _before(words: Words, conversation: Conversation, feed: Sequence[Entry]) -> list[Json]:
    lines, kept = thread_lines.told(feed, conversation)
    blocks = [t.small(words.count("thread", "withheld", kept))] if kept else []
    if not lines:
        return [*blocks, t.small(words.say("thread", "so_far_none"))]
    short = [
        t.paragraph(
            t.run(f"{thread_lines.speaker(words, line, conversation)}: ", bold=True),
            t.run(thread_lines.in_short(words, line, conversation, _LINE)),
        )
        for line in lines[-_SHOWN_LINES:]
    ]
    return [*blocks, t.rich(t.paragraph(t.run(words.say("thread", "so_far"), bold=True)), *short)]
