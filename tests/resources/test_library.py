"""The resources that are shipped, and what happens to files that can't be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handoff.resources import TOPICS, Kind, Library, Resource, ResourceUnknown, as_json, load_library
from handoff.wording.reading import WordingError

LIBRARY = load_library()
SLOW_WORDS_A_MINUTE = 100


def words_of(resource: Resource) -> str:
    """Everything a person sees of it."""
    return "\n".join([resource.title, resource.summary, *resource.body, *(step.text for step in resource.steps)])


def test_there_is_enough_to_offer_in_english_and_a_start_in_spanish() -> None:
    assert len(LIBRARY.in_language("en")) >= 66
    assert len(LIBRARY.in_language("es")) >= 12
    assert LIBRARY.languages() == {"en", "es"}
    assert sum(bool(resource.steps) for resource in LIBRARY.resources) >= 14


def test_every_topic_and_every_kind_has_something() -> None:
    english = LIBRARY.in_language("en")
    for topic in TOPICS:
        assert sum(topic in resource.topics for resource in english) >= 3, topic
    assert {resource.kind for resource in english} == set(Kind)


def test_titles_are_unique_in_their_language() -> None:
    titles = [(resource.language, resource.title) for resource in LIBRARY.resources]
    assert len(titles) == len(set(titles))


def test_people_say_different_things_for_different_resources() -> None:
    phrases = [phrase.lower() for resource in LIBRARY.resources for phrase in resource.said_like]
    assert len(phrases) == len(set(phrases))


def test_nobody_is_named_as_a_reviewer_who_did_not_review() -> None:
    """Once somebody has, the README's sentence about it has to change, and this test with it."""
    assert LIBRARY.unreviewed() == LIBRARY.resources


@pytest.mark.parametrize("resource", LIBRARY.resources, ids=lambda resource: resource.id)
def test_an_entry_is_short_plain_and_complete(resource: Resource) -> None:
    shown = words_of(resource)
    assert len(resource.summary) <= 180
    assert len(resource.title) <= 60
    assert all(len(paragraph) <= 420 for paragraph in resource.body)
    assert all(len(step.text) <= 160 and 3 <= step.seconds <= 90 for step in resource.steps)
    assert not re.search(r"https?:|www\.|\d{3}", shown), "no addresses and no telephone numbers in here"
    assert "  " not in shown


@pytest.mark.parametrize("resource", [one for one in LIBRARY.resources if one.steps], ids=lambda resource: resource.id)
def test_the_steps_of_an_exercise_take_about_its_minutes(resource: Resource) -> None:
    assert abs(resource.timed_seconds - 60 * resource.minutes) <= 30


@pytest.mark.parametrize(
    "resource",
    [one for one in LIBRARY.resources if one.kind is Kind.READ and not one.steps],
    ids=lambda resource: resource.id,
)
def test_reading_takes_about_its_minutes_for_a_slow_reader(resource: Resource) -> None:
    minutes = len(" ".join([resource.summary, *resource.body]).split()) / SLOW_WORDS_A_MINUTE
    assert abs(resource.minutes - minutes) <= 0.6


def test_what_is_to_be_listened_to_or_watched_is_timed() -> None:
    assert all(one.steps for one in LIBRARY.resources if one.kind in {Kind.LISTEN, Kind.WATCH})


def test_the_bot_receives_what_it_shows_and_nothing_else() -> None:
    timed = as_json(LIBRARY.get("square-breathing"))
    assert timed["steps"][1] == {"text": "Up one side. Breathe in.", "seconds": 4}  # type: ignore[index]
    assert set(timed) == {"id", "title", "kind", "minutes", "summary", "steps", "body"}
    assert timed["kind"] == "do"
    to_read = as_json(LIBRARY.get("losing-a-pet"))
    assert to_read["steps"] is None
    assert isinstance(to_read["body"], list)


def test_an_id_that_is_gone_is_said_to_be_unknown() -> None:
    with pytest.raises(ResourceUnknown):
        LIBRARY.get("never-written")


ENTRY = """
language: en
written_by: Somebody
reviewed_by: ""
resources:
  - id: tea
    title: Tea
    topics: [other]
    kind: do
    minutes: 1
    version: 1
    summary: Make tea.
    steps:
      - times: 2
        steps:
          - {text: Stir., seconds: 20}
      - {text: Drink., seconds: 20}
    said_like: [I am thirsty, is there tea, something warm]
"""


def load(folder: Path, content: str, name: str = "en/drinks.yml") -> Library:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return load_library(folder)


def test_a_group_of_steps_is_written_out_as_often_as_it_says(tmp_path: Path) -> None:
    tea = load(tmp_path, ENTRY).get("tea")
    assert [step.text for step in tea.steps] == ["Stir.", "Stir.", "Drink."]
    assert tea.timed_seconds == 60
    assert tea.reviewed_by is None


def test_an_entry_can_name_its_own_reviewer(tmp_path: Path) -> None:
    library = load(tmp_path, ENTRY.replace("    version: 1", "    version: 1\n    reviewed_by: A nurse"))
    assert library.get("tea").reviewed_by == "A nurse"
    assert library.unreviewed() == ()


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("topics: [other]", "topics: [tea]", "topics"),
        ("topics: [other]", "topics: []", "topics"),
        ("kind: do", "kind: dance", "kind"),
        ("minutes: 1", "minutes: 3", "minutes"),
        ("minutes: 1", "minutes: 0", "minutes"),
        ("minutes: 1", "minutes: soon", "minutes"),
        ("id: tea", "id: Tea time", "id"),
        ("title: Tea", "titel: Tea", "titel"),
        ("title: Tea", 'title: ""', "title"),
        ("version: 1", "version:", "version"),
        ("something warm]", "]", "said_like"),
        ("seconds: 20}\n    said", "seconds: -1}\n    said", "seconds"),
        ("language: en", "language: fr", "language"),
        ("written_by: Somebody", "", "written_by"),
    ],
)
def test_a_fault_names_file_entry_and_field(tmp_path: Path, before: str, after: str, named: str) -> None:
    assert before in ENTRY
    with pytest.raises(WordingError) as caught:
        load(tmp_path, ENTRY.replace(before, after))
    assert "drinks.yml" in str(caught.value)
    assert "resources[" in str(caught.value)
    assert named in str(caught.value)


def test_an_entry_without_body_and_steps_is_refused(tmp_path: Path) -> None:
    empty = re.sub(r"    steps:.*?    said_like", "    said_like", ENTRY, flags=re.DOTALL)
    with pytest.raises(WordingError, match="neither a body nor steps"):
        load(tmp_path, empty)


def test_an_id_used_in_two_files_is_refused(tmp_path: Path) -> None:
    load(tmp_path, ENTRY)
    with pytest.raises(WordingError, match="'tea' is used twice"):
        load(tmp_path, ENTRY, "en/more_drinks.yml")


def test_a_folder_without_resources_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match="no resources"):
        load_library(tmp_path)
