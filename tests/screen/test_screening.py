from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.core.risk import CRISIS, Modifier, Reading, Tier
from handoff.screening import RiskScreen, screen_stream
from models.screen.scan import Found, Scanner

SHARED = RiskScreen()


class Sure:
    def read(self, text: str, language: str) -> Reading:
        return Reading((0.99, 0.97, 0.95, 0.9, 0.2, 0.1), ("suicide",))


class Broken:
    def read(self, text: str, language: str) -> Reading:
        raise RuntimeError("no model")


class BrokenScanner(Scanner):
    def read(self, text: str) -> Found:
        raise MemoryError


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_no_text_makes_the_screen_raise(text: str) -> None:
    assert not SHARED.read(text, [text]).degraded


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["The weather is mild.", "We had soup.", "See you on Tuesday.", "ok"]), max_size=6))
def test_harmless_sentences_around_a_danger_never_lower_it(harmless: list[str]) -> None:
    danger = "i want to kill myself."
    least = SHARED.read(danger).tier
    assert SHARED.read(" ".join([danger, *harmless])).tier >= least
    assert SHARED.read(" ".join([*harmless, danger])).tier >= least


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="\u200b\u200d\ufeff ", max_size=5))
def test_unseen_characters_hide_nothing(unseen: str) -> None:
    assert SHARED.read(f"i want to die{unseen}").tier >= CRISIS


def test_a_classifier_can_raise_but_not_lower() -> None:
    screen = RiskScreen(classifier=Sure())
    assert screen.read("the rain in spain").tier == Tier.ACTIVE
    assert screen.read("i took all my pills").tier == Tier.EMERGENCY


def test_a_failing_classifier_leaves_the_rules_and_says_degraded() -> None:
    screen = RiskScreen(classifier=Broken())
    told = screen.read("i want to die")
    assert (told.tier, told.degraded) == (Tier.PASSIVE, True)
    assert screen.failing == "classifier: RuntimeError"


def test_a_failing_screen_fails_towards_help() -> None:
    screen = RiskScreen(BrokenScanner())
    told = screen.read("hello")
    assert told.crisis
    assert told.degraded
    assert "person" in told.signals[0].reason


def test_the_log_of_a_failure_holds_no_words(caplog: pytest.LogCaptureFixture) -> None:
    RiskScreen(BrokenScanner()).read("a very private sentence")
    assert "private" not in caplog.text
    assert "MemoryError" in caplog.text


@pytest.mark.parametrize("text", ["Привет, как дела?", "こんにちは、元気ですか", "dzien dobry, jak sie masz dzisiaj"])
def test_a_language_we_cannot_read_is_named_and_never_silent(screen: RiskScreen, text: str) -> None:
    told = screen.read(text)
    assert Modifier.LANGUAGE_UNKNOWN in told.modifiers
    assert told.tier == Tier.CONCERN


def test_a_very_long_text_is_read_at_both_ends_and_says_so(screen: RiskScreen) -> None:
    told = screen.read("i want to kill myself. " + "la la la " * 12_000 + " i took all my pills")
    assert told.tier == Tier.EMERGENCY
    assert Modifier.PARTLY_READ in told.modifiers


def test_the_stream_answers_every_line_in_order() -> None:
    lines = [
        "i want to die",
        '{"text": "hello"}',
        "",
        '{"text": 5}',
        "{oops",
        '["a"]',
        '{"text": "jk", "context": ["i want to die"]}',
    ]
    answers = [json.loads(line) for line in screen_stream(lines, SHARED)]
    assert [answer["tier"] for answer in answers] == [3, 0, 0, 0, 0, 0, 3]
    assert {"tier", "domains", "subject", "signals", "score"} <= answers[0].keys()
    assert answers[0]["domains"] == ["suicide"]
    assert answers[0]["subject"] == "self"


def test_the_stream_does_not_wait_for_the_last_line() -> None:
    asked: list[str] = []

    def source() -> Iterator[str]:
        for line in ("hello", "goodbye"):
            asked.append(line)
            yield line

    assert json.loads(next(screen_stream(source(), SHARED)))["tier"] == 0
    assert asked == ["hello"]


def test_a_context_of_the_wrong_type_is_left_out() -> None:
    lines = ['{"text": "hello", "context": 3}', '{"text": "hello", "context": [1, null, "fine"]}']
    assert [json.loads(line)["tier"] for line in screen_stream(lines, SHARED)] == [0, 0]
