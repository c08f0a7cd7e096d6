"""Risk by people: any supporter may raise a tier, leads alone may lower it, both with a reason."""

from __future__ import annotations

from dataclasses import replace

from handoff.core.conversation import Deadline, Phase, Reason
from handoff.core.draft import Draft, Refusal
from handoff.core.events import RiskLowered, RiskRaised
from handoff.core.moves import barring, crisis
from handoff.core.moves.desk import acting, holding
from handoff.core.risk import CRISIS, NO_RISK, Modifier


def risk_raised(draft: Draft, event: RiskRaised) -> None:
    """A human saw more than the screen: the card goes out from T3 on, as if the screen had seen it."""
    actor = holding(draft, or_lead=True)
    known = draft.conversation
    if event.tier <= known.tier:
        raise Refusal("not_higher")
    reason = Reason(event.tier, "", draft.desk_text("reason_raised", name=actor.name), draft.now, 0)
    draft.set(tier=event.tier, reasons=(*known.reasons, reason)[-crisis.KEPT_REASONS :])
    draft.jot(draft.desk_text("margin_raised", name=actor.name) + f"\n{event.why}")
    draft.audit(actor.id, "risk_raised", tier=int(event.tier), before=int(known.tier))
    if event.tier >= CRISIS:
        seen = replace(NO_RISK, tier=event.tier, domains=known.domains)
        act = crisis.crisis_while_live if known.phase is Phase.LIVE else crisis.crisis_before_live
        act(draft, seen, rose=True)


def risk_lowered(draft: Draft, event: RiskLowered) -> None:
    """Only a lead, only with a reason, and only on record. Service stays as good as it was."""
    actor = acting(draft)
    known = draft.conversation
    if not actor.is_lead:
        raise Refusal("leads_only")
    if event.tier >= known.tier:
        raise Refusal("not_lower")
    if not event.why.strip():
        raise Refusal("reason_needed")
    left = tuple(each for each in known.modifiers if each != Modifier.INGESTED)
    draft.set(tier=event.tier, modifiers=left, assigned_to=known.assigned_to if event.tier >= CRISIS else None)
    if event.tier < CRISIS:
        draft.not_due(Deadline.ASSIGN, Deadline.CLIMB)
    draft.jot(draft.desk_text("margin_lowered", name=actor.name) + f"\n{event.why}")
    draft.audit(actor.id, "risk_lowered", tier=int(event.tier), before=int(known.tier))
    if event.tier < CRISIS:
        barring.calm_again(draft)
