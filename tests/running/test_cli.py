from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from handoff.running.own_secrets import fresh
from handoff.settings import load

WARMLINE = str(Path(sys.executable).with_name("warmline"))


def _run(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [WARMLINE, *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_fresh_secrets_are_all_that_the_settings_require(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = _run("secrets", folder=tmp_path).stdout
    (tmp_path / ".env").write_text(printed)
    monkeypatch.chdir(tmp_path)
    assert load().port == 8080
    assert _run("secrets", folder=tmp_path).stdout != printed


def test_the_doctor_without_any_settings_names_each_missing_one_and_fails(tmp_path: Path) -> None:
    done = _run("doctor", folder=tmp_path)
    assert done.returncode == 1
    for name in fresh():
        assert f"{name} is not set" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_serving_with_a_wrong_value_is_one_line_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(_run("secrets", folder=tmp_path).stdout)
    done = _run("serve", folder=tmp_path, WARMLINE_PORT="eighty")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "WARMLINE_PORT is 'eighty', which is not usable (Input should be a valid integer, "
        "unable to parse string as an integer). Give a port number such as 8080."
    ]


def test_the_shipped_hotlines_can_be_read(tmp_path: Path) -> None:
    done = _run("hotlines", "check", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rows can be read" in done.stdout.splitlines()[-1]
