"""Labelled texts to measure screens on: case files, comma-separated files, and the corpus's own `test` split."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from models.classifier.axes import CRISIS_TIER
from models.classifier.corpus import Message, read_corpus


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled text. `floor` above 0 marks a danger; `ceiling` the highest right tier of a safe text."""

    slice: str
    text: str = field(repr=False)
    context: tuple[str, ...] = field(default=(), repr=False)
    floor: int = 0
    ceiling: int = 6
    domain: str = ""
    subject: str = ""

    @property
    def crisis(self) -> bool:
        return self.floor >= CRISIS_TIER


def load_cases(path: Path) -> list[Case]:
    """Cases of one YAML file (groups: `slice`, `texts`, `floor` or `ceiling`) or CSV file (columns `text`, `label`)."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as lines:
            return [_from_row(row, path.stem) for row in csv.DictReader(lines)]
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [_from_entry(entry, group) for group in groups for entry in group["texts"]]


def corpus_cases(split: str = "test") -> list[Case]:
    """The corpus's messages of one split; slices are named by language and tier."""
    return [from_message(each) for each in read_corpus() if each.split == split]


def from_message(message: Message) -> Case:
    crisis = message.tier >= CRISIS_TIER
    return Case(
        f"{message.language}, T{message.tier}",
        message.text,
        floor=message.tier if crisis else 0,
        ceiling=6 if crisis else CRISIS_TIER - 1,
        domain=next(iter(message.domains), ""),
        subject=message.subject,
    )


def _from_row(row: dict[str, str], name: str) -> Case:
    safe = row["label"] == "not_crisis"
    return Case(name, row["text"], ceiling=CRISIS_TIER - 1 if safe else 6, floor=0 if safe else CRISIS_TIER)


def _from_entry(entry: Any, group: dict[str, Any]) -> Case:
    labels = {name: group[name] for name in ("floor", "ceiling", "domain", "subject") if name in group}
    if isinstance(entry, dict):
        return Case(group["slice"], entry["text"], tuple(entry.get("context", ())), **labels)
    return Case(group["slice"], str(entry), **labels)
