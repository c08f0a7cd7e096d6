"""The chat in the shape that the `deep-chat` component speaks: {"messages": [...]} in, {"text": ...} out.

Over the WebSocket every message of ours goes out by itself as it comes (`deep_socket`); over POST they are collected
for a few seconds (`deep_post`). The session is a cookie, because the component knows no other place for one. Nothing
here confirms a crisis card.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
from starlette.requests import HTTPConnection

from connectors.web import frames
from connectors.web.deep_text import as_text, chosen, open_options, parts
from connectors.web.feedline import FeedLine
from connectors.web.frames import BadFrame
from connectors.web.newcomers import Newcomers
from connectors.web.options import WebOptions
from connectors.web.sessions import Session, Sessions
from handoff.core.entries import Button, Entry
from handoff.core.events import SeekerEvent, SeekerOpened, SeekerTapped, SeekerWrote
from handoff.core.moves import reporting
from handoff.ports import Front, NotCopied, Store, StoreDown

COOKIE = "warmline_chat"
_LOOK_BACK = 20


@dataclass(frozen=True, slots=True)
class _Message:
    role: str = "user"
    text: object = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Messages:
    messages: list[_Message] = field(repr=False)


class Told(Exception):
    """The service refused, with a sentence for the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__("refused")
        self.sentence = sentence


def last_words(raw: str | bytes) -> str:
    """The newest words of a person in a request. Some versions wrap the JSON in a JSON text. Raises `BadFrame`."""
    try:
        content = msgspec.json.decode(raw)
        if isinstance(content, str):
            content = msgspec.json.decode(content)
        said = [each for each in msgspec.convert(content, _Messages).messages if each.role == "user"]
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadFrame("bad_frame") from None
    if not said or not isinstance(said[-1].text, str):
        raise BadFrame("not_text")
    return said[-1].text


class Deep:
    """What both ways in share."""

    def __init__(
        self, front: Front, store: Store, options: WebOptions, sessions: Sessions, newcomers: Newcomers
    ) -> None:
        self.front, self.store, self.options = front, store, options
        self._sessions, self._newcomers = sessions, newcomers

    def session(self, cookie: str | None) -> Session:
        return self._sessions.read(cookie)

    def cookie(self, session: Session) -> str:
        """The header that keeps the session, for as long as its token is good."""
        security = "SameSite=None; Secure" if self.options.secure_cookies else "SameSite=Lax"
        token, seconds = self._sessions.token(session), self.options.session_seconds
        return f"{COOKIE}={token}; Path=/chat/deep; Max-Age={seconds}; HttpOnly; {security}"

    async def open(self, session: Session, asked: HTTPConnection) -> None:
        """So that whoever is new is greeted."""
        if session.fresh and not self._newcomers.greets(asked, self.front.clock()):
            return
        event_id = f"{session.address}:open:{secrets.token_hex(8)}"
        with suppress(NotCopied):  # the greeting stands in the feed
            await self.front.handle(SeekerOpened(id=event_id, seeker=session.address))

    async def hear(self, session: Session, text: str, options: Sequence[Button]) -> None:
        """Pass one message on. Raises `BadFrame` with nothing done, `Told` and `StoreDown`.

        What is saved and not copied counts as heard, as the widget has no ids under which to send it again; a card that
        is due is raised with `NotCopied` once everything is.
        """
        due: NotCopied | None = None
        for event in self._events(session, text, options):
            try:
                reply = await self.front.handle(event)
            except NotCopied as kept:
                due = kept if kept.card else due
                continue
            if reply.refused is not None:
                raise Told(reply.refused.next)
        if due is not None:
            raise due

    def line(self, session: Session, after: int) -> FeedLine:
        return FeedLine(self.store, self.front, session.address, after)

    async def shown(self, session: Session) -> int:
        """How far this person's widget has been told."""
        return (await self.store.marks(await self.front.who(session.address))).delivered

    async def mark(self, session: Session, seq: int) -> None:
        await self.store.mark(await self.front.who(session.address), delivered=seq)

    async def standing_options(self, session: Session, until: int) -> tuple[Button, ...]:
        """The numbered options that the person still has before them."""
        pseudonym = await self.front.who(session.address)
        return open_options(await self.store.feed(pseudonym, max(0, until - _LOOK_BACK), _LOOK_BACK))

    def text(self, entry: Entry) -> str:
        return as_text(entry, self.options.texts(None)["deep"])

    def refusal(self, code: str) -> str:
        return self.options.refusal(code, None)

    def when_down(self, down: StoreDown) -> dict[str, str]:
        """The help if there is any, and what to do where nothing was saved."""
        if down.card and isinstance(down, NotCopied):
            return {"text": down.card["text"]}
        sentence = self.refusal("store_down")
        return {"text": f"{down.card['text']}\n\n{sentence}"} if down.card else {"error": sentence}

    def _events(self, session: Session, text: str, options: Sequence[Button]) -> list[SeekerEvent]:
        """A long text is split here, because the person has no way to do it, and every word of it must be read.

        A report is not: its later parts would be words in the talk, for the supporter whom it is about.
        """
        seeker, event_id = session.address, f"{session.address}:{secrets.token_hex(8)}"
        button = chosen(text, options)
        if button is not None:
            return [SeekerTapped(id=event_id, seeker=seeker, payload=button.payload, label=button.title)]
        kept = frames.words(text, frames.MOST_CHARACTERS, None)
        pieces = parts(kept, self.options.message_limit) if reporting.typed(kept) is None else [kept]
        return [
            SeekerWrote(id=f"{event_id}-{count}", seeker=seeker, text=piece) for count, piece in enumerate(pieces, 1)
        ]
