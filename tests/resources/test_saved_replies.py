"""The sentences that supporters can start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff.saved_replies import Category, load_saved_replies
from handoff.wording.reading import WordingError

ENGLISH = load_saved_replies()["en"]


def test_there_are_replies_for_every_part_of_a_conversation() -> None:
    assert len(ENGLISH) >= 25
    for category in Category:
        assert sum(reply.category is category for reply in ENGLISH) >= 3, category


def test_they_come_in_the_order_of_a_conversation() -> None:
    assert [reply.category for reply in ENGLISH] == sorted(
        (reply.category for reply in ENGLISH), key=list(Category).index
    )


def test_the_only_place_to_fill_is_the_supporters_name() -> None:
    for reply in ENGLISH:
        assert "{" not in reply.filled("Ada")
    assert any("I'm Ada" in reply.filled("Ada") for reply in ENGLISH)


def test_safety_is_asked_about_directly_and_without_leading() -> None:
    asking = [reply.text for reply in ENGLISH if reply.category is Category.ASKING_ABOUT_SAFETY]
    assert any("thinking about suicide?" in text for text in asking)
    assert not any("you're not" in text.lower() or "aren't you" in text.lower() for text in asking)


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ("{id: a, category: shouting, text: Hello}", "category"),
        ("{id: a, category: opening}", "text"),
        ("{id: a, category: opening, text: Hello}\n  - {id: a, category: ending, text: Bye}", "used twice"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, entry: str, named: str) -> None:
    (tmp_path / "en.yml").write_text(f"language: en\nreplies:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(WordingError, match=named):
        load_saved_replies(tmp_path)
