"""The queue: its order, what the desk sees of a place in it, and the honest estimate of a wait."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from handoff.core.conversation import Conversation, Phase
from handoff.core.policy import Policy
from handoff.core.risk import CRISIS, Tier

_TIER_STEP = 1e13
"""Milliseconds between crisis tiers: 317 years, so that no wait overtakes a tier. Sums stay exact below 2**53."""

_NEW_SHARE = 0.1
"""Weight of the newest wait in the running average, as Salesforce's estimate does: A = 0.9 A' + 0.1 W."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One waiting conversation as the desk may see it before anyone accepts: no words, no name, no address."""

    conversation: str
    pseudonym: str
    score: float
    tier: Tier
    since: float
    language: str
    topics: tuple[str, ...]
    heaviness: int | None
    wishes: int
    """How many preferences the seeker stated."""
    preferences: tuple[str, ...] = field(default=(), repr=False)
    """For matching. A desk shows those it has its own words for; what somebody wished in theirs waits for accepting."""
    reasons: tuple[str, ...]
    minor: bool
    excluded: tuple[str, ...]
    assigned_to: str | None
    passed_over: tuple[str, ...] = ()
    climb: int = 0
    offered_last: str | None = None
    blocked_until: float = 0.0
    """Until when its seeker is blocked: meanwhile it is for leads alone, whatever is said."""
    for_leads: bool = False
    """Whether it has changed hands too often: until everybody on call is called, it is a lead's."""


def score(tier: Tier, since: float, policy: Policy) -> float:
    """The place's key, lowest first: crisis tiers T6 to T3, oldest first; then time with a head start per tier.

    A requeued seeker keeps the original `since` (seconds), so the place too.
    """
    milliseconds = math.floor(since * 1000)
    if tier >= CRISIS:
        return -_TIER_STEP * tier + milliseconds
    start = {Tier.CONCERN: policy.head_start_concern_seconds, Tier.DISTRESS: policy.head_start_distress_seconds}
    return milliseconds - start.get(tier, 0) * 1000


def place(conversation: Conversation, policy: Policy) -> Place | None:
    """The conversation's place in the queue; None when it is not waiting."""
    if conversation.phase is not Phase.WAITING or conversation.waiting_since is None:
        return None
    return Place(
        conversation=conversation.id,
        pseudonym=conversation.pseudonym,
        score=score(conversation.tier, conversation.waiting_since, policy),
        tier=conversation.tier,
        since=conversation.waiting_since,
        language=conversation.language,
        topics=conversation.intake.topics,
        heaviness=conversation.intake.heaviness,
        wishes=len(conversation.intake.preferences),
        preferences=conversation.intake.preferences,
        reasons=tuple(dict.fromkeys(reason.text for reason in conversation.reasons)),
        minor="minor" in conversation.modifiers,
        excluded=conversation.not_for,
        assigned_to=conversation.assigned_to,
        passed_over=conversation.passed_over,
        climb=conversation.climb,
        offered_last=conversation.offered_last,
        blocked_until=conversation.blocked_until,
        for_leads=conversation.in_crisis_lane and conversation.bounces >= policy.crisis_bounces,
    )


def longest_wait(tier: Tier, policy: Policy) -> int:
    """Seconds after which a wait of this tier pages a lead."""
    shorter = {Tier.CONCERN: policy.wait_long_concern_seconds, Tier.DISTRESS: policy.wait_long_distress_seconds}
    return policy.wait_long_crisis_seconds if tier >= CRISIS else shorter.get(tier, policy.wait_long_seconds)


def average(before: float | None, waited: float) -> float:
    """The running average of waits in seconds after one more claim."""
    return waited if before is None else (1 - _NEW_SHARE) * before + _NEW_SHARE * waited


def estimate(average_wait: float | None, waited: float) -> tuple[int, int] | None:
    """The wait still ahead as a range of whole minutes (low, high).

    Average minus time waited, never below 0; a quarter either way, since waits vary. None when there is no evidence:
    no claim of late, or a wait that is longer than usual already.
    """
    if average_wait is None or waited > average_wait:
        return None
    left = average_wait - waited
    low, high = math.floor(left * 0.75 / 60), math.ceil(left * 1.25 / 60)
    return low, max(high, low + 1)
