"""Matching: who may be offered a handoff, and whom a crisis handoff is assigned to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from handoff.core.conversation import Conversation, Phase
from handoff.core.policy import Policy
from handoff.core.queue import Place, place
from handoff.core.risk import CRISIS, Tier
from handoff.core.supporter import Supporter, Training

ON_CALL = 2
"""The climb at which nobody fully trained was found: from here any crisis training will do, since help beats none."""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a supporter may take a place, and if not, the code of the first reason."""

    ok: bool
    why: str = ""


def eligible(place: Place, supporter: Supporter, now: float, policy: Policy) -> Eligibility:
    """May this supporter be offered, and accept, this place now?

    Reasons: away, busy, full, cooling, excluded, knows, opted_out, minor, for_leads_alone, training, for_leads,
    assigned, language, topic. A crisis is not picked: it is assigned, and until it has climbed only its assignee or a
    lead may accept it. Language and topic experience are required for `policy.skill_required_seconds`, then relaxed;
    the others never are.
    """
    for why in (_presence(supporter, now), _person(place, supporter), _crisis(place, supporter, now)):
        if why:
            return Eligibility(False, why)
    if now - place.since < policy.skill_required_seconds:
        why = _skill(place, supporter)
        if why:
            return Eligibility(False, why)
    return Eligibility(True)


def trained(supporter: Supporter, tier: Tier, climb: int = 0) -> bool:
    """Whether their training carries this tier; see `Training`. Leads hold every tier."""
    if supporter.is_lead or tier < CRISIS:
        return True
    needed = Training.SENIOR if tier >= Tier.IMMINENT and climb < ON_CALL else Training.CRISIS
    return supporter.training >= needed


def may_receive(conversation: Conversation, supporter: Supporter, now: float, policy: Policy) -> str:
    """Why a conversation can't be passed on to this supporter: offline, full, untrained, knows; empty when it can."""
    if not supporter.is_here(now):
        return "offline"
    if not supporter.has_room():
        return "full"
    waiting = replace(conversation, phase=Phase.WAITING, waiting_since=now, excluded=(), assigned_to=None)
    spot = place(waiting, policy)
    if spot is None or not trained(supporter, conversation.tier):
        return "untrained"
    if conversation.pseudonym in supporter.knows or supporter.id in conversation.refused:
        return "knows"
    return "untrained" if spot.minor and not (supporter.minors or supporter.is_lead) else ""


def pick(place: Place, supporters: Iterable[Supporter], now: float, policy: Policy) -> Supporter | None:
    """The supporter a crisis handoff is assigned to: sharing the language, then topics and wishes, then the least busy.

    Among equals a supporter goes before a lead, to whom it climbs. Whoever did not accept in time comes last; nobody is
    assigned the same one twice in a row. Language and topics order the choice but exclude nobody: in a crisis someone
    now beats the right one later.
    """
    fit = [each for each in supporters if _may_be_assigned(place, each, now)]
    return min(fit, key=lambda each: _distance(place, each), default=None)


def bars_a_peer(conversation: Conversation, target: Supporter, policy: Policy) -> str:
    """Why a peer, rather than a lead, can't pass a crisis on to `target`: had_it, for_leads; empty when they can."""
    if not conversation.in_crisis_lane:
        return ""
    if conversation.bounces >= policy.crisis_bounces and not target.is_lead:
        return "for_leads"
    return "had_it" if target.id in conversation.held_by else ""


def wishes_met(place: Place, supporter: Supporter) -> int:
    """How many of the seeker's wishes this supporter meets; orders offers, never withholds one."""
    return len(set(place.preferences) & set(supporter.traits))


def _may_be_assigned(place: Place, supporter: Supporter, now: float) -> bool:
    if place.blocked_until > now and not supporter.is_lead:
        return False
    if (place.climb >= 1 or place.for_leads) and not supporter.is_lead and place.climb < ON_CALL:
        return False
    if supporter.id == place.offered_last:
        return False
    why = _presence(supporter, now) or _person(place, supporter)
    return not why and trained(supporter, place.tier, place.climb)


def _distance(place: Place, supporter: Supporter) -> tuple[bool, bool, bool, int, bool, int, str]:
    return (
        supporter.id in place.passed_over,
        place.language not in supporter.languages,
        _topic_missing(place, supporter),
        -wishes_met(place, supporter),
        supporter.is_lead,
        len(supporter.holding),
        supporter.id,
    )


def _presence(supporter: Supporter, now: float) -> str:
    if not supporter.is_here(now):
        return "away"
    if supporter.is_busy(now):
        return "busy"
    if not supporter.has_room():
        return "full"
    return "cooling" if supporter.cool_until > now else ""


def _person(place: Place, supporter: Supporter) -> str:
    if supporter.id in place.excluded:
        return "excluded"
    if place.pseudonym in supporter.knows:
        return "knows"
    if set(place.topics) & set(supporter.opted_out):
        return "opted_out"
    return "minor" if place.minor and not (supporter.minors or supporter.is_lead) else ""


def _crisis(place: Place, supporter: Supporter, now: float) -> str:
    if place.blocked_until > now and not supporter.is_lead:
        return "for_leads_alone"
    if place.tier < CRISIS:
        return ""
    if not trained(supporter, place.tier, place.climb):
        return "training"
    if supporter.is_lead or place.assigned_to == supporter.id or place.climb >= ON_CALL:
        return ""
    if place.for_leads:
        return "for_leads"
    return "assigned" if place.climb == 0 else ""


def _skill(place: Place, supporter: Supporter) -> str:
    if place.tier >= CRISIS and place.assigned_to == supporter.id:
        return ""
    if place.language not in supporter.languages:
        return "language"
    return "topic" if _topic_missing(place, supporter) else ""


def _topic_missing(place: Place, supporter: Supporter) -> bool:
    return bool(supporter.topics and place.topics) and not set(supporter.topics) & set(place.topics)
