"""Who is shown which lines: by country, hour, age, language and topic."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.core.hotlines import Audience, Channel, Choice, EmergencyService, Hotline, Kind, choose
from handoff.core.hours import ALWAYS, HOURS_UNKNOWN, is_open
from handoff.wording.hotline_files import load_hotlines
from tests.wording.shapes import CHAT, CHECKED, EVERY_DAY, NOON, SHAPE, hotlines, hours

SHIPPED = load_hotlines()


def named(service: str, **changes: object) -> Hotline:
    return replace(SHAPE, id=f"zz-{service}-voice", service=service, **changes)  # type: ignore[arg-type]


def ids(choice: Choice) -> list[str]:
    return [line.id for line in choice.lines]


def test_an_unknown_country_gets_the_directory_and_no_number_of_another_country() -> None:
    for country in (None, "", "XX"):
        choice = choose(SHIPPED, country, now=NOON)
        assert (choice.emergency, choice.international) == (None, True)
        assert choice.lines[0].url == "https://findahelpline.com"


def test_a_country_without_lines_gets_its_emergency_number_and_the_directory() -> None:
    choice = choose(SHIPPED, "TR", now=NOON)
    assert (choice.emergency, choice.international) == ("112", True)


def test_a_country_code_in_small_letters_is_understood() -> None:
    assert choose(SHIPPED, "gb", now=NOON).emergency == "999"


def test_a_line_that_is_closed_now_stands_behind_one_that_is_open() -> None:
    closed, open_now = named("closed", hours=hours(18, 20)), named("open", hours=hours(10, 14))
    assert ids(choose(hotlines(closed, open_now), "ZZ", now=NOON)) == ["zz-open-voice", "zz-closed-voice"]


def test_where_every_line_is_closed_the_directory_stands_first() -> None:
    choice = choose(hotlines(named("closed", hours=hours(18, 20))), "ZZ", now=NOON)
    assert ids(choice) == ["intl-web", "zz-closed-voice"]
    assert choice.international


def test_a_line_open_for_sure_stands_before_one_whose_hours_nobody_knows() -> None:
    unknown, always = named("unknown", hours=HOURS_UNKNOWN), named("always")
    assert ids(choose(hotlines(unknown, always), "ZZ", now=NOON)) == ["zz-always-voice", "zz-unknown-voice"]


def test_a_minor_gets_the_line_for_the_young_first_and_others_do_not_get_it() -> None:
    pool = hotlines(named("all"), named("young", audience=Audience.CHILDREN))
    assert ids(choose(pool, "ZZ", minor=True, now=NOON)) == ["zz-young-voice", "zz-all-voice"]
    assert ids(choose(pool, "ZZ", minor=False, now=NOON)) == ["zz-all-voice"]


def test_a_minor_is_not_sent_to_a_line_for_adults() -> None:
    assert ids(choose(hotlines(named("adults", age_min=18)), "ZZ", minor=True, now=NOON)) == ["intl-web"]


def test_a_line_for_lgbtq_youth_is_shown_when_identity_is_the_topic() -> None:
    pool = hotlines(named("all"), named("lgbtq", audience=Audience.LGBTQ_YOUNG_PEOPLE))
    assert "zz-lgbtq-voice" in ids(choose(pool, "ZZ", topics=("identity",), now=NOON))
    assert "zz-lgbtq-voice" not in ids(choose(pool, "ZZ", topics=("grief",), now=NOON))


def test_a_line_made_for_a_topic_comes_first_there_and_nowhere_else() -> None:
    pool = hotlines(named("all"), named("abuse", topics=("domestic_abuse",)))
    assert ids(choose(pool, "ZZ", topics=("domestic_abuse",), now=NOON))[0] == "zz-abuse-voice"
    assert ids(choose(pool, "ZZ", topics=("suicide",), now=NOON)) == ["zz-all-voice"]


def test_a_line_in_the_persons_language_comes_first() -> None:
    pool = hotlines(named("german", languages=("de",)), named("welsh", languages=("cy",)))
    assert ids(choose(pool, "ZZ", language="cy", now=NOON)) == ["zz-welsh-voice"]


def test_lines_in_other_languages_are_shown_where_there_is_nothing_else() -> None:
    assert ids(choose(hotlines(named("german", languages=("de",))), "ZZ", language="cy", now=NOON)) == [
        "zz-german-voice"
    ]


def test_a_national_line_stands_before_a_regional_one() -> None:
    pool = hotlines(named("region", region="The North"), named("nation"))
    assert ids(choose(pool, "ZZ", now=NOON)) == ["zz-nation-voice", "zz-region-voice"]


def test_among_equals_the_checked_row_stands_first() -> None:
    pool = hotlines(named("unchecked"), named("checked", verification=CHECKED))
    assert ids(choose(pool, "ZZ", now=NOON)) == ["zz-checked-voice", "zz-unchecked-voice"]


def test_there_is_a_written_way_for_those_who_cannot_speak_aloud() -> None:
    pool = hotlines(named("b"), named("c"), named("d"), CHAT)
    assert ids(choose(pool, "ZZ", now=NOON)) == ["zz-b-voice", "zz-c-voice", "zz-a-chat"]


def test_a_withheld_row_is_never_chosen() -> None:
    assert ids(choose(hotlines(named("held", withheld="two sources disagree")), "ZZ", now=NOON)) == ["intl-web"]


def test_police_come_first_where_the_danger_is_another_person() -> None:
    assert choose(SHIPPED, "BR", topics=("domestic_abuse",), now=NOON).emergency == "190"
    assert choose(SHIPPED, "BR", topics=("suicide",), now=NOON).emergency == "192"
    assert choose(SHIPPED, "BR", topics=("domestic_abuse", "overdose_intoxication"), now=NOON).emergency == "192"
    assert choose(SHIPPED, "DE", topics=("stalking",), now=NOON).emergency == "112"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        choose(SHIPPED, "US", now=datetime(2026, 11, 21, 12))  # noqa: DTZ001


@given(
    country=st.sampled_from([*sorted(SHIPPED.countries), "XX", None]),
    hour=st.integers(0, 24 * 14),
    minor=st.booleans(),
    language=st.sampled_from(["en", "es", "de", "xx"]),
    topics=st.sets(st.sampled_from(["identity", "domestic_abuse", "suicide", "self_harm"])),
)
def test_whoever_asks_whenever_there_is_somebody_who_may_answer(
    country: str | None, hour: int, minor: bool, language: str, topics: Collection[str]
) -> None:
    now = NOON + timedelta(hours=hour)
    choice = choose(SHIPPED, country, topics=topics, minor=minor, language=language, now=now)
    assert 1 <= len(choice.lines) <= 3
    assert is_open(choice.lines[0].hours, now) is not False
    assert not any(line.withheld for line in choice.lines)
    assert all(line.country in {"", choice.country} for line in choice.lines)


def test_opening_hours_follow_the_lines_own_clock() -> None:
    tallinn = hours(19, 31, "Europe/Tallinn")
    winter, summer = datetime(2026, 1, 10, 17, tzinfo=UTC), datetime(2026, 7, 10, 16, tzinfo=UTC)
    assert is_open(tallinn, winter) is True
    assert is_open(tallinn, summer) is True
    assert is_open(tallinn, summer - timedelta(minutes=1)) is False


def test_a_line_open_past_midnight_is_open_then_and_not_the_night_before() -> None:
    saturday_night = hours(20, 28, days=frozenset({5}))
    assert is_open(saturday_night, datetime(2026, 11, 22, 3, 59, tzinfo=UTC)) is True
    assert is_open(saturday_night, datetime(2026, 11, 22, 4, tzinfo=UTC)) is False
    assert is_open(saturday_night, datetime(2026, 11, 21, 3, tzinfo=UTC)) is False


def test_the_week_runs_over_from_sunday_to_monday() -> None:
    assert is_open(hours(22, 26, days=frozenset({6})), datetime(2026, 11, 23, 1, tzinfo=UTC)) is True


def test_hours_nobody_knows_are_neither_open_nor_closed() -> None:
    assert is_open(HOURS_UNKNOWN, NOON) is None
    assert is_open(ALWAYS, NOON) is True
    assert is_open(hours(0, 24, days=EVERY_DAY), NOON) is True


def test_the_emergency_number_is_one_string_and_the_services_are_kept() -> None:
    choice = choose(SHIPPED, "JP", now=NOON)
    assert [(number.number, number.service) for number in choice.emergency_numbers] == [
        ("119", EmergencyService.AMBULANCE),
        ("110", EmergencyService.POLICE),
    ]


def test_a_british_child_finds_childline_first_and_a_text_line_among_the_rest() -> None:
    choice = choose(SHIPPED, "GB", minor=True, now=NOON)
    assert choice.lines[0].dial_string == "08001111"
    assert any(line.channel is Channel.SMS and line.keyword == "SHOUT" for line in choice.lines)


def test_directories_have_no_number_to_dial() -> None:
    assert all((line.kind, line.dial_string) == (Kind.ONLINE, "") for line in SHIPPED.directories)
