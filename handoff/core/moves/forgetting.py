"""Forgetting: the seeker asked, so everything about them goes, whatever the phase."""

from __future__ import annotations

from handoff.core.conversation import FollowUp, Intake, Owner, Phase
from handoff.core.draft import Draft
from handoff.core.effects import Forget
from handoff.core.moves.crisis import all_clear
from handoff.core.moves.queueing import free_holder
from handoff.core.plan import NO_PLAN

COMMAND, PAYLOAD = "/erase", "warmline:forget"
"""What is typed in any channel to be forgotten, and the quick reply that it stands for."""


def ask_to_forget(draft: Draft, _event: object = None) -> None:
    """Say what deletion means, and ask once more."""
    if draft.conversation.is_blocked(draft.now):
        draft.notice("forget_blocked")
    draft.notice("forget_sure", "forget_confirmed", "urgent")


def forget(draft: Draft, _event: object = None) -> None:
    """Close, empty the record, and send the erasure on its way to every store."""
    known = draft.conversation
    if known.supporter:
        draft.jot(draft.desk_text("margin_erased"))
        draft.nudge(known.supporter, "erased")
    free_holder(draft, draft.scene.holder)
    all_clear(draft)
    draft.owned_by(
        Owner.NOBODY, Phase.CLOSED, recent=(), intake=Intake(), reasons=(), deadlines={}, outcome=known.outcome,
        supporter=None, supporter_name="", assigned_to=None, consent=None, plan=NO_PLAN, follow_up=FollowUp(),
    )  # fmt: skip
    draft.notice("forgotten", "urgent")
    draft.effects.append(Forget(pseudonym=known.pseudonym, conversation=known.id))
