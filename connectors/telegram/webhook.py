"""The door for updates that Telegram sends."""

from __future__ import annotations

import hmac
import json

from fastapi import APIRouter, Request, Response

from connectors.telegram.connector import Telegram
from connectors.telegram.fetching import ComesAgain

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_MOST_BYTES = 1_000_000


def telegram_routes(telegram: Telegram) -> APIRouter:
    """POST /telegram/webhook: 403 without the secret, 503 when nothing could be saved, so that it comes again."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/telegram/webhook")
    async def take(request: Request) -> Response:
        given = request.headers.get(_HEADER, "")
        wanted = telegram.options.webhook_secret
        if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
            return Response(status_code=403)
        sent = _update(await request.body())
        update = telegram.read(sent) if sent is not None else None
        if update is None:
            return Response(status_code=400)
        try:
            await telegram.take(update)
        except ComesAgain:
            return Response(status_code=503, headers={"Retry-After": "1"})
        return Response(status_code=200)

    return routes


def _update(body: bytes) -> dict[str, object] | None:
    if len(body) > _MOST_BYTES:
        return None
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("update_id"), int) else None
