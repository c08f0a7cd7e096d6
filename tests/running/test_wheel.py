"""What is installed from a wheel is whole: wording, scripts and pages travel with the code."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("handoff", "connectors", "models")
BESIDE = ("pyproject.toml", "requirements.in", "README.md", "LICENSE")
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


def test_a_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    source, made = tmp_path / "source", tmp_path / "made"
    made.mkdir()
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in BESIDE:
        shutil.copy(ROOT / name, source / name)
    wanted = {str(path.relative_to(source)) for each in PACKAGES for path in (source / each).rglob("*.*")}
    built = subprocess.run([sys.executable, "-c", BUILD, str(made)], cwd=source, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (wheel,) = made.glob("*.whl")
    assert wanted - set(zipfile.ZipFile(wheel).namelist()) == set()
