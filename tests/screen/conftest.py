from __future__ import annotations

from pathlib import Path

import pytest

from handoff.screening import RiskScreen
from models.screen.scan import Scanner

CASES = Path(__file__).parent / "cases"


@pytest.fixture(scope="session")
def scanner() -> Scanner:
    return Scanner()


@pytest.fixture(scope="session")
def screen(scanner: Scanner) -> RiskScreen:
    return RiskScreen(scanner)
