"""The sentences of a crisis card in one language, and which card an assessment calls for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handoff.core.hotlines import POLICE_MATTERS, Channel, EmergencyService
from handoff.core.risk import CRISIS, Assessment, Modifier, Subject, Tier


class Situation(StrEnum):
    """Which card: a key of the crisis wording. It is never shown to the person."""

    ASKED = "asked"
    """Nobody is known to be in danger; the person asked for urgent help."""
    STEADY = "steady"
    IMMINENT = "imminent"
    NOW = "now"
    OVERDOSE = "overdose"
    MEDICAL = "medical"
    OTHERS_AT_RISK = "others_at_risk"
    """The person may hurt somebody."""
    ABUSE = "abuse"
    ABUSE_NOW = "abuse_now"
    THIRD_PARTY = "third_party"
    THIRD_PARTY_NOW = "third_party_now"


EMERGENCY_FIRST = Tier.IMMINENT
"""From this tier on the emergency number stands on top of the card (risk taxonomy, T5 and T6)."""

ABUSE_MATTERS = POLICE_MATTERS - {"violence_to_others"}
OWN_LIFE = frozenset({"suicide", "self_harm"})
BODY = frozenset({"medical_emergency", "eating_disorder", "self_neglect"})


@dataclass(frozen=True, slots=True)
class Closings:
    """What happens next: a supporter is being found, nobody is there, or a supporter is talking already."""

    finding: tuple[str, ...]
    nobody: tuple[str, ...]
    live: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardWording:
    """One card. Sentences may hold `{emergency}`: the number, or "your local emergency number"."""

    headline: str
    opening: tuple[str, ...]
    steps: tuple[str, ...]
    question: str
    closings: Closings


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPhrases:
    """What all cards of a language share. Places: {number}, {keyword}, {emergency}, {days}, {opens}, {closes}."""

    emergency: Mapping[EmergencyService, str]
    local_number: str
    ways: Mapping[Channel, str]
    sms_keyword: str
    heading: str
    heading_after_emergency: str
    emergency_after_lines: str
    unverified: str
    minor_with_line: str
    minor_without_line: str
    helper_of_minor: str
    place: str
    """At T6: where they are is theirs to tell."""
    country_unknown: str
    country_without_line: str
    other_language: str
    always: str
    open_now: str
    closed_now: str
    hours_unknown: str
    span: str
    every_day: str
    days: tuple[str, ...]
    """Seven short names, Monday first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisWording:
    """The crisis wording of one language. Without `reviewed_by` and `review_date` no clinician has signed it."""

    language: str
    version: str
    reviewed_by: str
    review_date: date | None
    native_reviewed_by: str
    phrases: CardPhrases
    cards: Mapping[Situation, CardWording]

    @property
    def reviewed(self) -> bool:
        """True where a clinician signed this wording and said when."""
        return bool(self.reviewed_by) and self.review_date is not None


def situation_of(assessment: Assessment) -> Situation:
    """The card for an assessment. Danger to life goes before what kind of danger it is.

    Who has taken something gets the overdose card from then on, whatever else they say: to feel fine proves nothing.
    """
    domains = frozenset(assessment.domains)
    now = assessment.tier >= EMERGENCY_FIRST
    if assessment.tier >= CRISIS and assessment.subject is Subject.OTHER:
        return Situation.THIRD_PARTY_NOW if now else Situation.THIRD_PARTY
    if _something_was_taken(domains, assessment):
        return Situation.OVERDOSE
    if assessment.tier < CRISIS:
        return Situation.ASKED
    if _abuse_leads(domains, assessment):
        return Situation.ABUSE_NOW if now else Situation.ABUSE
    return _own_danger(domains, assessment.tier)


def _something_was_taken(domains: frozenset[str], assessment: Assessment) -> bool:
    """Below T4 an overdose is one of the past."""
    if Modifier.INGESTED in assessment.modifiers:
        return True
    return assessment.tier >= Tier.ACTIVE and "overdose_intoxication" in domains


def _abuse_leads(domains: frozenset[str], assessment: Assessment) -> bool:
    """Short neutral wording: always with the perpetrator near, else unless the person's own life is at stake now."""
    if Modifier.PERPETRATOR_NEARBY in assessment.modifiers:
        return True
    if not domains & ABUSE_MATTERS or "violence_to_others" in domains:
        return False
    return not (assessment.tier >= EMERGENCY_FIRST and domains & OWN_LIFE)


def _own_danger(domains: frozenset[str], tier: Tier) -> Situation:
    if tier >= Tier.EMERGENCY:
        return Situation.NOW
    if "violence_to_others" in domains:
        return Situation.OTHERS_AT_RISK
    if tier < EMERGENCY_FIRST:
        return Situation.STEADY
    return Situation.MEDICAL if domains & BODY and not domains & OWN_LIFE else Situation.IMMINENT
