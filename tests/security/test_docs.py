"""What docs/security.md claims points at tests that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "docs/security.md").read_text(encoding="utf-8").splitlines()
ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in LINES
    if line.startswith("| ") and not line.startswith(("| who |", "| item |"))
]


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_both_tables_are_there() -> None:
    assert {len(row) for row in ROWS} == {3, 5}
    assert sum(len(row) == 5 for row in ROWS) >= 20
    assert sum(len(row) == 3 for row in ROWS) >= 40


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]}"[:60])
def test_each_row_names_a_test_that_exists_or_a_reason(row: list[str]) -> None:
    assert all(row)
    proofs = re.findall(r"`([^`:]+)::(\w+)`", row[-1])
    assert proofs or row[-1].startswith("reason: ")
    assert [name for path, name in proofs if name not in names_in(path)] == []
