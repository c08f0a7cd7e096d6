"""The seeker's own end: they want to stop, can't be reached any more, or say how it was."""

from __future__ import annotations

from handoff.core.conversation import Deadline, Owner, Phase
from handoff.core.draft import Draft, Refusal
from handoff.core.events import FeedbackGiven, SeekerGone
from handoff.core.moves import safety
from handoff.core.moves.closing import close, record_end
from handoff.core.moves.crisis import all_clear
from handoff.core.moves.queueing import free_holder
from handoff.core.moves.reviewing import consent_given


def stop(draft: Draft, _event: object = None) -> None:
    """The seeker wants to stop. In the crisis lane the place is kept: coming back must cost nothing.

    Stopping is no answer to the direct question about safety, and no answer counts as a yes. In a crisis talk the
    supporter is told, and goes on being there.
    """
    if not draft.conversation.is_open:
        draft.notice("stopped_already", "urgent")
        return
    if Deadline.SAFETY_ANSWER in draft.conversation.deadlines:
        safety.confirmed(draft, "reason_safety_silence")
    if not draft.conversation.in_crisis_lane:
        close(draft, "seeker_left", by="seeker")
        return
    live = draft.conversation.phase is Phase.LIVE
    if live:
        draft.jot(draft.desk_text("margin_wants_to_stop"))
    draft.notice("stop_in_crisis_live" if live else "stop_in_crisis", "urgent", name=draft.conversation.supporter_name)


def gone(draft: Draft, event: SeekerGone) -> None:
    """They blocked us, or their account is gone: nobody waits for them in vain, and in a crisis leads know."""
    known = draft.conversation
    if not known.is_open or known.seeker != event.seeker:
        return
    if known.supporter:
        draft.jot(draft.desk_text(f"margin_gone_{event.why}"))
        draft.nudge(known.supporter, "seeker_gone")
    free_holder(draft, draft.scene.holder)
    all_clear(draft)
    draft.owned_by(
        Owner.NOBODY, Phase.CLOSED, outcome="seeker_left", deadlines={}, unanswered_since=None, assigned_to=None
    )
    if known.in_crisis_lane:
        draft.alert("seeker_gone", urgent=True)
    record_end(draft)


def feedback(draft: Draft, event: FeedbackGiven) -> None:
    """Kept without the supporter ever seeing whose it is. Closes what was closing."""
    ended = draft.conversation.changed_at
    if draft.now - ended > draft.policy.feedback_seconds:
        raise Refusal("gone")
    draft.record(
        "feedback", conversation=draft.conversation.id, rating=event.rating, mood_before=event.mood_before,
        mood_after=event.mood_after, words=event.words,
    )  # fmt: skip
    consent_given(draft, event)
    if not draft.scene.superseded:
        draft.notice("feedback_thanks")
    if draft.conversation.phase is Phase.CLOSING:
        draft.not_due(Deadline.CLOSE)
        draft.set(phase=Phase.CLOSED, owner=Owner.NOBODY)
