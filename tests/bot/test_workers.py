"""A turn whose caller has gone, in Rasa's own environment: it may be asked of another process meanwhile."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bot.rehearsal import ROOT


@pytest.fixture(scope="module")
def kept() -> dict[str, bool]:
    """Whether a turn that was left kept anything, by what it was doing."""
    done = subprocess.run(
        [str(ROOT / ".venv-bot" / "bin" / "python"), str(Path(__file__).with_name("gone_checks.py"))],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, bool] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("doing", ["waiting", "computing"])
def test_a_turn_whose_caller_has_gone_is_given_up_at_its_next_wait(kept: dict[str, bool], doing: str) -> None:
    assert kept[doing] is False


def test_a_turn_whose_caller_stays_is_finished(kept: dict[str, bool]) -> None:
    assert kept["stays"] is True
