"""One open desk: a supporter's socket, kept up to date until either side lets go."""

from __future__ import annotations

import asyncio
import contextlib
import secrets

from fastapi import WebSocket, WebSocketDisconnect

from connectors.console import frames, views
from connectors.console.answers import Answers
from connectors.console.bye import Bye, Line
from connectors.console.frames import Hello
from connectors.console.options import ConsoleOptions
from connectors.console.pace import Pace, Pacer
from connectors.console.parsing import BadFrame, parse
from connectors.console.picture import Picture, draw
from connectors.console.sending import looking
from connectors.console.views import View
from connectors.console.watch import Watch, follow
from handoff.core.events import PresenceRenewed
from handoff.core.supporter import Supporter
from handoff.ports import Front, Notice, Store, StoreDown
from handoff.signin import digest, who


class Desk:
    """Draws the picture, sends what changed of it, follows what it may follow, and answers frames."""

    def __init__(
        self, socket: WebSocket, front: Front, store: Store, options: ConsoleOptions, session: str, supporter: Supporter
    ) -> None:
        self._line = Line(socket, options)
        self._front = front
        self._store = store
        self._options = options
        self._session = session
        self._id = supporter.id
        self._sent: dict[str, View] = {}
        self._watches: dict[str, tuple[Watch, asyncio.Task[None]]] = {}
        self._looking: set[str] = set()
        self._after: dict[str, tuple[int, int]] = {}
        self._stale = asyncio.Event()
        self._in_trouble = False
        self._pacer = Pacer(front.clock())
        self._answers = Answers(front, store, options, self._line, self._looking)

    async def run(self) -> None:
        """Until the page goes, the session ends or the flood is too much."""
        try:
            await self._greet()
            async with asyncio.TaskGroup() as tasks:
                for work in (self._read(), self._keep_drawn(tasks), self._keep_present(), self._hear()):
                    tasks.create_task(work)
        except* Bye as group:
            await self._line.close(next(each for each in group.exceptions if isinstance(each, Bye)))
        except* WebSocketDisconnect:
            pass  # the page was closed; its presence runs out by itself
        finally:
            await self._look_away()

    async def _look_away(self) -> None:
        """Whoever read along stops with the page: its files are not to be had any more."""
        with contextlib.suppress(StoreDown):
            for conversation in self._looking:
                await self._store.drop(looking(self._id, conversation))

    # --- in ---------------------------------------------------------------------------------------------------------

    async def _greet(self) -> None:
        try:
            raw = await asyncio.wait_for(self._line.receive(), self._options.hello_seconds)
            frame = parse(raw, self._options.policy.message_limit)
        except (TimeoutError, BadFrame):
            raise Bye("hello_missing") from None
        if not isinstance(frame, Hello):
            raise Bye("hello_missing")
        self._after = dict(frame.after)
        limit = self._options.policy.message_limit
        await self._line.send({"type": "welcome", "now": int(self._front.clock() * 1000), "message_limit": limit})

    async def _read(self) -> None:
        while True:
            raw = await self._line.receive()
            pace = self._pacer.take(self._front.clock())
            if pace is Pace.FLOODED:
                raise Bye("flooded", again=30)
            if pace is Pace.TOO_FAST:
                await self._line.refuse(_id_of(raw), "too_fast")
                continue
            await self._answer(raw)

    async def _answer(self, raw: str) -> None:
        try:
            frame = parse(raw, self._options.policy.message_limit)
        except BadFrame as bad:
            await self._line.refuse(bad.id, bad.code)
            return
        try:
            await self._answers.answer(frame, await self._still_welcome())
        except StoreDown:
            await self._line.refuse(getattr(frame, "id", None), "store_down")
        if not isinstance(frame, frames.Ping | frames.Typing | frames.Read | frames.Search):
            self._stale.set()

    async def _still_welcome(self) -> Supporter:
        """The supporter as stored now. Raises `Bye` when the session ended or access was taken away."""
        supporter = await who(self._store, self._session, self._front.clock())
        if supporter is not None:
            return supporter
        stored = await self._store.supporter(self._id)
        raise Bye("removed" if stored is None or stored.removed else "signed_out")

    # --- out --------------------------------------------------------------------------------------------------------

    async def _keep_drawn(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            self._stale.clear()
            try:
                await self._draw(tasks)
                await self._trouble(False)
            except StoreDown:
                await self._trouble(True)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0 if self._in_trouble else self._options.tick_seconds):
                    await self._stale.wait()
            await asyncio.sleep(self._options.gather_seconds)

    async def _draw(self, tasks: asyncio.TaskGroup) -> None:
        supporter = await self._still_welcome()
        if not supporter.is_lead:
            self._looking.clear()
        picture = await draw(self._store, self._options, supporter, self._looking, self._front.clock())
        self._looking.difference_update(supporter.holding)
        for gone in self._watches.keys() - picture.open.keys():
            self._watches.pop(gone)[1].cancel()
            await self._line.send(views.left(gone, await self._store.conversation(gone)))
        for kind, frame in picture.frames.items():
            if self._sent.get(kind) != frame:
                await self._line.send(frame)
                self._sent[kind] = frame
        self._follow(picture, tasks)

    def _follow(self, picture: Picture, tasks: asyncio.TaskGroup) -> None:
        for key, conversation in picture.open.items():
            if key in self._watches:
                self._watches[key][0].conversation = conversation
                continue
            watch = Watch(self._store, self._send_watched, conversation, self._after.pop(key, (0, 0)))
            self._watches[key] = (watch, tasks.create_task(watch.run()))

    async def _send_watched(self, frame: View) -> None:
        """What was said changes who waits for whom, which the store does not announce to every desk."""
        await self._line.send(frame)
        if frame["type"] in ("entry", "erased"):
            self._stale.set()

    async def _trouble(self, now_in_trouble: bool) -> None:
        if now_in_trouble != self._in_trouble:
            self._in_trouble = now_in_trouble
            await self._line.send({"type": "trouble", "store_down": now_in_trouble})

    async def _hear(self) -> None:
        topics = ["desk", f"desk:{self._id}"]
        await follow(lambda: self._store.listen(topics), self._redraw, self._take)

    async def _redraw(self) -> None:
        self._stale.set()

    async def _take(self, notice: Notice) -> None:
        if notice.kind == "nudge":
            conversation, kind = notice.body
            await self._line.send({"type": "nudge", "conversation": conversation, "kind": kind})
        self._stale.set()

    async def _keep_present(self) -> None:
        """Renew the presence lease while the page is open; the switch itself stays as the supporter set it."""
        opening = f"{digest(self._session)[:12]}-{secrets.token_hex(8)}"
        count = 0
        while True:
            count += 1
            with contextlib.suppress(StoreDown):
                await self._front.handle(
                    PresenceRenewed(id=f"desk:{self._id}:here-{opening}-{count}", supporter=self._id)
                )
            await asyncio.sleep(self._options.policy.presence_seconds / 3)


def _id_of(raw: str) -> str | None:
    """The page's own id of a frame that is not looked at any further."""
    try:
        frame = parse(raw, 10**6)
    except BadFrame as bad:
        return bad.id
    return getattr(frame, "id", None)
