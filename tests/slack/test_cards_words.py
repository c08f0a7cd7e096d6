"""The wording has what the code says, nothing that nobody says, and the places that are filled in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from connectors import slack
from connectors.slack.leads import CRISIS_KINDS
from handoff.core.outcomes import OUTCOMES
from handoff.core.risk import Tier
from handoff.core.supporter import Role, Training
from handoff.wording.page_files import load_page_wording
from tests.slack.values import words

SOURCES = sorted(Path(slack.__file__).parent.glob("*.py"))
OWN = load_page_wording("slack.yml")["en"]
_MADE_UP = {
    "block": r"time_\d+",
    "thread": r"ended_.*",
    "person": r"(role|training)_.*",
    "resources": r"kind_.*",
    "command": r"help_.*",
}
"""Keys that are put together where they are said."""
_WHOLE = {
    "tier_mark",
    "wish",
    "trait",
    "language",
    "alert_kind",
    "nudge",
    "refused",
    "delivery",
    "presence",
    "notification",
}
"""Sections whose keys come from elsewhere: codes, kinds, refusals."""


def calls() -> Iterator[tuple[str, str, str]]:
    """(method, section, key) of every sentence that the code asks for by name."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) >= 2:
                literal = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
                if node.func.attr in ("say", "count") and len(literal) == 2:
                    yield node.func.attr, str(literal[0]), str(literal[1])


def literals() -> set[str]:
    """Every word in quotes in the code: a key that is chosen first and said later is among them."""
    found: set[str] = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_every_sentence_that_is_asked_for_is_there() -> None:
    missing = []
    for method, section, key in calls():
        wanted = (key, f"{key}_one") if method == "count" else (key,)
        missing += [(section, each) for each in wanted if each not in words().all_of(section)]
    assert missing == []


def test_no_sentence_is_left_that_nobody_says() -> None:
    said = literals()
    left = [
        (section, key)
        for section, sentences in OWN.items()
        for key in sentences
        if section not in _WHOLE
        and key.removesuffix("_one") not in said
        and key not in said
        and not re.fullmatch(_MADE_UP.get(section, "-"), key)
    ]
    assert left == []


def test_every_code_of_the_core_has_words() -> None:
    assert set(words().all_of("tier")) == {tier.name.lower() for tier in Tier} == set(words().all_of("tier_mark"))
    assert set(OUTCOMES) == set(words().all_of("outcome"))
    assert set(CRISIS_KINDS) < set(words().all_of("alert_kind"))
    assert all(f"role_{role.value}" in OWN["person"] for role in Role)
    assert all(f"training_{training.name.lower()}" in OWN["person"] for training in Training)


def test_notifications_name_nobody() -> None:
    assert not any("{" in sentence for sentence in OWN["notification"].values())


def test_a_value_that_looks_like_a_place_stays_as_it_is() -> None:
    assert words().say("card", "taken", who="{name}", name="{who}") == "{name} is with {who}."
