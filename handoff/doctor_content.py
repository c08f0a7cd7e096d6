"""What the doctor says of what people are shown: wording nobody reviewed, numbers nobody checked, the classifier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import yaml

from handoff.findings import Finding, State
from handoff.wording.hotline_check import check
from handoff.wording.hotline_files import load_hotlines
from handoff.wording.reading import WordingError
from models.classifier.reader import SHIPPED, ClassifierUnavailable, ScreenClassifier

WORDING = Path(__file__).parent / "wording"
_HOTLINES = "hotlines"


def content(production: bool = False) -> list[Finding]:
    """Findings on wording, hotlines and the classifier. Missing reviews are worth knowing; a broken file is broken."""
    return [*_wording(), *_hotlines(production), _classifier()]


def unreviewed(folder: Path = WORDING) -> list[Path]:
    """Wording files that nobody signed: no `reviewed_by`, or no `review_date`."""
    paths = [path for path in sorted(folder.rglob("*.yml")) if _HOTLINES not in path.parts]
    return [path.relative_to(folder) for path in paths if not _signed(path)]


def _signed(path: Path) -> bool:
    top = yaml.safe_load(path.read_text(encoding="utf-8"))
    return isinstance(top, dict) and bool(top.get("reviewed_by")) and bool(top.get("review_date"))


def _wording() -> Iterator[Finding]:
    missing = unreviewed()
    if not missing:
        yield Finding("Wording", State.FINE, "every file is signed by a reviewer")
        return
    named = ", ".join(path.as_posix() for path in missing if path.name == "crisis.yml")
    detail = f"{len(missing)} files carry no reviewer and date" + (f", {named} among them." if named else ".")
    cure = "Let a clinician read them; they fill in reviewed_by and review_date (docs/what-a-line-decides.md)."
    yield Finding("Wording", State.WORTH_KNOWING, detail, cure)


def _hotlines(production: bool) -> Iterator[Finding]:
    try:
        report = check(load_hotlines(), datetime.now(UTC).date(), production)
    except WordingError as failure:
        yield Finding("Hotlines", State.BROKEN, f"{failure.file}: {failure.problem}.", f"{failure.cure}.")
        return
    if report.failed:
        yield Finding(
            "Hotlines", State.BROKEN, "rows are wrong or past their review.", "See `warmline hotlines check`."
        )
    if report.unverified:
        detail = f"nobody has checked {len(report.unverified)} rows."
        cure = "`warmline hotlines check` lists them; begin with your own country's."
        yield Finding("Hotlines", State.WORTH_KNOWING, detail, cure)
    elif not report.failed:
        yield Finding("Hotlines", State.FINE, "every row was checked and is in time")


def _classifier() -> Finding:
    try:
        ScreenClassifier(SHIPPED)
    except ClassifierUnavailable as failure:
        return Finding("Screen", State.BROKEN, f"{failure}.", "Fetch it with the code again, or train it: make train.")
    return Finding("Screen", State.FINE, "rules and classifier")
