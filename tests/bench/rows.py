"""One measured figure, in the shape that `var/bench.json` has."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any

from tests.bench.sizes import Size


def command_of(name: str, size: Size = Size.FULL) -> str:
    """What prints the rows of this benchmark again."""
    return f"make bench ARGS={name}" if size is Size.FULL else f'make bench ARGS="{name} --size {size}"'


def row(
    name: str, value: float, unit: str, *, n: int, aim: float | None = None, at_most: bool = False
) -> dict[str, Any]:
    """A figure. `aim` is a floor, or with `at_most` a ceiling; None where nothing is aimed at."""
    holds = None if aim is None else (value <= aim if at_most else value >= aim)
    return {"name": name, "value": round(value, 3), "unit": unit, "aim": aim, "holds": holds, "n": n, "command": ""}


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not pass."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The slope of log cost over log size: 0 for what does not grow, 1 for what grows in step."""
    return statistics.linear_regression([math.log(each) for each in sizes], [math.log(each) for each in costs]).slope
