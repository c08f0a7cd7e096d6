"""The bot's interface held against its own description: no 500, and every answer of the shape that is promised."""

from __future__ import annotations

import asyncio
from typing import Any

import schemathesis
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from hypothesis import HealthCheck, settings

from handoff.answers import answer_problems
from handoff.bot_api import bot_routes
from handoff.doorstep import Doorstep
from tests.service.house import House
from tests.service.test_bot_api import TOKEN, Shelf

PROBLEM = {
    "type": "object", "required": ["error", "next"], "additionalProperties": False,
    "properties": {"error": {"type": "string", "minLength": 1}, "next": {"type": "string", "minLength": 1}},
}  # fmt: skip
_ANSWERS = {status: {"description": "a problem", "content": {"application/json": {"schema": PROBLEM}}}
            for status in ("400", "401", "404", "405", "409", "422", "503")}  # fmt: skip


def described() -> tuple[FastAPI, dict[str, Any]]:
    """The bot's routes over a house in memory, and their description, which the service itself gives to nobody."""
    house = House()
    asyncio.run(_talking(house))
    app = FastAPI(title="Warmline", docs_url=None, redoc_url=None, openapi_url=None)
    answer_problems(app)
    app.add_middleware(Doorstep, https=False)
    routes = bot_routes(house.front, house.store, Shelf(), house.line, TOKEN)  # type: ignore[arg-type]
    routes.include_in_schema = True
    for each in routes.routes:
        each.include_in_schema = True  # type: ignore[attr-defined]
    app.include_router(routes)
    schema = app.openapi()
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"] = {"200": operation["responses"]["200"], **_ANSWERS}
    return app, schema


async def _talking(house: House) -> None:
    await house.writes()


APP, SCHEMA = described()
api = schemathesis.openapi.from_dict(SCHEMA)
api.app = APP


def test_all_of_the_bots_interface_is_described() -> None:
    bot = {each.path for each in iter_route_contexts(APP.routes) if str(each.path).startswith("/bot")}
    assert set(SCHEMA["paths"]) == bot
    assert len(bot) >= 9


@api.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_has_the_shape_that_is_promised(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"})
