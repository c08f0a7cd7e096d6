"""The list of who was erased: what is in it, and what happens to a line that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff.backup.erased import KEPT_SECONDS, Erased

NOW = 1_800_000_000.0
BROKEN = [
    "1799999999",
    "179999",
    "",
    "yesterday 0123456789abcdef0123456789abcdef",
    "1799999999 0123456789abcdef",
    "1799999999 0123456789abcdef0123456789abcdef more",
    "nan 0123456789abcdef0123456789abcdef",
    "1799999999 a f\N{LATIN SMALL LETTER U WITH DIAERESIS}r",
]


@pytest.fixture
def erased(tmp_path: Path) -> Erased:
    return Erased(b"key", tmp_path / "erased.list")


def lines(folder: Path) -> list[str]:
    return (folder / "erased.list").read_text().splitlines()


@pytest.mark.parametrize("broken", BROKEN)
def test_a_line_that_is_no_erasure_stops_neither_noting_nor_reading(
    erased: Erased, tmp_path: Path, broken: str
) -> None:
    before, after = erased.hidden("before"), erased.hidden("after")
    (tmp_path / "erased.list").write_text(f"{broken}\n{NOW - 9:.0f} {before}\n{broken}")
    assert erased.since(NOW - 60, ()) == {before: NOW - 9}
    erased.write({after: NOW}, NOW)
    assert lines(tmp_path) == [f"{NOW - 9:.0f} {before}", f"{NOW:.0f} {after}"]
    assert erased.since(NOW - 60, ()) == {before: NOW - 9, after: NOW}


def test_another_list_with_a_broken_line_is_read_as_well(erased: Erased, tmp_path: Path) -> None:
    other = tmp_path / "other.list"
    other.write_bytes(b"\xff\xfe\n" + f"{NOW:.0f} {erased.hidden('there')}\r\n17".encode())
    assert erased.since(NOW - 60, [other]) == {erased.hidden("there"): NOW}


def test_an_erasure_keeps_its_time_and_is_noted_once(erased: Erased, tmp_path: Path) -> None:
    name = erased.hidden("somebody")
    erased.write({name: NOW - 500.4}, NOW)
    erased.write({name: NOW - 500.4}, NOW)
    assert lines(tmp_path) == [f"{NOW - 500.4:.0f} {name}"]
    erased.write({name: NOW}, NOW)
    assert erased.since(0, ()) == {name: NOW}


def test_what_is_older_than_ninety_days_leaves_the_list(erased: Erased, tmp_path: Path) -> None:
    old, young = erased.hidden("old"), erased.hidden("young")
    erased.write({old: NOW - KEPT_SECONDS + 10}, NOW)
    erased.write({young: NOW + 20}, NOW + 20)
    assert lines(tmp_path) == [f"{NOW + 20:.0f} {young}"]
