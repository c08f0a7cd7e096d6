"""Run the proofs, print their figures, add them to `var/chaos.json`. Names pick some: `python -m tests.proofs orders`.

Exits with 1 when an aim is missed; a law that breaks ends the run with the order of events that broke it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from models.report import table
from tests.proofs import days, failover, machines, orders, racing, updates

Measure = Callable[[], Awaitable[list[dict[str, Any]]]]

MEASURES: dict[str, Measure] = {
    "orders": orders.measure,
    "machines": machines.measure,
    "racing": racing.measure,
    "updates": updates.measure,
    "days": days.measure,
    "failover": failover.measure,
}
_OUT = Path("var/chaos.json")


async def measured(name: str) -> list[dict[str, Any]]:
    """The rows of one proof."""
    command = f"python -m tests.proofs {name}"
    return [{**each, "command": command} for each in await MEASURES[name]()]


def keep(rows: list[dict[str, Any]], out: Path = _OUT) -> None:
    """Add rows to the file; one of the same name and command is replaced."""
    fresh = {(each["name"], each["command"]) for each in rows}
    kept = json.loads(out.read_text(encoding="utf-8")) if out.exists() else []
    kept = [each for each in kept if (each["name"], each["command"]) not in fresh]
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(kept + rows, indent=1) + "\n", encoding="utf-8")


def main(names: list[str]) -> int:
    unknown = set(names) - set(MEASURES)
    if unknown:
        print(f"There is no proof {', '.join(sorted(unknown))}. There are: {', '.join(MEASURES)}.", file=sys.stderr)
        return 2
    rows = []
    for name in names or MEASURES:
        print(f"proving {name} ...", file=sys.stderr, flush=True)
        fresh = asyncio.run(measured(name))
        keep(fresh)
        rows += fresh
    print(table(rows))
    return int(any(each["holds"] is False for each in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
