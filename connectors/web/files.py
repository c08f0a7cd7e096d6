"""The page's own files: read once, served with a tag so that a browser asks again and rarely has to load again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

STATIC = Path(__file__).parent / "static"

_KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file's content, media type and tag."""

    content: bytes = field(repr=False)
    kind: str
    tag: str

    @classmethod
    def of(cls, content: bytes, kind: str) -> File:
        return cls(content, kind, f'"{hashlib.sha256(content).hexdigest()[:24]}"')

    def answer(self, request: Request, headers: dict[str, str]) -> Response:
        """The file, or 304 where the browser has it already."""
        head = {"ETag": self.tag, "Cache-Control": "no-cache", **headers}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=head)
        return Response(self.content, media_type=self.kind, headers=head)


def static_files() -> dict[str, File]:
    """Every script, style and picture by its name. A name that is not here does not exist."""
    return {
        path.name: File.of(path.read_bytes(), _KINDS[path.suffix])
        for path in sorted(STATIC.iterdir())
        if path.suffix in _KINDS
    }
