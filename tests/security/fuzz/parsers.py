"""What pages, widgets, people's files and the bot send, given to what reads it first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from typing import Any

import httpx
from hypothesis import strategies as st

from connectors.attachments import read_upload
from connectors.console import parsing
from connectors.console import sending as console_sending
from connectors.console.frames import Deed
from connectors.telegram.fetching import ComesAgain
from connectors.telegram.webhook import _update
from connectors.web import frames
from connectors.web.deep import last_words
from connectors.web.sending import _event
from connectors.web.sessions import fresh
from handoff.ports import BotDown, BotGarbled, FileRefused
from handoff.rasa import Rasa
from handoff.shelf.cleaning import clean
from tests.security.fuzz.near import bent, wire
from tests.security.fuzz.target import Feed, Target, plain
from tests.shelf.samples import ALL
from tests.telegram.bot_api import bot_api
from tests.telegram.house import PRIVATE, WHO, Ann

WEB = [
    {"type": "hello", "token": "a.b.c", "after": 3, "language": "en-GB", "country": "GB"},
    {"type": "say", "id": "m1", "text": "hello there"},
    {"type": "tap", "id": "m2", "payload": "/affirm", "label": "Yes"},
    {"type": "feedback", "id": "m3", "conversation": "c1", "rating": 3, "mood_after": 4, "words": "thank you"},
    {"type": "link", "id": "m4", "code": "AB2C3D4E"},
    {"type": "got", "seq": 4},
    {"type": "read", "seq": 4},
    {"type": "typing"},
    {"type": "ping"},
]
_ABOUT = {"id": "f1", "conversation": "c1"}
CONSOLE = [
    {"type": "hello", "after": {"c1": [1, 2]}},
    {"type": "say", **_ABOUT, "text": "hello"},
    {"type": "edit", **_ABOUT, "text": "hello", "refers": "f0"},
    {"type": "raise", **_ABOUT, "tier": "imminent", "why": "what they said"},
    {"type": "lower", **_ABOUT, "tier": "concern", "why": "they are safe"},
    {"type": "flag", **_ABOUT, "seq": 3, "verdict": "missed_risk"},
    {"type": "transfer", **_ABOUT, "to": "sam"},
    {"type": "close", **_ABOUT, "outcome": "other"},
    {"type": "resource", **_ABOUT, "resource": "breathing"},
    {"type": "safeguarding_note", "id": "f1", "concern": 3, "text": "called the school"},
    {"type": "search", "id": "f1", "text": "sleep"},
    {"type": "presence", "id": "f1", "state": "busy"},
    {"type": "read", "conversation": "c1", "seq": 3},
]
DEEP = [
    {"messages": [{"role": "user", "text": "hello"}, {"role": "ai", "text": "hi"}, {"role": "user", "text": "help"}]}
]
UPLOAD = [{"id": "m1", "text": "look", "language": "en", "country": "GB", "conversation": "c1"}]
RASA = [
    [{"recipient_id": "c1", "text": "What brings you here?", "buttons": [{"title": "Stress", "payload": "/topic"}]}],
    [{"recipient_id": "c1", "custom": {"text": "Try this", "resource": {"id": "breathing", "title": "Breathing"}}}],
    [{"text": "a"}, {"image": "https://elsewhere.example/a.png"}, {"attachment": {"type": "video"}}],
]
_MESSAGE = {"message_id": 7, "date": 1, "chat": PRIVATE, "from": WHO}
_FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 5}
_BUTTON = {"text": "Yes", "callback_data": "/affirm"}
TELEGRAM = [
    {"update_id": 1, "message": {**_MESSAGE, "text": "hello there"}},
    {"update_id": 2, "message": {**_MESSAGE, "text": "/start topic_sleep", "entities": [
        {"type": "bot_command", "offset": 0, "length": 6}]}},
    {"update_id": 3, "edited_message": {**_MESSAGE, "edit_date": 2, "text": "hello again"}},
    {"update_id": 4, "callback_query": {"id": "q", "from": WHO, "chat_instance": "1", "data": "/affirm",
        "message": {**_MESSAGE, "text": "?", "reply_markup": {"inline_keyboard": [[_BUTTON]]}}}},
    {"update_id": 5, "message": {**_MESSAGE, "photo": [{**_FILE, "width": 1, "height": 1}], "caption": "look"}},
    {"update_id": 6, "message": {**_MESSAGE, "voice": {**_FILE, "duration": 3, "mime_type": "audio/ogg"}}},
    {"update_id": 7, "message": {**_MESSAGE, "sticker": {**_FILE, "width": 1, "height": 1, "type": "regular",
        "is_animated": False, "is_video": False, "emoji": "x"}}},
    {"update_id": 8, "message": {**_MESSAGE, "location": {"latitude": 1.5, "longitude": 2.5}}},
    {"update_id": 9, "my_chat_member": {"chat": PRIVATE, "from": WHO, "date": 1,
        "old_chat_member": {"user": WHO, "status": "member"},
        "new_chat_member": {"user": WHO, "status": "kicked", "until_date": 0}}},
    {"update_id": 10, "message": {**_MESSAGE, "migrate_to_chat_id": 99}},
    {"update_id": 11, "message": {**_MESSAGE, "chat": {"id": -5, "type": "group", "title": "g"}, "text": "hello"}},
]  # fmt: skip


_SESSION = fresh()


def _web(raw: bytes) -> None:
    frame = frames.parse(raw.decode("utf-8", "replace"))
    assert "hello there" not in repr(frame)
    if isinstance(frame, frames.Say):
        assert frames.words(frame.text, frames.MOST_CHARACTERS, frame.id).encode()
    if isinstance(frame, frames.Hello):
        frames.language_of(frame.language), frames.country_of(frame.country)


def _console(raw: bytes) -> None:
    frame = parsing.parse(raw.decode("utf-8", "replace"), 4000)
    if isinstance(frame, Deed):
        asdict(frame.event("mira"))


def _deep(raw: bytes) -> None:
    last_words(raw).encode()


def _read_head(raw: bytes) -> None:
    try:
        _event(_SESSION, raw)
    finally:
        with suppress(console_sending._No):
            console_sending._head(raw, 4000)


async def _upload(raw: Any) -> None:
    async def body() -> AsyncIterator[bytes]:
        for at in range(0, len(raw), 7):
            yield raw[at : at + 7]

    head, content = await read_upload(body(), 50)
    assert content is None or len(content) <= 50
    assert raw.startswith(head)


def _file(content: bytes) -> None:
    made = clean(content)
    assert made.content


@asynccontextmanager
async def _bot() -> AsyncIterator[Feed]:
    answer = httpx.Response(200)

    def answered(_: httpx.Request) -> httpx.Response:
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(answered)) as client:
        rasa = Rasa("http://bot", client)

        async def fed(content: tuple[int, bytes]) -> None:
            nonlocal answer
            answer = httpx.Response(content[0], content=content[1])
            messages = await rasa.ask("c1", "hello", {}, 1.0)
            assert all(each.text or each.body or each.buttons for each in messages)

        yield fed


@asynccontextmanager
async def _telegram() -> AsyncIterator[Feed]:
    """Through the webhook's own reading to the dispatcher and the store."""
    async with bot_api() as api:
        api.downloads.set()
        ann = Ann(api)

        async def fed(raw: bytes) -> None:
            sent = _update(raw)
            update = ann.telegram.read(sent) if sent is not None else None
            if update is None:
                raise Unread
            await ann.telegram.take(update)

        try:
            yield fed
        finally:
            await ann.telegram.close()


class Unread(Exception):
    """Answered with 400."""


@asynccontextmanager
async def _uploads() -> AsyncIterator[Feed]:
    yield _upload


PARSERS = (
    Target("web frames", wire(WEB), plain(_web), (frames.BadFrame,), 22),
    Target("console frames", wire(CONSOLE), plain(_console), (parsing.BadFrame,), 22),
    Target("deep-chat bodies", wire(DEEP), plain(_deep), (frames.BadFrame,), 16),
    Target("upload heads", wire(UPLOAD), plain(_read_head), (frames.BadFrame,), 8),
    Target("uploads", st.binary(max_size=200).flatmap(lambda each: bent(b'{"id":"a"}\n' + each)), _uploads, (), 8),
    Target("uploaded files", st.sampled_from(sorted(ALL.values())).flatmap(bent), plain(_file), (FileRefused,), 4),
    Target("Rasa's answers", st.tuples(st.sampled_from((200, 200, 200, 500, 404, 302)), wire(RASA)), _bot,
           (BotDown, BotGarbled), 6),
    Target("Telegram updates", wire(TELEGRAM), _telegram, (Unread, ComesAgain), 6),
)  # fmt: skip
