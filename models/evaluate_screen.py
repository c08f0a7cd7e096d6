"""Measures a screen on labelled texts and prints recall, precision and false alarms per slice.

    python -m models.evaluate_screen [files.yml more.csv ...] [--corpus] [--compare] [--out rows.json] [--misses]

Files as `models.screen_cases` reads them; `--corpus` adds the corpus's `test` split, by language and tier, and the
classifier's calibration on it; `--compare` adds the table against other screens. A screen is any callable that turns
lines into JSON lines, named `module:function`, so that this package needs to know no other.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from models.classifier.axes import CRISIS_TIER
from models.screen_cases import Case, corpus_cases, load_cases
from models.screen_measures import Share, alerts_an_hour, calibration_error, shares

Stream = Callable[[Iterable[str]], Iterator[str]]
OURS = "handoff.classifying:full_stream"
RIVALS = {
    "keyword list": "models.screen_rivals:keyword_stream",
    "untuned encoder": "models.screen_rivals:untuned_stream",
    "our rules alone": "handoff.classifying:rules_stream",
    "rules and classifier": OURS,
}
AIMS = {"recall": 0.95, "false alarms": 0.01, "false alarms, idioms": 0.03, "messages per second": 200.0}
PREVALENCES = (0.01, 0.05)


def answer(cases: Sequence[Case], stream: Stream) -> tuple[list[dict[str, Any]], float]:
    """The screen's answers in order, and messages per second."""
    lines = [json.dumps({"text": case.text, "context": list(case.context)}) for case in cases]
    answered = stream(chain(["warm up"], lines))
    next(answered)
    begun = time.perf_counter()
    answers = [json.loads(line) for line in answered]
    return answers, len(cases) / max(1e-9, time.perf_counter() - begun)


def rows(found: Sequence[Share], speed: float, command: str) -> list[dict[str, Any]]:
    """Rows for `var/eval.json`. `holds` is None where a slice has no aim of its own."""
    n = sum(share.n for share in found if share.name == "all" and share.kind != "precision")
    made = [_row(share, command) for share in found]
    made.append(_numbered("screen: messages per second", speed, "1/s", "messages per second", n, command))
    figures = {share.kind: share.value for share in found if share.name == "all"}
    for prevalence in PREVALENCES:
        alerts, right = alerts_an_hour(figures["recall"], figures["false alarms"], prevalence)
        name = f"screen: alerts a supporter-hour at {prevalence:.0%} prevalence"
        made.append(_numbered(name, alerts, "1/h", "", n, command))
        made.append(_numbered(f"{name}, share right", right, "share", "", n, command))
    return made


def _row(share: Share, command: str) -> dict[str, Any]:
    aim = share.kind if share.name == "all" else ""
    aim = "false alarms, idioms" if share.name in ("idiom", "idioms") and share.kind == "false alarms" else aim
    return _numbered(f"screen: {share.kind}, {share.name}", share.value, "share", aim, share.n, command)


def _numbered(name: str, value: float, unit: str, aim: str, n: int, command: str) -> dict[str, Any]:
    goal = AIMS.get(aim)
    holds = None if goal is None else (value <= goal if aim.startswith("false alarms") else value >= goal)
    figures = {"name": name, "value": round(value, 4), "unit": unit, "aim": goal, "holds": holds}
    return {**figures, "n": n, "command": command}


def named_stream(name: str) -> Stream:
    """`module:function` as a callable."""
    module, _, function = name.partition(":")
    stream: Stream = getattr(importlib.import_module(module), function)
    return stream


def _compare(cases: Sequence[Case]) -> None:
    print(f"\n{'screen':<24}{'recall':>9}{'precision':>11}{'false alarms':>14}{'right tier or above':>21}")
    for name, stream in RIVALS.items():
        found = shares(cases, answer(cases, named_stream(stream))[0])[-4:]
        recall, false, precision, tier = (share.value for share in found)
        print(f"{name:<24}{recall:>9.1%}{precision:>11.1%}{false:>14.1%}{tier:>21.1%}", flush=True)


def _print_calibration(command: str) -> list[dict[str, Any]]:
    from models.classifier.reader import ScreenClassifier

    reader, made = ScreenClassifier(), []
    cases = corpus_cases()
    for language in dict.fromkeys(case.slice.partition(",")[0] for case in cases):
        own = [case for case in cases if case.slice.startswith(language)]
        given = [reader.read(case.text, language).tiers[CRISIS_TIER - 1] for case in own]
        error = calibration_error(given, [case.crisis for case in own])
        name = f"screen: calibration error of P(crisis), {language}"
        made.append(_numbered(name, error, "share", "", len(own), command))
        print(f"{name:<50}{error:>7.3f}  n={len(own)}")
    return made


def _print_misses(cases: Sequence[Case], answers: Sequence[dict[str, Any]]) -> None:
    for case, given in zip(cases, answers, strict=True):
        if given["tier"] < case.floor or given["tier"] > case.ceiling:
            why = "; ".join(f"{s['domain']}: {s['reason']}" for s in given["signals"][:3])
            wanted = f">={case.floor}" if case.floor else f"<={case.ceiling}"
            print(f"  {case.slice}: T{given['tier']} wanted {wanted}: {case.text[:140]!r} ({why})")


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--screen", default=OURS, help="module:function")
    parser.add_argument("--corpus", action="store_true", help="measure on the corpus's test split as well")
    parser.add_argument("--compare", action="store_true", help="print the table against other screens")
    parser.add_argument("--out", type=Path, help="write the rows as JSON here")
    parser.add_argument("--misses", action="store_true", help="print every wrong answer")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns 0, whatever was measured."""
    chosen = _arguments(arguments)
    cases = [case for path in chosen.files for case in load_cases(path)] + (corpus_cases() if chosen.corpus else [])
    answers, speed = answer(cases, named_stream(chosen.screen))
    found = shares(cases, answers)
    for share in found:
        print(share.line())
    print(f"{len(cases)} texts, {speed:.0f} messages/s on one core, loading not counted")
    command = "python -m models.evaluate_screen " + " ".join(sys.argv[1:] if arguments is None else arguments)
    more = _print_calibration(command) if chosen.corpus else []
    if chosen.compare:
        _compare(cases)
    if chosen.misses:
        _print_misses(cases, answers)
    if chosen.out:
        made = rows(found, speed, command) + more
        chosen.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
