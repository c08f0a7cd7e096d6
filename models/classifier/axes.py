"""The axes that every message of the corpus is labelled on, and that the classifier gives figures for.

They are those of the taxonomy: a tier from 0 to 6, the domains, whose danger it is, its time, how it is signalled, and
in which style. The classifier learns tier, domains and subject.
"""

from __future__ import annotations

TIERS = 6
"""The tiers above 0: the head gives one figure for each, P(tier >= 1) to P(tier >= 6)."""

CRISIS_TIER = 3

DOMAINS = (
    "suicide",
    "self_harm",
    "self_neglect",
    "violence_to_others",
    "domestic_abuse",
    "sexual_violence",
    "child_abuse",
    "neglect",
    "exploitation",
    "stalking",
    "bullying",
    "psychosis_mania",
    "eating_disorder",
    "overdose_intoxication",
    "medical_emergency",
    "perinatal",
)
SUBJECTS = ("self", "other", "unknown")
TIMES = ("past", "current", "unknown")
SIGNALS = ("none", "explicit", "vague", "coded", "ambiguous", "indirect", "contradictory", "preparatory")
STYLES = ("direct", "humour", "fiction", "hypothetical", "distanced", "clinical", "minimised", "adversarial")
