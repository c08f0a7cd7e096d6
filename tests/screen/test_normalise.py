from __future__ import annotations

import pytest

from models.screen.lexicon import load, spelling
from models.screen.normalise import normalise
from models.screen.spelling import Spelling


@pytest.fixture(scope="module")
def english() -> Spelling:
    return spelling((load("en"),))


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("I WANT to", "i want to"),
        ("su1c1d3", "suicide"),
        ("$uicide", "suicide"),
        ("k*ll", "kill"),
        ("d i e", "die"),
        ("k i l l  m y s e l f", "kill myself"),
        ("killmyself", "kill myself"),
        ("diiiie", "die"),
        ("ki\u200bll", "kill"),
        ("diе", "die"),
        ("suicdal", "suicidal"),
        ("ovedrose", "overdose"),
        ("don't", "do not"),
        ("dont", "do not"),
        ("i’m", "i am"),
        ("want 2 die", "want to die"),
        ("wanna", "want to"),
        ("💀", "emojiskull"),
    ],
)
def test_hidden_and_sloppy_forms_become_plain_words(english: Spelling, typed: str, plain: str) -> None:
    assert normalise(typed, english).text == f" {plain} . "


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("i feel ill", "i feel ill"), ("ill kill", "i will kill"), ("hell find me", "he will find me"), ("hell", "hell")],
)
def test_a_form_with_two_readings_is_read_by_its_neighbour(english: Spelling, typed: str, plain: str) -> None:
    assert normalise(typed, english).text == f" {plain} . "


def test_right_words_are_no_typing_slips(english: Spelling) -> None:
    for word in ("started", "hunting", "filling", "milling", "dining", "cousin"):
        assert normalise(word, english).text == f" {word} . "


def test_every_word_keeps_its_place_in_the_original_text(english: Spelling) -> None:
    typed = "so… I’m  k1lling it"
    line = normalise(typed, english)
    assert [typed[word.start : word.end] for word in line.words] == ["I’m", "I’m", "k1lling", "it"]


def test_a_russian_text_is_not_folded_into_latin_letters(english: Spelling) -> None:
    assert "привет" in normalise("Привет", english).text
