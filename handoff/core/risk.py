"""Risk: what a seeker's words mean for urgency.

A tier says how urgently a person should be found, from what was just said. It predicts nothing, it never
denies or delays help, and it is never shown to the seeker. T3 and above go to the crisis lane.

Rules and classifier each give an opinion; `risk_combined` says how the two become one. A part of the screen that fails
makes the assessment `degraded`, and the rest decides alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handoff.core.meaning import HURT_BY_OTHERS
from handoff.core.risk_combined import combined, tier_of
from handoff.core.risk_policy import Heard, signals
from handoff.core.risk_types import (
    CRISIS,
    NO_RISK,
    Assessment,
    Match,
    Modifier,
    Reading,
    Signal,
    Subject,
    Tier,
)

__all__ = [
    "CRISIS",
    "NO_RISK",
    "Assessment",
    "Match",
    "Modifier",
    "Reading",
    "Signal",
    "Subject",
    "Tier",
    "assess",
    "unreadable",
]

_SCORE = (0.02, 0.15, 0.35, 0.6, 0.8, 0.92, 0.98)
_MODIFIER_CUES = {
    "minor": Modifier.MINOR,
    "minor_other": Modifier.MINOR_OTHER,
    "alone": Modifier.ALONE,
    "drunk": Modifier.INTOXICATED,
    "pregnant": Modifier.PREGNANT_OR_NEW_PARENT,
}
_MODIFIER_KINDS = {
    "plan": Modifier.MEANS_NEARBY,
    "goodbye": Modifier.GOODBYE,
    "near_now": Modifier.PERPETRATOR_NEARBY,
    "attempt_past": Modifier.PRIOR_ATTEMPT,
}


def assess(
    matches: Iterable[Match],
    reading: Reading | None = None,
    *,
    earlier: Sequence[Iterable[Match]] = (),
    modifiers: Iterable[str] = (),
    before: Reading | None = None,
    degraded: bool = False,
) -> Assessment:
    """Weigh one message. `earlier` holds the matches of the last turns, oldest first; `before` is the most urgent of
    their readings, where they were read. Pure and total."""
    heard = Heard.of(matches)
    known = tier_of(before) if before is not None else Tier.NONE
    found = signals(heard, tuple(Heard.of(turn) for turn in earlier), known)
    tier = max((signal.tier for signal in found), default=Tier.NONE)
    ruled_by_words = tier
    named = dict.fromkeys((*modifiers, *_modifiers(heard)))
    if tier >= Tier.IMMINENT and "ingested" in heard.cues:
        named[Modifier.INGESTED] = None
    if Modifier.LANGUAGE_UNKNOWN in named and tier < Tier.CONCERN:
        tier = Tier.CONCERN
        found = (*found, Signal("language", tier, "unreadable", "written in a language that we cannot read"))
    ruled = Assessment(
        tier=tier,
        domains=_domains(found),
        subject=_subject(heard, ruled_by_words),
        signals=tuple(sorted(found, key=lambda signal: -signal.tier)),
        score=_score(found, tier),
        modifiers=tuple(named),
        degraded=degraded,
    )
    return ruled if reading is None else combined(ruled, reading)


def unreadable(reason: str) -> Assessment:
    """The answer when the screen itself failed: help first, and say that a part of the screen did not work."""
    signal = Signal("unknown", CRISIS, "unreadable", reason)
    return Assessment(CRISIS, (), Subject.UNKNOWN, (signal,), _SCORE[CRISIS], (), degraded=True)


def _modifiers(heard: Heard) -> Iterable[Modifier]:
    yield from (modifier for cue, modifier in _MODIFIER_CUES.items() if cue in heard.cues)
    yield from (modifier for kind, modifier in _MODIFIER_KINDS.items() if heard.has(kind))


def _domains(found: Iterable[Signal]) -> tuple[str, ...]:
    urgent_first = sorted(found, key=lambda signal: -signal.tier)
    return tuple(dict.fromkeys(s.domain for s in urgent_first if s.domain not in ("distress", "language")))


def _subject(heard: Heard, tier: Tier) -> Subject:
    """The seeker, as soon as one danger is their own."""
    spoken = [match for match in heard.dangers if not match.negated]
    if any(match.kind == "asked_for_friend" for match in spoken):
        return Subject.UNKNOWN
    subjects = {
        "self" if match.domain in HURT_BY_OTHERS and match.subject == "none" else match.subject for match in spoken
    }
    if "self" in subjects:
        return Subject.SELF
    if "other" in subjects:
        return Subject.OTHER
    return Subject.SELF if tier > Tier.NONE else Subject.UNKNOWN


def _score(found: Sequence[Signal], tier: Tier) -> float:
    """Between 0 and 1, growing with the tier and a little with the number of signals; no probability."""
    more = min(4, max(0, sum(signal.tier == tier for signal in found) - 1)) * 0.01
    return round(min(1.0, _SCORE[tier] + more), 3)
