"""The words the bot is trained on and measured with: enough, apart from each other, and nothing left unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from bot.evaluate import examples
from bot.rehearsal import ROOT

TRAIN, HELD_OUT = ROOT / "bot" / "data" / "train", ROOT / "bot" / "data" / "held_out"
PRESSED_ONLY = {"consent_yes", "consent_no", "delete_confirmed"}
"""Intents that only a button sends."""


def domain() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((ROOT / "bot" / "domain.yml").read_text())
    return told


def trained() -> Iterator[tuple[str, str]]:
    for path in TRAIN.glob("nlu_*.yml"):
        for group in yaml.safe_load(path.read_text())["nlu"]:
            for line in group["examples"].splitlines():
                yield line.strip().removeprefix("- "), group["intent"]


def folded(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip() or text


def test_every_intent_has_at_least_25_ways_to_say_it() -> None:
    said: dict[str, set[str]] = {intent: set() for intent in domain()["intents"]}
    for text, intent in trained():
        said[intent].add(folded(text))
    few = {intent: len(ways) for intent, ways in said.items() if len(ways) < 25 and intent not in PRESSED_ONLY}
    assert few == {}


def test_nothing_is_trained_as_two_intents() -> None:
    meant: dict[str, str] = {}
    twice = [text for text, intent in trained() if meant.setdefault(text, intent) != intent]
    assert twice == []


def test_no_held_out_utterance_is_trained_on() -> None:
    known = {folded(text) for text, _ in trained()}
    assert [text for text, _ in examples() if folded(text) in known] == []


def test_there_are_five_hundred_held_out_utterances_over_all_intents() -> None:
    held_out = examples()
    assert len({text for text, _ in held_out}) >= 500
    assert {intent for _, intent in held_out} == set(domain()["intents"]) - PRESSED_ONLY


def test_there_are_forty_held_out_stories() -> None:
    stories = yaml.safe_load((HELD_OUT / "stories.yml").read_text())["stories"]
    assert len({story["story"] for story in stories}) >= 40


def test_every_response_that_an_action_says_is_written() -> None:
    written = set(domain()["responses"])
    for path in (ROOT / "bot" / "actions").glob("*.py"):
        spoken = re.findall(r'(?:\.say\(\s*|ask\("\w+", |ask_consent\(turn, )"(\w+)"', path.read_text())
        assert {f"utter_{each}" for each in spoken} <= written, path.name
    slots = domain()["forms"]["intake_form"]["required_slots"]
    assert {f"utter_{kind}_{slot}" for kind in ("ask", "hint") for slot in slots} <= written


def test_every_action_of_the_domain_exists_and_every_intent_has_a_rule() -> None:
    code = "".join(path.read_text() for path in (ROOT / "bot" / "actions").glob("*.py"))
    assert set(re.findall(r'action_name = "(\w+)"', code)) == set(domain()["actions"])
    rules = (TRAIN / "rules.yml").read_text()
    assert {*re.findall(r"intent: (\w+)", rules)} == {*domain()["intents"], "nlu_fallback"}
