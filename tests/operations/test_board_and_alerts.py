"""The board and the alert rules name only what the service tells, and every alert has its runbook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from handoff.core.risk import Tier
from handoff.watching.metrics import Metrics
from handoff.watching.picture import LinePicture, Picture
from tests.operations.reading import Scrape, read

DOCS = Path(__file__).parents[2] / "docs"
RULES: list[dict[str, Any]] = yaml.safe_load((DOCS / "operations" / "alerts.yml").read_text())["groups"][0]["rules"]
BOARD: dict[str, Any] = json.loads((DOCS / "operations" / "board.json").read_text())
RUNBOOKS = (DOCS / "operations.md").read_text()
PARTS = ("store", "keys", "records", "bot", "screen", "resources", "disk", "lanes", "dead_letters", "telegram", "slack")
OUTCOMES = ("delivered", "again", "waits", "gave_up")
_METRIC = re.compile(r"\b((?:warmline|process)_[a-z_]+)(\{[^}]*\})?")
_MATCH = re.compile(r'(\w+)(=~|=)"([^"]*)"')


@pytest.fixture(scope="module")
def told() -> Scrape:
    """A page of a process in which everything has happened once."""
    metrics = Metrics()
    for deed in ("event", "screen", "decide", "commit", "carry", "turn"):
        metrics.timed(deed, "bot", 0.1)
    for outcome in OUTCOMES:
        metrics.counted("carried", "bot", outcome)
    metrics.counted("event", "SeekerWrote", "done")
    metrics.counted("turn", "", "ok")
    metrics.counted("conflict", "", "")
    for tier in Tier:
        metrics.counted("risk", tier.name.lower(), "")
        metrics.took("waited", 1.0, tier.name.lower())
    for lapse in ("card_saved", "card_confirmed", "deadline", "loop"):
        metrics.took(lapse, 1.0, "")
    line = LinePicture(0.0, (), (), {"live": 0, "dead_letters": 0, "alerts": 0}, {}, None, frozenset({"bot"}))
    return read(metrics.page(Picture(dict.fromkeys(PARTS, "ok"), line)).decode())


def _expressions() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        yield rule["alert"], rule["expr"]
    for panel in BOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("where", "expression"), list(_expressions()))
def test_an_expression_names_only_what_the_service_tells(told: Scrape, where: str, expression: str) -> None:
    named = _METRIC.findall(expression)
    assert named, where
    for name, selector in named:
        assert name in told.names, f"{where}: {name}"
        for label, how, wanted in _MATCH.findall(selector):
            values = set(wanted.split("|")) if how == "=~" else {wanted}
            assert values <= told.labels[label], f"{where}: {selector}"


@pytest.mark.parametrize(("where", "expression"), list(_expressions()))
def test_what_every_process_tells_alike_is_never_added_up(where: str, expression: str) -> None:
    alike = "waiting|longest_wait_seconds|live|supporters|capacity_left|lanes|lane_parcels|dead_letters|alerts"
    assert not re.search(rf"\bsum(?: by \([^)]*\))? ?\(warmline_(?:{alike})\b", expression), where


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    runbooks = re.findall(r"^### (Warmline\w+)$", RUNBOOKS, re.MULTILINE)
    assert sorted(runbooks) == sorted(rule["alert"] for rule in RULES)


@pytest.mark.parametrize("alert", [rule["alert"] for rule in RULES])
def test_a_runbook_says_what_it_means_for_people_and_what_to_do(alert: str) -> None:
    section = RUNBOOKS.partition(f"### {alert}\n")[2].partition("\n#")[0]
    for part in ("**For people.**", "**Look.**", "**Do.**"):
        assert part in section


def test_every_alert_has_a_severity_and_a_sentence() -> None:
    assert {rule["labels"]["severity"] for rule in RULES} == {"page", "look"}
    assert all(rule["annotations"]["summary"].endswith(".") for rule in RULES)


def test_everything_that_is_told_is_on_the_board(told: Scrape) -> None:
    shown = " ".join(target["expr"] for panel in BOARD["panels"] for target in panel["targets"])
    ours = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in told.names if name.startswith("warmline_")}
    assert [name for name in sorted(ours) if name not in shown] == []
