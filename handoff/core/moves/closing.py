"""Closing moves: a kind end, an invitation to feedback, and the records."""

from __future__ import annotations

from typing import Any

from handoff.core.conversation import Conversation, Deadline, Owner, Phase
from handoff.core.draft import Draft
from handoff.core.entries import EntryKind, Speaker
from handoff.core.moves import following, planning
from handoff.core.moves.crisis import all_clear
from handoff.core.moves.queueing import free_holder

_TOLD = {
    "supporter": "closed_by_supporter", "seeker": "closed_by_seeker", "silence": "closed_by_silence",
    "report": "ended_by_supporter",
}  # fmt: skip


def close(draft: Draft, outcome: str, *, by: str) -> None:
    """End the conversation for `by` (supporter, seeker, silence or report); writing again begins a new one."""
    known = draft.conversation
    free_holder(draft, draft.scene.holder)
    all_clear(draft)
    planning.let_go(draft)
    draft.owned_by(
        Owner.NOBODY, Phase.CLOSING, outcome=outcome, deadlines=following.kept(known), unanswered_since=None,
        assigned_to=None,
    )  # fmt: skip
    draft.due(Deadline.CLOSE, draft.policy.feedback_seconds)
    draft.notice(_TOLD[by], "urgent", name=known.supporter_name)
    draft.say(Speaker.SYSTEM, draft.text("feedback_invite"), kind=EntryKind.FEEDBACK, body={"conversation": known.id})
    if known.in_crisis_lane:
        following.offer(draft)
    record_end(draft)


def record_end(draft: Draft) -> None:
    """The conversation and its transcript go into the records."""
    known = draft.conversation
    draft.record("conversation", **summary(known, closed_at=draft.now))
    draft.record(
        "transcript", conversation=known.id, pseudonym=known.pseudonym, first_seq=known.first_seq, last_seq=known.seq
    )


def end(draft: Draft, _event: object = None) -> None:
    """Nobody gave feedback in time: closed for good."""
    draft.not_due(Deadline.CLOSE)
    draft.set(phase=Phase.CLOSED)


def quiet_intake(draft: Draft, _event: object = None) -> None:
    """An intake nobody came back to ends without a word."""
    draft.not_due(Deadline.INTAKE_CLOSE)
    if draft.conversation.phase is not Phase.INTAKE:
        return
    draft.owned_by(Owner.NOBODY, Phase.CLOSED, outcome="seeker_left", deadlines=following.kept(draft.conversation))
    draft.record("conversation", **summary(draft.conversation, closed_at=draft.now))


def summary(conversation: Conversation, *, closed_at: float | None) -> dict[str, Any]:
    """The conversation as the records keep it: no words, no name, no address."""
    return {
        "id": conversation.id, "pseudonym": conversation.pseudonym, "channel": conversation.seeker.channel,
        "language": conversation.language, "country": conversation.country, "opened_at": conversation.opened_at,
        "waiting_since": conversation.waiting_since, "claimed_at": conversation.claimed_at,
        "first_word_at": conversation.first_word_at, "closed_at": closed_at, "supporter": conversation.supporter,
        "tier": int(conversation.tier), "domains": list(conversation.domains), "outcome": conversation.outcome,
        "topics": list(conversation.intake.topics), "heaviness": conversation.intake.heaviness,
    }  # fmt: skip
