"""What `warmline hotlines check` says: rows that are wrong, unchecked, past their review, or in conflict."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from handoff.core.hotlines import Channel, Hotline, Hotlines, Kind, Verification

_DIALLED = re.compile(r"[0-9*#]+")
_LONGEST_SHORT_CODE = 6
_SHORTEST_INTERNATIONAL = 10
"""Digits of a real international number with its +. E.164 allows fewer; no country here has them."""


@dataclass(frozen=True, slots=True)
class Report:
    """Plain lines, one finding each. `failed` decides the exit status."""

    problems: tuple[str, ...]
    unverified: tuple[str, ...]
    past_review: tuple[str, ...]
    conflicts: tuple[str, ...]
    production: bool
    rows: int

    @property
    def failed(self) -> bool:
        """Wrong rows always fail; rows past their review fail in production. Unchecked ones are only told."""
        return bool(self.problems) or (self.production and bool(self.past_review))

    def lines(self) -> tuple[str, ...]:
        """The whole report as lines for a terminal."""
        parts = (
            ("wrong, must be mended", self.problems),
            ("past their review", self.past_review),
            ("sources disagree", self.conflicts),
            ("never checked by a person", self.unverified),
        )
        told = [line for title, found in parts if found for line in (f"{title} ({len(found)}):", *_indented(found))]
        return (*told, self._verdict())

    def _verdict(self) -> str:
        if self.problems:
            return "Failed: mend the wrong rows first."
        if self.past_review and self.production:
            return "Failed: in production no row may be past its review. Check the rows, then set review_due."
        if self.unverified:
            return f"{self.rows} rows can be read; {len(self.unverified)} were never checked by a person."
        return f"{self.rows} rows, all checked by a person."


def check(hotlines: Hotlines, today: date, production: bool) -> Report:
    """Hold every row, withheld ones too, against the rules of the schema and against `today`."""
    rows = [(line.id, line.verification) for line in hotlines.all_lines]
    rows += [(f"{c.code} emergency", c.emergency_verification) for c in hotlines.countries.values()]
    return Report(
        problems=tuple(_problems(hotlines, today)),
        unverified=tuple(name for name, row in rows if not row.verified),
        past_review=tuple(f"{name}: review was due {row.review_due}" for name, row in rows if row.review_due < today),
        conflicts=tuple(
            f"{c.code} emergency: {c.emergency_conflict}" for c in hotlines.countries.values() if c.emergency_conflict
        ),
        production=production,
        rows=len(rows),
    )


def _indented(lines: tuple[str, ...]) -> list[str]:
    return [f"  {line}" for line in lines]


def _problems(hotlines: Hotlines, today: date) -> Iterator[str]:
    counts = Counter(line.id for line in hotlines.all_lines)
    yield from (f"{name}: this id is there {count} times" for name, count in counts.items() if count > 1)
    for line in hotlines.all_lines:
        for fault in (*_way_in(line), *_number(line), *_verification(line.verification, today), *_old(line, hotlines)):
            yield f"{line.id}: {fault}"
    for country in hotlines.countries.values():
        for emergency in country.emergency:
            if not _DIALLED.fullmatch(emergency.number) or len(emergency.number) > _LONGEST_SHORT_CODE:
                yield f"{country.code} emergency: '{emergency.number}' is not a number to dial"
        for fault in _verification(country.emergency_verification, today):
            yield f"{country.code} emergency: {fault}"


def _way_in(line: Hotline) -> Iterator[str]:
    online = line.channel in (Channel.CHAT, Channel.WEB)
    if online != (line.kind is Kind.ONLINE):
        yield f"kind {line.kind} does not go with channel {line.channel}"
    if online and not line.url.startswith("https://"):
        yield "an online line needs a url that starts with https://"
    if not online and not (line.dial_string and line.display):
        yield "a line that is dialled needs dial_string and display"
    if line.keyword and line.channel is not Channel.SMS:
        yield "a keyword belongs to an sms line"
    if line.age_min is not None and line.age_max is not None and line.age_min > line.age_max:
        yield f"age_min {line.age_min} is above age_max {line.age_max}"


def _number(line: Hotline) -> Iterator[str]:
    number = line.dial_string
    if not number:
        return
    if not _DIALLED.fullmatch(number.removeprefix("+")):
        yield f"dial_string '{number}' holds more than digits, * and #"
    shown = "".join(c for c in line.display.replace("(0)", "") if c in "+0123456789*#")
    if shown != number + line.extension:
        yield f"display '{line.display}' and dial_string '{number}' are two different numbers"
    if number.startswith("+") != (line.kind is Kind.INTL):
        yield f"'{number}': a leading + and kind intl go together, and only together"
    if line.kind is Kind.INTL and len(number) <= _SHORTEST_INTERNATIONAL:
        yield f"'{number}' looks like a short code forced into an international number"
    if line.kind is Kind.SHORT_CODE and len(number.lstrip("*")) > _LONGEST_SHORT_CODE:
        yield f"'{number}' is too long for a short code"
    if line.kind is Kind.SHORT_CODE and line.callable_from_abroad:
        yield "a short code cannot be called from abroad"


def _verification(row: Verification, today: date) -> Iterator[str]:
    given = (row.verified_at is not None, bool(row.verified_by), bool(row.evidence_url))
    if any(given) and not all(given):
        yield "verified_at, verified_by and evidence_url are filled together or not at all"
    if row.verified_at and row.verified_at > today:
        yield f"verified_at {row.verified_at} lies in the future"
    if row.verified_at and row.review_due <= row.verified_at:
        yield "review_due must lie after verified_at"
    if not row.source:
        yield "source is empty: say where the facts came from"


def _old(line: Hotline, hotlines: Hotlines) -> Iterator[str]:
    for gone in hotlines.withdrawn:
        if gone.number == line.dial_string and gone.country in ("*", line.country):
            yield f"'{line.display}' must not be shown: {gone.reason}"
