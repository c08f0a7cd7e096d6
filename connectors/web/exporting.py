"""What a seeker takes home: everything that was said, and their safety plan, as one readable text file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from connectors.web.deep_text import as_text
from connectors.web.options import WebOptions
from connectors.web.sessions import Sessions
from handoff.core.entries import Entry, Speaker
from handoff.ports import Front, Store, StoreDown

_HEAD = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Export:
    """Makes the file when it is asked for; nothing of it is kept."""

    def __init__(self, front: Front, store: Store, options: WebOptions, sessions: Sessions) -> None:
        self._front, self._store, self._options, self._sessions = front, store, options, sessions

    async def give(self, request: Request, language: str | None) -> Response:
        """The file, to whoever holds the session's token."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        session = self._sessions.read(token if kind.lower() == "bearer" and token else None)
        if session.fresh:
            return self._refused("no_session", 401, language)
        try:
            who = await self._front.who(session.address)
            text = await self.of(who, language)
        except StoreDown:
            return self._refused("file_not_now", 503, language)
        name = self._options.texts(language)["export"]["name"]
        head = {**_HEAD, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(text, headers=head, media_type="text/plain; charset=utf-8")

    async def of(self, pseudonym: str, language: str | None) -> str:
        """All that is kept of what was said with this seeker. Raises `StoreDown`."""
        entries: list[Entry] = []
        while more := await self._store.feed(pseudonym, after=len(entries)):
            entries += more
        talk = await self._store.conversation(entries[-1].conversation) if entries else None
        plan = self._options.plan(talk.plan, language or self._options.language) if talk else ""
        return readable_talk(entries, plan, self._options.texts(language))

    def _refused(self, code: str, status: int, language: str | None) -> Response:
        said = {"error": code, "next": self._options.refusal(code, language)}
        return Response(msgspec.json.encode(said), status, headers=_HEAD, media_type="application/json")


def readable_talk(entries: Sequence[Entry], plan: str, texts: Mapping[str, Mapping[str, str]]) -> str:
    """The heading, the plan if there is one, then every entry below when (UTC) and by whom it was said."""
    say = texts["export"]
    kept = [say["plan"], plan, "* * *"] if plan else []
    said = [f"{_when(each.at)}  {_who(each, say)}\n{_words(each, texts['deep'])}" for each in entries]
    return "\n\n".join([say["heading"], *kept, *(said or [say["nothing"]]), ""])


def _words(entry: Entry, deep: Mapping[str, str]) -> str:
    """Without the options below it, and without the name, which stands above."""
    return as_text(replace(entry, buttons=(), name=""), deep)


def _who(entry: Entry, say: Mapping[str, str]) -> str:
    if entry.speaker is Speaker.SUPPORTER:
        return entry.name
    return say["you"] if entry.speaker is Speaker.SEEKER else say["bot"]


def _when(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
