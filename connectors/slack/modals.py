"""The modals about one conversation: close, transfer, ask a lead, urgency, notes, resources, saved replies. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.slack import cards
from connectors.slack import modals_bricks as m
from connectors.slack import text as t
from connectors.slack.names import Action, Block, Modal, Where
from connectors.slack.text import Json, View
from connectors.slack.words import Words
from handoff.core.conversation import Conversation
from handoff.core.outcomes import OUTCOMES
from handoff.core.risk import CRISIS, Tier
from handoff.core.supporter import Supporter

MESSAGE_LIMIT = 3000
_FOUND_SHOWN = 10


def close_modal(words: Words, where: Where, *, pseudonym: str, crisis: bool) -> View:
    """How did it end? `crisis`: whether the conversation is in the crisis lane."""
    options = [t.option(words.say("outcome", code), code) for code in OUTCOMES]
    warning = [t.section(words.say("close", "crisis"))] if crisis else []
    outcome = m.field(Block.OUTCOME, words.say("close", "outcome"), m.choice(options, words.say("close", "choose")))
    return m.modal(words, Modal.CLOSE, where, [*_opening(words, Modal.CLOSE, pseudonym), *warning, outcome])


def transfer_modal(words: Words, where: Where, people: Sequence[Supporter], *, pseudonym: str) -> View:
    """To whom? `people`: only those who are here, free and trained."""
    if not people:
        return m.modal(words, Modal.TRANSFER, where, [t.section(words.say("transfer", "none"))], go="")
    options = [t.option(_person(words, each), each.id) for each in people]
    to = m.field(Block.TO, words.say("transfer", "to"), m.choice(options, words.say("transfer", "choose")))
    return m.modal(words, Modal.TRANSFER, where, [*_opening(words, Modal.TRANSFER, pseudonym), to])


def escalate_modal(words: Words, where: Where, *, pseudonym: str) -> View:
    """A lead is asked to look; why is optional, since asking should be easy."""
    why = m.field(Block.WHY, words.say("escalate", "why"), m.lines(most=m.WHY_LIMIT), optional=True)
    return m.modal(words, Modal.ESCALATE, where, [*_opening(words, Modal.ESCALATE, pseudonym), why])


def raise_modal(words: Words, where: Where, *, pseudonym: str, tier: Tier) -> View:
    """More urgent than the screen thought: only tiers above this one."""
    return _tier_modal(words, Modal.RAISE, where, pseudonym, [each for each in Tier if each > tier])


def lower_modal(words: Words, where: Where, *, pseudonym: str, tier: Tier) -> View:
    """A lead lowers the tier: only tiers below this one."""
    return _tier_modal(words, Modal.LOWER, where, pseudonym, [each for each in Tier if each < tier])


def note_modal(words: Words, where: Where, *, text: str = "", choices: Sequence[Conversation] = ()) -> View:
    """A private note. `text`: what it begins with; `choices`: the conversations held, when it is not clear which."""
    which: list[Json] = []
    if choices:
        options = [t.option(cards.heading(words, "heading", each, "thread"), each.id) for each in choices]
        chosen = where.conversation or (choices[0].id if len(choices) == 1 else "")
        element = m.choice(options, words.say("note", "choose"), chosen=chosen)
        which = [m.field(Block.WHICH, words.say("note", "which"), element)]
    element = m.lines(most=MESSAGE_LIMIT, first=text, focus=not choices)
    note = m.field(Block.NOTE, words.say("note", "note"), element)
    return m.modal(words, Modal.NOTE, where, [t.section(words.say("note", "words")), *which, note])


def resources_modal(
    words: Words,
    where: Where,
    *,
    pseudonym: str,
    searched: str = "",
    found: Sequence[Mapping[str, Any]] | None = None,
) -> View:
    """Search by meaning, choose one, send it. `found` None: nothing was looked for yet."""
    search = m.lines(most=200, first=searched, rows=False, focus=found is None)
    search["action_id"] = Action.RESOURCES_SEARCH.value
    search["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    asked = m.field(Block.SEARCH, words.say("resources", "search"), search, optional=True)
    asked |= {"dispatch_action": True, "hint": t.plain(words.say("resources", "hint"))}
    blocks = [*_opening(words, Modal.RESOURCES, pseudonym), asked, _found(words, found, searched)]
    return m.modal(words, Modal.RESOURCES, where, blocks, go="go" if found else "")


def replies_modal(
    words: Words,
    where: Where,
    replies: Sequence[Mapping[str, str]],
    *,
    pseudonym: str,
    chosen: str = "",
    name: str = "",
) -> View:
    """Choose a saved reply, see and change it, send it.

    `replies`: {id, category, text} each; `chosen`: the id picked so far; `name` fills the place of the supporter's.
    """
    if not replies:
        return m.modal(words, Modal.REPLIES, where, [t.section(words.say("replies", "none"))], go="")
    picker = _picker(words, replies, chosen)
    pick = {**m.field(Block.REPLY, words.say("replies", "reply"), picker), "dispatch_action": True}
    blocks = [*_opening(words, Modal.REPLIES, pseudonym), pick]
    text = next((each["text"] for each in replies if each["id"] == chosen), None)
    if text is None:
        return m.modal(words, Modal.REPLIES, where, blocks, go="")
    label = words.say("replies", "preview", who=t.short(pseudonym))
    preview = m.lines(most=MESSAGE_LIMIT, first=text.replace("{name}", name))
    return m.modal(words, Modal.REPLIES, where, [*blocks, m.field(Block.WORDS, label, preview, suffix=chosen)])


def _opening(words: Words, kind: Modal, pseudonym: str) -> list[Json]:
    crisis = words.say("tier", CRISIS.name.lower())
    return [t.section(words.say(kind.value, "words", who=t.short(pseudonym), crisis=crisis))]


def _tier_modal(words: Words, kind: Modal, where: Where, pseudonym: str, tiers: Iterable[Tier]) -> View:
    codes = [tier.name.lower() for tier in tiers]
    if not codes:
        return m.modal(words, kind, where, [t.section(words.say(kind.value, "none_left"))], go="")
    options = [t.option(words.say("tier", code), code, words.say("tier_means", code)) for code in codes]
    tier = m.field(Block.TIER, words.say(kind.value, "tier"), m.choice(options, words.say(kind.value, "choose")))
    why = m.field(Block.WHY, words.say(kind.value, "why"), m.lines(most=m.WHY_LIMIT))
    return m.modal(words, kind, where, [*_opening(words, kind, pseudonym), tier, why])


def _person(words: Words, supporter: Supporter) -> str:
    free = max(0, supporter.capacity - len(supporter.holding))
    said = words.say("transfer", "lead" if supporter.is_lead else "person", name="{name}", free=free)
    room = len(said) - len("{name}")
    return said.replace("{name}", t.cut(t.clean(supporter.name), t.OPTION_LIMIT - room))


def _found(words: Words, found: Sequence[Mapping[str, Any]] | None, searched: str) -> Json:
    if not found:
        return t.small(words.say("resources", "start" if found is None else "none"))
    options = [t.option(str(each["title"]), str(each["id"]), _detail(words, each)) for each in found[:_FOUND_SHOWN]]
    element = {"type": "radio_buttons", "action_id": Action.FIELD.value, "options": options}
    return m.field(Block.RESOURCE, words.say("resources", "found"), element, suffix=_mark(searched))


def _detail(words: Words, resource: Mapping[str, Any]) -> str:
    kind = words.known("resources", f"kind_{resource.get('kind')}") or ""
    summary = str(resource.get("summary") or "")
    return words.say("resources", "detail", kind=kind, count=resource.get("minutes") or 1, summary=summary)


def _mark(searched: str) -> str:
    """Something that differs with what was searched: a choice made before must not stay for other results."""
    return format(sum((place + 1) * ord(letter) for place, letter in enumerate(searched[:200])), "x")


def _picker(words: Words, replies: Sequence[Mapping[str, str]], chosen: str) -> Json:
    groups: dict[str, list[Json]] = {}
    for each in replies:
        groups.setdefault(each["category"], []).append(t.option(" ".join(each["text"].split()), each["id"]))
    element = {
        "type": "static_select",
        "action_id": Action.REPLIES_PICK.value,
        "placeholder": t.plain(words.say("replies", "pick"), 150),
        "option_groups": [
            {"label": t.plain(words.known("reply_category", category) or category, 75), "options": options[:100]}
            for category, options in list(groups.items())[:100]
        ],
    }
    first = [option for options in groups.values() for option in options[:100] if option["value"] == chosen]
    return {**element, "initial_option": first[0]} if first else element
