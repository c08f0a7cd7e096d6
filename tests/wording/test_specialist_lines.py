"""Lines made for one matter or for the young: they stand beside the general line, and only where they belong."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations, product
from typing import Any

import pytest

from handoff.core.crisis import card_maker
from handoff.core.hotlines import FOR_THE_YOUNG, Audience, Hotline, choose
from handoff.core.hours import is_open
from handoff.core.line import CardWish
from handoff.core.risk import Assessment, Subject, Tier
from handoff.resources import TOPICS
from handoff.wording.crisis_files import load_all_crisis_wording
from handoff.wording.hotline_files import load_hotlines
from models.classifier.axes import DOMAINS
from tests.wording.shapes import NOON

SHIPPED = load_hotlines()
COUNTRIES = sorted(SHIPPED.countries)
MAKE = card_maker(SHIPPED, load_all_crisis_wording())
TIMES = [NOON.replace(hour=hour) for hour in (0, 6, 12, 18)]
FRIDAY_IN_BERLIN, SUNDAY_IN_BERLIN = datetime(2026, 11, 20, 15, tzinfo=UTC), datetime(2026, 11, 22, 15, tzinfo=UTC)


def of(country: str) -> list[Hotline]:
    return [line for line in SHIPPED.countries[country].lines if not line.withheld]


def general(line: Hotline) -> bool:
    return not line.topics and line.audience is Audience.EVERYONE


def dialled(country: str, *topics: str, minor: bool = False, language: str = "en", now: datetime = NOON) -> list[str]:
    lines = choose(SHIPPED, country, topics=topics, minor=minor, language=language, now=now).lines
    return [line.dial_string or line.url for line in lines]


def card(country: str, *domains: str, language: str = "en", now: datetime = NOON, **said: Any) -> dict[str, Any]:
    assessment = Assessment(Tier.ACTIVE, domains, Subject.SELF, **said)
    wish = CardWish(
        assessment=assessment, country=country, language=language, topics=(), staffed=True, live=False, at=now
    )
    return MAKE(wish).body


def test_every_topic_of_a_row_is_a_risk_domain_or_a_topic_of_the_intake() -> None:
    assert {topic for line in SHIPPED.all_lines for topic in line.topics} <= {*DOMAINS, *TOPICS}


@pytest.mark.parametrize(
    ("country", "language", "first"),
    [
        ("GB", "en", "08082000247"),
        ("US", "en", "18007997233"),
        ("IE", "en", "1800341900"),
        ("AU", "en", "1800737732"),
        ("NZ", "en", "0800733843"),
        ("DE", "de", "116016"),
        ("AT", "de", "0800222555"),
        ("ES", "es", "016"),
        ("MX", "es", "079"),
        ("FR", "fr", "3919"),
        ("BE", "fr", "080030030"),
        ("PT", "pt", "800202148"),
        ("BR", "pt", "180"),
        ("IT", "it", "1522"),
        ("NL", "nl", "08002000"),
        ("ZA", "en", "0800428428"),
    ],
)
def test_whoever_tells_of_abuse_at_home_sees_the_line_for_it_a_general_one_and_the_emergency_number(
    country: str, language: str, first: str
) -> None:
    for topic in ("domestic_abuse", "abuse"):
        choice = choose(SHIPPED, country, topics=(topic,), language=language, now=NOON)
        assert choice.lines[0].dial_string == first
        assert choice.emergency
        assert any(general(line) for line in choice.lines)
    assert first not in dialled(country, "suicide", language=language)
    assert first not in dialled(country, language=language)


@pytest.mark.parametrize(
    ("country", "topic", "number"),
    [
        ("US", "sexual_violence", "18006564673"),
        ("IE", "sexual_violence", "1800778888"),
        ("AU", "sexual_violence", "1800737732"),
        ("GB", "sexual_violence", "https://247sexualabusesupport.org.uk/"),
        ("AU", "eating_disorder", "1800334673"),
        ("GB", "eating_disorder", "08088010677"),
        ("CA", "eating_disorder", "18666334220"),
        ("US", "child_abuse", "18004224453"),
        ("IN", "domestic_abuse", "181"),
    ],
)
def test_other_lines_for_one_matter_are_shown_for_it_alone(country: str, topic: str, number: str) -> None:
    assert number in dialled(country, topic)
    assert number not in dialled(country, "suicide", "self_harm")


def test_in_britain_samaritans_and_a_text_line_stand_beside_the_line_for_domestic_abuse() -> None:
    told = card("GB", "domestic_abuse")
    assert told["emergency"]["dial"] == "999"
    assert [line["dial"] for line in told["lines"]] == ["08082000247", "116123", "85258"]
    assert "08082000247" not in [line["dial"] for line in card("GB", "suicide")["lines"]]


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_line_for_one_matter_never_takes_the_place_of_a_general_line_that_answers(country: str) -> None:
    matters = sorted({topic for line in of(country) for topic in line.topics})
    told = [*((one,) for one in matters), *combinations(matters, 2)]
    spoken = sorted({language for line in of(country) if general(line) for language in line.languages})
    for topics, language, now in product(told, spoken or ["en"], TIMES):
        answers = [line for line in of(country) if general(line) and is_open(line.hours, now)]
        if any(language in line.languages for line in answers):
            choice = choose(SHIPPED, country, topics=topics, language=language, now=now)
            assert any(general(line) for line in choice.lines), (topics, language, now)


@pytest.mark.parametrize("country", COUNTRIES)
def test_without_the_matter_and_above_eighteen_nobody_sees_those_lines(country: str) -> None:
    for topics, language in product([(), ("suicide",), ("anxiety", "low_mood")], ["en", "de", "es"]):
        choice = choose(SHIPPED, country, topics=topics, language=language, now=NOON)
        assert not any(line.topics or line.audience in FOR_THE_YOUNG for line in choice.lines)


def test_a_german_child_sees_the_childrens_line_and_a_line_that_never_closes() -> None:
    numbers = dialled("DE", minor=True, language="de", now=FRIDAY_IN_BERLIN)
    assert numbers[:2] == ["116111", "08001110111"]
    assert "116111" not in dialled("DE", language="de", now=FRIDAY_IN_BERLIN)


def test_while_the_childrens_line_is_closed_the_line_that_answers_stands_first() -> None:
    assert dialled("DE", minor=True, language="de", now=SUNDAY_IN_BERLIN)[0] == "08001110111"


def test_a_child_who_tells_of_abuse_sees_the_childrens_line_before_the_one_for_abuse() -> None:
    assert dialled("GB", "domestic_abuse", minor=True)[:2] == ["08001111", "08082000247"]
    assert dialled("DE", "domestic_abuse", minor=True, language="de", now=FRIDAY_IN_BERLIN)[:2] == ["116111", "116016"]


def test_in_forty_countries_there_is_a_line_for_children_or_the_young() -> None:
    young = {line.country for line in SHIPPED.all_lines if line.audience in FOR_THE_YOUNG and not line.withheld}
    assert len(young) >= 40


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_minor_sees_the_line_for_the_young_first_where_it_may_answer(country: str) -> None:
    young = [line for line in of(country) if line.audience in FOR_THE_YOUNG]
    for language in {language for line in young for language in line.languages}:
        if any(is_open(line.hours, NOON) is not False for line in young if language in line.languages):
            choice = choose(SHIPPED, country, minor=True, language=language, now=NOON)
            assert choice.lines[0].audience in FOR_THE_YOUNG


def test_a_child_is_not_sent_to_a_line_that_takes_nobody_so_young() -> None:
    assert "https://247sexualabusesupport.org.uk/" in dialled("GB", "sexual_violence")
    assert "https://247sexualabusesupport.org.uk/" not in dialled("GB", "sexual_violence", minor=True)
