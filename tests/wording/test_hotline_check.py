"""What `warmline hotlines check` finds, and when it fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from handoff.core.hotlines import Channel, Hotline, Kind, Withdrawn
from handoff.wording.hotline_check import check
from tests.wording.shapes import CHAT, CHECKED, SHAPE, UNCHECKED, hotlines

TODAY = date(2026, 11, 21)
AFTER_REVIEW = date(2027, 2, 22)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (replace(SHAPE, dial_string="+44116123", display="+44 116 123", kind=Kind.INTL), "short code forced"),
        (replace(SHAPE, dial_string="+44116123", display="+44 116 123", kind=Kind.SHORT_CODE), "go together"),
        (replace(SHAPE, dial_string="0800 12345"), "more than digits"),
        (replace(SHAPE, dial_string="080012346"), "two different numbers"),
        (
            replace(SHAPE, dial_string="119", display="119", extension="8", kind=Kind.SHORT_CODE),
            "two different numbers",
        ),
        (replace(SHAPE, kind=Kind.SHORT_CODE), "too long for a short code"),
        (
            replace(SHAPE, kind=Kind.SHORT_CODE, dial_string="112", display="112", callable_from_abroad=True),
            "cannot be called from abroad",
        ),
        (replace(SHAPE, dial_string="", display=""), "needs dial_string and display"),
        (replace(SHAPE, keyword="HOME"), "a keyword belongs to an sms line"),
        (replace(SHAPE, channel=Channel.CHAT), "does not go with channel"),
        (replace(CHAT, url="http://a.example"), "https://"),
        (replace(SHAPE, age_min=25, age_max=5), "above age_max"),
        (replace(SHAPE, verification=replace(CHECKED, verified_by="")), "filled together"),
        (replace(SHAPE, verification=replace(CHECKED, verified_at=date(2027, 1, 1))), "in the future"),
        (replace(SHAPE, verification=replace(CHECKED, review_due=date(2026, 1, 1))), "after verified_at"),
        (replace(SHAPE, verification=replace(UNCHECKED, source=())), "source is empty"),
    ],
)
def test_a_wrong_row_is_named_with_what_is_wrong(line: Hotline, said: str) -> None:
    report = check(hotlines(line), TODAY, production=False)
    assert any(problem.startswith(f"{line.id}: ") and said in problem for problem in report.problems)
    assert report.failed


def test_a_withdrawn_number_is_refused_in_its_country_only() -> None:
    pool = replace(hotlines(SHAPE), withdrawn=(Withdrawn("ZZ", "080012345", "Became 988."),))
    assert check(pool, TODAY, production=False).problems == ("zz-a-voice: '0800 12345' must not be shown: Became 988.",)
    elsewhere = replace(pool, withdrawn=(Withdrawn("YY", "080012345", "Became 988."),))
    assert check(elsewhere, TODAY, production=False).problems == ()


def test_the_same_id_twice_is_wrong() -> None:
    assert "zz-a-voice: this id is there 2 times" in check(hotlines(SHAPE, SHAPE), TODAY, production=False).problems


def test_an_emergency_number_must_be_diallable() -> None:
    report = check(hotlines(SHAPE, emergency="112 or 999"), TODAY, production=False)
    assert report.problems == ("ZZ emergency: '112 or 999' is not a number to dial",)


def test_rows_past_their_review_fail_in_production_only() -> None:
    pool = hotlines(replace(SHAPE, verification=CHECKED))
    assert "zz-a-voice: review was due 2027-02-21" in check(pool, AFTER_REVIEW, production=True).past_review
    assert check(pool, AFTER_REVIEW, production=True).failed
    assert not check(pool, AFTER_REVIEW, production=False).failed


def test_a_row_is_in_time_on_the_day_its_review_is_due() -> None:
    assert check(hotlines(SHAPE), date(2027, 2, 21), production=True).past_review == ()


def test_rows_nobody_checked_are_listed_and_do_not_fail() -> None:
    report = check(hotlines(SHAPE, replace(CHAT, verification=CHECKED)), TODAY, production=True)
    assert report.unverified == ("zz-a-voice", "intl-web", "ZZ emergency")
    assert not report.failed
    assert report.lines()[-1] == "4 rows can be read; 3 were never checked by a person."


def test_the_report_says_in_words_why_it_failed() -> None:
    lines = check(hotlines(SHAPE), AFTER_REVIEW, production=True).lines()
    assert "past their review (3):" in lines
    assert lines[-1].startswith("Failed: in production no row may be past its review.")


def test_sources_that_disagree_on_an_emergency_number_are_told() -> None:
    pool = hotlines(SHAPE)
    country = replace(pool.countries["ZZ"], emergency_conflict="Sources give 112 and 999.")
    report = check(replace(pool, countries={"ZZ": country}), TODAY, production=True)
    assert report.conflicts == ("ZZ emergency: Sources give 112 and 999.",)
    assert not report.failed
