"""What Slack posts to an app's address: each kind in its own encoding, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]


def signed(secret: str, kind: str, payload: Json, attempt: int) -> tuple[str, dict[str, str]]:
    """(body, headers) of one delivery; `attempt` 0 is the first."""
    body, content = _encoded(kind, payload)
    now = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"Content-Type": content, "X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={digest}"}
    if attempt:
        headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_error"}
    return body, headers


def _encoded(kind: str, payload: Json) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}), form
    if kind == "slash_commands":
        return urlencode(payload), form
    return json.dumps(payload), "application/json"
