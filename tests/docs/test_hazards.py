"""The hazard log points at tests that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("| \n").split(" | ")]
    for line in (ROOT / "docs/safety/hazard-log.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| H\d\d ", line)
]


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_there_are_forty_hazards_in_order() -> None:
    assert [row[0] for row in ROWS] == [f"H{number:02}" for number in range(1, len(ROWS) + 1)]
    assert len(ROWS) >= 40


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_is_whole_and_its_proof_exists(row: list[str]) -> None:
    assert len(row) == 7
    assert all(row)
    proofs = re.findall(r"`([^`:]+)::(\w+)`", row[5])
    assert proofs
    assert [name for path, name in proofs if name not in names_in(path)] == []
