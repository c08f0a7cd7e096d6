"""Hotlines made for one test: only what the test is about is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from handoff.core.hotlines import (
    Channel,
    Country,
    EmergencyNumber,
    EmergencyService,
    Hotline,
    Hotlines,
    Kind,
    Verification,
)
from handoff.core.hours import ALWAYS, Hours, Interval

UNCHECKED = Verification(review_due=date(2027, 2, 21), source=("a list",))
CHECKED = replace(
    UNCHECKED, verified_at=date(2026, 11, 1), verified_by="R. Reader", evidence_url="https://line.example/contact"
)
EVERY_DAY = frozenset(range(7))
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
"""A Saturday."""

SHAPE = Hotline(
    id="zz-a-voice", country="ZZ", service="A", channel=Channel.VOICE, kind=Kind.NATIONAL, verification=UNCHECKED,
    dial_string="080012345", display="0800 12345", hours=ALWAYS, languages=("en",),
)  # fmt: skip
CHAT = replace(
    SHAPE, id="zz-a-chat", channel=Channel.CHAT, kind=Kind.ONLINE, dial_string="", display="", url="https://a.example"
)
DIRECTORY = replace(CHAT, id="intl-web", country="", service="Directory", channel=Channel.WEB, languages=())


def hours(opens: int, closes: int, zone: str = "UTC", days: frozenset[int] = EVERY_DAY) -> Hours:
    """Open from one full hour to another; above 24 is the next day."""
    return Hours(intervals=(Interval(days, opens * 60, closes * 60),), zone=ZoneInfo(zone))


def hotlines(*lines: Hotline, emergency: str = "112") -> Hotlines:
    """One country, ZZ, with these lines."""
    numbers = (EmergencyNumber(emergency, EmergencyService.ANY),)
    country = Country(code="ZZ", name="Zedland", emergency=numbers, emergency_verification=UNCHECKED, lines=lines)
    return Hotlines(countries={"ZZ": country}, directories=(DIRECTORY,))
