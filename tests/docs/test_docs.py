"""The documents say what is: the diagram is the table's, and every file they name exists."""

from __future__ import annotations

import re
import shlex
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from handoff import diagram
from handoff.cli import app
from handoff.core.conversation import Phase
from handoff.core.hours import is_open
from handoff.core.transitions import TABLE
from handoff.wording.opening_hours import load_opening_hours

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PATHS = re.compile(r"`((?:handoff|connectors|models|bot|docs|tests)/[\w./-]+)`")
COMMANDS = re.compile(r"`warmline ([a-z][^`]*)`")
LINKS = re.compile(r"\]\(((?!https?:|#)[^)\s]+)\)")


def test_the_diagram_in_the_docs_is_drawn_from_the_table() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    assert diagram.mermaid() in page
    assert diagram.table() in page


def test_the_diagram_has_every_phase_and_the_table_every_event() -> None:
    drawn = diagram.mermaid()
    assert all(f" {phase}" in drawn for phase in Phase)
    assert all(f"| {event.__name__} |" in diagram.table() for event in TABLE[Phase.NEW])


def test_redrawing_a_page_changes_only_what_stands_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{diagram.BEGIN}\nold\n{diagram.END}\nafter\n")
    assert diagram.redraw(page)
    assert not diagram.redraw(page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_a_page_names_takes_the_options_it_shows(page: Path) -> None:
    for line in COMMANDS.findall(page.read_text()):
        command, words = typer.main.get_command(app), shlex.split(line)
        while isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known | {"--help"}, line


def test_the_opening_hours_that_the_docs_show_can_be_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "what-a-line-decides.md").read_text()
    file = tmp_path / "hours.yml"
    file.write_text(textwrap.dedent(page.partition("   ```yaml\n")[2].partition("   ```")[0]))
    hours = load_opening_hours(file)
    assert is_open(hours, datetime(2026, 11, 21, 1, 30, tzinfo=UTC))
    assert not is_open(hours, datetime(2026, 11, 21, 3, 0, tzinfo=UTC))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_a_page_names_exists(page: Path) -> None:
    text = page.read_text()
    named = {ROOT / each for each in PATHS.findall(text)}
    linked = {page.parent / each.partition("#")[0] for each in LINKS.findall(text)}
    assert [str(each) for each in sorted(named | linked) if not each.exists()] == []
