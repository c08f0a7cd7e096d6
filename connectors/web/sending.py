"""Files of a seeker's page: sent with a few words, and handed out again to whose feed they are in."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from connectors.attachments import Turns, file_entry, handed_out, read_upload
from connectors.web import frames
from connectors.web.frames import BadFrame
from connectors.web.options import WebOptions
from connectors.web.sessions import Session, Sessions
from handoff.core.entries import Attachment
from handoff.core.events import SeekerOpened, SeekerWrote
from handoff.ports import FileGone, FileRefused, Front, RecordsDown, Shelf, Store, StoreDown

log = logging.getLogger(__name__)

MOST, SECONDS = 10, 60.0
_FILE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_STATUS = {"file_too_large": 413, "file_kind": 415, "file_broken": 422, "file_too_fast": 429, "file_not_saved": 503}


@dataclass(frozen=True, slots=True)
class Head:
    """What goes with a file."""

    id: str
    text: str = field(default="", repr=False)
    language: str | None = None
    country: str | None = None


class Refusal(Exception):
    """The file is not taken; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Files:
    """Both ways of a file. Whoever holds the session's token is the seeker, as on the socket."""

    def __init__(self, front: Front, store: Store, options: WebOptions, sessions: Sessions, shelf: Shelf) -> None:
        self._front, self._store, self._options = front, store, options
        self._sessions, self._shelf = sessions, shelf
        self._turns = Turns(MOST, SECONDS)

    async def give(self, request: Request, file: str) -> Response:
        """The file, to whoever has it in their feed; for everybody else there is none."""
        session = self._session(request)
        try:
            if session.fresh or not _FILE.fullmatch(file) or not await self._is_theirs(session, file):
                return self._refused("file_gone", 404)
            return handed_out(await self._shelf.get(file))
        except FileGone:
            return self._refused("file_gone", 404)
        except (RecordsDown, StoreDown):
            return self._refused("file_not_now", 503)

    async def take(self, request: Request) -> Response:
        """A file and words. The words are passed on whatever becomes of the file: they may be a call for help."""
        session = self._session(request)
        if session.fresh:
            return self._refused("no_session", 401)
        in_turn = self._turns.take(session.address.id, self._front.clock())
        raw, content = await read_upload(request.stream(), self._options.file_limit if in_turn else 0)
        try:
            event = _event(session, raw)
        except BadFrame as bad:
            return self._refused(bad.code, 400)
        problem = None
        try:
            if not in_turn:
                raise Refusal("file_too_fast")
            attachment = await self._shelved(session, event, content)
            event = replace(event, attachment=attachment)
        except Refusal as refusal:
            problem = refusal.code
        return await self._hand_over(event, problem)

    async def _is_theirs(self, session: Session, file: str) -> bool:
        entry, taken_back = await file_entry(self._store, await self._front.who(session.address), file)
        return entry is not None and not taken_back

    async def _shelved(self, session: Session, event: SeekerWrote, content: bytes | None) -> Attachment | None:
        """None for a file that came before: the event is known already. Raises `Refusal`."""
        if content is None:
            raise Refusal("file_too_large")
        try:
            if await self._store.seen(event.id):
                return None
            return await self._shelf.put(content, conversation=await self._conversation(session, event))
        except FileRefused as refused:
            raise Refusal(f"file_{refused.code}") from None
        except (RecordsDown, StoreDown):
            log.warning("a page was told that its file was not kept: the store or the database is down")
            raise Refusal("file_not_saved") from None

    async def _conversation(self, session: Session, event: SeekerWrote) -> str:
        known = await self._store.current(session.address, await self._front.who(session.address))
        if known is None:
            opened = SeekerOpened(id=f"{event.id}:open", seeker=session.address, language=event.language)
            known = (await self._front.handle(opened)).conversation
        return known.id if known else ""

    async def _hand_over(self, event: SeekerWrote, problem: str | None) -> Response:
        language = event.language
        if problem and not event.text.strip():
            return self._refused(problem, _STATUS[problem], language)
        try:
            reply = await self._front.handle(event)
        except StoreDown as down:
            more = {"card": down.card} if down.card else {}
            return self._refused("file_not_saved", 503, language, **more)
        if reply.refused is not None:
            return _json({"error": reply.refused.code, "next": reply.refused.next}, 409)
        if problem:
            return self._refused(problem, _STATUS[problem], language, words="kept")
        return _json({"id": event.refers}, 200)

    def _session(self, request: Request) -> Session:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return self._sessions.read(token if kind.lower() == "bearer" and token else None)

    def _refused(self, code: str, status: int, language: str | None = None, **more: Any) -> Response:
        return _json({"error": code, "next": self._options.refusal(code, language), **more}, status)


def _event(session: Session, raw: bytes) -> SeekerWrote:
    """The words as an event, whose id a page that tries again gives again. Raises `BadFrame`."""
    try:
        head = msgspec.json.decode(raw, type=Head)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadFrame("bad_frame") from None
    if not frames.is_client_id(head.id):
        raise BadFrame("bad_id")
    return SeekerWrote(
        id=f"{session.address}:{head.id}",
        seeker=session.address,
        text=frames.words(head.text, frames.MOST_CHARACTERS, head.id, may_be_empty=True),
        refers=head.id,
        language=frames.language_of(head.language),
        country=frames.country_of(head.country),
    )


def _json(content: dict[str, Any], status: int) -> Response:
    head = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(msgspec.json.encode(content), status, headers=head, media_type="application/json")
