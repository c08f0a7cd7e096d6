"""What a call that logs may say: a constant, and beside it ids, kinds and numbers under known names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

LEVELS = frozenset({"debug", "info", "warning", "error", "critical", "exception", "log"})
LOGGERS = frozenset({"log", "_log", "logger", "_logger", "logging"})
EXTRAS = frozenset(
    {
        "conversation", "kind", "lane_kind", "left", "next", "notice_seconds", "parcel_kind", "part", "reason",
        "seconds", "state", "supporter", "trouble",
    }
)  # fmt: skip
"""Names of ids, kinds, numbers and constant sentences. A new one is added here by somebody who knows what it holds."""
TELLING = frozenset(
    {
        "text", "texts", "words", "message", "messages", "body", "summary", "note", "comment", "label", "title",
        "caption", "display_name", "first_name", "username", "nickname", "handle", "phone", "email", "address",
        "seeker", "chat",
        "content", "raw", "frame", "update", "payload", "recent", "intake", "plan", "entry", "entries", "feed", "event",
        "request", "headers", "url", "args", "locals", "vars", "getMessage",
    }
)  # fmt: skip
"""Names of what may hold words, names, handles or addresses."""


def offences(source: str, *, scrubbed: bool = True) -> list[str]:
    """What is wrong with the calls that log in this source, by line. `scrubbed`: exceptions are logged without words
    there, as `handoff.logs` does; elsewhere (in the bot's own environment) none may be logged."""
    calls = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call) and _logs(each)]
    return [f"line {call.lineno}: {what}" for call in calls for what in _wrong(call, scrubbed)]


def offences_below(folder: Path, *, scrubbed: bool = True) -> list[str]:
    """The same of every module below a folder."""
    files = {file: file.read_text() for file in sorted(folder.rglob("*.py"))}
    return [f"{file}: {what}" for file, source in files.items() for what in offences(source, scrubbed=scrubbed)]


def calls_below(folder: Path) -> int:
    """How many calls that log there are."""
    trees = [ast.parse(file.read_text()) for file in folder.rglob("*.py")]
    return sum(isinstance(each, ast.Call) and _logs(each) for tree in trees for each in ast.walk(tree))


def _logs(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in LEVELS:
        return False
    of = call.func.value
    name = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
    return name in LOGGERS or (isinstance(of, ast.Call) and ast.unparse(of.func).endswith("getLogger"))


def _wrong(call: ast.Call, scrubbed: bool) -> Iterator[str]:
    said, *filled = call.args[1:] if call.func.attr == "log" else call.args  # type: ignore[attr-defined]
    if not (isinstance(said, ast.Constant) and isinstance(said.value, str)):
        yield "the event is no constant"
    for each in filled:
        yield from _telling(each)
    for given in call.keywords:
        yield from _keyword(given, scrubbed)
    if call.func.attr == "exception" and not scrubbed:  # type: ignore[attr-defined]
        yield "an exception's message may hold words"


def _keyword(given: ast.keyword, scrubbed: bool) -> Iterator[str]:
    if given.arg in ("exc_info", "stack_info"):
        if not scrubbed:
            yield "an exception's message may hold words"
    elif given.arg != "extra" or not isinstance(given.value, ast.Dict):
        yield f"{given.arg} is no literal extra"
    else:
        for name, value in zip(given.value.keys, given.value.values, strict=True):
            if not (isinstance(name, ast.Constant) and name.value in EXTRAS):
                yield "an extra nobody has looked at"
            elif name.value == "next" and not isinstance(value, ast.Constant):
                yield "a next step that is no constant"
            yield from _telling(value)


def _telling(value: ast.expr) -> Iterator[str]:
    if ast.unparse(value).startswith("type(") and ast.unparse(value).endswith(").__name__"):
        return
    for each in ast.walk(value):
        if isinstance(each, ast.JoinedStr | ast.BinOp):
            yield "a sentence is put together"
        if isinstance(each, ast.Name | ast.Attribute):
            name = each.id if isinstance(each, ast.Name) else each.attr
            if name in TELLING or name == "format":
                yield f"{name} may hold words"
