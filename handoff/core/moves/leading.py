"""Nobody holds the heaviest alone: leads are called to join, and a crisis is never put down or passed round."""

from __future__ import annotations

from handoff.core.conversation import Deadline, Phase
from handoff.core.draft import Draft, Refusal
from handoff.core.effects import Cleared
from handoff.core.events import AlertHeeded, Joined
from handoff.core.matching import ON_CALL
from handoff.core.risk import Modifier, Tier
from handoff.core.supporter import Supporter

LEAD_WANTED, ON_CALL_WANTED, RELIEF_WANTED = "lead_wanted", "on_call_wanted", "relief_wanted"
ANOTHER_WANTED = "another_wanted"
MINOR_UNCLEARED = "minor_uncleared"
CALLS = (LEAD_WANTED, ON_CALL_WANTED, RELIEF_WANTED, ANOTHER_WANTED, MINOR_UNCLEARED)
"""The alerts that call a lead to a live conversation."""


def needs_lead(draft: Draft) -> bool:
    """Whether a peer is alone with what peers do not hold alone, or with a young person whom they are not cleared for,
    or asked to be relieved."""
    known = draft.conversation
    if known.phase is not Phase.LIVE:
        return False
    return known.relief_asked or (not known.leads and (known.tier >= Tier.IMMINENT or holds_uncleared(draft)))


def holds_uncleared(draft: Draft) -> bool:
    """Whether somebody under 18 talks with a supporter who is not cleared for them, as far as the roster was read."""
    known = draft.conversation
    if Modifier.MINOR not in known.modifiers:
        return False
    return not any(each.minors or each.is_lead for each in draft.scene.staff if each.id == known.supporter)


def call_lead(draft: Draft) -> None:
    """Call leads at once unless one is there or is being called already."""
    if needs_lead(draft) and Deadline.LEAD not in draft.conversation.deadlines:
        draft.due(Deadline.LEAD, 0)


def lead_due(draft: Draft, _event: object = None) -> None:
    """One call: first the leads who are here, then every lead on the roster, until one acknowledges or joins."""
    draft.not_due(Deadline.LEAD)
    known = draft.conversation
    if not needs_lead(draft):
        return
    first = known.lead_calls == 0
    kind = _kind(draft, first)
    draft.alert(kind, urgent=True, name=known.supporter_name)
    if first and kind == MINOR_UNCLEARED:
        draft.jot(draft.desk_text("margin_minor_uncleared"))
    for each in draft.scene.staff:
        if each.is_lead and each.id != known.supporter and (each.is_here(draft.now) or not first):
            draft.nudge(each.id, "lead_wanted")
    draft.set(lead_calls=known.lead_calls + 1)
    draft.due(Deadline.LEAD, draft.policy.lead_call_seconds)
    draft.audit("screen", "lead_called", call=known.lead_calls + 1)


def heeded(draft: Draft, event: AlertHeeded) -> None:
    """A lead looks after it: no further calls while they get there; should they not, the calls go on."""
    if event.kind in CALLS and Deadline.LEAD in draft.conversation.deadlines:
        draft.due(Deadline.LEAD, draft.policy.lead_answer_seconds)


def joined(draft: Draft, event: Joined) -> None:
    """A lead reads along, and can write in the margin; whoever holds it knows that they are not alone."""
    actor = draft.supporter(draft.scene.actor)
    if actor is None or actor.removed:
        raise Refusal("no_access")
    if not actor.is_lead:
        raise Refusal("leads_only")
    known = draft.conversation
    if actor.id in known.leads:
        return
    draft.set(leads=(*known.leads, actor.id))
    draft.jot(draft.desk_text("margin_lead_joined", name=actor.name))
    if known.supporter:
        draft.nudge(known.supporter, "lead_joined")
    if not needs_lead(draft):
        draft.not_due(Deadline.LEAD)
    draft.effects.append(Cleared(known.id))
    draft.audit(actor.id, "joined")


def ask_for_relief(draft: Draft, actor: Supporter) -> None:
    """A crisis is not put down: its supporter stays until somebody else has it, and leads are called at once."""
    if not draft.conversation.relief_asked:
        draft.set(relief_asked=True, lead_calls=0)
        draft.due(Deadline.LEAD, 0)
        draft.jot(draft.desk_text("margin_relief_asked", name=actor.name))
        draft.audit(actor.id, "relief_asked")
    draft.nudge(actor.id, "relief_asked")


def bounced(draft: Draft) -> None:
    """A crisis came back, or went from peer to peer; after `policy.crisis_bounces` times a lead gets it."""
    known = draft.conversation
    if not known.in_crisis_lane:
        return
    draft.set(bounces=known.bounces + 1)
    if draft.conversation.bounces == draft.policy.crisis_bounces:
        draft.set(climb=min(max(known.climb, 1), ON_CALL))
        draft.alert("bounced", urgent=True)
        draft.audit("queue", "bounced", times=draft.conversation.bounces)


def _kind(draft: Draft, first: bool) -> str:
    known = draft.conversation
    if known.relief_asked:
        return ANOTHER_WANTED if known.supporter in known.refused else RELIEF_WANTED
    if draft.conversation.tier < Tier.IMMINENT:
        return MINOR_UNCLEARED
    return LEAD_WANTED if first else ON_CALL_WANTED
