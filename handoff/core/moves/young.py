"""Young people: a lead joins who is not cleared for them, and what concerns a child is put on record for safeguarding.

The record holds no words: when, how urgent, what it was about, who held it. What was done is in the audit beside it.
"""

from __future__ import annotations

from handoff.core.draft import Draft
from handoff.core.moves.leading import call_lead
from handoff.core.risk import Modifier

CHILD_DOMAINS = frozenset({"child_abuse", "neglect"})
"""Domains that concern a child whoever writes."""
_WHY = {Modifier.MINOR: "under_18", Modifier.MINOR_OTHER: "worried_about_a_child"}


def noted(draft: Draft) -> None:
    """After risk was noted or raised: a record from T3 on, again when the tier rises; a lead where one is needed."""
    call_lead(draft)
    known = draft.conversation
    why = _why(draft)
    if not why or not known.in_crisis_lane or known.tier <= known.safeguarded:
        return
    draft.set(safeguarded=known.tier)
    draft.record(
        "safeguarding", conversation=known.id, why=why, tier=int(known.tier), domain=next(iter(known.domains), ""),
        held_by=known.supporter or known.assigned_to,
    )  # fmt: skip


def _why(draft: Draft) -> str:
    known = draft.conversation
    said = [why for modifier, why in _WHY.items() if modifier in known.modifiers]
    return next(iter(said), "child_domain" if CHILD_DOMAINS & set(known.domains) else "")
