"""The written policy for rules and classifier together.

1. What the rules found of T5 or T6 stands, whatever the classifier says.
2. What they found of T3 or T4 stands unless the classifier contradicts it firmly (an idiom, a lyric, a quotation);
   where it does, a concern is left: the person is asked, once, and a supporter reads why.
3. Above that the classifier raises: to its own tier where it is sure, to a concern where it is not.
4. A classifier that failed contradicts nothing: the rules decide alone.

The thresholds are chosen on the corpus's `dev` messages and on public everyday messages (`make eval` shows what they
give); none was chosen on the `test` messages.
"""

from __future__ import annotations

from dataclasses import replace

from handoff.core.risk_types import CRISIS, Assessment, Reading, Signal, Subject, Tier

SURE = 0.8
"""P(crisis) from which the classifier alone brings the crisis card."""
UNSURE = 0.35
"""P(crisis) from which it alone makes a concern of it."""
CONTRADICTS = 0.05
"""P(crisis) below which it contradicts what the rules found."""
LIKELIER = 0.5
"""P(tier or above) from which an urgency is taken over, once the message counts as a crisis."""

_LOOKS = "reads like messages of this urgency"
_MAY = "reads a little like messages of people in danger"
_ONLY = "only by single words: the rest of the message reads as safe"


def combined(ruled: Assessment, reading: Reading) -> Assessment:
    """One assessment out of two. Pure and total."""
    share = reading.at_least(CRISIS)
    if CRISIS <= ruled.tier < Tier.IMMINENT and share < CONTRADICTS:
        return _left_as_concern(ruled)
    tier = tier_of(reading)
    if tier <= ruled.tier:
        return replace(ruled, score=max(ruled.score, round(share, 3))) if ruled.crisis else ruled
    return _raised(ruled, reading, tier, share)


def tier_of(reading: Reading) -> Tier:
    """What the classifier says when it is asked alone."""
    share = reading.at_least(CRISIS)
    if share >= SURE:
        return max(tier for tier in Tier if tier <= CRISIS or reading.at_least(tier) >= LIKELIER)
    if share >= UNSURE:
        return Tier.CONCERN
    return Tier.DISTRESS if reading.at_least(Tier.DISTRESS) >= LIKELIER else Tier.NONE


def _left_as_concern(ruled: Assessment) -> Assessment:
    signals = tuple(
        replace(signal, tier=Tier.CONCERN, reason=f"{signal.reason} ({_ONLY})") if signal.tier >= CRISIS else signal
        for signal in ruled.signals
    )
    return replace(ruled, tier=Tier.CONCERN, signals=signals, score=min(ruled.score, 0.35))


def _raised(ruled: Assessment, reading: Reading, tier: Tier, share: float) -> Assessment:
    domain = next(iter(reading.domains), "unknown")
    signal = Signal(domain, tier, "classifier", _LOOKS if tier >= CRISIS else _MAY)
    return replace(
        ruled,
        tier=tier,
        domains=tuple(dict.fromkeys((*ruled.domains, *reading.domains))),
        subject=_subject(ruled, reading),
        signals=(signal, *ruled.signals),
        score=max(ruled.score, round(share, 3)),
    )


def _subject(ruled: Assessment, reading: Reading) -> Subject:
    return ruled.subject if ruled.crisis or reading.subject is Subject.UNKNOWN else reading.subject
