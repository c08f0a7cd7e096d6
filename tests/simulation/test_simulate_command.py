"""`warmline simulate`: tables, JSON, a picture, supporters needed, and one clear sentence for whatever is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from handoff.cli import app
from handoff.simulation.scenario import EXAMPLE

BUSY = """
name: Small line
arrivals: {by_hour: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 6, 6, 0, 0, 0]}
tiers: {T0: 0.8, T3: 0.2}
talk_minutes: {others: {exponential: 25}}
accept_seconds: {constant: 20}
patience_minutes: {others: {exponential: 30}}
shifts:
  - {days: mon-sun, from: "18:00", to: "21:00", supporters: 1, training: senior, capacity: 2}
"""
FEW = ("--days", "10", "--runs", "4")


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    file = tmp_path / "line.yml"
    file.write_text(BUSY)
    return file


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["simulate", *map(str, words)])


def told(*words: object) -> dict[str, Any]:
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_example_is_printed_as_it_is_shipped() -> None:
    assert run("--example").stdout == EXAMPLE.read_text()


def test_the_tables_have_a_row_for_each_tier_and_hour_in_which_somebody_comes(scenario: Path) -> None:
    done = run(scenario, *FEW)
    assert done.exit_code == 0
    first = [line.split()[0] for line in done.stdout.splitlines() if line]
    assert [each for each in first if each in {"T0", "T1", "T3", "T3+", "all"}] == ["T0", "T3", "T3+", "all"]
    assert [each for each in first if each.endswith(":00")] == ["18:00", "19:00", "20:00"]
    assert "Small line: 10 days, 4 runs, seed 1" in done.stdout


def test_the_same_seed_gives_the_same_figures_and_another_gives_others(scenario: Path) -> None:
    assert told(scenario, *FEW, "--seed", 3) == told(scenario, *FEW, "--seed", 3)
    assert told(scenario, *FEW, "--seed", 3)["waits"] != told(scenario, *FEW, "--seed", 4)["waits"]


def test_the_figures_agree_with_each_other(scenario: Path) -> None:
    found = told(scenario, *FEW)
    everybody = found["waits"]["all"]
    assert everybody["came_a_day"] == pytest.approx(sum(found["waits"][tier]["came_a_day"] for tier in ("T0", "T3")))
    assert everybody["came_a_day"] == pytest.approx(sum(each["came_a_day"] for each in found["hours"]))
    shares = [everybody["within"][limit]["mean"] for limit in ("60", "120", "300")]
    assert shares == sorted(shares)
    assert everybody["p50"]["mean"] <= everybody["p95"]["mean"] <= everybody["longest"]
    assert 0.4 < found["in_use"]["mean"] <= 1
    assert found["hours"][19]["supporters"] == 1
    assert found["hours"][3]["supporters"] == 0


def test_the_supporters_that_a_target_takes_reach_it_and_one_fewer_would_not(scenario: Path) -> None:
    found = told(scenario, *FEW, "--target", "80% within 2 minutes")
    hours = {each["hour"]: each for each in found["hours"] if each["needed"]}
    assert set(hours) == {18, 19, 20}
    assert all(each["reached"]["mean"] >= 0.8 for each in hours.values())
    needed = max(each["needed"] for each in hours.values())
    assert needed > 1
    assert found["hours"][19]["within"]["120"]["mean"] < 0.8
    scenario.write_text(BUSY.replace("supporters: 1", f"supporters: {needed}"))
    assert told(scenario, *FEW)["waits"]["all"]["within"]["120"]["mean"] >= 0.8


def test_a_target_that_nobody_could_reach_is_marked(scenario: Path) -> None:
    """Everybody needs twenty seconds to accept."""
    found = told(scenario, *FEW, "--target", "90% within 10 seconds")
    assert {each["needed"] for each in found["hours"] if each["came_a_day"]} == {None}
    done = run(scenario, *FEW, "--target", "90% within 10 seconds")
    assert "!" in done.stdout.partition("20:00")[2].splitlines()[0]


def test_a_crisis_on_a_closed_day_asks_for_no_more_supporters_on_the_others(scenario: Path) -> None:
    scenario.write_text(BUSY.replace("mon-sun", "mon-fri").replace("T3: 0.2", "T3: 0.8"))
    hours = told(scenario, *FEW, "--target", "80% within 2 minutes")["hours"]
    assert all(each["reached"]["mean"] >= 0.8 for each in hours if each["needed"])
    assert sum(each["needed"] or 0 for each in hours) > 3


def test_the_picture_is_a_picture(scenario: Path, tmp_path: Path) -> None:
    plot = tmp_path / "waits.png"
    assert run(scenario, *FEW, "--plot", plot).exit_code == 0
    with Image.open(plot) as picture:
        assert picture.format == "PNG"
        assert picture.width >= 1000
        assert len(picture.convert("RGB").getcolors(2**24) or ()) > 50, "a picture of nothing"


@pytest.mark.parametrize("target", ["fast", "0% within 1 minute", "100% within 1 minute", "90% within 2 days"])
def test_a_target_that_cannot_be_read_says_how_to_write_one(scenario: Path, target: str) -> None:
    done = run(scenario, "--target", target)
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        f"The target '{target}' is not usable. Write it as \"90% within 2 minutes\": above 0% and below 100%, "
        "within an hour at most."
    ]


def test_a_wrong_file_is_its_sentences_and_exit_2(scenario: Path) -> None:
    scenario.write_text(BUSY.replace("senior", "expert").replace("T3: 0.2", "T8: 0.2"))
    done = run(scenario)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert [line.partition(", ")[2].partition(":")[0] for line in done.stderr.splitlines()] == [
        "tiers", "shifts.1.training",
    ]  # fmt: skip


def test_without_a_file_it_says_how_to_begin() -> None:
    done = run()
    assert done.exit_code == 2
    assert "--example" in done.stderr


def test_a_picture_that_cannot_be_written_is_told_before_the_work(scenario: Path, tmp_path: Path) -> None:
    done = run(scenario, "--plot", tmp_path / "nowhere" / "waits.png", "--days", 366, "--runs", 1000)
    assert done.exit_code == 2
    assert "a folder that exists" in done.stderr


def test_a_missing_file_is_a_sentence_and_no_trace(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("warmline")), "simulate", "nothing.yml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "nothing.yml: there is no such file. Name one, or begin with `warmline simulate --example`."
    ]


def test_the_command_line_starts_without_what_only_a_simulation_needs() -> None:
    code = "import sys, handoff.cli; print([each for each in ('simpy', 'matplotlib') if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
