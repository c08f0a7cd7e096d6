"""Figures that programs measured, as one table for people and one file for comparing versions.

Run: `python -m models.report var/eval/*.json --out var/eval.json`. Each file holds a list of rows
`{"name", "value", "unit", "aim", "holds", "n", "command"}`; `aim` and `holds` are null where nothing was aimed at.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

FIELDS = ("name", "value", "unit", "aim", "holds", "n", "command")
_HEADS = ("what", "value", "aim", "n")


class NotRows(Exception):
    """A file that does not hold rows of figures; the message names it and what is wrong."""


def read(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The rows of all files, in order. Raises NotRows."""
    rows: list[dict[str, Any]] = []
    for path in paths:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as failure:
            raise NotRows(
                f"{path} cannot be read ({type(failure).__name__}). Run the program that writes it."
            ) from None
        if not isinstance(found, list) or not all(isinstance(row, dict) and set(row) >= set(FIELDS) for row in found):
            raise NotRows(f"{path} holds no list of rows with {', '.join(FIELDS)}.")
        rows += [{field: row[field] for field in FIELDS} for row in found]
    return rows


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The rows in columns: what, value with unit, aim (with a mark where it is missed), and how many were looked at."""
    cells = [_HEADS, *((row["name"], _value(row), _aim(row), _number(row["n"])) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADS))]
    lines = [
        "  ".join(_padded(text, width, column) for column, (text, width) in enumerate(zip(line, widths, strict=True)))
        for line in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _value(row: dict[str, Any]) -> str:
    return f"{_number(row['value'])} {row['unit']}".strip()


def _aim(row: dict[str, Any]) -> str:
    if row["aim"] is None:
        return ""
    return f"{_number(row['aim'])} {'held' if row['holds'] else 'MISSED'}"


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 10 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value if value is not None else "")


def _padded(text: str, width: int, column: int) -> str:
    return text.ljust(width) if column == 0 else text.rjust(width)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and write the file; 1 when a file cannot be used."""
    parser = argparse.ArgumentParser(description="Merge measured figures into one table and one file.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    try:
        rows = read(given.files)
    except NotRows as failure:
        print(failure, file=sys.stderr)
        return 1
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\n{table(rows)}\n\nWritten to {given.out}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
