"""The home tab: what needs me, my conversations, my presence and limits, how the queue is. Pure.

Seekers appear as the first letters of their pseudonyms; none of their names or words ever comes here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.slack import answers, cards
from connectors.slack import text as t
from connectors.slack.home_leads import lead_blocks
from connectors.slack.home_scene import HomeScene
from connectors.slack.names import Action
from connectors.slack.text import Json, View
from connectors.slack.words import Words
from handoff.core.conversation import Conversation
from handoff.core.risk import CRISIS
from handoff.core.supporter import Supporter

_ROWS = 8


@dataclass(frozen=True, slots=True)
class _Need:
    text: str
    link: str


def home(words: Words, scene: HomeScene) -> View:
    """The home tab of one supporter; a lead's has more."""
    blocks = [
        t.header(words.say("home", "hello", name=scene.me.name)),
        *_presence(words, scene),
        t.divider(),
        *_needs(words, scene),
        *_mine(words, scene),
        t.divider(),
        *_queue(words, scene),
        *(lead_blocks(words, scene) if scene.me.is_lead else []),
    ]
    return {"type": "home", "blocks": blocks[: t.VIEW_BLOCKS]}


def stranger(words: Words) -> View:
    """For somebody of the workspace who is no supporter of this line."""
    return {"type": "home", "blocks": [t.section(words.say("refused", "no_person"))]}


def _presence(words: Words, scene: HomeScene) -> list[Json]:
    me, now = scene.me, scene.now
    lines = [answers.presence_line(words, me, now)]
    later = words.say("home", "somewhat_later")
    if me.is_here(now):
        lines.append(words.say("home", "until", time=t.clock_time(me.present_until, later)))
    if me.cool_until > now:
        lines.append(words.say("home", "resting", time=t.clock_time(me.cool_until, later)))
    limits = words.say("home", "limits", count=len(me.holding), capacity=me.capacity)
    return [
        t.our_section("\n".join(lines)),
        t.actions(*_presence_buttons(words, scene)),
        t.small(limits, words.say("home", "limits_detail", **_limits(words, me))),
    ]


def _presence_buttons(words: Words, scene: HomeScene) -> list[Json]:
    me, here = scene.me, scene.me.is_here(scene.now)
    on = {
        Action.AVAILABLE: here and not me.is_busy(scene.now),
        Action.BUSY: here and me.is_busy(scene.now),
        Action.AWAY: not here,
    }
    keys = {Action.AVAILABLE: "available", Action.BUSY: "busy", Action.AWAY: "away"}
    buttons = [
        t.button(words.say("home", keys[action]), action, me.id, style="primary" if active else "")
        for action, active in on.items()
    ]
    return [*buttons, t.button(words.say("home", "profile"), Action.PROFILE)]


def _limits(words: Words, me: Supporter) -> dict[str, str]:
    return {
        "languages": ", ".join(words.known("language", code) or code for code in me.languages),
        "topics": cards.topics(words, me.topics) or words.say("home", "any_topic"),
        "opted_out": cards.topics(words, me.opted_out) or words.say("home", "nothing"),
    }


def _needs(words: Words, scene: HomeScene) -> list[Json]:
    """What should be done next, before anything else."""
    heading = t.header(words.say("home", "needs_me"))
    needs = [*_assigned(words, scene), *_waiting_for_me(words, scene)]
    if not needs:
        return [heading, t.section(words.say("home", "needs_nothing"))]
    return [heading, *_rows(words, [(need.text, need.link) for need in needs])]


def _assigned(words: Words, scene: HomeScene) -> list[_Need]:
    meant = [place for place in scene.places if place.assigned_to == scene.me.id]
    return [_Need(words.say("home", "needs_accept", who=t.short(place.pseudonym)), scene.queue_link) for place in meant]


def _waiting_for_me(words: Words, scene: HomeScene) -> list[_Need]:
    needs = []
    for held in scene.held:
        key = _need(held.conversation)
        if key:
            needs.append(_Need(words.say("home", key, who=t.short(held.conversation.pseudonym)), held.link))
    return needs


def _need(conversation: Conversation) -> str:
    if conversation.first_word_at is None:
        return "needs_first_word"
    return "needs_answer" if conversation.unanswered_since is not None else ""


def _mine(words: Words, scene: HomeScene) -> list[Json]:
    heading = t.header(words.say("home", "mine"))
    rows = [(cards.heading(words, "row", held.conversation, "home"), held.link) for held in scene.held]
    return [heading, *(_rows(words, rows) or [t.section(words.say("home", "mine_none"))])]


def _rows(words: Words, rows: Sequence[tuple[str, str]]) -> list[Json]:
    """Lines with a link each, where there is one to give."""
    made = []
    for said, link in rows[:_ROWS]:
        button = t.link_button(words.say("home", "open_thread"), Action.OPEN_LINK, link) if link else None
        made.append(t.section(said, button))
    more = len(rows) - _ROWS
    return [*made, t.small(words.say("home", "more_rows", count=more))] if more > 0 else made


def _queue(words: Words, scene: HomeScene) -> list[Json]:
    heading = t.header(words.say("home", "queue"))
    here = [each for each in scene.supporters if each.is_here(scene.now)]
    free = sum(max(0, each.capacity - len(each.holding)) for each in here if each.takes_offers(scene.now))
    staffed = t.small(words.count("home", "here", len(here), free=free))
    if not scene.places:
        return [heading, t.section(words.say("home", "queue_none")), staffed]
    urgent = sum(place.tier >= CRISIS for place in scene.places)
    longest = t.ago(min(place.since for place in scene.places), words.say("card", "ago_fallback"))
    lines = [
        words.count("home", "queue_count", max(scene.waiting, len(scene.places))),
        *([words.count("home", "queue_crisis", urgent)] if urgent else []),
        words.say("home", "queue_longest", ago=longest),
    ]
    return [heading, t.our_section(" ".join(lines)), staffed]
