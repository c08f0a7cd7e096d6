"""A wording file that is wrong says which file, which key, and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from handoff.wording.crisis_files import load_all_crisis_wording, load_crisis_wording
from handoff.wording.hotline_files import FOLDER, load_hotlines
from handoff.wording.reading import WORDING, WordingError


@pytest.fixture
def hotline_folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "hotlines"))


@pytest.fixture
def wording_folder(tmp_path: Path) -> Path:
    for language in ("en", "es"):
        (tmp_path / language).mkdir()
        shutil.copy(WORDING / language / "crisis.yml", tmp_path / language)
    return tmp_path


def edit(file: Path, before: str, after: str) -> None:
    content = file.read_text(encoding="utf-8")
    assert before in content
    file.write_text(content.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("countries/us.yml", "channel: voice", "channel: fax", "'fax' is not known. Use one of: voice, sms"),
        ("countries/us.yml", "hours: always", "hours: sometimes", "Use always, unknown, or timezone"),
        ("countries/us.yml", 'age_min: ""', "age_min: five", "'five' is not a whole number"),
        ("countries/us.yml", "id: us-988-voice", "id: ''", "missing or empty"),
        ("countries/us.yml", "    region:", "    regoin:", "unknown key"),
        ("countries/us.yml", 'country: "US"', 'country: "UK"', "does not fit the file's name"),
        ("countries/us.yml", 'review_due: "2027-02-21"', "review_due: soon", "'soon' is not a date"),
        ("countries/us.yml", "callable_from_abroad: no", "callable_from_abroad: maybe", "Use one of: yes, no, unknown"),
        ("countries/us.yml", "lines:", "lines: [", "not valid YAML"),
        ("countries/lu.yml", "Europe/Luxembourg", "Europe/Luxemburg", "is not a time zone here"),
        ("countries/lu.yml", '"11:00"', '"11h"', "'11h' is not a time of day"),
        ("countries/lu.yml", "sun-thu", "so-do", "'so-do' are no days"),
        ("emergency.yml", 'country: "US"', 'country: "XX"', "US has no emergency number"),
        ("emergency.yml", 'country: "AT"', 'country: "AR"', "AR is there twice"),
        ("international.yml", "directories:", "dirs:", "no directory"),
    ],
)
def test_a_broken_hotline_file_is_named_with_its_cure(
    hotline_folder: Path, name: str, before: str, after: str, said: str
) -> None:
    edit(hotline_folder / name, before, after)
    with pytest.raises(WordingError) as raised:
        load_hotlines(hotline_folder)
    assert said in str(raised.value)
    assert raised.value.file.suffix == ".yml"
    assert raised.value.cure


def test_an_emergency_entry_without_a_country_file_is_named(hotline_folder: Path) -> None:
    (hotline_folder / "countries" / "us.yml").unlink()
    with pytest.raises(WordingError, match=r"emergency.yml, countries\[US\]: no country file. Add us.yml"):
        load_hotlines(hotline_folder)


def test_a_missing_file_is_named(hotline_folder: Path) -> None:
    (hotline_folder / "withdrawn.yml").unlink()
    with pytest.raises(WordingError, match=r"withdrawn.yml: the file is missing. Restore it"):
        load_hotlines(hotline_folder)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("call {emergency}", "call {emergancy}", "no value for {emergancy}. Use only {emergency}"),
        ("call {emergency}", "call {emergency", "stray brace"),
        ("  overdose:", "  overdoze:", "unknown key"),
        ("    question:", "    ask:", "unknown key"),
        ("language: en", "language: fr", "stands in the folder en"),
        ("[Mon, Tue,", "[Mon,", "6 names. Write seven, Monday first"),
        ('version: "2026-11-21.2"', "version:", "version: missing or empty"),
    ],
)
def test_a_broken_crisis_file_is_named_with_its_cure(wording_folder: Path, before: str, after: str, said: str) -> None:
    edit(wording_folder / "en" / "crisis.yml", before, after)
    with pytest.raises(WordingError) as raised:
        load_crisis_wording("en", wording_folder)
    assert said in str(raised.value)
    assert raised.value.file == wording_folder / "en" / "crisis.yml"


def test_a_card_without_its_section_is_named(wording_folder: Path) -> None:
    content = (wording_folder / "en" / "crisis.yml").read_text(encoding="utf-8")
    (wording_folder / "en" / "crisis.yml").write_text(content[: content.index("  third_party_now:")], encoding="utf-8")
    with pytest.raises(WordingError, match=r"cards\.third_party_now: expected keys with values"):
        load_crisis_wording("en", wording_folder)


def test_without_english_there_is_nothing_to_fall_back_on(wording_folder: Path) -> None:
    (wording_folder / "en" / "crisis.yml").unlink()
    with pytest.raises(WordingError, match="English is the fallback"):
        load_all_crisis_wording(wording_folder)


def test_every_language_with_crisis_wording_is_found(wording_folder: Path) -> None:
    assert list(load_all_crisis_wording(wording_folder)) == ["en", "es"]
