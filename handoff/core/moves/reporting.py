"""Reports, both ways: a supporter reports the person they talk with, a person reports a supporter. Leads read them.

A supporter's report ends the talk at once, and they rest. From T3 on it does not: who abuses somebody may be in danger
as well, and nobody in danger is dropped. The report is kept all the same, leads are called to take over, and the
supporter stays until somebody has; likewise while the question about suicide is open. A person's report leaves no trace
in the feed, where the supporter would see it.
"""

from __future__ import annotations

import re

from handoff.core.conversation import Conversation, Phase
from handoff.core.draft import Draft, Refusal
from handoff.core.events import SeekerReported, SupporterReported
from handoff.core.moves import crisis, safety, seeker
from handoff.core.moves.closing import close
from handoff.core.moves.desk import acting
from handoff.core.moves.leading import ask_for_relief
from handoff.core.outcomes import REPORT_REASONS, REPORTED, SUPPORTER_REASONS
from handoff.core.risk import Assessment
from handoff.core.supporter import Supporter

_COMMAND = re.compile(r"\s*/report\b(?:@\w+)?[\s:;,.–—-]*(.*)", re.DOTALL | re.IGNORECASE)
_ABOUT = "reports"
"""Stands for a conversation in the alert: who is told that there is a report is not told of whom."""


def typed(text: str) -> str | None:
    """The words of a report that is typed as a command on any channel; None where the text is none."""
    found = _COMMAND.fullmatch(text)
    return found[1].strip() if found else None


def seeker_reported(draft: Draft, event: SeekerReported) -> None:
    """By whoever holds it, which ends it outside the crisis lane; by who held it, or a lead, for the record alone."""
    actor = acting(draft)
    known = draft.conversation
    holds = known.phase is Phase.LIVE and known.supporter == actor.id
    if not (holds or actor.is_lead or actor.id in _held_by(known)):
        raise Refusal("taken", name=known.supporter_name) if known.phase is Phase.LIVE else Refusal("accept_first")
    if event.reason not in REPORT_REASONS:
        raise Refusal("bad_reason", reasons=", ".join(REPORT_REASONS))
    _keep(draft, "seeker", by=actor.id, supporter=None, reason=event.reason, words=event.note)
    draft.audit(actor.id, "reported", reason=event.reason)
    draft.line_alert("report", _ABOUT)
    if holds:
        _put_down(draft, actor)


def supporter_reported(draft: Draft, event: SupporterReported) -> None:
    """About whoever is there or was there last; nobody but other leads ever learns of it, from the audit neither."""
    known = draft.conversation
    about = known.supporter or known.talked_last
    danger = event.assessment if event.assessment and event.assessment.crisis else None
    if danger:
        _answer_danger(draft, event, danger)
    elif about is None:
        raise Refusal("nobody_to_report")
    reason = event.reason if event.reason in SUPPORTER_REASONS else _reason_of_ours(danger)
    _keep(draft, "supporter", by="seeker", supporter=about, reason=reason, words=event.words)
    draft.record("audit", actor="seeker", action="report_received", conversation=None, detail={})
    _tell_leads(draft, about)


def _reason_of_ours(danger: Assessment | None) -> str:
    """For a reason that nobody knows: a refusal, but never of a card."""
    if danger:
        return "other"
    raise Refusal("bad_reason", reasons=", ".join(SUPPORTER_REASONS))


def _answer_danger(draft: Draft, event: SupporterReported, danger: Assessment) -> None:
    """Who reports somebody may be in danger as well: the card goes where they write from. The words stay with the
    report."""
    seeker.learn(draft, event)
    phase = draft.conversation.phase
    if phase is Phase.NEW:
        seeker.greet(draft)
    elif phase in (Phase.CLOSING, Phase.CLOSED):
        seeker.begin_again(draft)
    rose = crisis.note_risk(draft, danger, "")
    act = crisis.crisis_while_live if phase is Phase.LIVE else crisis.crisis_before_live
    act(draft, danger, rose=rose)


def _put_down(draft: Draft, actor: Supporter) -> None:
    if draft.conversation.in_crisis_lane or safety.is_open(draft):
        ask_for_relief(draft, actor)
        return
    close(draft, REPORTED, by="report")
    rest = draft.now + draft.policy.report_rest_seconds
    draft.change(actor, cool_until=max(actor.cool_until, rest))
    draft.nudge(actor.id, "reported")


def _tell_leads(draft: Draft, about: str | None) -> None:
    """An alert is seen by every lead; about a lead, each of the others is told apart."""
    if not any(each.id == about and each.is_lead for each in draft.scene.staff):
        draft.line_alert("report", _ABOUT)
        return
    for each in draft.scene.staff:
        if each.is_lead and each.id != about:
            draft.nudge(each.id, "report")


def _keep(draft: Draft, about: str, **fields: str | None) -> None:
    draft.record("report", conversation=draft.conversation.id, about=about, **fields)


def _held_by(known: Conversation) -> tuple[str, ...]:
    return (*known.held_by, *((known.supporter,) if known.supporter else ()))
