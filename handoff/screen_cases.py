"""Test cases of the screen that reviewers write, in the form that `python -m models.evaluate_screen` reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_SAME_RUN = 4
"""So many words in a row as they stood are the person's own sentence still."""
_HEAD = (
    "# Written by reviewers with `warmline review write`. `floor`: the lowest right tier of a danger;\n"
    "# `ceiling`: the highest right tier of a safe text.\n"
)


class CaseError(Exception):
    """A case that must not be written, or a file that can't be. The text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """One text with its label: a danger has `floor` 1 to 6, a safe text `ceiling` 0 to 5."""

    slice: str
    text: str = field(repr=False)
    context: tuple[str, ...] = field(default=(), repr=False)
    floor: int | None = None
    ceiling: int | None = None
    domain: str = ""
    subject: str = ""

    def labels(self) -> dict[str, Any]:
        """What its group in the file says, in order."""
        given = {"slice": self.slice, "domain": self.domain, "subject": self.subject}
        tiers = {"floor": self.floor, "ceiling": self.ceiling}
        return {name: value for name, value in (given | tiers).items() if value not in ("", None)}


def is_too_close(rewritten: str, original: str) -> bool:
    """Whether words that must not leave the store are in there still: the same text, or four words in a row."""
    new, old = _words(rewritten), _words(original)
    if new == old:
        return True
    runs = {tuple(old[at : at + _SAME_RUN]) for at in range(len(old) - _SAME_RUN + 1)}
    return any(tuple(new[at : at + _SAME_RUN]) in runs for at in range(len(new) - _SAME_RUN + 1))


def add_case(file: Path, case: NewCase) -> None:
    """Put a case into its group of the file, which is made when missing. Raises `CaseError`."""
    groups = _groups(file)
    entry: Any = {"text": case.text, "context": list(case.context)} if case.context else case.text
    fitting = [group for group in groups if _labels_of(group) == case.labels()]
    if fitting:
        fitting[0]["texts"].append(entry)
    else:
        groups.append({**case.labels(), "texts": [entry]})
    _write(file, groups)


def _groups(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    except yaml.YAMLError:
        raise CaseError(f"{file} is no YAML. Correct it, or name another file with --file.") from None
    if not isinstance(found, list) or not all(isinstance(each, dict) and "texts" in each for each in found):
        raise CaseError(f"{file} is no list of groups with `texts`. Name another file with --file.")
    return found


def _labels_of(group: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in group.items() if name != "texts"}


def _write(file: Path, groups: Sequence[dict[str, Any]]) -> None:
    written = _HEAD + yaml.safe_dump(list(groups), allow_unicode=True, sort_keys=False, width=120)
    beside = file.with_name(f"{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.touch(mode=0o600)
        beside.chmod(0o600)
        beside.write_text(written, encoding="utf-8")
        beside.replace(file)
    except OSError as failure:
        raise CaseError(f"{file} can't be written: {failure.strerror}. Name another file with --file.") from None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"['’]", "", text.lower()))
