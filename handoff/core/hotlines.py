"""Hotlines: whom a person can reach outside this service, and which of them to show now.

Numbers are kept exactly as they are dialled inside the country. A short code is never turned into an
international number: +44116123 reaches nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from handoff.core.hours import HOURS_UNKNOWN, Hours, is_open


class Channel(StrEnum):
    """How a line is reached. `WEB` is a directory of lines rather than a line."""

    VOICE = "voice"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    CHAT = "chat"
    WEB = "web"


WRITTEN = frozenset({Channel.SMS, Channel.WHATSAPP, Channel.CHAT})


class Kind(StrEnum):
    """What sort of number it is: it decides whether the number works from abroad. `ONLINE` has no number."""

    SHORT_CODE = "short_code"
    NATIONAL = "national"
    INTL = "intl"
    ONLINE = "online"


class Audience(StrEnum):
    """For whom a line is there."""

    EVERYONE = "everyone"
    CHILDREN = "children"
    YOUNG_PEOPLE = "young_people"
    LGBTQ_YOUNG_PEOPLE = "lgbtq_young_people"


FOR_THE_YOUNG = frozenset({Audience.CHILDREN, Audience.YOUNG_PEOPLE})
"""Offered to whoever is known or taken to be under 18, and put first for them."""


class Cost(StrEnum):
    """What the call costs the caller."""

    FREE = "free"
    CHARGED = "charged"
    UNKNOWN = "unknown"


class EmergencyService(StrEnum):
    """Who answers an emergency number."""

    ANY = "any"
    AMBULANCE = "ambulance"
    POLICE = "police"
    FIRE = "fire"
    TEXT = "text"
    """A service for people who cannot hear or speak on the telephone."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Who opened the provider's own page, when, and where; and when it must be looked at again."""

    review_due: date
    verified_at: date | None = None
    verified_by: str = ""
    evidence_url: str = ""
    source: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """True where a person has checked the row and said so, with evidence."""
        return self.verified_at is not None and bool(self.verified_by) and bool(self.evidence_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotline:
    """One service on one channel. `country` is empty for international directories.

    `dial_string` is what a telephone dials, `display` what a person reads; `extension` is chosen once the call is
    connected. `callable_from_abroad` is None where nobody has checked. `withheld` holds the reason why a row is kept
    but never shown.
    """

    id: str
    country: str
    service: str
    channel: Channel
    kind: Kind
    verification: Verification
    dial_string: str = ""
    display: str = ""
    extension: str = ""
    keyword: str = ""
    url: str = ""
    hours: Hours = HOURS_UNKNOWN
    audience: Audience = Audience.EVERYONE
    age_min: int | None = None
    age_max: int | None = None
    region: str = ""
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    cost: Cost = Cost.UNKNOWN
    callable_from_abroad: bool | None = None
    withheld: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """One emergency number, as dialled in its country."""

    number: str
    service: EmergencyService


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One country: its emergency numbers, the first to be called first, and its lines in the reviewers' order."""

    code: str
    name: str
    emergency: tuple[EmergencyNumber, ...]
    emergency_verification: Verification
    emergency_conflict: str = ""
    lines: tuple[Hotline, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A number that public lists still carry and that must never be shown in this country. `country` "*": anywhere."""

    country: str
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class Hotlines:
    """Every country by its ISO 3166-1 alpha-2 code, the international directories, and the numbers never to show."""

    countries: Mapping[str, Country]
    directories: tuple[Hotline, ...]
    withdrawn: tuple[Withdrawn, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "countries", MappingProxyType(dict(self.countries)))

    @property
    def all_lines(self) -> tuple[Hotline, ...]:
        """Every row, withheld ones too, country by country, the directories last."""
        return (*(line for country in self.countries.values() for line in country.lines), *self.directories)


@dataclass(frozen=True, slots=True)
class Choice:
    """What to show one person at one moment.

    `emergency_numbers` is empty where the country is not known: then it is "your local emergency number".
    `international` says that no line of the person's country could be put first.
    """

    emergency_numbers: tuple[EmergencyNumber, ...]
    lines: tuple[Hotline, ...]
    international: bool
    at: datetime
    country: str = ""
    for_minor: bool = False

    @property
    def emergency(self) -> str | None:
        """The emergency number to call first, as dialled; None where the country is not known."""
        return self.emergency_numbers[0].number if self.emergency_numbers else None


POLICE_MATTERS = frozenset(
    {"violence_to_others", "domestic_abuse", "sexual_violence", "stalking", "child_abuse", "exploitation"}
)
MEDICAL_MATTERS = frozenset(
    {"suicide", "self_harm", "self_neglect", "overdose_intoxication", "medical_emergency", "eating_disorder"}
)


def choose(
    hotlines: Hotlines,
    country: str | None,
    *,
    topics: Collection[str] = (),
    minor: bool = False,
    language: str = "en",
    now: datetime,
    limit: int = 3,
) -> Choice:
    """Choose the emergency number and up to `limit` lines for one person at `now`.

    `topics` are intake topics and risk domains alike. A line that is closed now never stands first: where every line
    of the country is closed, the international directory does. Raises ValueError when `now` has no time zone.
    """
    known = hotlines.countries.get((country or "").upper())
    fitting = [line for line in known.lines if _fits(line, topics, minor)] if known else []
    ranked = sorted(fitting, key=_rank(topics, minor, language, now))
    ranked = _in_a_spoken_language(ranked, language, now)
    answering = [line for line in ranked if is_open(line.hours, now) is not False]
    closed = [line for line in ranked if is_open(line.hours, now) is False]
    picked = _varied(answering, limit)
    international = not picked
    if international:
        picked = list(hotlines.directories[:limit])
    return Choice(
        emergency_numbers=_emergency_first(known.emergency, topics) if known else (),
        lines=tuple((picked + closed)[:limit]),
        international=international,
        at=now,
        country=known.code if known else "",
        for_minor=minor,
    )


_NOT_FOR_EVERY_MINOR = 16
"""How old somebody under 18 is, is not known: a line that takes nobody younger than this might turn them away."""


def _fits(line: Hotline, topics: Collection[str], minor: bool) -> bool:
    if line.withheld or (line.topics and not set(line.topics) & set(topics)):
        return False
    if line.audience is Audience.LGBTQ_YOUNG_PEOPLE:
        return "identity" in topics
    if line.audience in FOR_THE_YOUNG:
        return minor
    return not (minor and line.age_min is not None and line.age_min >= _NOT_FOR_EVERY_MINOR)


def _rank(
    topics: Collection[str], minor: bool, language: str, now: datetime
) -> Callable[[Hotline], tuple[bool, int, bool, bool, bool, bool]]:
    """Best first: made for the young (for a minor), language, open for sure, made for the topic, national, checked."""

    def rank(line: Hotline) -> tuple[bool, int, bool, bool, bool, bool]:
        return (
            minor and line.audience not in FOR_THE_YOUNG,
            _language_distance(line, language),
            is_open(line.hours, now) is not True,
            not set(line.topics) & set(topics) and line.audience is not Audience.LGBTQ_YOUNG_PEOPLE,
            bool(line.region),
            not line.verification.verified,
        )

    return rank


def _language_distance(line: Hotline, language: str) -> int:
    """0: speaks it; 1: nobody wrote down what it speaks; 2: speaks something else."""
    if not line.languages:
        return 1
    return 0 if language in line.languages else 2


def _in_a_spoken_language(ranked: list[Hotline], language: str, now: datetime) -> list[Hotline]:
    """Leave out lines in other languages; where none in this language is open for sure, keep those that are."""
    spoken = [line for line in ranked if _language_distance(line, language) < 2]
    if any(is_open(line.hours, now) for line in spoken):
        return spoken
    kept = [line for line in ranked if line in spoken or is_open(line.hours, now)]
    return kept or ranked


def _varied(ranked: list[Hotline], limit: int) -> list[Hotline]:
    """One row of each service before a second one; among them a line for anything, and a written way for those who
    cannot speak aloud."""
    first_of = {line.service: line for line in reversed(ranked)}
    heads = [line for line in ranked if first_of[line.service] is line]
    ordered = heads + [line for line in ranked if line not in heads]
    picked = ordered[:limit]
    written = next((line for line in ordered if line.channel in WRITTEN), None)
    if written and len(picked) > 1 and not any(line.channel in WRITTEN for line in picked):
        picked[-1] = written
    general = next((line for line in ordered if not line.topics), None)
    if general and len(picked) > 1 and all(line.topics for line in picked):
        picked[1] = general
    return picked


def _emergency_first(numbers: Sequence[EmergencyNumber], topics: Collection[str]) -> tuple[EmergencyNumber, ...]:
    """Police first where the danger is another person and nobody's body is; else the reviewers' order."""
    if not set(topics) & POLICE_MATTERS or set(topics) & MEDICAL_MATTERS:
        return tuple(numbers)
    wanted = (EmergencyService.POLICE, EmergencyService.ANY)
    return tuple(sorted(numbers, key=lambda number: number.service not in wanted))
