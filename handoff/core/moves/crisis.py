"""Crisis moves: risk is noted in every phase, the card goes out in the same turn, and a person is found."""

from __future__ import annotations

import math
from dataclasses import replace

from handoff.core.conversation import Conversation, Deadline, Owner, Phase, Reason
from handoff.core.crisis_wording import situation_of
from handoff.core.draft import Draft
from handoff.core.effects import Cleared
from handoff.core.entries import Entry, EntryKind, Speaker
from handoff.core.line import CardWish, moment
from handoff.core.matching import ON_CALL, pick
from handoff.core.moves import calling, young
from handoff.core.queue import longest_wait, place
from handoff.core.risk import Assessment, Modifier, Tier
from handoff.core.supporter import Supporter

KEPT_REASONS = 12
KEPT_TURNS = 6
_URGENT_ALERT = Tier.IMMINENT
_OF_THE_MESSAGE = frozenset({Modifier.LANGUAGE_UNKNOWN})
"""Modifiers that say something of one message, not of the person: a later one may well be read."""


def note_risk(draft: Draft, assessment: Assessment, text: str) -> bool:
    """Write the assessment of the seeker's newest entry into the record; True when the tier rose."""
    known = draft.conversation
    found = [
        Reason(signal.tier, signal.domain, signal.reason, draft.now, known.seq)
        for signal in assessment.signals
        if signal.tier >= Tier.CONCERN
    ]
    draft.set(
        tier=max(known.tier, assessment.tier),
        domains=_union(known.domains, assessment.domains),
        modifiers=_union(known.modifiers, assessment.modifiers),
        reasons=(*known.reasons, *found)[-KEPT_REASONS:],
        recent=(*known.recent, text)[-KEPT_TURNS:],
    )
    young.noted(draft)
    return assessment.tier > known.tier


def give_card(draft: Draft, assessment: Assessment, *, rose: bool) -> None:
    """The crisis card, in this turn. It counts as given once the seeker's device confirmed it."""
    known = draft.conversation
    recent = known.card_at is not None and draft.now - known.card_at < draft.policy.card_repeat_seconds
    compact = recent and not rose and assessment.tier < Tier.IMMINENT and _says_the_same(assessment, known.card_of)
    entry = _say_card(draft, assessment, compact=compact)
    draft.set(
        card_seq=entry.seq, card_at=draft.now, card_confirmed=False, card_of=replace(assessment, signals=()),
        card_again=0,
    )  # fmt: skip
    draft.due(Deadline.CARD_CONFIRM, draft.policy.card_confirm_seconds)
    draft.audit("screen", "card_shown", seq=entry.seq, tier=int(assessment.tier))


def _says_the_same(now: Assessment, before: Assessment) -> bool:
    """Whether a card for the one would tell nothing new to somebody who has just read the card for the other."""
    return situation_of(now) is situation_of(before) and set(now.modifiers) <= set(before.modifiers)


def _say_card(draft: Draft, assessment: Assessment, *, compact: bool) -> Entry:
    known = draft.conversation
    lasting = tuple(each for each in known.modifiers if each not in _OF_THE_MESSAGE)
    card = draft.line.card(
        CardWish(
            assessment=replace(assessment, modifiers=_union(lasting, assessment.modifiers)),
            country=known.country or draft.line.country,
            language=known.language,
            topics=known.intake.topics,
            staffed=staffed(draft),
            live=known.phase is Phase.LIVE,
            at=moment(draft.now),
            nobody_comes=known.is_blocked(draft.now) and not known.is_open,
        )
    )
    return draft.say(
        Speaker.SYSTEM, card.text, kind=EntryKind.CARD, body={**card.body, "compact": compact}, name=draft.line.name
    )


def staffed(draft: Draft) -> bool:
    """Whether somebody is there who could take this handoff, now or once they have room."""
    known = draft.conversation
    blocked = known.is_blocked(draft.now)
    return any(
        each.is_here(draft.now) and each.id not in known.not_for and (each.is_lead or not blocked)
        for each in draft.scene.staff
    )


def crisis_before_live(draft: Draft, assessment: Assessment, *, rose: bool) -> None:
    """A crisis message while no supporter holds the conversation: card, crisis lane, assignment, leads."""
    give_card(draft, assessment, rose=rose)
    young.noted(draft)
    if draft.conversation.phase is not Phase.WAITING:
        draft.owned_by(Owner.QUEUE, Phase.WAITING, waiting_since=draft.conversation.waiting_since or draft.now)
        draft.not_due(Deadline.INTAKE_CLOSE)
    elif rose:
        draft.set(epoch=draft.conversation.epoch + 1)
    watch_wait(draft)
    draft.not_due(Deadline.SAFETY_ANSWER)
    if rose or draft.conversation.assigned_to is None:
        draft.due(Deadline.ASSIGN, 0)
    if rose:
        alert_crisis(draft)


def crisis_while_live(draft: Draft, assessment: Assessment, *, rose: bool) -> None:
    """A crisis message to a supporter: the seeker gets the card all the same, the desk is told why."""
    give_card(draft, assessment, rose=rose)
    draft.not_due(Deadline.SAFETY_ANSWER)
    if assessment.signals:
        draft.jot(draft.desk_text("margin_risk_seen", reasons=_reason_words(assessment)))
    if draft.conversation.supporter:
        draft.nudge(draft.conversation.supporter, "risk")
    young.noted(draft)
    if rose:
        alert_crisis(draft)


def come_back(draft: Draft, old: Conversation) -> None:
    """Somebody who went away in the middle of a crisis is back: no person ended it, so it goes on where it was."""
    draft.set(tier=old.tier, domains=old.domains, modifiers=old.modifiers, reasons=old.reasons)
    draft.owned_by(Owner.QUEUE, Phase.WAITING, waiting_since=draft.now)
    draft.not_due(Deadline.INTAKE_CLOSE)
    watch_wait(draft)
    draft.due(Deadline.ASSIGN, 0)
    alert_crisis(draft)


def watch_wait(draft: Draft) -> None:
    """A wait past the longest of its tier pages a lead; one that runs already is never made longer."""
    running = draft.conversation.deadlines.get(Deadline.WAIT_LONG)
    at = draft.now + longest_wait(draft.conversation.tier, draft.policy)
    draft.due(Deadline.WAIT_LONG, (at if running is None else min(at, running)) - draft.now)


def alert_crisis(draft: Draft) -> None:
    """Leads see every rise into or within the crisis lane."""
    urgent = draft.conversation.tier >= _URGENT_ALERT
    draft.alert("crisis_now" if urgent else "crisis", urgent=urgent)
    draft.audit("screen", "risk_rose", tier=int(draft.conversation.tier))


def soothe(draft: Draft) -> None:
    """In the crisis lane the bot is not asked; now and then the line says that it is still here."""
    last = draft.conversation.soothed_at
    if last is None or draft.now - last >= draft.policy.soothe_seconds:
        draft.set(soothed_at=draft.now)
        beside = () if draft.conversation.tier >= Tier.IMMINENT else ("plan", "resources")
        draft.notice("crisis_waiting" if staffed(draft) else "crisis_waiting_nobody", "urgent", *beside)
        calling.card_was_seen(draft)


def assign(draft: Draft, _event: object = None) -> None:
    """Give a waiting crisis handoff to the best supporter here, or page leads and look again soon."""
    draft.not_due(Deadline.ASSIGN)
    spot = place(draft.conversation, draft.policy)
    if spot is None or not draft.conversation.in_crisis_lane:
        return
    chosen = pick(spot, _once_they_accepted(draft), draft.now, draft.policy)
    if chosen is None:
        nobody_yet(draft)
        return
    draft.set(assigned_to=chosen.id, offered_last=chosen.id)
    draft.nudge(chosen.id, "assigned")
    draft.due(Deadline.CLIMB, draft.policy.crisis_ack_seconds)
    draft.audit("queue", "assigned", to=chosen.id, climb=draft.conversation.climb)


def _once_they_accepted(draft: Draft) -> list[Supporter]:
    """The roster as it will be: two who come at once must not both wait for a supporter who has room for one."""
    asked = draft.scene.asked
    return [
        replace(each, holding=(*each.holding, *(talk for name, talk in asked if name == each.id)))
        for each in draft.scene.staff
    ]


def nobody_yet(draft: Draft) -> None:
    """Nobody fits: climb, page, and look again soon. With a life in danger the page is repeated."""
    known = draft.conversation
    climb = min(known.climb + 1, ON_CALL)
    if climb != known.climb or known.assigned_to is not None or _page_again(draft):
        draft.set(climb=climb, assigned_to=None, paged_at=draft.now)
        draft.alert("nobody_for_crisis", urgent=True)
    draft.due(Deadline.ASSIGN, draft.policy.assign_again_seconds)


def page_heeded(draft: Draft) -> None:
    """A lead looks for somebody: the next page waits until they have had time for it."""
    draft.set(paged_at=draft.now + draft.policy.lead_answer_seconds - draft.policy.crisis_ack_seconds)


def _page_again(draft: Draft) -> bool:
    known = draft.conversation
    last = -math.inf if known.paged_at is None else known.paged_at
    return known.tier >= _URGENT_ALERT and draft.now - last >= draft.policy.crisis_ack_seconds


def climb(draft: Draft, _event: object = None) -> None:
    """The assignee did not accept in time: one step up, leads told."""
    draft.not_due(Deadline.CLIMB)
    passed_over = draft.conversation.assigned_to
    if draft.conversation.phase is not Phase.WAITING or passed_over is None:
        return
    draft.set(
        assigned_to=None,
        passed_over=_union(draft.conversation.passed_over, (passed_over,)),
        climb=min(draft.conversation.climb + 1, ON_CALL),
    )
    draft.alert("not_accepted", urgent=True)
    draft.audit("queue", "climbed", past=passed_over)
    assign(draft)


def card_unconfirmed(draft: Draft, _event: object = None) -> None:
    """No device has shown the card: it is shown again, and a lead should know that it may not have arrived.

    In the crisis lane this goes on until it is confirmed or the talk is over, which no clock ends. A card that somebody
    only asked for is shown again once: who closes the page after looking for a number is nobody to be looked for.
    """
    draft.not_due(Deadline.CARD_CONFIRM)
    known = draft.conversation
    if known.card_confirmed or known.phase is Phase.CLOSED:
        return
    draft.alert("card_unconfirmed", urgent=known.tier >= _URGENT_ALERT)
    if not known.is_open:
        return
    if known.card_again < (draft.policy.card_again if known.in_crisis_lane else 1):
        again = _say_card(draft, known.card_of, compact=False)
        draft.set(card_again=known.card_again + 1)
        draft.audit("screen", "card_again", seq=again.seq)
    if known.in_crisis_lane:
        draft.due(Deadline.CARD_CONFIRM, draft.policy.card_confirm_seconds)


def card_heeded(draft: Draft) -> None:
    """A lead looks after a card that did not arrive: the next page waits until they have had time for it."""
    if Deadline.CARD_CONFIRM in draft.conversation.deadlines:
        draft.due(Deadline.CARD_CONFIRM, draft.policy.lead_answer_seconds)


def card_confirmed(draft: Draft, seq: int) -> None:
    """The seeker's device has shown the card."""
    known = draft.conversation
    if known.card_seq is None or known.card_confirmed or seq < known.card_seq:
        return
    draft.not_due(Deadline.CARD_CONFIRM)
    draft.set(card_confirmed=True)
    draft.audit("seeker", "card_confirmed", seq=known.card_seq)
    calling.card_was_seen(draft)


def all_clear(draft: Draft) -> None:
    """No alert of this conversation is open any longer."""
    draft.effects.append(Cleared(draft.conversation.id))


def _reason_words(assessment: Assessment) -> str:
    return "; ".join(dict.fromkeys(signal.reason for signal in assessment.signals))


def _union(before: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *more)))
