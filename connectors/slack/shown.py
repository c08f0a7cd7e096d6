"""What a message of the app shows of a person's words. Its `text` is for notifications, which name nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def words_in(message: Mapping[str, Any]) -> str:
    """Somebody's own words: without who said them, which is bold, and without what they answer, which is quoted."""
    return "\n".join(text for text in (_section(part) for part in _sections(message)) if text).strip()


def _sections(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for block in message.get("blocks") or ():
        if block.get("type") == "rich_text":
            yield from (part for part in block.get("elements") or () if part.get("type") == "rich_text_section")


def _section(part: Mapping[str, Any]) -> str:
    runs = (run for run in part.get("elements") or () if not (run.get("style") or {}).get("bold"))
    return "".join(_run(run) for run in runs)


def _run(run: Mapping[str, Any]) -> str:
    """Slack may have made elements of their own of addresses and emoji."""
    if run.get("type") == "emoji" and run.get("unicode"):
        return "".join(chr(int(point, 16)) for point in str(run["unicode"]).split("-"))
    return str(run.get("text") or run.get("url") or "")
