"""Whether a browser's request came from our own pages. A cookie alone does not say so for sockets."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


def is_ours(request: HTTPConnection, allowed: Sequence[str]) -> bool:
    """The Origin is the host that was asked, or one that the line allows. None at all is not a browser's: refused."""
    origin = request.headers.get("origin", "")
    if origin in allowed:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and parts.netloc == request.headers.get("host")
