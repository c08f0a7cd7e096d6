from __future__ import annotations

from pathlib import Path

import pytest

from handoff.core.meaning import MEANINGS
from handoff.core.risk import CRISIS
from handoff.screening import RiskScreen
from models.screen.scan import Scanner
from models.screen_cases import Case, load_cases
from models.screen_measures import wilson

CASES = Path(__file__).parent / "cases"
TUNED = sorted(path for pattern in ("dev_*.yml", "second_*.yml", "third_*.yml") for path in CASES.glob(pattern))


def cases(*names: str) -> list[Case]:
    return [case for name in names for case in load_cases(CASES / name)]


@pytest.mark.parametrize("case", cases("seed_behaviours.yml"), ids=lambda case: case.slice)
def test_every_behaviour_of_the_taxonomy_holds(screen: RiskScreen, case: Case) -> None:
    assert case.floor <= screen.read(case.text, case.context).tier <= case.ceiling


@pytest.mark.parametrize("case", cases("other_languages.yml"), ids=lambda case: case.slice)
def test_other_languages_are_noticed(screen: RiskScreen, case: Case) -> None:
    assert case.floor <= screen.read(case.text).tier <= case.ceiling


def test_most_dangers_we_wrote_are_seen(screen: RiskScreen) -> None:
    dangers = [case for path in TUNED for case in load_cases(path) if case.crisis]
    seen = sum(screen.read(case.text, case.context).tier >= CRISIS for case in dangers)
    assert seen / len(dangers) >= 0.95


def test_few_safe_texts_we_wrote_raise_an_alarm(screen: RiskScreen) -> None:
    safe = [case for path in TUNED for case in load_cases(path) if not case.crisis]
    alarms = [case.slice for case in safe if screen.read(case.text, case.context).tier >= CRISIS]
    assert len(alarms) / len(safe) <= 0.01


def test_the_held_out_set_does_not_get_worse(screen: RiskScreen) -> None:
    dangers = cases("heldout_crisis.yml")
    seen = sum(screen.read(case.text, case.context).tier >= CRISIS for case in dangers)
    assert seen / len(dangers) >= 0.93


def test_every_kind_in_the_lexicon_has_a_written_meaning(scanner: Scanner) -> None:
    used = {(rule.domain, rule.kind) for language in scanner.languages for rule in language.rules}
    assert {pair for pair in used if pair[0] not in ("cue", "false_friend")} <= set(MEANINGS)


def test_every_pattern_of_the_lexicon_compiles(scanner: Scanner) -> None:
    assert all(rule.expression.pattern for language in scanner.languages for rule in language.rules)


def test_lexicons_say_who_reviewed_them(scanner: Scanner) -> None:
    assert {language.code: language.reviewed_by for language in scanner.languages} == dict.fromkeys(
        ("en", "de", "es", "fr", "pt"), ""
    )


def test_an_interval_holds_its_share() -> None:
    low, high = wilson(9, 10)
    assert low < 0.9 < high
