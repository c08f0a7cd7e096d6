"""Reads `<language>/system.yml` and `care.yml`, every language there is, into `handoff.core.wording`."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

from handoff.core.wording import FALLBACK, Wording
from handoff.wording.reading import WORDING, WordingError, read

FILE = "system.yml"
CARE = "care.yml"
"""Beside it: what is said around a crisis, in a file of its own so that it can be reviewed by itself."""
_TOP = ("version", "language", "reviewed_by", "review_date", "texts")


def load_system_wording(folder: Path = WORDING) -> Wording:
    """What the service itself says, in every language. Raises WordingError: file, key, next step."""
    both = [_load(folder, name) for name in (FILE, CARE)]
    return Wording({language: {**both[0][language], **both[1].get(language, {})} for language in both[0]})


def _load(folder: Path, name: str) -> dict[str, dict[str, str]]:
    """One file's texts by language."""
    files = sorted(folder.glob(f"*/{name}"))
    texts = {file.parent.name: _texts(file) for file in files}
    english = texts.get(FALLBACK)
    if english is None:
        raise WordingError(folder / FALLBACK / name, "", "the English wording is missing", "Restore the file")
    for file in files:
        _agree(file, english, texts[file.parent.name])
    return texts


def _texts(file: Path) -> dict[str, str]:
    top = read(file)
    top.only(*_TOP)
    section = top.section("texts")
    return {key: section.text(key) for key in section.fields}


def _agree(file: Path, english: dict[str, str], other: dict[str, str]) -> None:
    """Every key must be one of the English ones, with the same places to fill in."""
    for key, text in other.items():
        if key not in english:
            raise WordingError(file, f"texts.{key}", "no such key in English", "Remove it, or add it to English first")
        if _places(text) != _places(english[key]):
            raise WordingError(file, f"texts.{key}", "its {places} differ from the English ones", "Make them agree")


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
