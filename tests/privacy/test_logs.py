"""No call that logs can take a person's words, name, handle or address along; and no exception brings them in."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from handoff.logs import WordlessFormatter
from tests.privacy.log_calls import calls_below, offences, offences_below

ROOT = Path(__file__).parents[2]
CANARY = "zibbeth-canary"
BAD = {
    "f-string": '_log.info(f"said {text}")',
    "percent": '_log.info("said %s" % text)',
    "format": '_log.warning("said {}".format(text))',
    "plus": '_log.info("said " + text)',
    "a name": "_log.info(text)",
    "filled in": '_log.info("said %s", event.text)',
    "filled in, put together": '_log.info("said %s", f"{a}")',
    "a telling extra": '_log.info("said", extra={"text": 1})',
    "an unknown extra": '_log.info("said", extra={"who": seeker_id})',
    "words under a known name": '_log.info("said", extra={"kind": entry.text})',
    "a sentence under a known name": '_log.info("said", extra={"reason": f"{words}"})',
    "extra from elsewhere": '_log.info("said", extra=everything)',
    "extra opened up": '_log.info("said", extra={**about})',
    "the module itself": 'logging.error(f"{text}")',
    "a logger of the moment": 'logging.getLogger(__name__).info(f"{text}")',
    "of an object": 'self._log.error("%s", self.message)',
    "a level": "_log.log(10, text)",
    "an address": '_log.info("came", extra={"conversation": event.address})',
}


@pytest.mark.parametrize("folder", ["handoff", "connectors", "models"])
def test_every_call_that_logs_says_a_constant_and_ids(folder: str) -> None:
    assert offences_below(ROOT / folder) == []


def test_the_bot_logs_no_exception_either_because_rasas_logs_would_show_its_message() -> None:
    assert offences_below(ROOT / "bot", scrubbed=False) == []


def test_there_are_calls_to_look_through() -> None:
    assert calls_below(ROOT / "handoff") > 15
    assert calls_below(ROOT / "connectors") > 20
    assert calls_below(ROOT / "bot") > 4


@pytest.mark.parametrize("way", BAD)
def test_words_in_a_log_call_are_noticed(way: str) -> None:
    assert offences(BAD[way]) != []


@pytest.mark.parametrize("call", ['logger.error("broke", exc_info=error)', 'logger.exception("broke")'])
def test_an_exception_is_noticed_where_nothing_scrubs_it(call: str) -> None:
    assert offences(call, scrubbed=False) != []


def test_what_is_fine_is_left_alone() -> None:
    fine = '_log.error("broke", extra={"kind": type(event_).__name__, "conversation": id_}, exc_info=broke)'
    assert offences(fine) == []


def _raised() -> Exception:
    """An exception whose causes, notes and arguments all quote somebody."""
    try:
        try:
            int(CANARY)
        except ValueError as first:
            first.add_note(CANARY)
            raise RuntimeError(CANARY, {"text": CANARY}) from first
    except RuntimeError as second:
        second.add_note(CANARY)
        return _raised_with(second)
    raise AssertionError


def _raised_with(failed: Exception) -> Exception:
    try:
        raise ExceptionGroup(CANARY, [failed])
    except ExceptionGroup as group:
        return group


@pytest.mark.parametrize("as_json", [True, False])
def test_a_report_of_an_error_says_where_and_never_what(as_json: bool) -> None:
    failed = _raised()
    record = logging.LogRecord(
        "handoff.x", logging.ERROR, "x.py", 1, "broke", (), (type(failed), failed, failed.__traceback__)
    )
    record.exc_text = record.stack_info = f"Traceback ... {CANARY}"
    line = WordlessFormatter(as_json=as_json).format(record)
    assert CANARY not in line
    assert "ExceptionGroup" in line
    assert "test_logs.py" in line


def test_another_librarys_record_says_where_alone() -> None:
    record = logging.LogRecord("httpx", logging.WARNING, "x.py", 7, f"GET https://x/?q={CANARY}", (), None)
    assert CANARY not in WordlessFormatter().format(record)
