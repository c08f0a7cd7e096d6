"""Scenario files: the example can be used as it is, and every wrong field is one sentence that says what to give."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from handoff.core.policy import Policy
from handoff.core.risk import Tier
from handoff.core.supporter import Role, Training
from handoff.simulation.durations import NEVER, Always, Exponential, Lognormal, Measured
from handoff.simulation.scenario import EXAMPLE, Scenario, load_scenario
from handoff.simulation.scenario_errors import ScenarioError
from handoff.simulation.staffing import DAY, HOUR, hourly
from handoff.wording.reading import WordingError

RIGHT = """
arrivals: {by_hour: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]}
tiers: {T0: 1}
talk_minutes: {others: {constant: 30}}
shifts:
  - {days: fri-sun, from: "22:00", to: "02:00", supporters: 2}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "line.yml"


def load(file: Path, text: str) -> Scenario:
    file.write_text(text)
    return load_scenario(file)


def refused(file: Path, text: str) -> list[str]:
    with pytest.raises(ScenarioError) as wrong:
        load(file, text)
    return wrong.value.lines


def test_the_example_is_a_scenario() -> None:
    found = load_scenario(EXAMPLE)
    assert found.name == "Evening line"
    assert sum(found.demand.rates[:24]) * HOUR == pytest.approx(62)
    assert found.demand.rates[6 * 24] == pytest.approx(1.2 * found.demand.rates[0])
    assert found.demand.patience_of(Tier.ACTIVE) == Exponential(35 * 60)
    assert found.policy.crisis_cooldown_seconds == 600
    assert {each.supporter.training for each in found.people} == set(Training)
    assert sum(each.supporter.role is Role.LEAD for each in found.people) == 1
    assert hourly(found.people)[16:26] == [1, 1, 4, 4, 6, 6, 3, 3, 3, 0]


def test_what_is_left_out_has_defaults(file: Path) -> None:
    found = load(file, RIGHT)
    assert found.policy == Policy()
    assert found.demand.patience_of(Tier.NONE) == NEVER
    assert (found.demand.wrap_up, found.demand.accept) == (Always(0.0), Always(0.0))
    assert found.people[0].supporter.capacity == Policy().default_capacity
    assert found.people[0].supporter.training is Training.BASIC


def test_a_shift_may_run_past_midnight_and_past_the_week(file: Path) -> None:
    first = load(file, RIGHT).people[0]
    assert first.spans[0] == (0.0, 2.0 * HOUR)
    assert first.spans[1] == (4 * DAY + 22.0 * HOUR, 5 * DAY + 2.0 * HOUR)
    assert len(first.spans) == 4


def test_durations_are_read_in_their_units(file: Path) -> None:
    found = load(
        file,
        RIGHT.replace("{others: {constant: 30}}", "{others: {values: [1, 2]}, T3: {lognormal: {median: 2, p95: 5}}}")
        + "accept_seconds: {exponential: 20}\n",
    )
    assert found.demand.talk_of(Tier.NONE) == Measured((60.0, 120.0))
    assert found.demand.talk_of(Tier.PASSIVE) == Lognormal(120.0, 300.0)
    assert found.demand.accept == Exponential(20.0)


@pytest.mark.parametrize(
    ("right", "wrong", "field", "problem"),
    [
        ("1, 2]", "1]", "arrivals.by_hour", "it has 23 of them"),
        ("1, 2]", "1, -2]", "arrivals.by_hour.24", "'-2' is not usable"),
        ("1, 2]", "1, inf]", "arrivals.by_hour.24", "'inf' is not usable"),
        ("{T0: 1}", "{T9: 1}", "tiers", "T9 is not known here"),
        ("{T0: 1}", "{T0: 0}", "tiers", "no tier has a share"),
        ("constant: 30", "constant: 0", "talk_minutes.others.constant", "'0' is not usable"),
        ("constant: 30", "uniform: 3", "talk_minutes.others.uniform", "unknown key"),
        ("{constant: 30}", "{}", "talk_minutes.others", "0 distributions instead of one"),
        ("{constant: 30}", "{constant: 3, exponential: 3}", "talk_minutes.others", "2 distributions instead of one"),
        ("{constant: 30}", "{lognormal: {median: 9, p95: 3}}", "talk_minutes.others.lognormal", "not above the median"),
        ("{constant: 30}", "{values: [a]}", "talk_minutes.others.values.1", "'a' is not usable"),
        ("fri-sun", "friday", "shifts.1.days", "these are no days"),
        ('"22:00"', '"22.00"', "shifts.1.from", "this is no time of day"),
        ('"02:00"', '"24:01"', "shifts.1.to", "this is no time of day"),
        ("supporters: 2", "supporters: 0", "shifts.1.supporters", "Give a whole number from 1 to 500"),
        ("supporters: 2", "supporters: 2, training: expert", "shifts.1.training", "Give basic, crisis or senior"),
        ("supporters: 2", "supporters: 2, capacity: 0.5", "shifts.1.capacity", "Give a whole number from 1 to 20"),
        ("days: fri-sun, ", "", "shifts.1.days", "missing. Give days such as mon-fri"),
        ("tiers: {T0: 1}", "policy: {head_start: 3}", "policy", "head_start is not known here"),
        ("tiers: {T0: 1}", "policy: {queue_limit: x}", "policy.queue_limit", "Give settings of the queue"),
        ("tiers: {T0: 1}", "policy: {assign_again_seconds: 0}", "policy", "assign_again_seconds must be at least 1"),
        ("constant: 30", "constant: 1e300", "talk_minutes.others.constant", "'1e300' is not usable"),
        ("tiers: {T0: 1}", "", "tiers", "missing. Give the share of each tier"),
        ("tiers: {T0: 1}", "tears: 1", "tears", "unknown key"),
        ("tiers: {T0: 1}", "tiers: {T0: 1}\npatience_minutes: 4", "patience_minutes", "not usable"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_what_to_give(file: Path, right: str, wrong: str, field: str, problem: str) -> None:
    assert right in RIGHT
    lines = refused(file, RIGHT.replace(right, wrong))
    (line,) = [each for each in lines if each.startswith(f"{file}, {field}: ")]
    assert problem in line
    assert line.endswith(".")
    assert "pydantic" not in line


def test_every_wrong_field_is_told_at_once(file: Path) -> None:
    wrong = RIGHT.replace("{T0: 1}", "{T9: 1}").replace("fri-sun", "x").replace("supporters: 2", "supporters: none")
    assert [line.split(": ")[0].split(", ")[1] for line in refused(file, wrong)] == [
        "tiers", "shifts.1.days", "shifts.1.supporters",
    ]  # fmt: skip


def test_a_tier_without_talks_is_asked_for(file: Path) -> None:
    (line,) = refused(file, RIGHT.replace("others", "T1"))
    assert line == f"{file}: talk_minutes says nothing of T0. Add them, or `others`."


@pytest.mark.parametrize("text", ["", "- 1", "a: [", "\x00"])
def test_what_is_no_mapping_is_one_sentence_too(file: Path, text: str) -> None:
    with pytest.raises(WordingError) as wrong:
        load(file, text)
    assert str(wrong.value).startswith(str(file))


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match="there is no such file"):
        load_scenario(tmp_path / "nothing.yml")


def test_every_setting_that_the_example_names_exists() -> None:
    assert set(yaml.safe_load(EXAMPLE.read_text())["policy"]) <= set(Policy.__dataclass_fields__)
