"""Origins: which websites may open the chat's sockets, and which may embed its page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit


def may_connect(origin: str | None, host: str | None, allowed: Sequence[str]) -> bool:
    """Whether a browser page of this origin may. Programs other than browsers send none, and hold no one's session.

    The host is compared rather than the scheme, because a proxy may have ended TLS before us.
    """
    if origin is None:
        return True
    if origin.rstrip("/") in {each.rstrip("/") for each in allowed}:
        return True
    return bool(host) and urlsplit(origin).netloc.lower() == (host or "").lower()
