"""`warmline review`: words leave the store with consent or re-written, become a case, and the item is erased."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from handoff.cli import app
from handoff.house import make_sealer
from handoff.records import SqlRecords
from handoff.running.own_secrets import fresh
from handoff.screen_cases import CaseError, NewCase, add_case, is_too_close
from handoff.settings import load
from handoff.store.memory import MemoryStore
from models.screen_cases import load_cases
from tests.records.rows import parcel

WORDS = "i cant keep doing this, tonight is the night"
ITEM = "a1b2c3"


@dataclass(frozen=True)
class Reviewing:
    """A line's records, and the command beside them."""

    folder: Path

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["review", *words])

    def marked(self, **changes: Any) -> None:
        """Somebody marked a message."""
        settings = load()

        async def write() -> None:
            store = MemoryStore("main", settings.policy(), lambda: 0.0)
            records = SqlRecords(settings.database_url, store, make_sealer(settings))
            await records.write(
                [parcel("seeker"), parcel("review", **{"words": WORDS, "context": ["my debts"], **changes})]
            )
            await records.close()

        asyncio.run(write())

    @property
    def file(self) -> Path:
        return self.folder / "var" / "screen_cases.yml"


@pytest.fixture
def reviewing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reviewing:
    monkeypatch.chdir(tmp_path)
    for name, value in fresh().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/records.db")
    return Reviewing(tmp_path)


def test_the_list_has_no_words(reviewing: Reviewing) -> None:
    reviewing.marked()
    done = reviewing.run("list")
    assert done.exit_code == 0
    assert re.search(rf"{ITEM}.*missed risk.*T1.*not asked", done.output)
    assert "tonight" not in done.output


def test_one_is_shown_with_what_came_before(reviewing: Reviewing) -> None:
    reviewing.marked()
    shown = reviewing.run("show", ITEM).output
    assert f"marked: {WORDS}" in shown
    assert "before: my debts" in shown


def test_with_consent_the_words_become_a_case_and_the_item_is_erased(reviewing: Reviewing) -> None:
    reviewing.marked(consent=True)
    done = reviewing.run("write", ITEM, "--floor", "5", "--domain", "suicide", "--slice", "coded", "--by", "joan")
    assert done.exit_code == 0, done.output
    [case] = load_cases(reviewing.file)
    assert (case.text, case.context, case.floor, case.slice) == (WORDS, ("my debts",), 5, "coded")
    assert "Nothing waits" in reviewing.run("list").output
    assert reviewing.run("show", ITEM).exit_code == 1


@pytest.mark.parametrize("consent", [None, False])
def test_without_consent_not_one_of_their_sentences_leaves(reviewing: Reviewing, consent: bool | None) -> None:
    reviewing.marked(consent=consent)
    refused = reviewing.run("write", ITEM)
    assert refused.exit_code == 1
    assert "other words" in refused.output
    close = reviewing.run("write", ITEM, "--text", "she wrote: tonight is the night for it")
    assert close.exit_code == 1
    assert not reviewing.file.exists()
    done = reviewing.run("write", ITEM, "--text", "i have had enough, it will be over by tomorrow")
    assert done.exit_code == 0, done.output
    kept = reviewing.file.read_text()
    assert "over by tomorrow" in kept
    assert "tonight" not in kept
    assert "debts" not in kept


def test_a_false_alarm_becomes_a_safe_case(reviewing: Reviewing) -> None:
    reviewing.marked(consent=True, verdict="false_alarm", words="this queue is killing me", context=[])
    assert reviewing.run("write", ITEM).exit_code == 0
    [case] = load_cases(reviewing.file)
    assert (case.floor, case.ceiling, case.crisis) == (0, 2, False)


def test_dropping_erases_it(reviewing: Reviewing) -> None:
    reviewing.marked()
    assert reviewing.run("drop", ITEM).exit_code == 0
    assert "Nothing waits" in reviewing.run("list").output


def test_before_the_first_record_there_is_a_plain_sentence(reviewing: Reviewing) -> None:
    done = reviewing.run("list")
    assert done.exit_code == 1
    assert "Start the line once" in done.output


def test_cases_of_one_kind_stand_together(tmp_path: Path) -> None:
    file = tmp_path / "cases.yml"
    for text in ("one", "two"):
        add_case(file, NewCase(slice="coded", text=text, floor=3))
    add_case(file, NewCase(slice="idiom", text="three", ceiling=2))
    assert [(case.slice, case.text) for case in load_cases(file)] == [
        ("coded", "one"),
        ("coded", "two"),
        ("idiom", "three"),
    ]
    assert file.read_text().count("slice:") == 2


def test_a_file_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    for content in ("a: 1", "[unclosed"):
        file = tmp_path / "cases.yml"
        file.write_text(content)
        with pytest.raises(CaseError, match="--file"):
            add_case(file, NewCase(slice="coded", text="one", floor=3))
        assert file.read_text() == content


@pytest.mark.parametrize(
    ("rewritten", "close"),
    [
        ("I can't keep doing this.", True),
        ("i cant keep doing this", True),
        ("well i cant keep doing what i do", True),
        ("it is too much to go on with", False),
    ],
)
def test_how_close_is_too_close(rewritten: str, close: bool) -> None:
    assert is_too_close(rewritten, "i cant keep doing this") is close
