"""Files of a desk: sent by whoever holds a conversation, handed out to them, and to a lead who reads along."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.attachments import Turns, file_entry, handed_out, read_upload
from connectors.console import frames
from connectors.console.options import ConsoleOptions
from connectors.console.same_origin import is_ours
from handoff.core.conversation import Conversation
from handoff.core.events import SupporterWrote
from handoff.core.sharing import is_withheld
from handoff.core.supporter import Supporter
from handoff.ports import FileGone, FileRefused, Front, RecordsDown, Shelf, Store, StoreDown
from handoff.signin import who

COOKIE = "warmline_desk"
MOST, SECONDS = 20, 60.0
LOOK_SECONDS = 43_200.0
"""As long as a session lasts: what a lead reads along with is forgotten sooner, when they stop or close the page."""

_FILE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_STATUS = {"not_yours": 403, "too_large": 413, "kind": 415, "broken": 422, "too_fast": 429, "store_down": 503}


class Head(msgspec.Struct, frozen=True):
    """What goes with a file."""

    id: frames.FrameId
    conversation: frames.Key
    text: str = ""

    def __repr__(self) -> str:
        return type(self).__name__


class _No(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Files:
    """Both ways of a file. The session comes from the cookie; who may what is asked for every request."""

    def __init__(self, front: Front, store: Store, options: ConsoleOptions, shelf: Shelf) -> None:
        self._front, self._store, self._options, self._shelf = front, store, options, shelf
        self._turns = Turns(MOST, SECONDS)

    async def give(self, request: Request, file: str, conversation: str = "") -> Response:
        """The file, to whoever may read this conversation now; for everybody else there is none."""
        try:
            supporter = await self._signed_in(request)
            known = await self._readable(supporter, conversation)
            if known is None or not _FILE.fullmatch(file) or not await self._is_in(known, file):
                return self._refused("file_gone", 404)
            return handed_out(await self._shelf.get(file))
        except FileGone:
            return self._refused("file_gone", 404)
        except (RecordsDown, StoreDown):
            return self._refused("store_down", 503)

    async def take(self, request: Request) -> Response:
        """A file for the seeker, with words or without."""
        if not is_ours(request, self._options.origins):
            return Response(status_code=403)
        try:
            supporter = await self._signed_in(request)
            if supporter is None:
                return self._refused("signed_out", 401)
            return await self._sent(request, supporter)
        except _No as no:
            return self._refused(no.code, _STATUS.get(no.code, 400))
        except FileRefused as refused:
            return self._refused(f"file_{refused.code}", _STATUS[refused.code])
        except (RecordsDown, StoreDown):
            return self._refused("store_down", 503)

    async def _sent(self, request: Request, supporter: Supporter) -> Response:
        if not self._turns.take(supporter.id, self._front.clock()):
            raise _No("too_fast")
        raw, content = await read_upload(request.stream(), self._options.policy.attachment_limit)
        head = _head(raw, self._options.policy.message_limit)
        event_id = f"desk:{supporter.id}:{head.id}"
        if await self._store.seen(event_id):
            return JSONResponse({"id": head.id})
        if head.conversation not in supporter.holding:
            raise _No("not_yours")
        if content is None:
            raise FileRefused("too_large")
        attachment = await self._shelf.put(content, conversation=head.conversation)
        wrote = SupporterWrote(
            id=event_id, supporter=supporter.id, conversation=head.conversation, text=frames.clean(head.text),
            refers=head.id, attachment=attachment,
        )  # fmt: skip
        reply = await self._front.handle(wrote)
        if reply.refused is not None:
            return JSONResponse({"error": reply.refused.code, "next": reply.refused.next}, 409)
        return JSONResponse({"id": head.id})

    async def _signed_in(self, request: Request) -> Supporter | None:
        session = request.cookies.get(COOKIE)
        return await who(self._store, session, self._front.clock()) if session else None

    async def _readable(self, supporter: Supporter | None, conversation: str) -> Conversation | None:
        if supporter is None:
            return None
        holds = conversation in supporter.holding
        if not holds and not (supporter.is_lead and await self._store.kept(looking(supporter.id, conversation))):
            return None
        return await self._store.conversation(conversation)

    async def _is_in(self, known: Conversation, file: str) -> bool:
        """What was taken back can still be seen: that it was said stays on record."""
        entry, _ = await file_entry(self._store, known.pseudonym, file, after=known.first_seq - 1)
        return entry is not None and entry.conversation == known.id and not is_withheld(entry, known)

    def _refused(self, code: str, status: int) -> Response:
        section = "bye" if code == "signed_out" else "refused"
        content: dict[str, Any] = {"error": code, "next": self._options.sentence(section, code)}
        return JSONResponse(content, status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})


def looking(supporter: str, conversation: str) -> str:
    """Under which name it is kept that a lead reads along."""
    return f"console:looking:{supporter}:{conversation}"


def _head(raw: bytes, message_limit: int) -> Head:
    try:
        head = msgspec.json.decode(raw, type=Head)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise _No("bad_frame") from None
    if len(head.text) > message_limit:
        raise _No("too_long")
    return head
