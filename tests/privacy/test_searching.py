"""The search that finds nothing must be one that finds."""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from tests.conftest import RedisProcess
from tests.privacy.searching import forms, found_below, found_in

WORD = "quibbletés"
SENTENCE = f"I wrote {WORD} tonight"
WRITTEN: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "made plain": lambda text: text.upper().replace("É", "E").encode(),
    "latin-1": lambda text: text.encode("latin-1"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16, the other way": lambda text: text.encode("utf-16-be"),
    "json": lambda text: json.dumps({"text": text}).encode(),
    "python": lambda text: repr(text.encode()).encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "gzip": lambda text: b"junk" + gzip.compress(text.encode()) + b"junk",
    "zlib": lambda text: b"junk" + zlib.compress(text.encode()),
    "gzip of json": lambda text: gzip.compress(json.dumps(text).encode()),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_a_word_is_found_however_it_is_written(tmp_path: Path, way: str) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file.bin").write_bytes(b"\0\xff before " + WRITTEN[way](SENTENCE))
    assert {(file, word) for file, word, _ in found_below(tmp_path, [WORD])} == {("deep/file.bin", WORD)}


@pytest.mark.parametrize("before", range(6))
def test_a_word_is_found_in_base64_wherever_it_stands(before: int) -> None:
    for after in range(4):
        coded = base64.b64encode(b"x" * before + WORD.encode() + b"y" * after)
        assert found_in(coded, [WORD]), (before, after)


def test_a_word_is_found_in_a_database_and_in_redis_files(tmp_path: Path, own_redis: RedisProcess) -> None:
    with sqlite3.connect(tmp_path / "records.db") as connection:
        connection.execute("CREATE TABLE words (text)")
        connection.execute("INSERT INTO words VALUES (?)", (SENTENCE,))
    connection.close()
    with redis.Redis.from_url(own_redis.url) as client:
        client.config_set("rdbcompression", "no")
        client.set("unsealed", SENTENCE)
        client.save()
    hits = {file.rpartition("/")[2] for file, _, _ in found_below(tmp_path, [WORD])}
    assert "records.db" in hits
    assert "dump.rdb" in hits
    assert any(each.endswith(".aof") for each in hits)


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"quibble tes, and nothing else" * 50)
    assert found_below(tmp_path, [WORD]) == []
    assert all(len(form) >= 10 for form in forms(WORD).values())
