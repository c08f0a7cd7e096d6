"""A visit: one open connection of one seeker's page, from hello to goodbye."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from functools import partial

from starlette.websockets import WebSocket

from connectors.web import frames
from connectors.web.feedline import FeedLine
from connectors.web.frames import BadFrame, Hello
from connectors.web.inbox import AGAIN_AFTER_FLOOD, MOST, Inbox
from connectors.web.marking import Marking
from connectors.web.newcomers import Newcomers
from connectors.web.options import WebOptions
from connectors.web.outgoing import entry_frame, marks_frame, typing_frame
from connectors.web.sessions import Session, Sessions, fresh
from connectors.web.stance import Stance
from connectors.web.together import until_one_ends
from connectors.web.wire import NORMAL, REFUSED, TOO_LARGE, Gone, Wire
from handoff.core.entries import Entry, EntryKind
from handoff.core.events import SeekerOpened
from handoff.ports import Front, Notice, Store, StoreDown

log = logging.getLogger(__name__)


async def visit(
    socket: WebSocket, front: Front, store: Store, options: WebOptions, sessions: Sessions, newcomers: Newcomers
) -> None:
    """Serve an accepted connection until it ends."""
    wire = Wire(socket)
    try:
        hello = await _hello(wire, options)
        greets = partial(newcomers.greets, socket)
        await _Visit(wire, hello, front, store, options, sessions, greets).run()
    except Gone:
        log.debug("a page is gone")


async def turn_away(socket: WebSocket, options: WebOptions, code: str) -> None:
    """Say why this accepted connection is not served, and close it."""
    try:
        await Wire(socket).bye(code, options.refusal(code, None), REFUSED)
    except Gone:
        log.info("a connection was turned away: %s", code)


async def _hello(wire: Wire, options: WebOptions) -> Hello:
    """The first frame. Whatever comes before it is refused; when it does not come at all, the connection ends."""
    try:
        async with asyncio.timeout(options.hello_seconds):
            for _ in range(MOST):
                frame = await _first_frame(wire, options)
                if frame is not None:
                    return frame
            await wire.bye("flooded", options.refusal("flooded", None), REFUSED, again=AGAIN_AFTER_FLOOD)
    except TimeoutError:
        await wire.bye("hello_missing", options.refusal("hello_missing", None), REFUSED)


async def _first_frame(wire: Wire, options: WebOptions) -> Hello | None:
    raw = await wire.receive()
    if raw is not None and len(raw) > frames.MOST_CHARACTERS:
        await wire.bye("too_large", options.refusal("too_large", None), TOO_LARGE)
    try:
        frame = frames.parse(raw) if raw is not None else None
        if isinstance(frame, Hello):
            return frame
        code, frame_id = ("bad_frame" if raw is None else "hello_first"), getattr(frame, "id", None)
    except BadFrame as bad:
        code, frame_id = bad.code, bad.id
    await wire.send({"type": "refused", "id": frame_id, "code": code, "next": options.refusal(code, None)})
    return None


class _Visit:
    """The feed going out, the frames coming in, marks and standing: four tasks; when one ends, all do."""

    def __init__(
        self,
        wire: Wire,
        hello: Hello,
        front: Front,
        store: Store,
        options: WebOptions,
        sessions: Sessions,
        greets: Callable[[float], bool],
    ) -> None:
        self._wire, self._hello, self._front, self._store = wire, hello, front, store
        self._options, self._sessions, self._greets = options, sessions, greets
        self._opened = False

    async def run(self) -> None:
        session, end = await self._session()
        self._opened = session.fresh and not self._greets(self._front.clock())
        after = 0 if session.fresh or (end is not None and end < self._hello.after) else self._hello.after
        await self._welcome(session, end)
        self._seeker = seeker = session.address
        self._line = FeedLine(self._store, self._front, seeker, after)
        self._marking = Marking(self._front, self._store, seeker)
        self._stance = Stance(self._front, self._store, seeker, self._wire, self._options.waiting_seconds)
        inbox = Inbox(self._front, self._store, self._options, self._wire, seeker, self._hello)
        await until_one_ends(
            self._line.run(self),
            inbox.run(self._line, self._marking, self._stance),
            self._marking.run(),
            self._stance.run(),
        )

    async def _session(self) -> tuple[Session, int | None]:
        """Who this is, and the last sequence number of their feed: None while the store cannot say."""
        session = self._sessions.read(self._hello.token)
        if session.fresh:
            return session, 0
        try:
            conversation = await self._store.current(session.address, await self._front.who(session.address))
        except StoreDown:
            log.warning("a page is welcomed without its feed: the store is down")
            return session, None
        if conversation is None and self._hello.after > 0:
            return fresh("erased"), 0
        return session, conversation.seq if conversation else 0

    async def _welcome(self, session: Session, end: int | None) -> None:
        await self._wire.send(
            {
                "type": "welcome",
                "token": self._sessions.token(session),
                "seq": end,
                "fresh": session.fresh,
                "line": self._options.line_name,
                "renewed": session.renewed,
            }
        )

    # --- what the feed line brings ---

    async def show(self, entry: Entry) -> None:
        if entry.kind is EntryKind.CARD:
            self._marking.card_sent(entry.seq)
        await self._wire.send(entry_frame(entry))
        self._stance.poke()

    async def heard(self, notice: Notice) -> None:
        if notice.kind == "marks":
            await self._wire.send(marks_frame(notice.body))
        elif notice.kind == "typing":
            frame = typing_frame(notice.body)
            if frame is not None:
                await self._wire.send(frame)
        elif notice.kind == "changed":
            self._stance.poke()
        elif notice.kind == "moved":
            await self._wire.send({"type": "moved"})
        elif notice.kind == "erased":
            await self._wire.send({"type": "erased"})
            await self._wire.close(NORMAL)

    async def caught_up(self) -> None:
        await self._wire.send(marks_frame(await self._store.marks(await self._front.who(self._seeker))))
        if not self._opened:
            await self._front.handle(
                SeekerOpened(
                    id=f"{self._seeker}:open:{secrets.token_hex(8)}",
                    seeker=self._seeker,
                    language=frames.language_of(self._hello.language),
                    country=frames.country_of(self._hello.country),
                )
            )
            self._opened = True
        self._stance.poke()
