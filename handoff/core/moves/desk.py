"""Desk moves: what a supporter or lead does about one conversation."""

from __future__ import annotations

from handoff.core.conversation import Conversation, Deadline, Owner, Phase
from handoff.core.draft import Draft, Refusal
from handoff.core.effects import Waited
from handoff.core.entries import EntryKind, Speaker
from handoff.core.events import (
    Claimed,
    Declined,
    DeskEvent,
    Escalated,
    LookedIn,
    NoteWritten,
    PauseTaken,
    Released,
    ResourceSent,
    SupporterClosed,
    SupporterWrote,
    TakenOver,
    Transferred,
)
from handoff.core.matching import bars_a_peer, eligible, may_receive
from handoff.core.moves import files, planning, safety
from handoff.core.moves.closing import close
from handoff.core.moves.crisis import all_clear
from handoff.core.moves.leading import ask_for_relief, bounced, call_lead
from handoff.core.moves.queueing import free_holder, must_be_waiting, requeue
from handoff.core.outcomes import OUTCOMES
from handoff.core.queue import place
from handoff.core.risk import Tier
from handoff.core.supporter import Supporter


def claimed(draft: Draft, event: Claimed) -> None:
    """Accept: the first one wins."""
    must_be_waiting(draft)
    actor = acting(draft)
    spot = place(draft.conversation, draft.policy)
    if spot is None:
        raise Refusal("gone")
    verdict = eligible(spot, actor, draft.now, draft.policy)
    if not verdict.ok:
        raise Refusal(f"not_eligible_{verdict.why}")
    take(draft, actor, "supporter_joined", event.desk)


def take(draft: Draft, actor: Supporter, told: str, desk: str) -> None:
    """Give the conversation to `actor`: new epoch, lease for the first word, presence watched."""
    known = draft.conversation
    since = known.waiting_since or draft.now
    draft.change(actor, holding=(*(draft.supporter(actor) or actor).holding, known.id))
    draft.owned_by(
        Owner.SUPPORTER, Phase.LIVE, supporter=actor.id, supporter_name=actor.name, desk=desk, claimed_at=draft.now,
        paused_until=0.0, first_word_at=None, unanswered_since=None, waiting_since=since, assigned_to=None,
        checked_in=False, relief_asked=False, leads=(actor.id,) if actor.is_lead else (), lead_calls=0,
        offered_last=actor.id, held_by=_holders(known, actor.id), talked_last=actor.id,
    )  # fmt: skip
    draft.not_due(Deadline.ASSIGN, Deadline.CLIMB, Deadline.WAIT_LONG, Deadline.INTAKE_CLOSE, Deadline.CHECK_IN)
    draft.not_due(Deadline.CALLING)
    draft.not_due(Deadline.NUDGE, Deadline.SILENT, Deadline.QUIET_CLOSE, Deadline.LEAD)
    draft.due(Deadline.FIRST_WORD, draft.policy.first_word_seconds)
    call_lead(draft)
    draft.due(Deadline.HOLDER, draft.policy.presence_seconds + draft.policy.supporter_gone_seconds)
    draft.notice(told, name=actor.name)
    planning.let_go(draft)
    draft.audit(actor.id, "accepted")


def _holders(known: Conversation, new: str) -> tuple[str, ...]:
    before = (known.supporter,) if known.supporter else ()
    return tuple(dict.fromkeys((*known.held_by, *before, new)))


def accepted(draft: Draft, event: Claimed) -> None:
    """The same as `claimed`, and the wait counts for the estimate and ends the alerts; T5 and T6 stay with leads."""
    waited = draft.now - (draft.conversation.waiting_since or draft.now)
    claimed(draft, event)
    if draft.conversation.tier < Tier.IMMINENT:
        all_clear(draft)
    draft.effects.append(Waited(waited))


def declined(draft: Draft, event: Declined) -> None:
    """Not for me: not offered to them again before the wait is long; an assigned crisis goes to the next at once."""
    must_be_waiting(draft)
    actor = acting(draft)
    draft.set(excluded=tuple(dict.fromkeys((*draft.conversation.excluded, actor.id))))
    if event.why:
        draft.jot(event.why, kind=EntryKind.NOTE, name=actor.name)  # the audit is kept in clear, and takes no words
    draft.audit(actor.id, "declined", with_reason=bool(event.why))
    if draft.conversation.assigned_to == actor.id:
        draft.set(assigned_to=None)
        draft.not_due(Deadline.CLIMB)
        draft.due(Deadline.ASSIGN, 0)
        bounced(draft)


def supporter_wrote(draft: Draft, event: SupporterWrote) -> None:
    """Words for the seeker: the first ones end the lease, every one ends the silence clock."""
    actor = holding(draft)
    answered(draft, event)
    files.say(draft, Speaker.SUPPORTER, event.text, event.attachment, name=actor.name, refers=event.refers)


def answered(draft: Draft, event: DeskEvent) -> None:
    """The supporter spoke; now the seeker's quiet is what is watched."""
    draft.set(desk=event.desk, paused_until=0.0)
    draft.not_due(Deadline.FIRST_WORD, Deadline.NUDGE, Deadline.SILENT, Deadline.QUIET_CLOSE)
    draft.set(first_word_at=draft.conversation.first_word_at or draft.now, unanswered_since=None, checked_in=False)
    draft.due(Deadline.CHECK_IN, draft.policy.seeker_checkin_seconds)


def resource_sent(draft: Draft, event: ResourceSent) -> None:
    """A resource for the seeker, from the line's own library."""
    actor = holding(draft)
    if event.body is None:
        raise Refusal("no_such_resource")
    answered(draft, event)
    draft.say(Speaker.SUPPORTER, event.title, kind=EntryKind.RESOURCE, name=actor.name, body=event.body)


def note_written(draft: Draft, event: NoteWritten) -> None:
    """A private note; relaying is another event altogether, so that no note can reach the seeker."""
    actor = holding(draft, or_lead=True)
    draft.jot(event.text, kind=EntryKind.NOTE, name=actor.name)
    draft.audit(actor.id, "noted")


def pause_taken(draft: Draft, event: PauseTaken) -> None:
    """A few minutes to breathe: the seeker knows, and every clock of the supporter's silence waits as long."""
    actor = holding(draft)
    seconds = draft.policy.pause_seconds
    running = draft.conversation.deadlines
    for kind in (Deadline.FIRST_WORD, Deadline.NUDGE, Deadline.SILENT):
        if kind in running:
            draft.due(kind, max(0.0, running[kind] - draft.now) + seconds)
    draft.set(paused_until=draft.now + seconds, desk=event.desk)
    draft.notice("supporter_pauses", "urgent", name=actor.name, minutes=round(seconds / 60))
    draft.audit(actor.id, "paused")


def released(draft: Draft, event: Released) -> None:
    """Back to the queue at the original place; a crisis stays with its supporter until somebody else has it."""
    actor = holding(draft)
    if draft.conversation.in_crisis_lane:
        ask_for_relief(draft, actor)
    else:
        requeue(draft, actor, "requeued_released", "released")


def transferred(draft: Draft, event: Transferred) -> None:
    """One state change: refused to someone offline, full, untrained or who must not meet this seeker.

    Peers pass a crisis to nobody who had it before, and after it changed hands too often to leads alone.
    """
    actor = holding(draft, or_lead=True)
    target = draft.scene.other
    if target is None or target.removed or target.id == draft.conversation.supporter:
        raise Refusal("transfer_unknown")
    verdict = may_receive(draft.conversation, target, draft.now, draft.policy)
    if not verdict and not actor.is_lead:
        verdict = bars_a_peer(draft.conversation, target, draft.policy)
    if verdict:
        raise Refusal(f"transfer_{verdict}", name=target.name)
    free_holder(draft, draft.scene.holder)
    if not actor.is_lead and not target.is_lead:
        bounced(draft)
    take(draft, target, "supporter_changed", _desk_of(target, draft.now))
    draft.nudge(target.id, "transferred")
    draft.audit(actor.id, "transferred", to=target.id)


def taken_over(draft: Draft, event: TakenOver) -> None:
    """A lead takes the conversation, from the queue or from whoever holds it; what leads were alerted to is theirs."""
    actor = acting(draft)
    if not actor.is_lead:
        raise Refusal("leads_only")
    if draft.conversation.supporter == actor.id:
        raise Refusal("already_yours")
    if actor.id in draft.conversation.refused:
        raise Refusal("not_eligible_knows")
    before = draft.conversation.supporter
    free_holder(draft, draft.scene.holder)
    take(draft, actor, "supporter_changed" if before else "supporter_joined", event.desk)
    if before:
        draft.nudge(before, "taken")
    all_clear(draft)
    draft.audit(actor.id, "taken_over", past=before)


def escalated(draft: Draft, event: Escalated) -> None:
    """A lead is asked to look; the supporter keeps the conversation."""
    actor = holding(draft)
    draft.set(escalated=True)
    draft.jot(draft.desk_text("margin_escalated", name=actor.name) + (f"\n{event.why}" if event.why else ""))
    draft.alert("escalated", urgent=True, name=actor.name)
    draft.audit(actor.id, "escalated")


def looked_in(draft: Draft, event: LookedIn) -> None:
    """A lead read a conversation they do not hold: recorded."""
    actor = acting(draft)
    if not actor.is_lead:
        raise Refusal("leads_only")
    draft.audit(actor.id, "looked_in")


def supporter_closed(draft: Draft, event: SupporterClosed) -> None:
    """The wrap-up. Not while the question about suicide is open: no answer counts as a yes, and a close is none."""
    actor = holding(draft, or_lead=True)
    if event.outcome not in OUTCOMES:
        raise Refusal("bad_outcome", outcomes=", ".join(OUTCOMES))
    if safety.is_open(draft):
        raise Refusal("close_while_asked", minutes=safety.minutes_open(draft))
    draft.audit(actor.id, "closed", outcome=event.outcome)
    close(draft, event.outcome, by="supporter")


def acting(draft: Draft) -> Supporter:
    """The supporter who did it, as long as they still have access."""
    actor = draft.supporter(draft.scene.actor)
    if actor is None or actor.removed:
        raise Refusal("no_access")
    return actor


def holding(draft: Draft, *, or_lead: bool = False) -> Supporter:
    """The supporter who did it, who must hold the conversation (or be a lead where that is enough)."""
    actor = acting(draft)
    known = draft.conversation
    if (known.phase is Phase.LIVE and known.supporter == actor.id) or (or_lead and actor.is_lead):
        return actor
    raise Refusal("taken", name=known.supporter_name) if known.phase is Phase.LIVE else Refusal("gone")


def refused_gone(draft: Draft, event: DeskEvent) -> None:
    """What is over can't be claimed, written to, transferred or closed."""
    raise Refusal("gone")


def refused_not_held(draft: Draft, event: DeskEvent) -> None:
    """Nobody holds it yet: accept it first."""
    raise Refusal("accept_first")


def refused_taken(draft: Draft, event: DeskEvent) -> None:
    """A late click is told who has it."""
    acting(draft)
    mine = draft.conversation.supporter == event.supporter
    raise Refusal("already_yours") if mine else Refusal("taken", name=draft.conversation.supporter_name)


def _desk_of(supporter: Supporter, now: float) -> str:
    """Where somebody who did not come by themselves will see it first."""
    return "slack" if supporter.slack and supporter.console_until <= now else "console"


def is_held_by(conversation: Conversation, supporter: str) -> bool:
    """Whether this supporter holds it now."""
    return conversation.phase is Phase.LIVE and conversation.supporter == supporter
