"""The console's addresses: signing in and out, the page, its words, and the socket."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response, WebSocket
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from connectors.attachments import Turns, public_address
from connectors.console.bye import Bye, Line
from connectors.console.desk import Desk
from connectors.console.options import ConsoleOptions
from connectors.console.pages import Pages
from connectors.console.same_origin import is_ours
from connectors.console.sending import COOKIE as COOKIE
from connectors.console.sending import Files
from handoff.core.events import PresenceSet
from handoff.core.outcomes import OUTCOMES
from handoff.core.risk import Tier
from handoff.core.supporter import Presence, Supporter
from handoff.ports import Front, Store, StoreDown
from handoff.signin import SESSION_SECONDS, digest, redeem, sign_out, who

TRIES, TRY_SECONDS = 30, 600.0
"""So many links may be tried from one public address in that time: a whole shift may sit behind one."""

STATIC = Path(__file__).parent / "static"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def console_routes(front: Front, store: Store, options: ConsoleOptions) -> APIRouter:
    """Everything under /console, for `app.include_router`."""
    doors = _Doors(front, store, options)
    router = APIRouter(prefix="/console", include_in_schema=False)
    router.add_api_route("", doors.page, methods=["GET"])
    router.add_api_route("/words", doors.words, methods=["GET"])
    router.add_api_route("/sign-in", doors.ask_for_link, methods=["GET"])
    router.add_api_route("/sign-in/{token}", doors.offer_link, methods=["GET"])
    router.add_api_route("/sign-in/{token}", doors.use_link, methods=["POST"])
    router.add_api_route("/sign-out", doors.leave, methods=["POST"])
    router.add_api_route("/static/{name:path}", doors.file, methods=["GET"])
    router.add_api_websocket_route("/ws", doors.socket)
    if options.shelf is not None:
        files = Files(front, store, options, options.shelf)
        router.add_api_route("/files/{file}", files.give, methods=["GET"])
        router.add_api_route("/files", files.take, methods=["POST"])
    return router


class _Doors:
    """The handlers of one console."""

    def __init__(self, front: Front, store: Store, options: ConsoleOptions) -> None:
        self._front = front
        self._store = store
        self._options = options
        self._pages = Pages(options)
        self._files = StaticFiles(directory=STATIC)
        self._tries = Turns(TRIES, TRY_SECONDS)

    async def page(self, request: Request) -> Response:
        """The desk itself; without a session, the way to a link.

        It holds no words of anybody, so it is given out while the store is down as well: it tries again by itself, and
        what a supporter had not sent yet is still in their browser.
        """
        if COOKIE not in request.cookies and request.headers.get("sec-fetch-site") == "cross-site":
            return self._html(self._pages.come_in())
        try:
            signed_in = await self._signed_in(request.cookies.get(COOKIE)) is not None
        except StoreDown:
            signed_in = True
        return self._html(self._pages.desk()) if signed_in else _see("/console/sign-in")

    async def words(self, request: Request) -> Response:
        """All that the page says, and what it may offer."""
        try:
            supporter = await self._signed_in(request.cookies.get(COOKIE))
        except StoreDown:
            return JSONResponse(self._refusal("store_down"), 503, _HEADERS)
        if supporter is None:
            return JSONResponse(self._refusal("signed_out"), 401, _HEADERS)
        return JSONResponse(self._words(), headers=_HEADERS)

    async def ask_for_link(self) -> Response:
        return self._html(self._pages.ask_for_link())

    async def offer_link(self, token: str) -> Response:
        """Only shows a button: programs that preview links must not use this one up."""
        return self._html(self._pages.confirm(token) if _TOKEN.fullmatch(token) else self._pages.link_over())

    async def use_link(self, request: Request, token: str) -> Response:
        """Trade the link for a session."""
        if not is_ours(request, self._options.origins):
            return self._html(self._pages.elsewhere(), 403)
        host = public_address(request)
        if host is not None and not self._tries.take(host, self._front.clock()):
            return self._html(self._pages.too_often(), 429)

        async def trade() -> Response:
            session = await redeem(self._store, token, self._front.clock()) if _TOKEN.fullmatch(token) else None
            if await self._signed_in(session) is None:
                return self._html(self._pages.link_over(), 410)
            return self._with_session(_see("/console"), session or "")

        return await self._or_sorry(trade)

    async def leave(self, request: Request) -> Response:
        """Sign out: no more offers, and the session is over."""
        if not is_ours(request, self._options.origins):
            return self._html(self._pages.elsewhere(), 403)
        session = request.cookies.get(COOKIE)

        async def end() -> Response:
            supporter = await self._signed_in(session)
            if supporter is not None and session is not None:
                event_id = f"desk:{supporter.id}:out-{digest(session)[:32]}"
                await self._front.handle(PresenceSet(id=event_id, supporter=supporter.id, presence=Presence.AWAY))
                await sign_out(self._store, session)
            response = _see("/console/sign-in")
            response.delete_cookie(COOKIE, path="/console")
            return response

        return await self._or_sorry(end)

    async def file(self, request: Request, name: str) -> Response:
        """A part of the page."""
        try:
            response = await self._files.get_response(name, request.scope)
        except HTTPException as missing:
            return Response(status_code=missing.status_code)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    async def socket(self, socket: WebSocket) -> None:
        """A desk, for as long as the page is open."""
        await socket.accept()
        line = Line(socket, self._options)
        if not is_ours(socket, self._options.origins):
            await line.close(Bye("bad_origin"))
            return
        session = socket.cookies.get(COOKIE, "")
        try:
            supporter = await self._signed_in(session)
        except StoreDown:
            await line.close(Bye("store_down", again=3))
            return
        if supporter is None:
            await line.close(Bye("signed_out"))
            return
        await Desk(socket, self._front, self._store, self._options, session, supporter).run()

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _signed_in(self, session: str | None) -> Supporter | None:
        return await who(self._store, session, self._front.clock()) if session else None

    async def _or_sorry(self, answer: Callable[[], Awaitable[Response]]) -> Response:
        try:
            return await answer()
        except StoreDown:
            return self._html(self._pages.sorry(), 503)

    def _with_session(self, response: Response, session: str) -> Response:
        response.set_cookie(
            COOKIE, session, max_age=SESSION_SECONDS, path="/console", httponly=True, samesite="strict",
            secure=self._options.secure_cookie,
        )  # fmt: skip
        return response

    def _words(self) -> dict[str, Any]:
        return {
            "line": self._options.line_name,
            "language": self._options.language,
            "words": self._options.wording["page"],
            "tiers": [tier.name.lower() for tier in Tier],
            "outcomes": list(OUTCOMES),
            "file_limit": self._options.policy.attachment_limit if self._options.shelf else 0,
            "replies": [dict(each) for each in self._options.replies],
        }

    def _refusal(self, code: str) -> dict[str, str]:
        return {"error": code, "next": self._options.sentence("bye", code)}

    def _html(self, page: str, status: int = 200) -> Response:
        return HTMLResponse(page, status, _HEADERS)


def _see(where: str) -> RedirectResponse:
    return RedirectResponse(where, 303, {"Cache-Control": "no-store"})
