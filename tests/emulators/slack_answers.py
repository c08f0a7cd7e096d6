"""What a call to Slack asks, and where the emulator's answer is not yet what Slack would say."""

from __future__ import annotations

import json
from collections.abc import Container
from typing import Any
from urllib.parse import parse_qsl

Json = dict[str, Any]
_READING = frozenset({"conversations.history", "conversations.replies"})
_YES = frozenset({True, "1", "true", "True"})


def asked(sent: bytes) -> Json:
    """A call's arguments, sent as JSON or as a form."""
    if sent.startswith(b"{"):
        return dict(json.loads(sent))
    return dict(parse_qsl(sent.decode(errors="replace")))


def refused(method: str, arguments: Json, gone: Container[str]) -> str:
    """The error when somebody is written to whose account is gone; else empty."""
    to = str(arguments.get("users") or "")
    return "user_disabled" if method == "conversations.open" and to in gone else ""


def mended(method: str, arguments: Json, answer: Json, gone: Container[str]) -> Json:
    """The answer as Slack gives it: metadata for those who ask, and accounts that are gone marked so."""
    if method in _READING and arguments.get("include_all_metadata") not in _YES:
        for message in answer.get("messages") or ():
            message.pop("metadata", None)
    for user in [answer.get("user"), *(answer.get("members") or ())]:
        if isinstance(user, dict) and user.get("id") in gone:
            user["deleted"] = True
    return answer
