from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest

from handoff.logs import WordlessFormatter, configure

WORDS = "I cannot sleep since she left"


class Phase(Enum):
    LIVE = 1


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WordlessFormatter(as_json=True))
    root = logging.getLogger()
    root.addHandler(handler)
    logging.getLogger("handoff").setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    logging.getLogger("handoff").setLevel(logging.NOTSET)


def _last(lines: io.StringIO) -> dict[str, object]:
    found: dict[str, object] = json.loads(lines.getvalue().splitlines()[-1])
    return found


def test_an_event_shows_its_name_ids_and_numbers(lines: io.StringIO) -> None:
    extra = {"conversation": "c_1", "epoch": 3, "seconds": 0.25, "phase": Phase.LIVE, "taken": True}
    logging.getLogger("handoff.relay").info("offer_made", extra=extra)
    assert _last(lines) | extra | {"phase": "live"} == _last(lines)
    assert _last(lines)["event"] == "offer_made"


@pytest.mark.parametrize("key", ["text", "words", "reason", "summary"])
def test_a_value_with_words_is_left_out(lines: io.StringIO, key: str) -> None:
    logging.getLogger("handoff.relay").info("sent", extra={key: WORDS})
    assert key not in _last(lines)
    assert "sleep" not in lines.getvalue()


def test_what_to_do_about_it_is_a_sentence_and_shown(lines: io.StringIO) -> None:
    logging.getLogger("tests.here").warning("state", extra={"next": "warmline doctor tells what to do"})
    assert _last(lines)["next"] == "warmline doctor tells what to do"


def test_one_word_under_a_name_for_words_is_left_out(lines: io.StringIO) -> None:
    logging.getLogger("handoff.relay").info("sent", extra={"text": "goodbye"})
    assert "goodbye" not in lines.getvalue()


@pytest.mark.parametrize("words", [WORDS, "goodbye", ["a", "list"]])
def test_words_filled_into_a_sentence_are_hidden(lines: io.StringIO, words: object) -> None:
    logging.getLogger("handoff.relay").info("cannot read %s, trying again in %.1f s", words, 2)
    assert _last(lines)["event"] == "cannot read [...], trying again in 2.0 s"


def test_ids_and_codes_filled_into_a_sentence_are_shown(lines: io.StringIO) -> None:
    logging.getLogger("handoff.relay").info("%s was turned away: %s", "c_12", "store_down")
    assert _last(lines)["event"] == "c_12 was turned away: store_down"


def test_an_exception_shows_its_type_and_place_but_not_its_message(lines: io.StringIO) -> None:
    try:
        raise ValueError(WORDS)
    except ValueError:
        logging.getLogger("handoff.relay").exception("relay_failed")
    assert _last(lines)["failure"] == "ValueError"
    assert "test_logs.py" in str(_last(lines)["where"])
    assert "sleep" not in lines.getvalue()


def test_another_library_says_where_but_not_what(lines: io.StringIO) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved: %s", WORDS)
    assert str(_last(lines)["event"]).startswith("asyncio:")
    assert "sleep" not in lines.getvalue()


def test_a_line_stays_a_line() -> None:
    record = logging.LogRecord("uvicorn.error", logging.INFO, "x", 1, "one\ntwo", None, None)
    assert "\n" not in WordlessFormatter().format(record)


@pytest.fixture
def configured(tmp_path: Path) -> Iterator[Path]:
    """The file of a service that logs everything; logging is as it was afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    root.handlers = []
    path = configure("DEBUG", folder=tmp_path / "log")
    assert path is not None
    yield path
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    root.handlers = before
    root.setLevel(level)
    for name in ("handoff", "connectors", "models", "tests", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_configuring_writes_to_a_file_and_keeps_other_libraries_quiet(configured: Path) -> None:
    logging.getLogger("handoff.relay").debug("relay_ready")
    logging.getLogger("websockets").debug("> TEXT %s", WORDS)
    assert "relay_ready" in configured.read_text()
    assert "sleep" not in configured.read_text()


def test_nobodys_network_address_is_kept(configured: Path) -> None:
    server = logging.getLogger("uvicorn.error")
    server.info('%s - "WebSocket %s" [accepted]', "203.0.113.9:5050", "/chat/ws")
    server.info("connection open")
    server.info("Application startup complete.")
    assert [line.split(" ", 2)[2] for line in configured.read_text().splitlines()] == ["Application startup complete."]


def test_a_server_that_set_up_its_own_logging_before_is_brought_back(configured: Path, tmp_path: Path) -> None:
    server = logging.getLogger("uvicorn")
    server.addHandler(logging.StreamHandler(io.StringIO()))
    server.propagate = False
    kept = configure(folder=tmp_path / "again")
    logging.getLogger("uvicorn.error").info("Application startup complete.")
    assert server.handlers == []
    assert kept is not None
    assert "Application startup complete." in kept.read_text()
