"""`/metrics`: off unless there is a token, and then for those alone who show it."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from handoff.watching.metrics import CONTENT_TYPE, Metrics
from handoff.watching.picture import Picture


def metrics_routes(metrics: Metrics, take: Callable[[], Awaitable[Picture]], token: str) -> APIRouter:
    """The page that Prometheus reads, as `Authorization: Bearer <token>`."""
    routes = APIRouter(include_in_schema=False)
    wanted = f"Bearer {token}".encode()

    @routes.get("/metrics")
    async def page(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, wanted):
            return Response("Give the token of WARMLINE_METRICS_TOKEN.\n", 401, {"WWW-Authenticate": "Bearer"})
        return Response(metrics.page(await take()), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})

    return routes
