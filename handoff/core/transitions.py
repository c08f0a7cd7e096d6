"""The transition table and `decide()`.

The law of the table:
- Every phase has a cell for every event of a conversation: a move with the phases it may lead to. No cell is missing.
- A move changes the phase only to one its cell names; staying is always named. `decide()` holds every move to that.
- A move that refuses changes nothing.
- While a seeker waits or talks, every word of theirs is heard, screened and kept, in every phase.
- The owner changes together with the epoch: whatever the last owner still says is dropped. One exception: who asks for
  a person and waits keeps the bot, so its epoch goes on.
- The tier rises by the screen and by people; only a lead lowers it, with a reason. No phase changes it by itself.
- Nothing ends a conversation in the crisis lane but a person: its supporter, a lead, or the seeker who deletes it or
  shuts us out. A supporter who reports the person ends nothing there: leads are called, and they stay until somebody
  else has it. Nobody is blocked in the middle of it either, and who left in the middle of it comes back into it, block
  or not.
- While the direct question about suicide is open, no wrap-up, report or block ends a conversation: no answer counts as
  a yes, and somebody must be there for it.
- A block keeps somebody from chatting, never from help: their words are heard and screened like any, from T3 on they
  get the card and the crisis lane, where leads alone are found for them, and at T2, where nobody can ask what is meant,
  the card. It ends by itself.

`docs/architecture.md` shows this table as a diagram; `warmline diagram` draws it from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.draft import Decision, Draft, Refusal, Scene
from handoff.core.moves import (
    barring,
    bot,
    changing,
    clock,
    desk,
    ending,
    heeding,
    leading,
    queueing,
    reporting,
    reviewing,
    risk_by_people,
    seeker,
)

NEW, INTAKE, WAITING, LIVE, CLOSING, CLOSED = Phase


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the move, and every phase it may lead to."""

    move: Callable[[Draft, Any], None]
    to: frozenset[Phase]


class BrokenLaw(Exception):
    """A move led to a phase its cell does not name: a defect in this service, never in what somebody sent."""


def _cell(move: Callable[[Draft, Any], None], *to: Phase) -> Cell:
    return Cell(move, frozenset(to))


def _nothing(draft: Draft, event: e.Event) -> None:
    """This event means nothing here, and that is all right."""


_Row = dict[type[e.Event], tuple[Callable[[Draft, Any], None], tuple[Phase, ...]]]

_unless_blocked = barring.unless_blocked

_GONE: _Row = {
    e.Claimed: (desk.refused_gone, ()),
    e.Declined: (desk.refused_gone, ()),
    e.SupporterWrote: (desk.refused_gone, ()),
    e.NoteWritten: (desk.refused_gone, ()),
    e.ResourceSent: (desk.refused_gone, ()),
    e.Released: (desk.refused_gone, ()),
    e.Transferred: (desk.refused_gone, ()),
    e.TakenOver: (desk.refused_gone, ()),
    e.Escalated: (desk.refused_gone, ()),
    e.RiskRaised: (desk.refused_gone, ()),
    e.RiskLowered: (desk.refused_gone, ()),
    e.SupporterClosed: (desk.refused_gone, ()),
    e.SupporterEdited: (desk.refused_gone, ()),
    e.SupporterUnsaid: (desk.refused_gone, ()),
    e.PauseTaken: (desk.refused_gone, ()),
    e.Joined: (desk.refused_gone, ()),
    e.AlertHeeded: (_nothing, ()),
    e.MessageFlagged: (reviewing.flagged, ()),
    e.Reviewed: (reviewing.reviewed, ()),
    e.SeekerReported: (desk.refused_gone, ()),
    e.SeekerBlocked: (desk.refused_gone, ()),
    e.SeekerUnblocked: (desk.refused_gone, ()),
}
_NEW: _Row = {
    e.SeekerOpened: (_unless_blocked(seeker.opened, barring.met), (INTAKE, CLOSED)),
    e.SeekerWrote: (_unless_blocked(seeker.first_words, barring.met_in_words), (INTAKE, WAITING, CLOSED)),
    e.SeekerEdited: (_unless_blocked(changing.edited_new, barring.met_by_edit), (WAITING,)),
    e.SeekerTapped: (_unless_blocked(seeker.first_tap, barring.met_by_tap), (INTAKE, WAITING, CLOSING, CLOSED)),
    e.LanguageChosen: (_unless_blocked(changing.language_first, barring.met), (INTAKE, CLOSED)),
    e.SupporterReported: (reporting.supporter_reported, (WAITING,)),
    e.SeekerMoved: (_nothing, ()),
    e.SeekerGone: (_nothing, ()),
    e.CardConfirmed: (_nothing, ()),
    e.FeedbackGiven: (bot.too_late, ()),
    **_GONE,
    e.LookedIn: (desk.refused_gone, ()),
    e.BotReplied: (bot.no_answer_now, ()),
    e.BotSlow: (bot.no_answer_now, ()),
    e.BotFailed: (bot.no_answer_now, ()),
    e.ConsentGiven: (bot.too_late, ()),
    e.IntakeSaved: (bot.too_late, ()),
    e.HandoffAsked: (bot.too_late, ()),
    e.MessageLeft: (bot.too_late, ()),
    e.ResourceRated: (bot.too_late, ()),
    e.ForgetAsked: (bot.too_late, ()),
    e.SeekerStopped: (bot.too_late, ()),
    e.Due: (_nothing, ()),
}
_INTAKE: _Row = {
    e.SeekerOpened: (_nothing, ()),
    e.SeekerWrote: (seeker.wrote_to_bot, (WAITING,)),
    e.SeekerEdited: (changing.edited_before_live, (WAITING,)),
    e.SeekerTapped: (seeker.tapped, (WAITING, CLOSING, CLOSED)),
    e.LanguageChosen: (changing.language_chosen, ()),
    e.SeekerMoved: (changing.moved, ()),
    e.SeekerGone: (ending.gone, (CLOSED,)),
    e.CardConfirmed: (seeker.confirmed, ()),
    e.FeedbackGiven: (bot.too_late, ()),
    e.Claimed: (desk.refused_gone, ()),
    e.Declined: (desk.refused_gone, ()),
    e.SupporterWrote: (desk.refused_not_held, ()),
    e.NoteWritten: (desk.refused_not_held, ()),
    e.ResourceSent: (desk.refused_not_held, ()),
    e.Released: (desk.refused_not_held, ()),
    e.Transferred: (desk.refused_not_held, ()),
    e.TakenOver: (desk.taken_over, (LIVE,)),
    e.Escalated: (desk.refused_not_held, ()),
    e.RiskRaised: (risk_by_people.risk_raised, (WAITING,)),
    e.RiskLowered: (risk_by_people.risk_lowered, ()),
    e.SeekerReported: (reporting.seeker_reported, ()),
    e.SeekerBlocked: (barring.blocked, (CLOSED,)),
    e.SeekerUnblocked: (barring.unblocked, ()),
    e.SupporterReported: (reporting.supporter_reported, (WAITING,)),
    e.LookedIn: (desk.looked_in, ()),
    e.SupporterClosed: (desk.refused_not_held, ()),
    e.SupporterEdited: (desk.refused_not_held, ()),
    e.SupporterUnsaid: (desk.refused_not_held, ()),
    e.PauseTaken: (desk.refused_not_held, ()),
    e.Joined: (desk.refused_not_held, ()),
    e.AlertHeeded: (heeding.heeded, ()),
    e.MessageFlagged: (reviewing.flagged, ()),
    e.Reviewed: (reviewing.reviewed, ()),
    e.BotReplied: (bot.replied, ()),
    e.BotSlow: (bot.slow, ()),
    e.BotFailed: (bot.failed, (WAITING,)),
    e.ConsentGiven: (bot.consented, ()),
    e.IntakeSaved: (bot.intake_saved, ()),
    e.HandoffAsked: (queueing.handoff_asked, (WAITING,)),
    e.MessageLeft: (bot.message_left, ()),
    e.ResourceRated: (bot.resource_rated, ()),
    e.ForgetAsked: (bot.forget_asked, (CLOSED,)),
    e.SeekerStopped: (bot.stopped, (WAITING, CLOSING)),
    e.Due: (clock.due_before_live, (WAITING, CLOSED)),
}
_WAITING: _Row = {
    **_INTAKE,
    e.Claimed: (desk.accepted, (LIVE,)),
    e.Declined: (desk.declined, ()),
    e.RiskRaised: (risk_by_people.risk_raised, ()),
    e.RiskLowered: (risk_by_people.risk_lowered, (CLOSED,)),
    e.BotFailed: (bot.failed, ()),
    e.HandoffAsked: (_nothing, ()),
    e.SeekerWrote: (seeker.wrote_to_bot, ()),
    e.SupporterReported: (reporting.supporter_reported, ()),
    e.SeekerEdited: (changing.edited_before_live, ()),
    e.SeekerTapped: (seeker.tapped, (CLOSING, CLOSED)),
    e.SeekerStopped: (bot.stopped, (CLOSING,)),
    e.Due: (clock.due_before_live, ()),
}
_LIVE: _Row = {
    e.SeekerOpened: (_nothing, ()),
    e.SeekerWrote: (seeker.wrote_to_supporter, ()),
    e.SeekerEdited: (changing.edited_while_live, ()),
    e.SeekerTapped: (seeker.tapped_while_live, (WAITING, CLOSING, CLOSED)),
    e.LanguageChosen: (changing.language_chosen, ()),
    e.SeekerMoved: (changing.moved, ()),
    e.SeekerGone: (ending.gone, (CLOSED,)),
    e.CardConfirmed: (seeker.confirmed, ()),
    e.FeedbackGiven: (bot.too_late, ()),
    e.Claimed: (desk.refused_taken, ()),
    e.Declined: (desk.refused_taken, ()),
    e.SupporterWrote: (desk.supporter_wrote, ()),
    e.NoteWritten: (desk.note_written, ()),
    e.ResourceSent: (desk.resource_sent, ()),
    e.Released: (desk.released, (WAITING,)),
    e.Transferred: (desk.transferred, ()),
    e.TakenOver: (desk.taken_over, ()),
    e.Escalated: (desk.escalated, ()),
    e.RiskRaised: (risk_by_people.risk_raised, ()),
    e.RiskLowered: (risk_by_people.risk_lowered, ()),
    e.LookedIn: (desk.looked_in, ()),
    e.SeekerReported: (reporting.seeker_reported, (CLOSING,)),
    e.SeekerBlocked: (barring.blocked, (CLOSED,)),
    e.SeekerUnblocked: (barring.unblocked, ()),
    e.SupporterReported: (reporting.supporter_reported, ()),
    e.SupporterClosed: (desk.supporter_closed, (CLOSING,)),
    e.SupporterEdited: (changing.supporter_edited, ()),
    e.SupporterUnsaid: (changing.supporter_unsaid, ()),
    e.PauseTaken: (desk.pause_taken, ()),
    e.Joined: (leading.joined, ()),
    e.AlertHeeded: (heeding.heeded, ()),
    e.MessageFlagged: (reviewing.flagged, ()),
    e.Reviewed: (reviewing.reviewed, ()),
    e.BotReplied: (bot.no_answer_now, ()),
    e.BotSlow: (bot.no_answer_now, ()),
    e.BotFailed: (bot.no_answer_now, ()),
    e.ConsentGiven: (bot.consented, ()),
    e.IntakeSaved: (bot.intake_saved, ()),
    e.HandoffAsked: (_nothing, ()),
    e.MessageLeft: (bot.message_left, ()),
    e.ResourceRated: (bot.resource_rated, ()),
    e.ForgetAsked: (bot.forget_asked, (CLOSED,)),
    e.SeekerStopped: (_nothing, ()),
    e.Due: (clock.due_while_live, (WAITING, CLOSING)),
}
_CLOSING: _Row = {
    **_NEW,
    e.SeekerOpened: (_nothing, ()),
    e.SeekerWrote: (_unless_blocked(seeker.wrote_after_close, barring.wrote), (INTAKE, WAITING)),
    e.SeekerEdited: (_unless_blocked(changing.edited_after_close, barring.edited), (WAITING,)),
    e.SeekerTapped: (_unless_blocked(seeker.tapped_after_close, barring.tapped), (INTAKE, WAITING, CLOSED)),
    e.LanguageChosen: (changing.language_chosen, ()),
    e.SeekerMoved: (changing.moved, ()),
    e.CardConfirmed: (seeker.confirmed, ()),
    e.FeedbackGiven: (ending.feedback, (CLOSED,)),
    e.SeekerReported: (reporting.seeker_reported, ()),
    e.SeekerBlocked: (barring.blocked, ()),
    e.SeekerUnblocked: (barring.unblocked, ()),
    e.LookedIn: (desk.looked_in, ()),
    e.ResourceRated: (bot.resource_rated, ()),
    e.ForgetAsked: (bot.forget_asked, (CLOSED,)),
    e.Due: (clock.due_after_live, (CLOSED,)),
}
_CLOSED: _Row = {**_CLOSING, e.FeedbackGiven: (ending.feedback, ()), e.Due: (clock.due_after_live, ())}

TABLE: dict[Phase, dict[type[e.Event], Cell]] = {
    phase: {event: _cell(move, phase, *to) for event, (move, to) in row.items()}
    for phase, row in {
        NEW: _NEW, INTAKE: _INTAKE, WAITING: _WAITING, LIVE: _LIVE, CLOSING: _CLOSING, CLOSED: _CLOSED,
    }.items()
}  # fmt: skip


def decide(scene: Scene, event: e.Event, now: float) -> Decision:
    """What `event` does to the scene's conversation at `now` (seconds since the epoch).

    Pure: the same arguments give the same decision. A refusal is a decision too. Raises `BrokenLaw` on a defect.
    """
    cell = TABLE[scene.conversation.phase][type(event)]
    draft = Draft(scene, event, now)
    try:
        cell.move(draft, event)
    except Refusal as refusal:
        return Decision(refused=refusal.code, about=refusal.about)
    if draft.conversation.phase not in cell.to:
        raise BrokenLaw(f"{type(event).__name__} led from {scene.conversation.phase} to {draft.conversation.phase}")
    return draft.decision()
