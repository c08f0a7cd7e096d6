"""The doorstep: what holds for every request, whoever asks for whatever.

A body that is too long or never ends is let go of before anything is made of it, checked or kept. Every answer carries
the headers that say to a browser: this is what it says it is, and nothing in it may run.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Given to whatever has none of its own."""
_HSTS = "max-age=31536000"


@dataclass(frozen=True, slots=True)
class Limits:
    """`uploads` are paths that count for themselves while they read; `silence` and the rest are seconds."""

    body_bytes: int = 1_000_000
    uploads: frozenset[str] = frozenset({"/chat/files", "/console/files"})
    silence: float = 30.0
    body_seconds: float = 120.0
    upload_seconds: float = 1200.0


class Doorstep:
    """Stands before an application. `https`: whether people's browsers come by it, and shall come by nothing else."""

    def __init__(self, app: ASGIApp, *, https: bool, limits: Limits | None = None) -> None:
        self._app, self._limits, self._https = app, limits or Limits(), https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(receive, self._limits, is_upload=scope["path"] in self._limits.uploads)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, body.receive, answer)

    def _add_headers(self, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._https:
            headers.setdefault("Strict-Transport-Security", _HSTS)


class _Body:
    """One request's body as it comes. `receive` raises what becomes the answer: 413 or 408."""

    def __init__(self, receive: Receive, limits: Limits, *, is_upload: bool) -> None:
        self._receive, self._limits, self._is_upload = receive, limits, is_upload
        self._ends = asyncio.get_running_loop().time() + (limits.upload_seconds if is_upload else limits.body_seconds)
        self._bytes = 0
        self._whole = False

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(max(0.0, min(self._limits.silence, self._ends - now))):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408) from None
        self._count(message)
        return message

    def _count(self, message: Message) -> None:
        self._bytes += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._bytes > self._limits.body_bytes and not self._is_upload:
            raise HTTPException(413)
