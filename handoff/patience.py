"""How long the server waits for whoever connects to say what they want."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 20.0
"""For the whole head of a request. A browser needs a fraction of one; what only trickles is let go of."""


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's HTTP, with an end to waiting: connections that never finish asking would else pile up."""

    head_seconds = HEAD_SECONDS
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        self._done_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._done_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        """Once begun, a second byte does not begin it anew."""
        if self._waiting is None:
            self._waiting = self.loop.call_later(self.head_seconds, self._hang_up)

    def _done_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _hang_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def protocol(head_seconds: float) -> type[Any]:
    """The same with another patience."""
    return type("PatientProtocol", (PatientProtocol,), {"head_seconds": head_seconds})
