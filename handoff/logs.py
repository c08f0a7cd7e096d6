"""Logs that never hold a person's words: an event's name, ids and numbers, one line each.

Our own code logs `log.info("offer_made", extra={"conversation": id, "supporter": id, "seconds": 1.2})`, or a constant
sentence. Of what is filled in, only what looks like an id, a number or a yes/no is written. Of exceptions the type and
the lines of code are written, never the message, because messages quote what they choke on. Other libraries may say
where something happened, not what. Nobody's network address is written.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from logging.handlers import RotatingFileHandler
from pathlib import Path

OURS = ("handoff", "connectors", "models", "tests")
LOG_FILE = "warmline.log"
_SPEAKS_FREELY = ("uvicorn.error",)
_ID = re.compile(r"[\w:.{}@+=/-]{1,80}", re.ASCII)
_NO_BARE_WORD = re.compile(r"[0-9_:{}-]")
_HIDDEN = "[...]"
_NEVER = frozenset(
    {"text", "words", "message", "body", "summary", "note", "comment", "display_name", "nickname", "url"}
)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
_NEXT_STEP = "next"
"""What to do about it. Ours are constants, which the tests see to, so the sentence is shown as it stands."""
_FILE_BYTES = 10_000_000
_FILES_KEPT = 5


class WordlessFormatter(logging.Formatter):
    """One line a record: time (UTC), level, event, then `name=value`; or the same as one JSON object.

    `trace` gives the id of the trace that is open where something is logged; empty when there is none.
    """

    def __init__(self, *, as_json: bool = False, trace: Callable[[], str] = str) -> None:
        super().__init__()
        self._as_json = as_json
        self.trace = trace

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": _event(record),
            **_extras(record),
            **_failure(record),
        }
        if trace := self.trace():
            line["trace"] = trace
        if self._as_json:
            return json.dumps(line, ensure_ascii=False, default=str)
        first = " ".join(str(line.pop(key)) for key in ("at", "level", "event"))
        return " ".join([first, *(f"{key}={value}" for key, value in line.items())])


def configure(level: str = "INFO", *, as_json: bool = False, folder: Path | None = None) -> Path | None:
    """Send all logs to standard error and, with a folder, to a file that rotates at 10 MB; returns the file's path.

    Our own modules log from `level` on, other libraries from WARNING on, because their debugging output quotes words.
    """
    formatter = WordlessFormatter(as_json=as_json)
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    path = None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / LOG_FILE
        handlers.append(RotatingFileHandler(path, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8"))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.setFormatter(formatter)
        handler.addFilter(_tells_no_visit)
        root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in _SPEAKS_FREELY:
        logging.getLogger(name).setLevel(logging.INFO)
        _heard_by_us_alone(name)
    return path


def traced_by(trace: Callable[[], str]) -> None:
    """From now on every line tells the trace that it belongs to."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, WordlessFormatter):
            handler.formatter.trace = trace


def _heard_by_us_alone(name: str) -> None:
    """A web server that set up its own logging before would keep its lines, callers' addresses and all, to itself."""
    for each in (name, name.partition(".")[0]):
        logger = logging.getLogger(each)
        logger.handlers.clear()
        logger.propagate = True


def _tells_no_visit(record: logging.LogRecord) -> bool:
    """The web server tells of every WebSocket with its caller's network address: who came here is nobody's business."""
    told = str(record.msg)
    return not (record.name.startswith(_SPEAKS_FREELY) and ('"WebSocket' in told or told.startswith("connection ")))


def _event(record: logging.LogRecord) -> str:
    where = f"{record.name}:{record.lineno}"
    if record.name.startswith(_SPEAKS_FREELY):
        return " ".join(record.getMessage().split())
    if record.name.split(".")[0] not in OURS:
        return where
    return _sentence(record.msg, record.args) if isinstance(record.msg, str) else where


def _sentence(template: str, args: object) -> str:
    """Templates are constants of our own (ruff's G rules see to that), so only what is filled in is looked at."""
    if not args:
        return " ".join(template.split())
    filled = args if isinstance(args, tuple) else (args,)
    try:
        return " ".join((template % tuple(_argument(each) for each in filled)).split())
    except (TypeError, ValueError):
        return " ".join(template.split())


def _argument(value: object) -> object:
    shown = _shown(value)
    bare_word = isinstance(value, str) and not _NO_BARE_WORD.search(value)
    return _HIDDEN if shown is None or bare_word else shown


def _extras(record: logging.LogRecord) -> dict[str, object]:
    given = {key: value for key, value in vars(record).items() if key not in _STANDARD and key not in _NEVER}
    step = given.pop(_NEXT_STEP, None) if record.name.split(".")[0] in OURS else None
    shown = {key: shown for key, value in given.items() if (shown := _shown(value)) is not None}
    return shown if step is None else {**shown, _NEXT_STEP: str(step)}


def _shown(value: object) -> object:
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return round(value, 6)
    text = str(value) if isinstance(value, str | Path) else ""
    return text if _ID.fullmatch(text) else None


def _failure(record: logging.LogRecord) -> dict[str, object]:
    if not record.exc_info or record.exc_info[1] is None:
        return {}
    failure = record.exc_info[1]
    frames = traceback.extract_tb(failure.__traceback__)
    lines = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}:{frame.name}" for frame in reversed(frames))
    return {"failure": type(failure).__name__, "where": lines}
