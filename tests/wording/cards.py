"""Cards as the service would make them, from the shipped wording and hotlines."""

from __future__ import annotations

from datetime import datetime

from handoff.core.crisis import CrisisCard, compose
from handoff.core.hotlines import Hotlines, choose
from handoff.core.risk import Assessment, Modifier, Subject, Tier
from handoff.wording.crisis_files import load_all_crisis_wording
from handoff.wording.hotline_files import load_hotlines
from tests.wording.shapes import NOON

SHIPPED = load_hotlines()
WORDINGS = load_all_crisis_wording()
LANGUAGES = sorted(WORDINGS)
DOMAINS = [
    *("suicide", "self_harm", "self_neglect", "violence_to_others", "domestic_abuse", "sexual_violence", "child_abuse"),
    *("neglect", "exploitation", "stalking", "psychosis_mania", "eating_disorder", "overdose_intoxication"),
    *("medical_emergency", "bullying"),
]


def said(tier: Tier, *domains: str, subject: Subject = Subject.SELF, modifiers: tuple[str, ...] = ()) -> Assessment:
    return Assessment(tier, domains, subject, modifiers=modifiers)


def card_for(
    assessment: Assessment,
    country: str | None = "GB",
    language: str = "en",
    *,
    staffed: bool = True,
    live: bool = False,
    pool: Hotlines = SHIPPED,
    now: datetime = NOON,
) -> CrisisCard:
    minor = Modifier.MINOR in assessment.modifiers
    choice = choose(pool, country, topics=assessment.domains, minor=minor, language=language, now=now)
    wording = WORDINGS.get(language, WORDINGS["en"])
    return compose(wording, choice, assessment, staffed=staffed, language=language, live=live)
