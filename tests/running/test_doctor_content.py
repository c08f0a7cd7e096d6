"""The doctor says what nobody has reviewed or checked, and whether the classifier is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff import doctor_content
from handoff.doctor_content import content, unreviewed
from handoff.findings import Finding, State

SIGNED = 'reviewed_by: "A. Clinician"\nreview_date: "2026-11-01"\n'


def found(what: str, production: bool = False) -> list[Finding]:
    return [each for each in content(production) if each.what == what]


def test_wording_without_a_reviewer_and_a_date_is_listed(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "hotlines").mkdir()
    (tmp_path / "en/signed.yml").write_text(SIGNED)
    (tmp_path / "en/undated.yml").write_text('reviewed_by: "A. Clinician"\n')
    (tmp_path / "en/crisis.yml").write_text("texts: {}\n")
    (tmp_path / "hotlines/emergency.yml").write_text("numbers: []\n")
    assert [path.as_posix() for path in unreviewed(tmp_path)] == ["en/crisis.yml", "en/undated.yml"]


def test_our_own_wording_is_marked_as_unsigned_until_somebody_signs_it() -> None:
    (finding,) = found("Wording")
    assert finding.state is State.WORTH_KNOWING
    assert "en/crisis.yml" in finding.detail
    assert "clinician" in finding.cure


def test_hotlines_nobody_checked_are_counted() -> None:
    (finding,) = found("Hotlines")
    assert finding.state is State.WORTH_KNOWING
    assert "hotlines check" in finding.cure


def test_the_shipped_classifier_is_there() -> None:
    assert [each.state for each in found("Screen")] == [State.FINE]


def test_a_missing_classifier_is_broken_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_content, "SHIPPED", tmp_path)
    (finding,) = found("Screen")
    assert finding.state is State.BROKEN
    assert "make train" in finding.cure
