"""The hotline rows that ship: complete, dialled as written, and free of the wrong entries found in public lists."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handoff.core.hotlines import Channel, Hotline, Kind
from handoff.core.hours import is_open
from handoff.wording.hotline_check import check
from handoff.wording.hotline_files import load_hotlines

HOTLINES = load_hotlines()
SHOWN = [line for line in HOTLINES.all_lines if not line.withheld]
TODAY = date(2026, 11, 21)


def lines_of(country: str) -> list[Hotline]:
    return [line for line in SHOWN if line.country == country]


def numbers(country: str) -> set[str]:
    return {line.dial_string for line in lines_of(country)}


def test_sixty_countries_and_the_rest_of_the_world_have_somewhere_to_turn() -> None:
    assert len([country for country in HOTLINES.countries.values() if country.lines]) >= 60
    assert HOTLINES.directories[0].url == "https://findahelpline.com"
    assert all(country.emergency for country in HOTLINES.countries.values())


def test_no_shipped_row_breaks_the_schema() -> None:
    assert check(HOTLINES, TODAY, production=True).problems == ()


def test_every_row_says_when_it_must_be_looked_at_again_and_where_it_came_from() -> None:
    rows = [line.verification for line in HOTLINES.all_lines]
    rows += [country.emergency_verification for country in HOTLINES.countries.values()]
    assert all(row.review_due > date(2026, 1, 1) and row.source for row in rows)


def test_a_row_nobody_checked_is_marked_as_such() -> None:
    unchecked = [line.id for line in HOTLINES.all_lines if not line.verification.verified]
    assert set(unchecked) <= set(check(HOTLINES, TODAY, production=False).unverified)


@pytest.mark.parametrize(
    ("country", "wrong", "right"),
    [
        ("KR", "1393", "109"),
        ("IN", "18005990019", "14416"),
        ("US", "18002738255", "988"),
        ("US", "18007842433", "988"),
        ("CA", "18334564566", "988"),
        ("CA", "18006624357", "988"),
        ("CA", "18009506264", "988"),
        ("BR", "141", "188"),
        ("FI", "010195202", "0925250111"),
        ("MY", "0379568144", "0376272929"),
        ("MY", "0379568145", "0376272929"),
        ("MY", "1800180066", "15555"),
        ("MY", "1800820066", "15555"),
        ("FR", "+33333114", "3114"),
        ("GB", "+44116123", "116123"),
        ("US", "+1741741", "741741"),
        ("US", "+1988", "988"),
        ("BR", "+55188", "188"),
        ("ID", "+62119", "119"),
        ("IN", "+9114416", "14416"),
        ("VN", "963061414", "0963061414"),
        ("CN", "4001619995", "12356"),
        ("NG", "+2348001234567", "08000787746"),
        ("UA", "143", "7333"),
        ("UA", "147", "7333"),
        ("UA", "145", "7333"),
        ("UA", "0628238600", "7333"),
        ("PT", "143", "1411"),
        ("PT", "147", "1411"),
        ("PT", "145", "1411"),
        ("PT", "0628238600", "1411"),
        ("DK", "179", "70201201"),
    ],
)
def test_a_wrong_number_of_the_public_lists_is_not_shown(country: str, wrong: str, right: str) -> None:
    assert wrong not in numbers(country)
    assert right in numbers(country)
    assert any(gone.number == wrong and gone.country in {"*", country} for gone in HOTLINES.withdrawn)


def test_turkey_shows_no_swiss_number_and_no_line_at_all() -> None:
    assert lines_of("TR") == []
    assert [number.number for number in HOTLINES.countries["TR"].emergency] == ["112"]


def test_one_hong_kong_number_does_not_stand_for_several_services() -> None:
    seen: dict[str, set[str]] = {}
    for line in SHOWN:
        if line.dial_string:
            seen.setdefault(f"{line.country} {line.dial_string} {line.channel}", set()).add(line.service)
    assert {number: services for number, services in seen.items() if len(services) > 1} == {}


def test_emergency_numbers_did_not_slip_into_the_next_column() -> None:
    djibouti = HOTLINES.countries.get("DJ")
    assert djibouti is None or {"17 police", "18 fire"} <= {f"{n.number} {n.service}" for n in djibouti.emergency}
    norway = {number.number: number.service.value for number in HOTLINES.countries["NO"].emergency}
    assert norway == {"113": "ambulance", "112": "police"}


def test_no_service_is_called_like_the_page_it_was_scraped_from() -> None:
    names = {line.service.lower() for line in SHOWN if line.country}
    assert not any("find a helpline" in name or "hotlines in" in name for name in names)


def test_the_polish_116_123_is_not_shown_as_always_open() -> None:
    assert not any(line.hours.always for line in lines_of("PL") if line.dial_string == "116123")


def test_hours_that_sources_disagree_on_are_unknown() -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert [is_open(line.hours, now) for line in lines_of("LB")] == [None]


def test_singapores_9151_1767_is_whatsapp() -> None:
    assert {line.channel for line in lines_of("SG") if line.dial_string == "91511767"} == {Channel.WHATSAPP}


def test_the_extension_of_119_ext_8_is_kept() -> None:
    line = next(line for line in lines_of("ID") if line.dial_string == "119")
    assert (line.display, line.extension) == ("119 ext 8", "8")


def test_leading_zeros_and_stars_survive() -> None:
    assert {"024"} <= numbers("ES")
    assert {"*4141"} <= numbers("CL")
    assert [number.number for number in HOTLINES.countries["AU"].emergency] == ["000"]


def test_no_short_code_is_written_as_an_international_number() -> None:
    short = [line for line in SHOWN if line.kind is Kind.SHORT_CODE]
    assert len(short) > 40
    assert all(not line.dial_string.startswith("+") and line.callable_from_abroad is False for line in short)


def test_a_number_the_sources_disagree_on_is_kept_but_never_shown() -> None:
    assert not numbers("IL") & {"0529993544", "0768844400"}
    assert [line.withheld for line in HOTLINES.countries["IL"].lines if line.channel is Channel.SMS].count("") == 0
