"""`make fuzz`: a hundred thousand inputs and more over all parsers, as a table and in var/fuzz.json."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.rows import row
from tests.security.fuzz.target import Hung, Tally, Target, drive
from tests.security.fuzz.targets import TARGETS

INPUTS = 110_000
BATCH = 1000
OUT = Path("var/fuzz.json")


def main() -> int:
    """0 where everything was taken or refused by name; 1 with the input where something was not."""
    asked = _asked()
    chosen = [each for each in TARGETS if asked.only in each.name]
    parts = sum(each.share for each in chosen)
    tallies: dict[str, Tally] = {}
    broken = 0
    print(f"{'parser':22}{'inputs':>9}{'refused':>9}{'seconds':>9}")
    for target in chosen:
        try:
            tally = _driven(target, max(1, asked.inputs * target.share // parts), asked.seed)
        except (Exception, Hung) as failure:  # noqa: BLE001 (each is one finding: shown, counted, and the next is fed)
            broken += 1
            print(f"{target.name:22} BROKE: {_told(failure)}", file=sys.stderr)
            continue
        tallies[target.name] = tally
        print(f"{target.name:22}{tally.inputs:9,}{tally.refused:9,}{tally.seconds:9.0f}", flush=True)
    _write(chosen, tallies, asked.seed, broken)
    return 1 if broken else 0


def _driven(target: Target, most: int, seed: int) -> Tally:
    """In batches with seeds of their own: one long run slows down by remembering what it tried."""
    whole = Tally()
    batches = itertools.count(1000 * seed)
    while whole.inputs < most:
        part = drive(target, min(BATCH, most), seed=next(batches))
        whole.inputs += part.inputs
        whole.refused += part.refused
        whole.seconds += part.seconds
    return whole


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=INPUTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="parsers with this in their name")
    return parser.parse_args()


def _told(failure: BaseException) -> str:
    notes = "\n".join(getattr(failure, "__notes__", ()))
    return f"{type(failure).__name__}: {failure}\n{notes}"


def _write(chosen: Sequence[Target], tallies: dict[str, Tally], seed: int, broken: int) -> None:
    total = sum(each.inputs for each in tallies.values())
    print(f"{'all':22}{total:9,}{sum(each.refused for each in tallies.values()):9,}   seed {seed}, {broken} broke")
    rows = [row(f"fuzz: {name}", each.inputs, "inputs", n=each.inputs) for name, each in tallies.items()]
    rows.append(row("fuzz: all parsers", total, "inputs", n=total, aim=100_000))
    rows.append(row("fuzz: broke or hung", broken, "parsers", n=len(chosen), aim=0, at_most=True))
    for each in rows:
        each["command"] = f"make fuzz ARGS='--seed {seed}'"
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
