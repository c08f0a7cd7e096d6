"""Reads the reviewed hotline files into `handoff.core.hotlines`. The fields are explained in `hotlines/README.md`."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handoff.core.hotlines import (
    Audience,
    Channel,
    Cost,
    Country,
    EmergencyNumber,
    EmergencyService,
    Hotline,
    Hotlines,
    Kind,
    Verification,
    Withdrawn,
)
from handoff.core.hours import ALWAYS, HOURS_UNKNOWN, MINUTES_A_DAY, Hours, Interval
from handoff.wording.reading import WORDING, Section, WordingError, read

FOLDER = WORDING / "hotlines"

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ABROAD = {"yes": True, "no": False, "unknown": None}
_CHECKED = ("verified_at", "verified_by", "evidence_url", "review_due", "source")
_LINE = (
    *("id", "service", "channel", "kind", "dial_string", "display", "extension", "keyword", "url"),
    *("callable_from_abroad", "hours", "audience", "age_min", "age_max", "region", "topics", "languages", "cost"),
    *("withheld", "note"),
    *_CHECKED,
)


def load_hotlines(folder: Path = FOLDER) -> Hotlines:
    """Read every hotline file of a folder. Raises WordingError, which names the file, the key and the next step.

    What can be read but is wrong (a short code with a country prefix, a withdrawn number) is found by `hotline_check`.
    """
    emergency = _emergency(folder / "emergency.yml")
    read_countries = [_country(file, emergency) for file in _country_files(folder)]
    countries = {country.code: country for country in read_countries}
    for code in emergency.keys() - countries.keys():
        raise WordingError(folder / "emergency.yml", f"countries[{code}]", "no country file", f"Add {code.lower()}.yml")
    directories = read(folder / "international.yml").sections("directories")
    if not directories:
        raise WordingError(folder / "international.yml", "directories", "no directory", "Name at least one")
    return Hotlines(
        countries=countries,
        directories=tuple(_line(entry, "") for entry in directories),
        withdrawn=tuple(_withdrawn(entry) for entry in read(folder / "withdrawn.yml").sections("numbers")),
    )


def _country_files(folder: Path) -> list[Path]:
    files = sorted((folder / "countries").glob("*.yml"))
    if not files:
        raise WordingError(folder / "countries", "", "no country file", "Restore the folder from the repository")
    return files


def _country(file: Path, emergency: dict[str, Section]) -> Country:
    top = read(file)
    top.only("country", "country_name", "lines")
    code = top.text("country")
    if code != file.stem.upper():
        raise top.wrong("country", f"'{code}' does not fit the file's name", "Use the ISO code as name and as country")
    if code not in emergency:
        raise top.wrong("country", f"{code} has no emergency number", "Add an entry to emergency.yml")
    entry = emergency[code]
    return Country(
        code=code,
        name=top.text("country_name"),
        emergency=tuple(_number(number) for number in entry.sections("numbers")),
        emergency_verification=_verification(entry),
        emergency_conflict=entry.maybe("conflict"),
        lines=tuple(_line(line, code) for line in top.sections("lines")),
    )


def _emergency(file: Path) -> dict[str, Section]:
    entries: dict[str, Section] = {}
    for entry in read(file).sections("countries"):
        entry.only("country", "numbers", "conflict", "note", *_CHECKED)
        code = entry.text("country")
        if code in entries:
            raise entry.wrong("country", f"{code} is there twice", "Keep one entry")
        if not entry.sections("numbers"):
            raise entry.wrong("numbers", "no number", "Add at least one")
        entries[code] = entry
    return entries


def _number(entry: Section) -> EmergencyNumber:
    entry.only("number", "service")
    return EmergencyNumber(entry.text("number"), entry.one_of("service", EmergencyService))


def _withdrawn(entry: Section) -> Withdrawn:
    entry.only("country", "number", "reason")
    return Withdrawn(entry.text("country"), entry.text("number"), entry.text("reason"))


def _line(entry: Section, country: str) -> Hotline:
    entry.only(*_LINE)
    return Hotline(
        id=entry.text("id"),
        country=country,
        service=entry.text("service"),
        channel=entry.one_of("channel", Channel),
        kind=entry.one_of("kind", Kind),
        verification=_verification(entry),
        dial_string=entry.maybe("dial_string"),
        display=entry.maybe("display"),
        extension=entry.maybe("extension"),
        keyword=entry.maybe("keyword"),
        url=entry.maybe("url"),
        hours=read_hours(entry),
        audience=entry.one_of("audience", Audience),
        age_min=entry.maybe_whole("age_min"),
        age_max=entry.maybe_whole("age_max"),
        region=entry.maybe("region"),
        topics=entry.texts("topics"),
        languages=entry.texts("languages"),
        cost=entry.one_of("cost", Cost),
        callable_from_abroad=_abroad(entry),
        withheld=entry.maybe("withheld"),
        note=entry.maybe("note"),
    )


def _verification(entry: Section) -> Verification:
    return Verification(
        review_due=entry.day("review_due"),
        verified_at=entry.maybe_day("verified_at"),
        verified_by=entry.maybe("verified_by"),
        evidence_url=entry.maybe("evidence_url"),
        source=entry.texts("source"),
    )


def _abroad(entry: Section) -> bool | None:
    value = entry.text("callable_from_abroad")
    if value not in _ABROAD:
        raise entry.wrong("callable_from_abroad", f"'{value}' is not known", f"Use one of: {', '.join(_ABROAD)}")
    return _ABROAD[value]


def read_hours(entry: Section) -> Hours:
    """The field `hours` of an entry: `always`, `unknown`, or a time zone with intervals. Raises WordingError."""
    if isinstance(entry.fields.get("hours"), dict):
        hours = entry.section("hours")
        hours.only("timezone", "open")
        intervals = tuple(_interval(one) for one in hours.sections("open"))
        if not intervals:
            raise hours.wrong("open", "no opening hours", "Add them, or write 'hours: unknown'")
        return Hours(intervals=intervals, zone=_zone(hours))
    value = entry.text("hours")
    if value not in ("always", "unknown"):
        raise entry.wrong("hours", f"'{value}' is not known", "Use always, unknown, or timezone with open")
    return ALWAYS if value == "always" else HOURS_UNKNOWN


def _zone(hours: Section) -> ZoneInfo:
    name = hours.text("timezone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        cure = "Use an IANA name such as Europe/Tallinn, and check that tzdata is installed"
        raise hours.wrong("timezone", f"'{name}' is not a time zone here", cure) from error


def _interval(entry: Section) -> Interval:
    entry.only("days", "from", "to")
    opens, closes = _minutes(entry, "from"), _minutes(entry, "to")
    return Interval(_days(entry), opens, closes if closes > opens else closes + MINUTES_A_DAY)


def _minutes(entry: Section, name: str) -> int:
    value = entry.text(name)
    hour, _, minute = value.partition(":")
    is_time = len(hour) == len(minute) == 2 and (hour + minute).isdecimal() and int(minute) < 60
    if not is_time or int(hour) * 60 + int(minute) > 1440:
        raise entry.wrong(name, f"'{value}' is not a time of day", 'Write it as "HH:MM", in quotes')
    return int(hour) * 60 + int(minute)


def _days(entry: Section) -> frozenset[int]:
    value = entry.text("days")
    first, _, last = value.partition("-")
    if first not in _DAYS or (last or first) not in _DAYS:
        raise entry.wrong("days", f"'{value}' are no days", "Write mon-sun, sat-sun, fri, ...")
    begin, end = _DAYS.index(first), _DAYS.index(last or first)
    return frozenset((begin + step) % 7 for step in range((end - begin) % 7 + 1))
