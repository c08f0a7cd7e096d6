"""The words of risk: tiers, subjects, signals, assessments.

A tier says how urgently a person should be found, from what was just said. It predicts nothing, it never
denies or delays help, and it is never shown to the seeker.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol


class Tier(IntEnum):
    """Urgency from what was said. It only rises by machine and falls by a person, with a reason."""

    NONE = 0
    DISTRESS = 1
    CONCERN = 2
    PASSIVE = 3
    ACTIVE = 4
    IMMINENT = 5
    EMERGENCY = 6


CRISIS = Tier.PASSIVE
"""From this tier on the crisis card goes out in the same turn and the bot is not asked."""


class Subject(StrEnum):
    """Who may be in danger: the seeker, somebody else, or not clear."""

    SELF = "self"
    OTHER = "other"
    UNKNOWN = "unknown"


class Modifier(StrEnum):
    """What raises or routes a tier without being a signal of its own."""

    MINOR = "minor"
    MINOR_OTHER = "minor_other"
    """Somebody under 18 whom the seeker is worried about."""
    ALONE = "alone"
    INTOXICATED = "intoxicated"
    MEANS_NEARBY = "means_nearby"
    GOODBYE = "goodbye"
    PERPETRATOR_NEARBY = "perpetrator_nearby"
    INGESTED = "ingested"
    """Something was taken, and a life is in danger."""
    PREGNANT_OR_NEW_PARENT = "pregnant_or_new_parent"
    PRIOR_ATTEMPT = "prior_attempt"
    LANGUAGE_UNKNOWN = "language_unknown"
    PARTLY_READ = "partly_read"


class Match(Protocol):
    """One place in a text where a rule of the screen matched. Offsets are characters of the original text."""

    @property
    def rule(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def domain(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def time(self) -> str: ...
    @property
    def negated(self) -> bool: ...
    @property
    def sentence(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What a classifier says about one text. `tiers` are calibrated shares, P(tier >= 1) to P(tier >= 6), each no
    higher than the one before; `domains` are those it finds likely, the likeliest first."""

    tiers: tuple[float, ...]
    domains: tuple[str, ...] = ()
    subject: Subject = Subject.UNKNOWN

    def at_least(self, tier: Tier) -> float:
        """The share of messages like this one that are of this tier or above."""
        return 1.0 if tier is Tier.NONE else self.tiers[tier - 1]


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason for a tier. `reason` is in our own plain words, never in the seeker's."""

    domain: str
    tier: Tier
    kind: str
    reason: str
    start: int = 0
    end: int = 0

    @property
    def from_before(self) -> bool:
        """Whether the earlier turns gave it this meaning: no words of this message stand for it."""
        return self.end == 0


@dataclass(frozen=True, slots=True)
class Assessment:
    """The screen's answer for one message. `degraded` says that a part of the screen did not work."""

    tier: Tier
    domains: tuple[str, ...] = ()
    subject: Subject = Subject.UNKNOWN
    signals: tuple[Signal, ...] = ()
    score: float = 0.0
    modifiers: tuple[str, ...] = ()
    degraded: bool = False

    @property
    def crisis(self) -> bool:
        """True where the crisis lane and the crisis card are due."""
        return self.tier >= CRISIS


NO_RISK = Assessment(Tier.NONE)
