"""The leads' channel: one message per conversation in a crisis, one per other kind of alert. Pure.

An alert's text is our own sentence with a pseudonym's first letters or a colleague's name in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.slack import cards
from connectors.slack import text as t
from connectors.slack.names import Action, alert_value
from connectors.slack.text import Json, Message
from connectors.slack.words import Words
from handoff.core.conversation import Conversation, Phase
from handoff.core.effects import Alert
from handoff.core.moves.leading import CALLS
from handoff.core.policy import Policy

CRISIS_KINDS = (
    "on_call_wanted",
    "lead_wanted",
    "relief_wanted",
    "another_wanted",
    "minor_uncleared",
    "crisis_now",
    "nobody_for_crisis",
    "bounced",
    "not_accepted",
    "crisis",
    "quiet_in_crisis",
    "card_unconfirmed",
    "seeker_gone",
    "escalated",
)
"""Kinds that get a message of their own per conversation, most urgent first; all others are grouped by kind."""
_ROWS = 15
_TEXTS = 4
_CALLED = 20


def crisis_alert(
    words: Words,
    alerts: Sequence[Alert],
    conversation: Conversation | None,
    *,
    now: float,
    policy: Policy,
    names: Mapping[str, str],
    acknowledged_by: str = "",
) -> Message:
    """Everything open about one conversation in a crisis, most urgent first, or who looks after it.

    `alerts`: at least one, all of this conversation, open or (with `acknowledged_by`) just acknowledged.
    """
    ranked = sorted(alerts, key=_rank)
    blocks = [t.header(_heading(words, ranked[0], conversation))]
    blocks += [t.section(alert.text) for alert in ranked[:_TEXTS]]
    if conversation is not None:
        blocks += _state(words, conversation, now, policy, names)
    if acknowledged_by:
        done = words.say("leads", "acknowledged", name=t.cut(t.clean(acknowledged_by), 80))
        return t.message(words.say("notification", "alert_over"), [*blocks, t.section(done)])
    kinds = [alert.kind for alert in ranked]
    return t.message(words.say("notification", "alert"), [*blocks, _buttons(words, kinds, ranked[0], conversation)])


def crisis_over(words: Words, pseudonym: str, *, acknowledged_by: str = "") -> Message:
    """What a crisis message becomes when nothing is open any more."""
    said = [words.say("leads", "over", who=t.short(pseudonym))]
    if acknowledged_by:
        said.append(words.say("leads", "acknowledged", name=t.cut(t.clean(acknowledged_by), 80)))
    return t.message(words.say("notification", "alert_over"), [t.small(*said)])


def grouped(words: Words, kind: str, alerts: Sequence[Alert]) -> Message:
    """The one message of a kind: what is open of it, each with a button; a quiet line when nothing is."""
    name = kind_name(words, kind)
    if not alerts:
        return t.message(words.say("notification", "alert_over"), [t.small(words.say("leads", "clear", kind=name))])
    newest = sorted(alerts, key=lambda alert: -alert.at)
    count = words.count("leads", "open", len(alerts))
    blocks = [t.header(f"{name} · {count}")]
    for alert in newest[:_ROWS]:
        blocks += row(words, alert)
    if len(newest) > _ROWS:
        blocks.append(t.small(words.say("leads", "more", count=len(newest) - _ROWS)))
    return t.message(words.say("notification", "alerts"), blocks)


def row(words: Words, alert: Alert) -> list[Json]:
    """One alert with its button, and how old it is."""
    value = alert_value([alert.kind], alert.conversation)
    button = t.button(words.say("leads", "acknowledge"), Action.ACKNOWLEDGE, value)
    since = words.say("leads", "since", ago=t.ago(alert.at, words.say("card", "ago_fallback")))
    return [t.section(alert.text, button), t.our_small(since)]


def reminder(words: Words, count: int, *, calls: Sequence[str] = ()) -> Message:
    """A line in the message's thread while nobody acknowledges; `count` from 1, `calls`: Slack's ids of leads who are
    here, since a line in a thread draws nobody's eye by itself."""
    said = [t.section(words.count("leads", "reminder", count))]
    if calls:
        said.append(t.our_section(" ".join(f"<@{t.escape(each)}>" for each in calls[:_CALLED])))
    return t.message(words.say("notification", "reminder"), said)


def kind_name(words: Words, kind: str) -> str:
    """What a kind of alert is called."""
    return words.known("alert_kind", kind) or words.say("alert_kind", "other")


def _rank(alert: Alert) -> tuple[int, float]:
    known = CRISIS_KINDS.index(alert.kind) if alert.kind in CRISIS_KINDS else len(CRISIS_KINDS)
    return known, -alert.at


def _heading(words: Words, alert: Alert, conversation: Conversation | None) -> str:
    if conversation is None:
        return kind_name(words, alert.kind)
    mark = words.say("tier_mark", conversation.tier.name.lower())
    kind, who = kind_name(words, alert.kind), t.short(conversation.pseudonym)
    return words.say("leads", "heading", mark=mark, kind=kind, who=who).strip()


def _state(
    words: Words, conversation: Conversation, now: float, policy: Policy, names: Mapping[str, str]
) -> list[Json]:
    """How urgent, since when, and who has it."""
    small = [words.say("tier", conversation.tier.name.lower()), _who_has_it(words, conversation, names)]
    reasons = tuple(dict.fromkeys(reason.text for reason in conversation.reasons))
    if reasons:
        small.append(words.say("leads", "why", reasons=cards.why(reasons)))
    if conversation.waiting_since is None or conversation.supporter:
        return [t.small(*small)]
    waited = words.say("card", "waiting") + " " + cards.waited(words, conversation.waiting_since, now, policy)
    return [t.small(*small), t.our_small(waited)]


def _who_has_it(words: Words, conversation: Conversation, names: Mapping[str, str]) -> str:
    if conversation.supporter and conversation.is_open:
        name = conversation.supporter_name or names.get(conversation.supporter, "")
        return words.say("leads", "with_name", name=t.cut(t.clean(name), 80))
    meant_for = names.get(conversation.assigned_to or "", "")
    if meant_for:
        return words.say("leads", "assigned", name=t.cut(t.clean(meant_for), 80))
    return words.say("leads", "nobody")


def _buttons(words: Words, kinds: Sequence[str], first: Alert, conversation: Conversation | None) -> Json:
    value = alert_value(kinds, first.conversation)
    acknowledge = t.button(words.say("leads", "acknowledge"), Action.ACKNOWLEDGE, value, style="primary")
    if conversation is None or not conversation.is_open:
        return t.actions(acknowledge)
    who = t.short(conversation.pseudonym)
    called = conversation.phase is Phase.LIVE and not set(kinds).isdisjoint(CALLS)
    join = [t.button(words.say("leads", "join"), Action.JOIN, conversation.id)] if called else []
    sure = t.confirm(
        words.say("leads", "take_over_title", who=who),
        words.say("leads", "take_over_words"),
        words.say("leads", "take_over_yes"),
        words.say("thread", "no"),
    )
    take = t.button(words.say("leads", "take_over"), Action.TAKE_OVER, conversation.id, style="danger", confirm=sure)
    return t.actions(acknowledge, *join, take)
