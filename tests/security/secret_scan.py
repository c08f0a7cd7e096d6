"""Looks for secrets in what git tracks, as part of `make lint`. Needs no network; judged findings stand in a file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings

ROOT = Path(__file__).parents[2]
JUDGED = Path(__file__).with_name("not_secrets.yml")
PASSED_OVER = ("models/", "handoff/wording/", "bot/data/", "tests/screen/", "tests/replay/")
"""Corpora, wording and trained weights: megabytes of plain sentences and numbers, read by people one by one."""
_NO_TEXT = {".onnx", ".png", ".svg", ".npz", ".jpg", ".lock", ".css"}
_LOCKS = ("package-lock.json",)


def main() -> int:
    """0 where nothing was found but what was judged."""
    judged = judgements()
    found = [each for each in findings(tracked()) if each not in judged]
    for path, kind, line in found:
        print(f"{path}:{line}: {kind}. Take it out and change it where it is used; if it is none, say so in {JUDGED}.")
    return 1 if found else 0


def judgements() -> Judgements:
    """What was judged to be no secret, and why."""
    return Judgements(yaml.safe_load(JUDGED.read_text(encoding="utf-8")))


class Judgements:
    """`{path: {kinds: [...], why: ...}}`; a finding is judged where its path and kind are."""

    def __init__(self, content: dict[str, dict[str, object]]) -> None:
        self.content = content

    def __contains__(self, finding: object) -> bool:
        assert isinstance(finding, tuple)
        path, kind, _ = finding
        kinds = self.content.get(path, {}).get("kinds", ())
        return isinstance(kinds, list) and kind in kinds


def findings(paths: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """(path, kind, line) of whatever looks like a secret."""
    with default_settings():
        for path in paths:
            for each in scan_file(str(ROOT / path)):
                yield path, each.type, each.line_number


def tracked() -> Iterator[str]:
    """Every text file that git tracks and people write."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for path in filter(None, listed.split("\0")):
        file = ROOT / path
        is_data = path.startswith(PASSED_OVER) or file.suffix in _NO_TEXT or file.name in _LOCKS
        if not is_data and file.is_file():
            yield path


if __name__ == "__main__":
    sys.exit(main())
