"""Reads what pages say (`<language>/web.yml`, `console.yml`), and the cards a page has for when it is alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from handoff.core.line import CardWish, Line, moment
from handoff.core.risk import NO_RISK
from handoff.wording.reading import WORDING, WordingError, read


def load_page_wording(file: str, folder: Path = WORDING) -> dict[str, dict[str, Any]]:
    """The page's texts by language. Raises WordingError: file, key, next step."""
    found = {path.parent.name: read(path).fields for path in sorted(folder.glob(f"*/{file}"))}
    if "en" not in found:
        raise WordingError(folder / "en" / file, "", "the English wording is missing", "Restore the file")
    return found


def urgent_cards(line: Line, now: float) -> dict[str, dict[str, Any]]:
    """A crisis card's body by language, for a page that cannot reach the service."""
    return {
        language: line.card(
            CardWish(
                assessment=NO_RISK,
                country=line.country,
                language=language,
                topics=(),
                staffed=False,
                live=False,
                at=moment(now),
            )
        ).body
        for language in line.wording.languages()
    }
