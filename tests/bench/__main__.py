"""Run the benchmarks, print them as a table and write `var/bench.json`. Names pick some: `make bench ARGS=claims`."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from models.report import table
from tests.bench import bot, claims, crisis, platforms, relay

_ALL = {
    "claims": claims.measure, "crisis": crisis.measure, "relay": relay.measure, "platforms": platforms.measure,
    "bot": bot.measure,
}  # fmt: skip
_OUT = Path("var/bench.json")


def main(names: list[str]) -> None:
    unknown = set(names) - set(_ALL)
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(_ALL)}.")
    rows = []
    for name in names or _ALL:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        rows += asyncio.run(_ALL[name]())
    _OUT.parent.mkdir(exist_ok=True)
    _OUT.write_text(json.dumps(rows, indent=1))
    print(table(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
