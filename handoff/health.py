"""Health: `/healthz` says that the process answers, `/readyz` what works, tells degraded apart from down."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from handoff.core.risk import Tier
from handoff.house import House
from handoff.ports import RecordsDown, StoreDown

_PROBE = "i am fine"
_WELL = ("ok", "degraded")
_LATEST = 2.5
"""Seconds a part has to answer before it counts as down."""


def health_routes(house: House) -> APIRouter:
    """The routes for whoever watches the service. They say nothing about any person."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "ok"}

    @routes.get("/readyz")
    async def ready() -> JSONResponse:
        parts = await look(house)
        well = all(state in _WELL for state in parts.values())
        state = "down" if parts["store"] == "down" else "ok" if well else "degraded"
        return JSONResponse({"status": state, **parts}, status_code=503 if state == "down" else 200)

    return routes


async def look(house: House) -> dict[str, str]:
    """Each part as ok, degraded or down, a platform's trouble by its name.

    Without the store nothing is saved; without the others less is offered.
    """
    store, records, bot = await asyncio.gather(_store(house), _records(house), house.bot.healthy())
    seen = house.screen.read(_PROBE)
    return {
        "store": store,
        "records": records,
        "bot": "ok" if bot else "down",
        "screen": "degraded" if seen.degraded or seen.tier > Tier.DISTRESS else "ok",
        "resources": "degraded" if house.finder.degraded else "ok",
        **{each.name: each.health() for each in house.joined if each.name != "vigil"},
    }


async def _store(house: House) -> str:
    try:
        await asyncio.wait_for(house.store.ping(), _LATEST)
    except (StoreDown, TimeoutError):
        return "down"
    return "ok"


async def _records(house: House) -> str:
    try:
        await asyncio.wait_for(house.records.ping(), _LATEST)
    except (RecordsDown, TimeoutError):
        return "down"
    return "ok"
