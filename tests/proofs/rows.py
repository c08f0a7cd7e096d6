"""One measured figure, in the shape that `var/chaos.json` has."""

from __future__ import annotations

from typing import Any

COMMAND = "python -m tests.proofs"


def row(
    name: str, value: float, unit: str, *, n: int, aim: float | None = None, at_most: bool = False
) -> dict[str, Any]:
    """A figure. `aim` is a floor, or with `at_most` a ceiling; None where nothing is aimed at."""
    holds = None if aim is None else (value <= aim if at_most else value >= aim)
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "aim": aim,
        "holds": holds,
        "n": n,
        "command": COMMAND,
    }
