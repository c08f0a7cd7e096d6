"""Measures a screen on labelled texts and prints recall, precision and false alarms per slice.

    python -m models.evaluate_screen tests/screen/cases/heldout_*.yml [more.csv ...] [--out rows.json] [--misses]

YAML files hold a list of groups: `slice`, `texts` (texts, or mappings with `text` and `context`) and either `floor`
(the lowest right tier of a danger) or `ceiling` (the highest right tier of a safe text). CSV files need the columns
`text` and `label` (`not_crisis` or anything else). The screen is any callable that turns lines into JSON lines, named
`module:function`, so that this package needs to know no other.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

CRISIS_TIER = 3
"""Tiers from here on are a crisis: the taxonomy's T3."""

Stream = Callable[[Iterable[str]], Iterator[str]]
AIMS = {"recall": 0.9, "false alarms": 0.01, "false alarms, idioms": 0.03, "messages per second": 200.0}


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled text. `floor` above 0 marks a danger; `ceiling` the highest right tier of a safe text."""

    slice: str
    text: str = field(repr=False)
    context: tuple[str, ...] = field(default=(), repr=False)
    floor: int = 0
    ceiling: int = 6
    domain: str = ""
    subject: str = ""

    @property
    def crisis(self) -> bool:
        return self.floor >= CRISIS_TIER


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95% Wilson interval of a share; (0, 1) when there is nothing to count."""
    if n == 0:
        return 0.0, 1.0
    z, share = 1.959964, hits / n
    middle = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - spread) / (1 + z * z / n)), min(1.0, (middle + spread) / (1 + z * z / n))


def load_cases(path: Path) -> list[Case]:
    """Cases of one YAML or CSV file."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as lines:
            return [_from_row(row, path.stem) for row in csv.DictReader(lines)]
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [_from_entry(entry, group) for group in groups for entry in group["texts"]]


def _from_row(row: dict[str, str], name: str) -> Case:
    safe = row["label"] == "not_crisis"
    return Case(name, row["text"], ceiling=2 if safe else 6, floor=0 if safe else CRISIS_TIER)


def _from_entry(entry: Any, group: dict[str, Any]) -> Case:
    labels = {name: group[name] for name in ("floor", "ceiling", "domain", "subject") if name in group}
    if isinstance(entry, dict):
        return Case(group["slice"], entry["text"], tuple(entry.get("context", ())), **labels)
    return Case(group["slice"], str(entry), **labels)


@dataclass(frozen=True, slots=True)
class Share:
    """A counted share with its interval."""

    name: str
    hits: int
    n: int
    kind: str

    def line(self) -> str:
        low, high = wilson(self.hits, self.n)
        share = self.hits / self.n if self.n else 0.0
        return f"{self.name:<34}{self.kind:<14}{self.hits:>6}/{self.n:<6}{share:>7.1%}  [{low:.1%}, {high:.1%}]"


def answer(cases: Sequence[Case], stream: Stream) -> tuple[list[dict[str, Any]], float]:
    """The screen's answers in order, and messages per second."""
    lines = [json.dumps({"text": case.text, "context": list(case.context)}) for case in cases]
    answered = stream(chain(["warm up"], lines))
    next(answered)
    begun = time.perf_counter()
    answers = [json.loads(line) for line in answered]
    return answers, len(cases) / max(1e-9, time.perf_counter() - begun)


def shares(cases: Sequence[Case], answers: Sequence[dict[str, Any]]) -> list[Share]:
    """Recall per danger slice, false alarms per safe slice, and both over all; precision at this mixture."""
    flagged = [given["tier"] >= CRISIS_TIER for given in answers]
    out = []
    for name in dict.fromkeys(case.slice for case in cases):
        for crisis, kind in ((True, "recall"), (False, "false alarms")):
            hits = [
                hit for case, hit in zip(cases, flagged, strict=True) if (case.slice, case.crisis) == (name, crisis)
            ]
            if hits:
                out.append(Share(name, sum(hits), len(hits), kind))
    dangers = [hit for case, hit in zip(cases, flagged, strict=True) if case.crisis]
    safe = [hit for case, hit in zip(cases, flagged, strict=True) if not case.crisis]
    out.append(Share("all", sum(dangers), len(dangers), "recall"))
    out.append(Share("all", sum(safe), len(safe), "false alarms"))
    out.append(Share("all", sum(dangers), sum(flagged), "precision"))
    at_floor = [given["tier"] >= case.floor for case, given in zip(cases, answers, strict=True) if case.crisis]
    out.append(Share("all, at the right tier or above", sum(at_floor), len(at_floor), "recall"))
    return out


def rows(paths: Sequence[Path], stream: Stream, command: str) -> list[dict[str, Any]]:
    """Rows for `var/eval.json`. `holds` is None where a slice has no aim of its own."""
    cases = [case for path in paths for case in load_cases(path)]
    answers, speed = answer(cases, stream)
    found = [_row(share, command) for share in shares(cases, answers)]
    found.append(_numbered("screen: messages per second", speed, "1/s", "messages per second", len(cases), command))
    return found


def _row(share: Share, command: str) -> dict[str, Any]:
    aim = share.kind if share.name == "all" else ""
    aim = "false alarms, idioms" if (share.name, share.kind) == ("idiom", "false alarms") else aim
    name = f"screen: {share.kind}, {share.name}"
    return _numbered(name, share.hits / max(1, share.n), "share", aim, share.n, command)


def _numbered(name: str, value: float, unit: str, aim: str, n: int, command: str) -> dict[str, Any]:
    goal = AIMS.get(aim)
    at_most = aim.startswith("false alarms")
    holds = None if goal is None else (value <= goal if at_most else value >= goal)
    return {
        "name": name,
        "value": round(value, 4),
        "unit": unit,
        "aim": goal,
        "holds": holds,
        "n": n,
        "command": command,
    }


def named_stream(name: str) -> Stream:
    """`module:function` as a callable."""
    module, _, function = name.partition(":")
    stream: Stream = getattr(importlib.import_module(module), function)
    return stream


def _print_misses(cases: Sequence[Case], answers: Sequence[dict[str, Any]]) -> None:
    for case, given in zip(cases, answers, strict=True):
        if given["tier"] < case.floor or given["tier"] > case.ceiling:
            why = "; ".join(f"{s['domain']}: {s['reason']}" for s in given["signals"][:3])
            wanted = f">={case.floor}" if case.floor else f"<={case.ceiling}"
            print(f"  {case.slice}: T{given['tier']} wanted {wanted}: {case.text[:140]!r} ({why})")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns 0, whatever was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--screen", default="handoff.classifying:full_stream", help="module:function")
    parser.add_argument("--out", type=Path, help="write the rows as JSON here")
    parser.add_argument("--misses", action="store_true", help="print every wrong answer")
    chosen = parser.parse_args(arguments)
    stream = named_stream(chosen.screen)
    cases = [case for path in chosen.files for case in load_cases(path)]
    answers, speed = answer(cases, stream)
    for share in shares(cases, answers):
        print(share.line())
    print(f"{len(cases)} texts, {speed:.0f} messages/s on one core, loading not counted")
    if chosen.misses:
        _print_misses(cases, answers)
    if chosen.out:
        command = "python -m models.evaluate_screen " + " ".join(map(str, chosen.files))
        chosen.out.write_text(json.dumps(rows(chosen.files, stream, command), indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
