"""The short form of `make fuzz`: each parser is fed a little of everything that is almost right."""

from __future__ import annotations

import pytest

from tests.security.fuzz.target import Target, drive
from tests.security.fuzz.targets import TARGETS

_SHORT, _LEAST = 10, 30
"""Inputs for each share of a long run, and for the smallest."""


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_whatever_comes_is_taken_or_refused_by_name(target: Target) -> None:
    tally = drive(target, max(_LEAST, _SHORT * target.share))
    assert tally.inputs > 0
    assert tally.refused > 0 or not target.refusals
