from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from models.report import NotRows, main, read, table


def _row(**changes: Any) -> dict[str, Any]:
    row = {"name": "intent accuracy", "value": 0.93, "unit": "", "aim": 0.92, "holds": True, "n": 512, "command": "c"}
    return {**row, **changes}


def _file(folder: Path, name: str, rows: Any) -> Path:
    path = folder / name
    path.write_text(json.dumps(rows))
    return path


def test_files_are_merged_in_order_and_written_with_every_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = _file(tmp_path, "a.json", [_row(name="one")])
    second = _file(tmp_path, "b.json", [_row(name="two", extra="dropped")])
    assert main([str(first), str(second), "--out", str(tmp_path / "out" / "all.json")]) == 0
    assert json.loads((tmp_path / "out" / "all.json").read_text()) == [_row(name="one"), _row(name="two")]
    assert "two" in capsys.readouterr().out


def test_a_missed_aim_stands_out_and_no_aim_is_empty() -> None:
    held, missed, free = table([_row(), _row(holds=False), _row(aim=None, holds=None)]).splitlines()[2:]
    assert "0.920 held" in held
    assert "0.920 MISSED" in missed
    assert "0.920" not in free


def test_columns_line_up() -> None:
    lines = table([_row(name="short"), _row(name="a much longer name", value=123456, n=7)]).splitlines()
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize("wrong", [{"name": "x"}, [{"name": "x"}], ["x"], 3])
def test_a_file_without_rows_is_named(tmp_path: Path, wrong: Any) -> None:
    path = _file(tmp_path, "wrong.json", wrong)
    with pytest.raises(NotRows, match=r"wrong\.json holds no list of rows"):
        read([path])


def test_a_file_that_is_missing_is_named_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.json"), "--out", str(tmp_path / "all.json")]) == 1
    assert "none.json cannot be read" in capsys.readouterr().err
