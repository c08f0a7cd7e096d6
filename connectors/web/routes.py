"""The web chat's addresses. `docs/web-protocol.md` has the sockets, `docs/embedding.md` the widget."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.websockets import WebSocket

from connectors.web import deep_post, deep_socket, headers
from connectors.web.deep import Deep
from connectors.web.exporting import Export
from connectors.web.files import static_files
from connectors.web.newcomers import Newcomers
from connectors.web.options import WebOptions
from connectors.web.origins import may_connect
from connectors.web.page import choose_language, page_facts, shells, widget_file
from connectors.web.sending import Files
from connectors.web.sessions import Sessions
from connectors.web.visit import turn_away, visit
from handoff.ports import Front, Store


def web_routes(front: Front, store: Store, options: WebOptions) -> APIRouter:
    """Everything a seeker's browser asks for. Reads the page's files and texts once, now."""
    router = APIRouter(include_in_schema=False)
    sessions = Sessions(
        options.session_secret,
        options.line,
        options.session_seconds,
        front.clock,
        before=options.session_secret_before,
    )
    _add_pages(router, options)
    newcomers = Newcomers()
    _add_socket(router, front, store, options, sessions, newcomers)
    _add_export(router, Export(front, store, options, sessions))
    if options.shelf is not None:
        _add_files(router, Files(front, store, options, sessions, options.shelf), options)
    _add_deep(router, Deep(front, store, options, sessions, newcomers), options)
    return router


def _add_pages(router: APIRouter, options: WebOptions) -> None:
    pages, facts, files = shells(options), page_facts(options), static_files()
    widget = widget_file(options)
    page_headers = headers.page(options.allowed_origins)

    @router.get("/")
    @router.get("/chat")
    async def page(request: Request, lang: str | None = None) -> Response:
        language = choose_language(lang, request.headers.get("accept-language", ""), options)
        return HTMLResponse(pages[language], headers=page_headers)

    @router.get("/chat/facts/{language}.json")
    async def facts_of(request: Request, language: str) -> Response:
        return facts.get(language, facts[options.language]).answer(request, headers.STATIC)

    @router.get("/chat/static/{name}")
    async def static(request: Request, name: str) -> Response:
        file = files.get(name)
        return file.answer(request, headers.STATIC) if file else PlainTextResponse("There is nothing here.", 404)

    @router.get("/embed.js")
    async def embed(request: Request) -> Response:
        return widget.answer(request, headers.EMBED)


def _add_socket(
    router: APIRouter, front: Front, store: Store, options: WebOptions, sessions: Sessions, newcomers: Newcomers
) -> None:
    """Past the framework, which would keep stacks for what it injects open as long as the page is: 7 KB for each."""

    async def chat(socket: WebSocket) -> None:
        await socket.accept()
        if not _may_connect(socket, options):
            await turn_away(socket, options, "bad_origin")
            return
        await visit(socket, front, store, options, sessions, newcomers)

    router.add_websocket_route("/chat/ws", chat)


def _add_export(router: APIRouter, export: Export) -> None:
    @router.get("/chat/export")
    async def give(request: Request, lang: str | None = None) -> Response:
        return await export.give(request, lang)


def _add_files(router: APIRouter, files: Files, options: WebOptions) -> None:
    @router.get("/chat/files/{file}")
    async def give(request: Request, file: str) -> Response:
        return await files.give(request, file)

    @router.post("/chat/files")
    async def take(request: Request) -> Response:
        if not _may_connect(request, options):
            return Response(status_code=403)
        return await files.take(request)


def _add_deep(router: APIRouter, deep: Deep, options: WebOptions) -> None:
    @router.websocket("/chat/deep")
    async def socket_of_deep(socket: WebSocket) -> None:
        if _may_connect(socket, options):
            await deep_socket.serve(socket, deep)
        else:
            await socket.close(1008)

    @router.api_route("/chat/deep", methods=["POST", "OPTIONS"])
    async def post_to_deep(request: Request) -> Response:
        if not _may_connect(request, options):
            return Response(status_code=403)
        return await deep_post.answer(request, deep)


def _may_connect(asked: Request | WebSocket, options: WebOptions) -> bool:
    return may_connect(asked.headers.get("origin"), asked.headers.get("host"), options.allowed_origins)
