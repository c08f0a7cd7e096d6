"""Health: `/healthz` says that the process answers, `/readyz` what works, and tells degraded apart from down."""

from __future__ import annotations

import asyncio
import shutil

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from handoff.core.risk import Tier
from handoff.house import House
from handoff.ports import RecordsDown, StoreDown
from handoff.sealing import SealBroken

_PROBE = "i am fine"
_LATEST = 2.5
"""Seconds a part has to answer before it counts as down."""
_LATE = 60.0
"""Seconds that a lane may be due without a worker taking it. Our own choice: workers look twice a second."""
_LETTERS_COUNT = 86_400.0
"""A dead letter counts for a day: leads were told when it died, and it lies there much longer."""
_LOW_SHARE, _LOW_BYTES = 0.05, 500_000_000
"""Free space below the smaller of the two is low: databases and logs stop when there is none. Our own choice."""


def health_routes(house: House) -> APIRouter:
    """The routes for whoever watches the service. They say nothing about any person."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "ok"}

    @routes.get("/readyz")
    async def ready() -> JSONResponse:
        parts = await look(house)
        state = _state(house, parts)
        return JSONResponse({"status": state, **parts}, status_code=503 if state in ("down", "draining") else 200)

    return routes


async def look(house: House) -> dict[str, str]:
    """Each part as ok, degraded or down, or its trouble by its name.

    Without the store nothing is saved; without the others less is offered.
    """
    (store, keys), records, bot = await asyncio.gather(_store(house), _records(house), house.bot.healthy())
    seen = house.screen.read(_PROBE)
    return {
        "store": store,
        "keys": keys,
        "records": records,
        "bot": "ok" if bot else "down",
        "screen": "degraded" if seen.degraded or seen.tier > Tier.DISTRESS else "ok",
        "resources": "degraded" if house.finder.degraded else "ok",
        "disk": _disk(house),
        **await _lanes(house),
        **{each.name: each.health() for each in house.joined if each.name != "vigil"},
    }


def _state(house: House, parts: dict[str, str]) -> str:
    if house.leaving.is_set():
        return "draining"
    if parts["store"] == "down":
        return "down"
    return "ok" if all(state == "ok" for state in parts.values()) else "degraded"


async def _store(house: House) -> tuple[str, str]:
    """The store, and whether our keys open what lies there."""
    try:
        await asyncio.wait_for(house.store.ping(), _LATEST)
    except (StoreDown, TimeoutError):
        return "down", "ok"
    except SealBroken:
        return "down", "wrong"
    return "ok", "ok"


async def _lanes(house: House) -> dict[str, str]:
    """Whether what should leave leaves; nothing is said while the store is down."""
    try:
        async with asyncio.timeout(_LATEST):
            loads, letters = await asyncio.gather(house.store.lanes(), house.store.dead_letters(1))
    except (StoreDown, SealBroken, TimeoutError):
        return {}
    now = house.front.clock()
    oldest = min((load.oldest_due for load in loads.values()), default=now)
    fresh = any(now - letter.at < _LETTERS_COUNT for letter in letters)
    return {"lanes": "late" if now - oldest > _LATE else "ok", "dead_letters": "degraded" if fresh else "ok"}


def _disk(house: House) -> str:
    """The disk under the folder for everything that is kept."""
    try:
        found = shutil.disk_usage(house.settings.var)
    except OSError:
        return "unreadable"
    return "low" if found.free < min(_LOW_BYTES, found.total * _LOW_SHARE) else "ok"


async def _records(house: House) -> str:
    try:
        await asyncio.wait_for(house.records.ping(), _LATEST)
    except (RecordsDown, TimeoutError):
        return "down"
    return "ok"
