"""A deep-chat widget on a WebSocket: the feed out, message by message, and words in."""

from __future__ import annotations

import asyncio
import logging

from starlette.websockets import WebSocket

from connectors.web import frames
from connectors.web.deep import COOKIE, Deep, Told, last_words
from connectors.web.feedline import FeedLine
from connectors.web.frames import BadFrame
from connectors.web.inbox import FINE, MOST, SECONDS
from connectors.web.pace import Pace, Verdict
from connectors.web.sessions import Session
from connectors.web.together import until_one_ends
from connectors.web.wire import NORMAL, REFUSED, TOO_LARGE, Gone, Wire
from handoff.core.entries import Button, Entry, Speaker
from handoff.ports import Notice, StoreDown

log = logging.getLogger(__name__)

_WHILE_DOWN = 2.0


async def serve(socket: WebSocket, deep: Deep) -> None:
    """A connection from its handshake to its end."""
    session = deep.session(socket.cookies.get(COOKIE))
    await socket.accept(headers=[(b"set-cookie", deep.cookie(session).encode())])
    try:
        await _DeepVisit(socket, session, deep).run()
    except Gone:
        log.debug("a widget is gone")


class _DeepVisit:
    def __init__(self, socket: WebSocket, session: Session, deep: Deep) -> None:
        self._socket, self._wire, self._session, self._deep = socket, Wire(socket), session, deep
        self._pace = Pace(FINE, MOST, SECONDS)
        self._options: tuple[Button, ...] = ()
        self._line: FeedLine | None = None
        self._opened = False

    async def run(self) -> None:
        await until_one_ends(self._read(), self._feed())

    async def _feed(self) -> None:
        after = await self._where_it_stopped()
        self._line = self._deep.line(self._session, after)
        await self._line.run(self)

    async def _where_it_stopped(self) -> int:
        while True:
            try:
                after = await self._deep.shown(self._session)
                self._options = await self._deep.standing_options(self._session, after)
                return after
            except StoreDown:
                log.warning("a widget waits for its feed: the store is down")
                await asyncio.sleep(_WHILE_DOWN)

    async def _read(self) -> None:
        while True:
            raw = await self._wire.receive()
            verdict = self._pace.take(self._deep.front.clock())
            try:
                await self._take(raw)
                if verdict is Verdict.FAST:
                    raise BadFrame("too_fast")
            except BadFrame as bad:
                await self._wire.send({"error": self._deep.refusal(bad.code)})
            except Told as told:
                await self._wire.send({"error": told.sentence})
            except StoreDown as down:
                await self._wire.send(dict(self._deep.when_down(down)))
            if verdict is Verdict.FLOOD:
                await self._end_the_flood()

    async def _take(self, raw: str | None) -> None:
        if raw is None:
            raise BadFrame("bad_frame")
        if len(raw) > frames.MOST_CHARACTERS:
            await self._leave("too_large", TOO_LARGE)
        await self._deep.hear(self._session, last_words(raw), self._options)

    async def _end_the_flood(self) -> None:
        """What was one too many has been read, as it may call for help; the help is shown before the end."""
        if self._line is not None:
            await self._line.shown_all()
        await self._leave("flooded", REFUSED)

    async def _leave(self, code: str, status: int) -> None:
        await self._wire.send({"error": self._deep.refusal(code)})
        await self._wire.close(status)
        raise Gone

    async def show(self, entry: Entry) -> None:
        self._options = entry.buttons or (() if entry.speaker is Speaker.SEEKER else self._options)
        if entry.speaker is not Speaker.SEEKER:
            await self._wire.send({"text": self._deep.text(entry)})
        await self._deep.mark(self._session, entry.seq)

    async def heard(self, notice: Notice) -> None:
        if notice.kind == "erased":
            await self._wire.close(NORMAL)

    async def caught_up(self) -> None:
        if not self._opened:
            await self._deep.open(self._session, self._socket)
            self._opened = True
