"""The data map of `docs/privacy.md`, read as a table; and the stores that the code has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from handoff import tables
from tests.store.test_keys import documented

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
FILES = {
    "redis": r"redis/.*",
    "database": r"warmline\.db(-wal|-shm|-journal)?",
    "log": r"log/[a-z]+\.log(\.\d)?",
    "secrets": r"(secrets|running)\.env|run\.lock",
    "models": r"(encoder|classifier|resources|bot|eval)(/.*)?|(eval|bench|chaos)\.json",
    "erased": r"erased\.list",
    "cases": r"screen_cases\.yml",
}
"""Every file below `var/` is of one of these kinds."""
ELSEWHERE = {"slack messages", "telegram messages", "browser storage"}
"""What is kept by others, so that no code of ours lists it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One store as the page has it."""

    store: str
    cells: tuple[str, ...]

    @property
    def goes(self) -> bool:
        """Whether it goes with the person, whole."""
        return self.cells[-1] == "Goes with the person"


def data_map() -> dict[str, Row]:
    """Every row by its store's name."""
    table = PAGE.read_text().split("<!-- data map: begin -->")[1].split("<!-- data map: end -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[2:]]
    assert all(len(row) == 7 for row in rows)
    return {row[0]: Row(row[0], tuple(row[1:])) for row in rows}


def stores() -> set[str]:
    """Every store that the code knows: key families of the scripts, tables, files."""
    families = {*documented(), "tracker"}
    return {
        *(f"redis {each}" for each in families), *(f"sql {each}" for each in tables.metadata.tables),
        *(f"file {each}" for each in FILES), *ELSEWHERE,
    }  # fmt: skip


def kind_of(path: str) -> str | None:
    """Which kind of file this is (its path below `var/`); None for one that nobody described."""
    return next((kind for kind, pattern in FILES.items() if re.fullmatch(pattern, path)), None)
