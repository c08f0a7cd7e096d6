"""The corpus is what its datasheet says; the classifier reads any text, and says when it can't be loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.classifying import full_screen
from handoff.core.risk import Tier
from models.classifier.axes import TIERS
from models.classifier.corpus import CorpusBroken, Message, read_corpus, split_of
from models.classifier.doubles import doubles
from models.classifier.reader import GRAPH, SHIPPED, ClassifierUnavailable, ScreenClassifier

SHARED = ScreenClassifier()


@pytest.fixture(scope="module")
def corpus() -> list[Message]:
    return read_corpus()


def test_the_corpus_is_as_large_and_as_balanced_as_promised(corpus: list[Message]) -> None:
    english = [each for each in corpus if each.language == "en"]
    safe = [each for each in english if each.tier <= Tier.CONCERN]
    assert len(english) >= 6000
    assert len(safe) >= len(english) - len(safe)
    assert len([each for each in corpus if each.language == "es"]) >= 1500
    assert {each.tier for each in english} == set(range(TIERS + 1))


def test_no_block_stands_in_two_parts_or_splits(corpus: list[Message]) -> None:
    homes: dict[str, set[tuple[str, str]]] = {}
    for each in corpus:
        homes.setdefault(each.block, set()).add((each.language, each.part))
        assert each.split == split_of(each.block)
    assert [block for block, found in homes.items() if len(found) > 1] == []


def test_no_message_is_there_twice(corpus: list[Message]) -> None:
    assert [(one.part, other.part, other.text) for one, other in doubles(corpus)] == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("1 | none | self | current | none | hello", "seven fields"),
        ("x | none | self | current | none | direct | hello", "seven fields"),
        ("9 | none | self | current | none | direct | hello", "no such tier"),
        ("1 | sadness | self | current | none | direct | hello", "no such domain: sadness"),
        ("1 | none | me | current | none | direct | hello", "no such label: me"),
        ("1 | none | self | current | none | direct | ", "needs words"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, wrong: str) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en/part.txt").write_text(f"## block | somebody\n{line}\n")
    with pytest.raises(CorpusBroken, match=f"part.txt, line 2: .*{wrong}"):
        read_corpus(tmp_path, ("en",))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "es", "xx"]))
def test_any_text_has_an_opinion_whose_shares_fall_with_the_tier(text: str, language: str) -> None:
    tiers = SHARED.read(text, language).tiers
    assert list(tiers) == sorted(tiers, reverse=True)
    assert all(0 <= each <= 1 for each in tiers)


def test_danger_at_the_end_of_a_long_text_is_read() -> None:
    calm = "We had soup and the weather was mild and the bus came on time. " * 60
    assert SHARED.read(calm).tiers[2] < 0.5
    assert SHARED.read(calm + "I want to kill myself tonight.").tiers[2] > SHARED.read(calm).tiers[2]


def test_a_folder_without_weights_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(ClassifierUnavailable, match="can't be loaded"):
        ScreenClassifier(tmp_path)
    assert full_screen(tmp_path).read("I want to die").degraded


def test_broken_weights_are_said_to_be_broken(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "shipped")
    (tmp_path / "shipped" / GRAPH).write_bytes(b"no graph")
    with pytest.raises(ClassifierUnavailable):
        ScreenClassifier(tmp_path / "shipped")
