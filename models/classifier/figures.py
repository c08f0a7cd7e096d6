"""The shipped screen's figures by slice, kept beside its weights; `python -m models.classifier.figures` writes them.

Slices: the functional test's, and the corpus's `test` split by language and tier.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from models.classifier.reader import SHIPPED
from models.evaluate_screen import OURS, answer, named_stream
from models.screen_cases import corpus_cases, load_cases
from models.screen_measures import shares

FUNCTIONAL = Path(__file__).parents[1] / "functional"
KEPT = SHIPPED / "figures.json"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of `n` messages were flagged; `kind` is `recall` or `false alarms`."""

    kind: str
    hits: int
    n: int


def measured() -> dict[str, Counted]:
    """By slice, as the screen answers today."""
    cases = [case for path in sorted(FUNCTIONAL.glob("*.yml")) for case in load_cases(path)] + corpus_cases()
    answers, _ = answer(cases, named_stream(OURS))
    counted = [each for each in shares(cases, answers) if each.kind != "precision"]
    return {f"{each.name} ({each.kind})": Counted(each.kind, each.hits, each.n) for each in counted}


def kept() -> dict[str, Counted]:
    """As they were when the weights were shipped. Raises `OSError`, `ValueError`."""
    return {name: Counted(**figures) for name, figures in json.loads(KEPT.read_text(encoding="utf-8")).items()}


def main() -> None:
    figures = {name: asdict(counted) for name, counted in measured().items()}
    KEPT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"{len(figures)} slices written to {KEPT}")


if __name__ == "__main__":
    main()
