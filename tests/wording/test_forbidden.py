"""No sentence of ours says what a person in danger must never read. The rules are in forbidden.yml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORDING = ROOT / "handoff" / "wording"
BOT_DOMAIN = ROOT / "bot" / "domain.yml"


THEIR_WORDS = "said_like"


@dataclass(frozen=True)
class Text:
    words: str
    theirs: bool = False


@dataclass(frozen=True)
class Rule:
    name: str
    patterns: tuple[re.Pattern[str], ...]
    caught: tuple[str, ...]
    allowed: tuple[str, ...]
    only: str
    not_in: str
    in_their_words: bool
    unless: re.Pattern[str] | None

    def covers(self, file: Path, text: Text) -> bool:
        named = self.only in {"", file.name} and not (self.not_in and self.not_in in file.parts)
        return named and (self.in_their_words or not text.theirs)

    def finds(self, text: str) -> str | None:
        if self.unless:
            text = self.unless.sub("", text)
        return next((match[0] for pattern in self.patterns if (match := pattern.search(text))), None)


def _rule(entry: dict[str, Any]) -> Rule:
    return Rule(
        name=entry["name"],
        patterns=tuple(re.compile(pattern, re.IGNORECASE) for pattern in entry["patterns"]),
        caught=tuple(entry["caught"]),
        allowed=tuple(entry["allowed"]),
        only=entry.get("only", ""),
        not_in=entry.get("not_in", ""),
        in_their_words=entry.get("in_their_words", False),
        unless=re.compile(entry["unless"], re.IGNORECASE) if "unless" in entry else None,
    )


RULES = [_rule(entry) for entry in yaml.safe_load((Path(__file__).parent / "forbidden.yml").read_text())["rules"]]


def texts_of(file: Path) -> Iterator[Text]:
    content = file.read_text(encoding="utf-8")
    if file.suffix in {".yml", ".yaml"}:
        yield from _scalars(yaml.load(content, Loader=yaml.BaseLoader))
    elif file.suffix == ".json":
        yield from _scalars(json.loads(content))
    else:
        yield Text(" ".join(content.split()))


def _scalars(value: Any, theirs: bool = False) -> Iterator[Text]:
    if isinstance(value, dict):
        yield from (text for key, one in value.items() for text in _scalars(one, theirs or key == THEIR_WORDS))
    elif isinstance(value, list):
        yield from (text for one in value for text in _scalars(one, theirs))
    else:
        yield Text(" ".join(str(value).split()), theirs)


def wording_files() -> list[Path]:
    files = [file for file in WORDING.rglob("*") if file.is_file() and file.suffix not in {".py", ".pyc"}]
    return sorted(files) + [file for file in [BOT_DOMAIN] if file.exists()]


@pytest.mark.parametrize("file", wording_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_no_wording_file_holds_forbidden_content(file: Path) -> None:
    found = [
        f"{rule.name}: '{words}' in: {text.words[:160]}"
        for text in texts_of(file)
        for rule in RULES
        if rule.covers(file, text) and (words := rule.finds(text.words))
    ]
    assert found == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_catches_what_it_is_for_and_lets_good_sentences_pass(rule: Rule) -> None:
    assert [text for text in rule.caught if not rule.finds(text)] == []
    assert [text for text in rule.allowed if rule.finds(text)] == []


def test_the_rules_read_every_kind_of_wording() -> None:
    names = {file.relative_to(WORDING).as_posix() for file in wording_files() if file.is_relative_to(WORDING)}
    assert {"en/crisis.yml", "es/crisis.yml", "hotlines/emergency.yml", "hotlines/README.md"} <= names
