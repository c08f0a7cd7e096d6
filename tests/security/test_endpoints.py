"""Each endpoint x each role: what is open is open to all, and nothing else is open to anybody but whom it is for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import pytest_asyncio
import uvicorn
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from handoff.running.ports import free_port
from tests.security.endpoints import ROLES, ROWS, SOCKETS, endpoints
from tests.security.world import BASE, World
from tests.web.house import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVIL = "https://elsewhere.example"
BY_HEADER = ("bot", "watcher", "telegram", "slack", "forger")
"""Programs that show what no browser adds by itself: another site's page cannot make a browser send it."""


@asynccontextmanager
async def served(world: World) -> AsyncIterator[int]:
    """The service on a port, without what goes on in its background."""
    port = free_port()
    config = uvicorn.Config(world.app, port=port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    try:
        yield port
    finally:
        server.should_exit = True
        await serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def port(world: World) -> AsyncIterator[int]:
    async with served(world) as at:
        yield at


async def test_every_endpoint_has_its_row(world: World) -> None:
    http, sockets = endpoints(world.app)
    assert http == set(ROWS)
    assert sockets == set(SOCKETS)


@pytest.mark.parametrize("name", ROWS)
async def test_each_role_gets_what_it_may_have_and_no_more(world: World, name: str) -> None:
    method, row, given = name.split()[0], ROWS[name], {}
    async with world.http() as http:
        for role in ROLES:
            body = row.content(world)
            headers = {"Content-Type": "application/json", **await world.headers_of(role, body)}
            answer = await http.request(method, row.address(world), content=body, headers=headers)
            given[role] = 200 if answer.status_code == 409 else answer.status_code  # 409: let in, and told why not
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "content-security-policy" in answer.headers
    assert given == {role: row.status(role) for role in ROLES}


@pytest.mark.parametrize("name", [each for each in ROWS if each.startswith("POST")])
async def test_another_websites_page_changes_nothing(world: World, name: str) -> None:
    """Whatever a browser adds by itself is not enough: another site's page is refused with everything it can send."""
    row = ROWS[name]
    async with world.http() as http:
        for role in set(ROLES) - set(BY_HEADER):
            cookie = (await world.headers_of(role)).get("Cookie", "")
            headers = {"Origin": EVIL, "Cookie": cookie, "Content-Type": "text/plain"}
            answer = await http.post(row.address(world), content=row.content(world), headers=headers)
            assert answer.status_code in (401, 403)
            assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", SOCKETS)
async def test_each_role_at_each_socket(world: World, port: int, path: str) -> None:
    origin = f"http://127.0.0.1:{port}"
    given = {}
    for role in ROLES:
        headers = await world.headers_of(role)
        from_page = origin if headers.pop("Origin", None) else None
        given[role] = await first_answer(f"ws://127.0.0.1:{port}{path}", headers, from_page)
    assert given == SOCKETS[path]


@pytest.mark.parametrize("path", SOCKETS)
async def test_another_websites_page_opens_no_socket(world: World, port: int, path: str) -> None:
    for role in ("nobody", "seeker", "lead"):
        headers = {**await world.headers_of(role)}
        headers.pop("Origin", None)
        said = await first_answer(f"ws://127.0.0.1:{port}{path}", headers, EVIL)
        assert said in ("bad_origin", "refused")


async def first_answer(address: str, headers: dict[str, str], origin: str | None) -> str:
    """`welcome`, the code of the goodbye, `open` for a socket that just listens, `refused` for none at all."""
    try:
        async with connect(address, origin=origin, additional_headers=headers) as socket:  # type: ignore[arg-type]
            with suppress(ConnectionClosed):
                await socket.send('{"type": "hello"}')
            frame = json.loads(await asyncio.wait_for(socket.recv(), 60))
            return str(frame.get("code") or frame.get("type") or "open")
    except ConnectionClosed as closed:
        return str(closed.rcvd.code if closed.rcvd else "gone")
    except InvalidStatus:
        return "refused"


async def test_there_is_no_admin_interface_and_no_description_of_the_service(world: World) -> None:
    async with world.http() as http:
        for path in ("/admin", "/docs", "/redoc", "/openapi.json", "/console/admin", "/debug", "/api"):
            assert (await http.get(path, headers={"Origin": BASE})).status_code == 404
    assert (world.app.docs_url, world.app.redoc_url, world.app.openapi_url) == (None, None, None)
