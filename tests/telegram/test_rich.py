"""Text with places: counted as Telegram counts, cut where it reads well, nothing lost and nothing parsed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.telegram.rich import MOST, Mark, Rich, bold, joined, plain, split, units


def marked(rich: Rich) -> list[str]:
    """The texts that the marks stand for."""
    coded = rich.text.encode("utf-16-le")
    return [coded[2 * each.at : 2 * (each.at + each.length)].decode("utf-16-le") for each in rich.marks]


def test_places_are_counted_in_utf_16_units() -> None:
    rich = plain("🙂 hi ") + bold("Ana") + " and " + bold("😀ben")
    assert rich.marks == (Mark("bold", 6, 3), Mark("bold", 14, 5))
    assert marked(rich) == ["Ana", "😀ben"]


def test_only_parts_that_say_something_are_joined() -> None:
    assert joined([plain("a"), Rich(), bold("b")]).text == "a\n\nb"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("one two. " * 3 + "\n\n" + "three four", "one two. one two. one two."),
        ("first sentence. second sentence here", "first sentence."),
        ("words without any end to them at all", "words without any end to them"),
        ("x" * 40, "x" * 30),
    ],
)
def test_a_long_text_is_cut_at_the_best_place(text: str, first: str) -> None:
    assert split(plain(text), 30)[0].text.strip() == first


def test_a_mark_that_is_cut_goes_on_in_the_next_part() -> None:
    parts = split(bold("x" * 50), 30)
    assert [marked(each) for each in parts] == [["x" * 30], ["x" * 20]]


@given(st.lists(st.tuples(st.text(), st.booleans()), max_size=8), st.integers(10, 80))
def test_no_letter_is_lost_and_no_part_is_too_long(pieces: list[tuple[str, bool]], most: int) -> None:
    rich = Rich()
    for text, strong in pieces:
        rich = rich + (bold(text) if strong else plain(text))
    parts = split(rich, most)
    assert all(units(each.text) <= most for each in parts)
    assert "".join("".join(each.text.split()) for each in parts) == "".join(rich.text.split())
    assert all(each.at >= 0 and each.at + each.length <= units(part.text) for part in parts for each in part.marks)


def test_what_fits_is_one_part() -> None:
    assert [each.text for each in split(plain("x" * MOST))] == ["x" * MOST]
    assert split(Rich()) == []
