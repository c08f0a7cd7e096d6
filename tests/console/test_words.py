"""The console's wording and its scripts agree, and nothing is said that must not be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from connectors.console.routes import STATIC
from handoff.core.outcomes import OUTCOMES
from handoff.core.risk import Modifier, Tier
from handoff.saved_replies import Category
from tests.console.house import WORDING

SOURCE = WORDING.parents[3] / "connectors" / "console"
TOPICS = {
    "anxiety", "low_mood", "stress", "loneliness", "grief", "relationships", "family", "work_study", "caring",
    "long_term_illness", "identity", "abuse", "self_harm", "substance_use", "unusual_experiences", "other",
}  # fmt: skip
# Sentences that the scripts put together from a group and a code.
GROUPS = (
    "tier",
    "tier_means",
    "modifier",
    "concern",
    "report_reason",
    "supporter_reason",
    "topic",
    "outcome",
    "reply_category",
    "decline",
    "keys",
    "theme",
    "presence",
    "board",
)
SCRIPTS = {path.name: path.read_text() for path in sorted(STATIC.glob("*.js"))}


@pytest.fixture(scope="module")
def wording() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(WORDING.read_text())
    return read


def leaves(part: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in part.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def used() -> set[str]:
    keys = set()
    for text in SCRIPTS.values():
        keys |= set(re.findall(r"\"([a-z_]+(?:\.[a-z_]+)*)\"", text))
        for key in re.findall(r"counted\(\"([a-z_.]+)\"", text):
            keys |= {key, f"{key}_one"}
    return keys


def test_every_sentence_the_scripts_ask_for_is_there(wording: dict[str, Any]) -> None:
    there = dict(leaves(wording["page"]))
    asked = {key for text in SCRIPTS.values() for key in re.findall(r"\bt\(\"([a-z_.]+)\"", text)}
    asked |= {
        key
        for text in SCRIPTS.values()
        for pair in re.findall(r"\? \"([a-z_.]+)\" : \"([a-z_.]+)\"", text)
        for key in pair
        if "." in key
    }
    asked |= {
        key + end
        for text in SCRIPTS.values()
        for key in re.findall(r"counted\(\"([a-z_.]+)\"", text)
        for end in ("", "_one")
    }
    assert asked - there.keys() == set()


def test_no_sentence_is_left_that_nobody_says(wording: dict[str, Any]) -> None:
    said = used()
    put_together = (
        *(f"{group}." for group in GROUPS),
        "room.nudge_",
        "room.gone_",
        "resources.kind_",
        "block.time_",
        "raise.",
        "lower.",
    )
    assert [key for key, _ in leaves(wording["page"]) if key not in said and not key.startswith(put_together)] == []


def test_every_code_of_the_core_has_words(wording: dict[str, Any]) -> None:
    page = wording["page"]
    assert set(page["tier"]) == set(page["tier_means"]) == {tier.name.lower() for tier in Tier}
    assert set(page["outcome"]) == set(OUTCOMES)
    assert set(page["modifier"]) == {modifier.value for modifier in Modifier}
    assert set(page["topic"]) == TOPICS
    assert set(page["reply_category"]) == {category.value for category in Category}


def test_every_refusal_and_goodbye_has_a_next_step(wording: dict[str, Any]) -> None:
    code = "\n".join(path.read_text() for path in SOURCE.glob("*.py"))
    refusals = set(re.findall(r"BadFrame\(\"([a-z_]+)\"|refuse\(.*\"([a-z_]+)\"\)", code))
    asked = {code for pair in refusals for code in pair if code and code != "id"}
    asked |= {"leads_only", "not_yours", "bad_id", "bad_field", "store_down", "too_fast", "alert_gone"}
    byes = set(re.findall(r"Bye\(\"([a-z_]+)\"", code)) | {"removed", "signed_out"}
    assert asked - wording["refused"].keys() == set()
    assert byes - wording["bye"].keys() == set()
    assert all(sentence.endswith(".") for section in ("refused", "bye") for sentence in wording[section].values())


def test_nobodys_risk_is_ever_called_low(wording: dict[str, Any]) -> None:
    said = " ".join(text for _, text in leaves(wording)).lower()
    for never in ("low risk", "no risk", "not at risk", "low urgency", "not urgent", "committed", "user", "ticket"):
        assert never not in said


def test_nothing_is_asked_of_any_other_place() -> None:
    for path in STATIC.iterdir():
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|(?<![:\w/])//[a-z]", re.sub(r"^\s*//.*$|\s// .*$", "", text, flags=re.M)), (
            path.name
        )


def test_what_people_write_can_only_become_text() -> None:
    for name, text in SCRIPTS.items():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            name
        )
