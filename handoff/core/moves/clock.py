"""Clock moves: what falls due. Each checks the state itself, so a late, early or repeated one does no harm."""

from __future__ import annotations

from collections.abc import Callable

from handoff.core.conversation import Deadline, FollowUp
from handoff.core.draft import Draft
from handoff.core.events import Due
from handoff.core.moves import calling, crisis, following, safety
from handoff.core.moves.closing import close, end, quiet_intake
from handoff.core.moves.leading import lead_due
from handoff.core.moves.queueing import requeue, wait_long
from handoff.core.plan import NO_PLAN


def due_before_live(draft: Draft, event: Due) -> None:
    """Deadlines of intake and waiting."""
    _run(draft, event, _BEFORE_LIVE)


def due_while_live(draft: Draft, event: Due) -> None:
    """Deadlines of a live conversation."""
    _run(draft, event, _WHILE_LIVE)


def due_after_live(draft: Draft, event: Due) -> None:
    """Deadlines of a conversation that is ending."""
    if event.kind is Deadline.MOVED_ON:
        emptied(draft)
    _run(draft, event, _AFTER_LIVE)


def no_first_word(draft: Draft, _event: Due) -> None:
    """Accepted, but never a word: back to the queue, the original place, not to this supporter."""
    draft.not_due(Deadline.FIRST_WORD)
    if draft.conversation.first_word_at is None:
        if draft.conversation.supporter:
            draft.nudge(draft.conversation.supporter, "lapsed")
        requeue(draft, draft.scene.holder, "requeued_no_word", "no_first_word")


def nudge(draft: Draft, _event: Due) -> None:
    """The seeker waits for an answer: the supporter's desk draws their eye."""
    draft.not_due(Deadline.NUDGE)
    if draft.conversation.unanswered_since is not None and draft.conversation.supporter:
        draft.nudge(draft.conversation.supporter, "unanswered")


def silent(draft: Draft, _event: Due) -> None:
    """No answer for too long: the seeker is told and goes back with the transcript; a lead knows."""
    draft.not_due(Deadline.SILENT)
    if draft.conversation.unanswered_since is not None:
        draft.alert("supporter_silent", name=draft.conversation.supporter_name)
        requeue(draft, draft.scene.holder, "requeued_silent", "supporter_silent")


def holder(draft: Draft, _event: Due) -> None:
    """Is the supporter still there? A lapsed presence gets a grace; a removed supporter none."""
    held_by = draft.scene.holder
    gone_after = draft.policy.supporter_gone_seconds
    if held_by is not None and not held_by.removed and held_by.present_until + gone_after > draft.now:
        draft.due(Deadline.HOLDER, held_by.present_until + gone_after - draft.now)
        return
    draft.alert("supporter_silent", name=draft.conversation.supporter_name)
    requeue(draft, held_by, "requeued_gone", "supporter_gone")


def check_in(draft: Draft, _event: Due) -> None:
    """A quiet seeker: one check-in, later a kind close; in the crisis lane a lead instead."""
    draft.not_due(Deadline.CHECK_IN)
    if draft.conversation.checked_in:
        return
    draft.set(checked_in=True)
    draft.notice("check_in", "urgent", name=draft.conversation.supporter_name)
    if draft.conversation.in_crisis_lane:
        draft.alert("quiet_in_crisis", urgent=True)
    else:
        draft.due(Deadline.QUIET_CLOSE, draft.policy.seeker_close_seconds)


def quiet_close(draft: Draft, _event: Due) -> None:
    """Still quiet: a kind close. Never in the crisis lane."""
    draft.not_due(Deadline.QUIET_CLOSE)
    if not draft.conversation.in_crisis_lane:
        close(draft, "seeker_left", by="silence")


def emptied(draft: Draft) -> None:
    """Their plan and their wish for a follow-up went into a later conversation: no second copy stays behind."""
    draft.not_due(Deadline.FOLLOW_UP)
    draft.set(plan=NO_PLAN, follow_up=FollowUp())


def safety_unanswered(draft: Draft, _event: Due) -> None:
    """Silence after the direct question counts as a yes."""
    safety.confirmed(draft, "reason_safety_silence")


def _run(draft: Draft, event: Due, served: dict[Deadline, _Move]) -> None:
    at = draft.conversation.deadlines.get(event.kind)
    poked = event.kind is Deadline.HOLDER
    if at is None or (at > draft.now and not poked):
        return
    served.get(event.kind, _drop)(draft, event)


def _drop(draft: Draft, event: Due) -> None:
    """This kind means nothing in this phase."""
    draft.not_due(event.kind)


_Move = Callable[[Draft, Due], None]
_BEFORE_LIVE: dict[Deadline, _Move] = {
    Deadline.ASSIGN: crisis.assign,
    Deadline.CLIMB: crisis.climb,
    Deadline.WAIT_LONG: wait_long,
    Deadline.SAFETY_ANSWER: safety_unanswered,
    Deadline.CARD_CONFIRM: crisis.card_unconfirmed,
    Deadline.INTAKE_CLOSE: quiet_intake,
    Deadline.CALLING: calling.ask_when_due,
    Deadline.FOLLOW_UP: following.send,
}
_WHILE_LIVE: dict[Deadline, _Move] = {
    Deadline.FIRST_WORD: no_first_word,
    Deadline.NUDGE: nudge,
    Deadline.SILENT: silent,
    Deadline.HOLDER: holder,
    Deadline.CHECK_IN: check_in,
    Deadline.QUIET_CLOSE: quiet_close,
    Deadline.LEAD: lead_due,
    Deadline.SAFETY_ANSWER: safety_unanswered,
    Deadline.CARD_CONFIRM: crisis.card_unconfirmed,
    Deadline.FOLLOW_UP: following.send,
}
_AFTER_LIVE: dict[Deadline, _Move] = {
    Deadline.CLOSE: end,
    Deadline.CARD_CONFIRM: crisis.card_unconfirmed,
    Deadline.FOLLOW_UP: following.send,
}
