"""Ranking, caching and degrading, with an encoder that only knows a few meanings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from models.encoder import EncoderUnavailable, Vectors
from models.passage_vectors import FILE
from models.resource_search import ResourceSearch


@dataclass(frozen=True)
class Line:
    text: str


@dataclass(frozen=True)
class Note:
    id: str
    title: str
    topics: tuple[str, ...]
    language: str = "en"
    summary: str = "A short note."
    said_like: tuple[str, ...] = ()
    body: tuple[str, ...] = ("Some words.",)
    steps: tuple[Line, ...] = ()


class FewMeanings:
    """Texts that share a meaning share a direction; counts what it was asked to encode."""

    name = "few-meanings"
    meanings = (("sleep", "awake", "dormir"), ("dog", "puppy"), ("exam", "test"), ("hmm",))

    def __init__(self) -> None:
        self.encoded = 0
        self.broken = False

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self.broken:
            raise EncoderUnavailable("out of order")
        self.encoded += len(texts)
        return np.array([self._vector(text.lower()) for text in texts], dtype=np.float32)

    def _vector(self, text: str) -> list[float]:
        marks = [float(any(word in text for word in words)) for words in self.meanings]
        vector = np.array([*marks, 0.1])
        return list(vector / np.linalg.norm(vector))


NOTES = (
    Note("nights", "Sleep", ("anxiety", "stress"), said_like=("I lie there for hours",)),
    Note("pets", "Your dog has died", ("grief",)),
    Note("papers", "Before an exam", ("work_study", "anxiety")),
    Note("noches", "Dormir", ("anxiety",), language="es"),
)


def ids(found: list[tuple[str, float]]) -> list[str]:
    return [one for one, _ in found]


@pytest.fixture
def encoder() -> FewMeanings:
    return FewMeanings()


@pytest.fixture
def search(encoder: FewMeanings) -> ResourceSearch:
    search = ResourceSearch(NOTES, encoder)
    search.prepare()
    return search


def test_it_finds_by_meaning_where_no_word_is_shared(search: ResourceSearch) -> None:
    assert ids(search.search("our puppy", limit=1)) == ["pets"]
    assert not search.degraded


def test_scores_fall_and_the_limit_is_kept(search: ResourceSearch) -> None:
    found = search.search("awake before the test", limit=2)
    assert len(found) == 2
    assert found[0][1] >= found[1][1]
    assert search.search("awake", limit=0) == []


def test_what_was_offered_before_is_left_out(search: ResourceSearch) -> None:
    assert ids(search.search("our puppy", exclude=["pets"]))[0] != "pets"
    assert "pets" not in ids(search.search("our puppy", exclude={"pets"}))


def test_topics_of_the_intake_decide_where_words_say_nothing(search: ResourceSearch) -> None:
    assert ids(search.search("hmm", topics=["grief"], limit=1)) == ["pets"]
    assert ids(search.search("", topics=["anxiety"])) == ["nights", "papers", "pets"]
    assert ids(search.search("our puppy", topics=["work_study"], limit=1)) == ["pets"]


def test_only_the_language_asked_for_is_offered(search: ResourceSearch) -> None:
    assert ids(search.search("no puedo dormir", language="es")) == ["noches"]
    assert ids(search.search("no puedo dormir", language="es-MX")) == ["noches"]


def test_english_is_offered_where_a_language_has_nothing(search: ResourceSearch) -> None:
    assert len(search.search("awake", language="de")) == 3


def test_without_an_encoder_it_ranks_by_words_and_topics_and_says_so() -> None:
    search = ResourceSearch(NOTES, None)
    search.prepare()
    assert search.degraded
    assert search.problem == "this search was made without an encoder"
    assert ids(search.search("I LIE there, for hours!", limit=1)) == ["nights"]
    assert ids(search.search("hmm", topics=["grief"], limit=1)) == ["pets"]


def test_before_it_is_prepared_it_already_answers(encoder: FewMeanings) -> None:
    search = ResourceSearch(NOTES, encoder)
    assert ids(search.search("an exam", limit=1)) == ["papers"]
    assert search.degraded


def test_an_encoder_that_breaks_and_mends_costs_meaning_only_for_that_time(
    search: ResourceSearch, encoder: FewMeanings
) -> None:
    encoder.broken = True
    assert ids(search.search("your dog", limit=1)) == ["pets"]
    assert search.degraded
    encoder.broken = False
    assert ids(search.search("our puppy", limit=1)) == ["pets"]
    assert not search.degraded


def test_a_failed_preparation_can_be_repeated(encoder: FewMeanings) -> None:
    search = ResourceSearch(NOTES, encoder)
    encoder.broken = True
    search.prepare()
    assert search.problem == "out of order"
    encoder.broken = False
    search.prepare()
    assert not search.degraded


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00\x01", "😭😭😭", "\u200b", "\ud800", "x" * 100_000, "<b>'; --", "مرحبا"]
)
def test_strange_texts_get_an_answer(search: ResourceSearch, text: str) -> None:
    assert len(search.search(text)) == 3


def test_an_empty_library_offers_nothing() -> None:
    assert ResourceSearch((), None).search("anything") == []


def test_encoded_passages_are_kept_on_disk(encoder: FewMeanings, tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    ResourceSearch(NOTES, encoder, folder).prepare()
    encoded = encoder.encoded
    again = ResourceSearch(NOTES, encoder, folder)
    again.prepare()
    assert encoder.encoded == encoded + 1
    assert ids(again.search("our puppy", limit=1)) == ["pets"]
    assert [file.name for file in folder.iterdir()] == [FILE]


def test_the_encoder_is_awake_before_the_first_person_asks_though_all_passages_were_kept(tmp_path: Path) -> None:
    ResourceSearch(NOTES, FewMeanings(), tmp_path).prepare()
    asleep = FewMeanings()
    ResourceSearch(NOTES, asleep, tmp_path).prepare()
    assert asleep.encoded == 1


def test_without_an_encoder_what_a_resource_is_about_outranks_what_it_mentions() -> None:
    mentions = Note("mentions", "A sore back", ("other",), body=("It may cost you sleep.",))
    about = Note("about", "When sleep does not come", ("other",))
    assert ids(ResourceSearch((mentions, about), None).search("sleep", limit=1)) == ["about"]


def test_changed_words_are_encoded_anew(encoder: FewMeanings, tmp_path: Path) -> None:
    ResourceSearch(NOTES, encoder, tmp_path).prepare()
    changed = (*NOTES[:1], Note("pets", "Your cat has died", ("grief",)), *NOTES[2:])
    search = ResourceSearch(changed, encoder, tmp_path)
    before = encoder.encoded
    search.prepare()
    assert encoder.encoded > before


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 cut off"])
def test_a_damaged_file_is_replaced(encoder: FewMeanings, tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    search = ResourceSearch(NOTES, encoder, tmp_path)
    search.prepare()
    assert ids(search.search("our puppy", limit=1)) == ["pets"]
    assert (tmp_path / FILE).read_bytes() != content


def test_a_folder_that_cannot_be_written_costs_only_time(encoder: FewMeanings, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    search = ResourceSearch(NOTES, encoder, in_the_way)
    search.prepare()
    assert not search.degraded
