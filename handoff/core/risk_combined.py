"""The written policy for rules and classifier together.

1. Evidence adds up. The classifier gives the odds that a message is a crisis; what the rules found multiplies them: the
   more urgent the finding, the more. From `CRISIS_AT` on the message is a crisis.
2. It is then as urgent as the more urgent of the two finds it.
3. What the rules alone hold for a crisis and the classifier firmly contradicts (an idiom, a lyric, a game) is left as a
   concern: the person is asked, once, and a supporter reads why.
4. What the turns before tell (something taken back, a yes to our question, a question about means after despair) is
   contradicted by nothing: the classifier reads one message alone.
5. A message that comes near a crisis is a concern likewise.
6. A classifier that failed contradicts nothing: the rules decide alone.

The figures were set by hand, with the corpus's `dev` messages, public everyday messages and the functional test in
view, and a few sentences tried by hand. They are not a fit: a logistic regression on `dev` wants about 1.1 for T3 and
T4 of the rules and 1.5 above, for the rules are wrong more often on our hard negatives than on what people write every
day. So what is measured on the functional test and the `test` messages leans to the good side (the model card says it).
"""

from __future__ import annotations

import math
from dataclasses import replace

from handoff.core.risk_types import CRISIS, Assessment, Reading, Signal, Subject, Tier

CRISIS_AT = 0.8
"""The share of messages with this much evidence that are crises, from which the crisis card goes out."""
CONCERN_AT = 0.5
"""Likewise, from which a message is a concern."""
EVIDENCE = (0.0, 0.0, 0.5, 4.0, 4.0, 4.5, 4.5)
"""By the tier that the rules found: what it adds to the log-odds of a crisis."""
LIKELIER = 0.5
"""P(tier or above) from which an urgency is taken over, once the message counts as a crisis."""

_LOOKS = "reads like messages of this urgency"
_MAY = "reads a little like messages of people in danger"
_ONLY = "only by single words: the rest of the message reads as safe"


def combined(ruled: Assessment, reading: Reading) -> Assessment:
    """One assessment out of two. Pure and total."""
    evidence = weighed(ruled.tier, reading)
    if any(signal.tier >= CRISIS and signal.from_before for signal in ruled.signals):
        evidence = max(evidence, CRISIS_AT)
    if evidence >= CRISIS_AT:
        return _raised(ruled, reading, max(CRISIS, _urgency(reading)), evidence)
    if ruled.crisis:
        return _left_as_concern(ruled, evidence)
    return _raised(ruled, reading, Tier.CONCERN if evidence >= CONCERN_AT else Tier.NONE, evidence)


def weighed(ruled: Tier, reading: Reading) -> float:
    """The share of messages like this one that are crises, by both."""
    share = min(max(reading.at_least(CRISIS), 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(math.log(share / (1 - share)) + EVIDENCE[ruled])))


def tier_of(reading: Reading) -> Tier:
    """What the classifier says when it is asked alone."""
    share = reading.at_least(CRISIS)
    if share >= CRISIS_AT:
        return max(CRISIS, _urgency(reading))
    if share >= CONCERN_AT:
        return Tier.CONCERN
    return Tier.DISTRESS if reading.at_least(Tier.DISTRESS) >= LIKELIER else Tier.NONE


def _urgency(reading: Reading) -> Tier:
    return max(tier for tier in Tier if reading.at_least(tier) >= LIKELIER)


def _left_as_concern(ruled: Assessment, evidence: float) -> Assessment:
    signals = tuple(
        replace(signal, tier=Tier.CONCERN, reason=f"{signal.reason} ({_ONLY})") if signal.tier >= CRISIS else signal
        for signal in ruled.signals
    )
    return replace(ruled, tier=Tier.CONCERN, signals=signals, score=round(evidence, 3))


def _raised(ruled: Assessment, reading: Reading, tier: Tier, evidence: float) -> Assessment:
    if tier <= ruled.tier:
        return replace(ruled, score=round(evidence, 3))
    domain = next(iter(reading.domains), "unknown")
    return replace(
        ruled,
        tier=tier,
        domains=tuple(dict.fromkeys((*ruled.domains, *reading.domains))),
        subject=_subject(ruled, reading),
        signals=(Signal(domain, tier, "classifier", _LOOKS if tier >= CRISIS else _MAY), *ruled.signals),
        score=round(evidence, 3),
    )


def _subject(ruled: Assessment, reading: Reading) -> Subject:
    return ruled.subject if ruled.crisis or reading.subject is Subject.UNKNOWN else reading.subject
