"""The queue channel: one card per waiting handoff, and what it turns into. Pure.

A card shows what helps to decide whether to accept, in our own words: never the person's words, name or address.
Topics and wishes are codes; one we have no word for is counted, not shown. Who does not share their intake shows none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from connectors.slack import modals_bricks as m
from connectors.slack import text as t
from connectors.slack.names import Action, Block, Modal, Where
from connectors.slack.text import Json, Message, View
from connectors.slack.words import Words
from handoff.core.conversation import Conversation
from handoff.core.policy import Policy
from handoff.core.queue import Place, place
from handoff.core.risk import CRISIS

_VERY_LONG = 2
"""A wait this many times `policy.wait_long_seconds` gets the stronger word."""
_REASONS_SHOWN = 5
_CODE = re.compile(r"[A-Za-z]{2,3}")
_UNKNOWN = "?"


def card(
    words: Words,
    conversation: Conversation | None,
    *,
    pseudonym: str = "",
    now: float,
    policy: Policy,
    names: Mapping[str, str],
) -> Message:
    """The card as it is due now. `conversation` None: erased. `names`: supporters' names by id."""
    who = t.short(conversation.pseudonym if conversation else pseudonym)
    spot = place(conversation, policy) if conversation else None
    if conversation is not None and spot is not None:
        return _waiting(words, conversation, spot, now, policy, names)
    if conversation is not None and conversation.supporter and conversation.is_open:
        return _taken(words, who, conversation.supporter_name)
    return t.message(words.say("notification", "gone"), [t.small(words.say("card", "gone", who=who))])


def heading(words: Words, key: str, conversation: Conversation, section: str = "card") -> str:
    """Who, and how urgent: the first line of whatever is about one conversation."""
    tier = conversation.tier.name.lower()
    said = words.say(
        section,
        key,
        mark=words.say("tier_mark", tier),
        who=t.short(conversation.pseudonym),
        tier=words.say("tier", tier),
    )
    return said.strip()


def waited(words: Words, since: float, now: float, policy: Policy) -> str:
    """How long, kept current by Slack itself, with a word when it is too long. For `mrkdwn`."""
    said = words.say("card", "since", ago=t.ago(since, words.say("card", "ago_fallback")))
    if now - since >= _VERY_LONG * policy.wait_long_seconds:
        return f"{said} {words.say('card', 'very_long')}"
    return f"{said} {words.say('card', 'long')}" if now - since >= policy.wait_long_seconds else said


def language(words: Words, code: str) -> str:
    """A language's name in the wording's own language; its code where we have none."""
    return words.known("language", code) or (code.upper() if _CODE.fullmatch(code) else _UNKNOWN)


def topics(words: Words, codes: tuple[str, ...]) -> str:
    """Topics we have words for, each once. Empty when there is none."""
    known = [name for code in codes if (name := words.known("topic", code))]
    return ", ".join(dict.fromkeys(known))


def wishes(words: Words, codes: tuple[str, ...]) -> str:
    """Wishes we have words for, and how many more there are."""
    known = [wish for code in codes if (wish := words.known("wish", code))]
    rest = len(codes) - len(known)
    more = [words.count("card", "wishes_more", rest)] if rest else []
    return ", ".join([*dict.fromkeys(known), *more])


def why(reasons: tuple[str, ...]) -> str:
    """Reasons for a tier as one line."""
    return "; ".join(reasons[:_REASONS_SHOWN]) + ("; …" if len(reasons) > _REASONS_SHOWN else "")


def accept_button(words: Words, conversation: str) -> Json:
    """The button that claims."""
    return t.button(words.say("card", "accept"), Action.QUEUE_ACCEPT, conversation, style="primary")


def assigned(words: Words, conversation: Conversation, *, now: float, policy: Policy) -> Message:
    """What the assignee of a crisis gets in their direct messages."""
    blocks = [
        t.header(heading(words, "assigned_heading", conversation)),
        t.section(words.say("card", "assigned_words")),
        *_facts(words, conversation, conversation.waiting_since or now, now, policy),
        t.actions(accept_button(words, conversation.id)),
    ]
    return t.message(words.say("notification", "assigned"), blocks)


def assigned_over(words: Words, pseudonym: str, *, name: str = "") -> Message:
    """What that message turns into when somebody has it (`name`), or nobody waits any more."""
    key = "assigned_over" if name else "assigned_gone"
    said = words.say("card", key, who=t.short(pseudonym), name=name)
    return t.message(words.say("notification", "gone"), [t.small(said)])


def decline_modal(words: Words, where: Where, pseudonym: str) -> View:
    """Not for me; why is optional."""
    reason = m.choice(m.options_of(words.all_of("decline_reason")), words.say("decline", "choose"))
    why = m.field(Block.WHY, words.say("decline", "why"), reason, optional=True)
    told = t.section(words.say("decline", "words", who=t.short(pseudonym)))
    return m.modal(words, Modal.DECLINE, where, [told, why])


def _waiting(
    words: Words, conversation: Conversation, spot: Place, now: float, policy: Policy, names: Mapping[str, str]
) -> Message:
    crisis = conversation.tier >= CRISIS
    blocks = [
        t.header(heading(words, "heading", conversation)),
        *([t.section(_meant_for(words, spot, names))] if crisis else []),
        *_facts(words, conversation, spot.since, now, policy),
        t.actions(
            accept_button(words, conversation.id),
            t.button(words.say("card", "decline"), Action.QUEUE_DECLINE, conversation.id),
        ),
    ]
    return t.message(words.say("notification", "waiting_crisis" if crisis else "waiting"), blocks)


def _meant_for(words: Words, spot: Place, names: Mapping[str, str]) -> str:
    name = names.get(spot.assigned_to or "", "")
    if not name:
        return words.say("card", "crisis_unassigned")
    return words.say("card", "assigned" if spot.climb == 0 else "assigned_climbed", name=name)


def _facts(words: Words, conversation: Conversation, since: float, now: float, policy: Policy) -> list[Json]:
    shared = conversation.intake.share is not False
    told = topics(words, conversation.intake.topics) or words.say("card", "topics_none")
    wished = wishes(words, conversation.intake.preferences) or words.say("card", "wishes_none")
    kept = words.say("card", "topics_kept")
    fields = {
        "waiting": waited(words, since, now, policy),
        "language": language(words, conversation.language),
        "topics": told if shared else kept,
        "wishes": wished if shared else kept,
    }
    shown = [t.mrkdwn(f"{words.say('card', key)}\n{value}") for key, value in fields.items()]
    return [{"type": "section", "fields": shown}, *_small_print(words, conversation, shared=shared)]


def _small_print(words: Words, conversation: Conversation, *, shared: bool) -> list[Json]:
    reasons = tuple(dict.fromkeys(reason.text for reason in conversation.reasons))
    said = [words.say("card", "why", reasons=why(reasons))] if reasons else []
    if shared and conversation.intake.heaviness is not None:
        said.append(words.say("card", "heaviness", value=conversation.intake.heaviness))
    if "minor" in conversation.modifiers:
        said.append(words.say("card", "minor"))
    return [t.small(*said)] if said else []


def _taken(words: Words, who: str, name: str) -> Message:
    key = "taken" if name else "taken_by_somebody"
    return t.message(words.say("notification", "taken"), [t.small(words.say("card", key, who=who, name=name))])
