"""Blocking: a lead keeps somebody out for a time, with a reason. It ends by itself, or earlier by a lead.

Blocked people are heard all the same: every word is kept and screened, in every phase. From T3 on a block stands in
nobody's way: they get the card at once and the crisis lane, in which only leads are found for them. At T2 nobody can
ask them the question that would make it clear, so they get the card as well. Whatever else they write is answered by
one sentence that says until when, and not by the bot, and not again for `policy.blocked_repeat_seconds`. Who went away
in the middle of a crisis comes back into it, whatever their first words are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any

from handoff.core.conversation import Conversation, Owner, Phase
from handoff.core.draft import Draft, Refusal
from handoff.core.effects import Bar
from handoff.core.entries import Speaker
from handoff.core.events import (
    LanguageChosen,
    SeekerBlocked,
    SeekerEdited,
    SeekerEvent,
    SeekerTapped,
    SeekerUnblocked,
    SeekerWrote,
)
from handoff.core.line import moment
from handoff.core.moves import changing, crisis, following, planning, safety, seeker
from handoff.core.moves.closing import record_end
from handoff.core.moves.desk import acting
from handoff.core.moves.queueing import free_holder
from handoff.core.outcomes import BLOCK_SECONDS, BLOCKED, REPORT_REASONS
from handoff.core.risk import Assessment, Modifier, Tier

_Move = Callable[[Draft, Any], None]
_TELLS_DANGER = ("warmline:safety_yes", "warmline:safety_unsure")
"""Answers to the direct question that count as danger, however late they are tapped."""


def unless_blocked(usual: _Move, instead: _Move) -> _Move:
    """The move of a cell in which a block counts. Who went away in the middle of a crisis comes back into it."""

    def move(draft: Draft, event: Any) -> None:
        known = draft.conversation
        if not known.is_blocked(draft.now):
            usual(draft, event)
        elif _left_in_crisis(known):
            usual(draft, event)
            if draft.conversation.is_open:
                _in_danger(draft)
        else:
            instead(draft, event)

    return move


def blocked(draft: Draft, event: SeekerBlocked) -> None:
    """A lead blocks them: what is going on ends. Never in a crisis, nor while the question about suicide is open."""
    actor = acting(draft)
    known = draft.conversation
    if not actor.is_lead:
        raise Refusal("leads_only")
    if event.reason not in REPORT_REASONS:
        raise Refusal("bad_reason", reasons=", ".join(REPORT_REASONS))
    if event.seconds not in BLOCK_SECONDS:
        raise Refusal("bad_block_time")
    if known.is_open and (known.in_crisis_lane or safety.is_open(draft)):
        raise Refusal("block_in_crisis", minutes=safety.minutes_open(draft))
    if _left_in_crisis(known):
        raise Refusal("block_left_in_crisis")
    _note_block(draft, event, actor.id)
    if known.is_open:
        _end(draft)
        _tell(draft)


def unblocked(draft: Draft, event: SeekerUnblocked) -> None:
    """A lead lifts it; they are not written to, and can write again."""
    actor = acting(draft)
    known = draft.conversation
    if not actor.is_lead:
        raise Refusal("leads_only")
    if not known.is_blocked(draft.now):
        raise Refusal("not_blocked")
    draft.set(blocked_until=0.0, blocked_told_at=None)
    draft.effects.append(Bar(pseudonym=known.pseudonym, conversation=known.id, until=0.0))
    draft.record("unblock", pseudonym=known.pseudonym, by=actor.id)
    draft.audit(actor.id, "unblocked")


def calm_again(draft: Draft) -> None:
    """A lead took a blocked person out of the crisis lane while they waited: the block is what is left."""
    if draft.conversation.is_blocked(draft.now) and draft.conversation.phase is Phase.WAITING:
        _end(draft)
        _tell(draft)


def met(draft: Draft, event: SeekerEvent) -> None:
    """Somebody opens the chat again whose words are erased, and whose block is not over."""
    if isinstance(event, LanguageChosen):
        changing.choose(draft, event)
    _begin_ended(draft)
    _tell(draft)


def met_in_words(draft: Draft, event: SeekerWrote) -> None:
    """Likewise, with words."""
    if event.assessment and event.assessment.crisis:
        _begin(draft)
        seeker.wrote_to_bot(draft, event)
        _in_danger(draft)
    else:
        _begin_ended(draft)
        wrote(draft, event)


def met_by_tap(draft: Draft, event: SeekerTapped) -> None:
    """Likewise, with a quick reply."""
    if event.payload in _TELLS_DANGER:
        _begin(draft)
        seeker.tapped(draft, event)
        _in_danger(draft)
        return
    _begin_ended(draft)
    _answer_tap(draft, event)


def met_by_edit(draft: Draft, event: SeekerEdited) -> None:
    """Likewise: only danger in changed words is taken up."""
    if event.assessment and event.assessment.crisis:
        met_in_words(draft, changing.as_written(event))


def wrote(draft: Draft, event: SeekerWrote) -> None:
    """Words while blocked."""
    if event.assessment and event.assessment.crisis:
        seeker.wrote_after_close(draft, event)
        _in_danger(draft)
        return
    assessment, rose = seeker.hear(draft, event)
    if _is_unclear(assessment):
        crisis.give_card(draft, assessment, rose=rose)
    _tell_now_and_then(draft)


def edited(draft: Draft, event: SeekerEdited) -> None:
    """Changed words while blocked: only danger in them is taken up."""
    if event.assessment and event.assessment.crisis:
        wrote(draft, changing.as_written(event))


def tapped(draft: Draft, event: SeekerTapped) -> None:
    """A quick reply while blocked: urgent help, deletion and what is theirs work as ever."""
    if event.payload in _TELLS_DANGER:
        seeker.begin_again(draft)
        seeker.tapped(draft, event)
        _in_danger(draft)
    else:
        _answer_tap(draft, event)


def _answer_tap(draft: Draft, event: SeekerTapped) -> None:
    if seeker.works_after_the_end(event):
        seeker.tapped(draft, event)
        return
    draft.say(Speaker.SEEKER, event.label, refers=event.refers)
    seeker.learn(draft, event)
    _tell_now_and_then(draft)


def _left_in_crisis(known: Conversation) -> bool:
    return not known.is_open and known.in_crisis_lane and known.outcome == "seeker_left"


def _is_unclear(assessment: Assessment) -> bool:
    return assessment.tier is Tier.CONCERN or Modifier.LANGUAGE_UNKNOWN in assessment.modifiers


def _in_danger(draft: Draft) -> None:
    draft.jot(draft.desk_text("margin_blocked_in_danger"))
    draft.audit("screen", "blocked_in_danger", tier=int(draft.conversation.tier))


def _note_block(draft: Draft, event: SeekerBlocked, by: str) -> None:
    known, until = draft.conversation, draft.now + event.seconds
    draft.set(blocked_until=until, blocked_told_at=None)
    draft.effects.append(Bar(pseudonym=known.pseudonym, conversation=known.id, until=until))
    draft.record(
        "block", conversation=known.id, pseudonym=known.pseudonym, by=by, reason=event.reason, until=until,
    )  # fmt: skip
    draft.audit(by, "blocked", reason=event.reason, seconds=event.seconds)


def _end(draft: Draft) -> None:
    known = draft.conversation
    if known.phase is Phase.LIVE and known.supporter and known.supporter != getattr(draft.event, "supporter", None):
        draft.nudge(known.supporter, "blocked")
    free_holder(draft, draft.scene.holder)
    crisis.all_clear(draft)
    planning.let_go(draft)
    draft.owned_by(
        Owner.NOBODY, Phase.CLOSED, outcome=BLOCKED, deadlines=following.kept(known), unanswered_since=None,
        assigned_to=None,
    )  # fmt: skip
    record_end(draft)


def _begin(draft: Draft) -> None:
    """A conversation for somebody whom nothing but the block is known of."""
    known = draft.conversation
    draft.set(phase=Phase.INTAKE, opened_at=draft.now)
    draft.opens = known.id
    draft.record("seeker", pseudonym=known.pseudonym, channel=known.seeker.channel)
    draft.record("block_met", pseudonym=known.pseudonym, conversation=known.id)


def _begin_ended(draft: Draft) -> None:
    _begin(draft)
    draft.owned_by(Owner.NOBODY, Phase.CLOSED, outcome=BLOCKED)


def _tell_now_and_then(draft: Draft) -> None:
    last = draft.conversation.blocked_told_at
    if last is None or draft.now - last >= draft.policy.blocked_repeat_seconds:
        _tell(draft)


def _tell(draft: Draft) -> None:
    """Until when, in the line's own time, that crisis lines are always there, and how to complain if there is a way."""
    until = moment(draft.conversation.blocked_until).astimezone(draft.line.hours.zone or UTC)
    when = {"date": f"{until:%Y-%m-%d}", "time": f"{until:%H:%M}", "zone": f"{until:%Z}"}
    draft.set(blocked_told_at=draft.now)
    if draft.line.contact:
        draft.notice("blocked_until_contact", "urgent", contact=draft.line.contact, **when)
    else:
        draft.notice("blocked_until", "urgent", **when)
