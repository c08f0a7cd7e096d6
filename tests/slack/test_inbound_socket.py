"""The socket: acknowledged after saving and not without, opened anew when it is lost, and its troubles told."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientConnectionResetError, WSMsgType, web

from connectors.slack.inbound import Inbound
from connectors.slack.kept import Place
from connectors.slack.socket_mode import CLOSED, REFUSED, Socket
from handoff.running.ports import free_port
from tests.journey.line import eventually
from tests.slack.fakes import Writing, envelope, message
from tests.slack.workspace import Json

TOKEN = "xapp-canary-token"


class Slacks:
    """Slack's end: gives out addresses, sends envelopes, remembers what was acknowledged. `refusing`: how it fails."""

    def __init__(self) -> None:
        self.port = free_port()
        self.sockets: list[web.WebSocketResponse] = []
        self.acknowledged: list[str] = []
        self.opened = 0
        self.refusing: Json | int | None = None

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    async def send(self, name: str, payload: Json, kind: str = "events_api") -> None:
        body = {"type": kind, "envelope_id": name, "accepts_response_payload": False, "payload": payload}
        await self.sockets[-1].send_str(json.dumps(body))

    async def send_until_acknowledged(self, name: str, payload: Json) -> None:
        """As Slack does: what was not acknowledged goes out again, over the connection that stands by then."""

        async def taken() -> bool:
            with suppress(ClientConnectionResetError):
                await self.send(name, payload)
            return name in self.acknowledged

        await eventually(taken, f"acknowledged {name}", 10)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        app = web.Application()
        app.router.add_post("/api/apps.connections.open", self._open)
        app.router.add_get("/socket", self._socket)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        try:
            yield
        finally:
            await runner.cleanup()

    async def _open(self, _request: web.Request) -> web.Response:
        if isinstance(self.refusing, int):
            return web.Response(status=self.refusing, text="no")
        self.opened += 1
        return web.json_response(self.refusing or {"ok": True, "url": f"ws://127.0.0.1:{self.port}/socket"})

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_str(json.dumps({"type": "hello"}))
        async for each in socket:
            if each.type is WSMsgType.TEXT:
                self.acknowledged.append(str(json.loads(each.data)["envelope_id"]))
        return socket


@pytest.fixture
async def desk() -> Writing:
    made = Writing()
    await made.staffed()
    return made


@asynccontextmanager
async def running(*sockets: Socket) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(each.run()) for each in sockets]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in sockets:
            await each.close()


@asynccontextmanager
async def slacks() -> AsyncIterator[Slacks]:
    made = Slacks()
    async with made.listening():
        yield made


def socket(desk: Writing, slack: Slacks, inbound: Inbound | None = None) -> Socket:
    options = replace(desk.room.options, app_token=TOKEN, api=slack.api)
    return Socket((inbound or desk.inbound).app, options, desk.room.troubled, look_every=0.05)


async def there(slack: Slacks, count: int = 1) -> None:
    async def so_many() -> bool:
        return len(slack.sockets) >= count

    await eventually(so_many, f"{count} sockets", 10)


async def acknowledged(slack: Slacks, *names: str) -> None:
    async def all_of_them() -> bool:
        return set(names) <= set(slack.acknowledged)

    await eventually(all_of_them, f"acknowledged {names}", 10)


def said(text: str, place: Place, ts: str) -> dict[str, Any]:
    return envelope(message(text, place, ts), f"Ev{ts}")


async def test_what_was_saved_is_acknowledged_and_what_was_not_is_sent_again(desk: Writing) -> None:
    place = await desk.accepted()
    ts = desk.slack.person_writes(place.channel, place.ts, "kept")
    async with slacks() as slack, running(socket(desk, slack)):
        await there(slack)
        assert slack.opened == 1
        desk.store.down = True
        await slack.send("e1", said("kept", place, ts))
        await slack.send("e2", envelope({"type": "tokens_revoked", "tokens": {}}, "Ev2"))
        await acknowledged(slack, "e2")
        assert "e1" not in slack.acknowledged
        desk.store.down = False
        await slack.send("e1", said("kept", place, ts))
        await acknowledged(slack, "e1")
    await desk.carry()
    assert await desk.heard() == ["kept"]


async def test_a_notice_to_disconnect_opens_another_and_so_does_a_socket_that_breaks(desk: Writing) -> None:
    place = await desk.accepted()
    async with slacks() as slack, running(socket(desk, slack)):
        await there(slack, 1)
        await slack.sockets[-1].send_str(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))
        await there(slack, 2)
        await slack.sockets[-1].close()
        await there(slack, 3)
        ts = desk.slack.person_writes(place.channel, place.ts, "after all that")
        await slack.send_until_acknowledged("e1", said("after all that", place, ts))
    await desk.carry()
    assert await desk.heard() == ["after all that"]


async def test_two_processes_hold_a_socket_each_and_what_both_hear_is_said_once(desk: Writing) -> None:
    place = await desk.accepted()
    ts = desk.slack.person_writes(place.channel, place.ts, "once")
    async with slacks() as slack, running(socket(desk, slack), socket(desk, slack, desk.another_inbound())):
        await there(slack, 2)
        for number, each in enumerate(slack.sockets):
            body = {"type": "events_api", "envelope_id": f"e{number}", "payload": said("once", place, ts)}
            await each.send_str(json.dumps(body))
        await acknowledged(slack, "e0", "e1")
    await desk.carry()
    assert await desk.heard() == ["once"]


@pytest.mark.parametrize(
    ("refusing", "trouble"),
    [({"ok": False, "error": "invalid_auth"}, REFUSED), ({"ok": False, "error": "fatal_error"}, CLOSED), (500, CLOSED)],
)
async def test_a_socket_that_is_refused_shows_in_the_health_until_it_opens(
    desk: Writing, refusing: Json | int, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def troubled() -> bool:
        return desk.room.troubled == {trouble}

    async def well() -> bool:
        return desk.room.troubled == set()

    with caplog.at_level(logging.DEBUG):
        async with slacks() as slack:
            slack.refusing = refusing
            async with running(socket(desk, slack)):
                await eventually(troubled, "told", 10)
                slack.refusing = None
                await there(slack)
                await eventually(well, "well again", 10)
    assert TOKEN not in caplog.text


async def test_a_slack_that_is_not_there_is_looked_for_again(desk: Writing) -> None:
    slack = Slacks()

    async def troubled() -> bool:
        return desk.room.troubled == {CLOSED}

    async with running(socket(desk, slack)):
        await eventually(troubled, "told", 10)
        async with slack.listening():
            await there(slack)


@pytest.mark.parametrize(("where", "what"), [("store", "commit"), ("slack", "me")])
async def test_what_arrives_fast_is_saved_in_order_however_slow_the_first_is(
    desk: Writing, monkeypatch: pytest.MonkeyPatch, where: str, what: str
) -> None:
    place = await desk.accepted()
    slow_once = iter([0.2])
    quick = getattr(getattr(desk, where), what)

    async def dragging(*given: Any) -> Any:
        await asyncio.sleep(next(slow_once, 0))
        return await quick(*given)

    monkeypatch.setattr(getattr(desk, where), what, dragging)
    async with slacks() as slack, running(socket(desk, slack)):
        await there(slack)
        for number, text in enumerate(("one", "two", "three")):
            ts = desk.slack.person_writes(place.channel, place.ts, text)
            await slack.send(f"e{number}", said(text, place, ts))
        await acknowledged(slack, "e0", "e1", "e2")
    await desk.carry()
    assert await desk.heard() == ["one", "two", "three"]
