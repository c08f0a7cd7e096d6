"""A deep-chat widget that posts: one request in, and everything that comes back within a few seconds as one text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from connectors.web import frames
from connectors.web.deep import COOKIE, Deep, Told, last_words
from connectors.web.feedline import FeedLine
from connectors.web.frames import BadFrame
from connectors.web.sessions import Session
from handoff.core.entries import Entry, Speaker
from handoff.ports import Notice, StoreDown


async def answer(request: Request, deep: Deep) -> Response:
    """What was said is heard first; then there is a little time for what comes back."""
    head = _cross_origin(request.headers.get("origin"))
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=head)
    session = deep.session(request.cookies.get(COOKIE))
    content, status = await _content(request, deep, session)
    head |= {"Set-Cookie": deep.cookie(session), "Cache-Control": "no-store"}
    return Response(msgspec.json.encode(content), status, headers=head, media_type="application/json")


async def _content(request: Request, deep: Deep, session: Session) -> tuple[dict[str, str], int]:
    try:
        return {"text": await _exchange(deep, session, last_words(await _body(request)), request)}, 200
    except BadFrame as bad:
        return {"error": deep.refusal(bad.code)}, 400
    except Told as told:
        return {"error": told.sentence}, 400
    except StoreDown as down:
        content = deep.when_down(down)
        return content, 200 if "text" in content else 503


async def _exchange(deep: Deep, session: Session, text: str, request: Request) -> str:
    """Words are passed on even where the feed cannot be read: the rules read them, and the crisis card goes out."""
    try:
        after = await deep.shown(session)
        if session.fresh:
            await deep.open(session, request)
    except StoreDown:
        await deep.hear(session, text, ())
        return deep.options.texts(None)["deep"]["received"]  # type: ignore[no-any-return]
    return await _hear_and_collect(deep, session, text, after)


async def _hear_and_collect(deep: Deep, session: Session, text: str, after: int) -> str:
    async with _collecting(deep.line(session, after), deep.text, deep.options.deep_wait_seconds) as collected:
        options = await deep.standing_options(session, collected.last)
        before = collected.count
        await deep.hear(session, text, options)
        await collected.settle(before, deep.options.deep_wait_seconds, deep.options.deep_quiet_seconds)
    await deep.mark(session, collected.last)
    return collected.text or deep.options.texts(None)["deep"]["received"]


class _Collected:
    """What the feed brings while one request is open."""

    def __init__(self, line: FeedLine, text: Callable[[Entry], str]) -> None:
        self._line, self._text = line, text
        self._said: list[str] = []
        self._news, self.ready = asyncio.Event(), asyncio.Event()

    @property
    def last(self) -> int:
        return self._line.last

    @property
    def count(self) -> int:
        return len(self._said)

    @property
    def text(self) -> str:
        return "\n\n".join(self._said)

    async def settle(self, before: int, wait: float, quiet: float) -> None:
        """Until it is quiet for `quiet` seconds after something new came; `wait` seconds at most for the first."""
        while True:
            count = self.count
            try:
                async with asyncio.timeout(quiet if count > before else wait):
                    while self.count == count:
                        self._news.clear()
                        await self._news.wait()
            except TimeoutError:
                return

    async def show(self, entry: Entry) -> None:
        if entry.speaker is not Speaker.SEEKER:
            self._said.append(self._text(entry))
            self._news.set()

    async def heard(self, notice: Notice) -> None:
        return

    async def caught_up(self) -> None:
        self.ready.set()


@asynccontextmanager
async def _collecting(line: FeedLine, text: Callable[[Entry], str], wait: float) -> AsyncIterator[_Collected]:
    """Raises `StoreDown` where the feed cannot be read in time."""
    collected = _Collected(line, text)
    task = asyncio.create_task(line.run(collected))
    try:
        async with asyncio.timeout(wait):
            await collected.ready.wait()
    except TimeoutError:
        task.cancel()
        raise StoreDown("the feed could not be read") from None
    try:
        yield collected
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _body(request: Request) -> bytes:
    if "json" not in request.headers.get("content-type", "json"):
        raise BadFrame("not_text")
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > frames.MOST_CHARACTERS:
            raise BadFrame("too_large")
    return raw


def _cross_origin(origin: str | None) -> dict[str, str]:
    """What lets an allowed website's page read the answer; whether it is allowed was checked before."""
    if origin is None:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Allow-Methods": "POST",
        "Vary": "Origin",
    }
