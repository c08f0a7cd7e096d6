"""What stands before the Slack emulator and makes it like Slack: Socket Mode, signed HTTP, redelivery, modals.

Added, because the emulator has none of it: `apps.connections.open` and the socket behind it, with acknowledgements,
disconnects and redelivery; arguments in the query (slack_sdk sends them so for reading methods); the scopes that
`auth.test` tells in a header; only those events that the app's manifest subscribes to, with `channel_type`; message
metadata only for those who ask for it; accounts that are gone and tokens that are refused; `response_url`; what a
person is shown in a modal or for their eyes only, kept here as it passes by so that tests can read it.

Unlike Slack, interactions and commands whose acknowledgement was lost come again, too: harsher than the real one.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
import uuid
from collections import defaultdict
from typing import Any

import aiohttp
from aiohttp import web

from connectors.slack.scopes import bot_scopes, events
from handoff.running.ports import LOOPBACK
from tests.emulators.slack_answers import asked, mended, refused
from tests.emulators.slack_signing import signed

Json = dict[str, Any]
SECRET = "a-signing-secret-of-tests"
BOT_TOKEN, APP_TOKEN = "xoxb-warmline", "xapp-1-A000000001-1-warmline"
APP, BOT_USER = "A000000001", "U0WARM"
_OPENING = frozenset({"views.open", "views.push", "views.update"})
_TRIES = 5


class SlackFront:
    """An aiohttp application; `http_url` set: events are posted there instead of sent over sockets."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.url = ""
        self.shown = ""
        self.http_url: str | None = None
        self.views: dict[str, list[Json]] = defaultdict(list)
        self.homes: dict[str, Json] = {}
        self.ephemerals: dict[str, list[Json]] = defaultdict(list)
        self.delivered: list[Json] = []
        self.calls: list[str] = []
        self.lost_acks = 0
        self.ack_seconds = 3.0
        self.patience = 30.0
        self.repeats = 0
        self.gone: set[str] = set()
        self.refusals: dict[str, Json] = {}
        self.held: list[Json] | None = None
        self._sockets: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._triggers: dict[str, str] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._numbers = itertools.count(1)
        fresh = aiohttp.TCPConnector(force_close=True)  # an idle one may be closed by the emulator just when it is used
        self._client = aiohttp.ClientSession(connector=fresh, auto_decompress=False)

    def application(self) -> web.Application:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_post("/api/apps.connections.open", self._open)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_get("/link/", self._link)
        app.router.add_post("/events", self._event)
        app.router.add_post("/response/{trigger}", self._respond)
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        return app

    async def hang_up(self) -> None:
        """Ends every connection and delivery; calls are still answered."""
        for socket in list(self._sockets):
            await socket.close()
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        await self._client.close()

    # --- Slack to the app -------------------------------------------------------------------------------------------

    async def send(self, kind: str, payload: Json) -> Json:
        """One envelope (`events_api`, `interactive`, `slash_commands`) until it is acknowledged; the ack's payload.

        Slack gives up after three repeats within five minutes; here an event is repeated for `patience` seconds.
        """
        end = time.monotonic() + (self.patience if kind == "events_api" else 0.0)
        attempt = 0
        while (answer := await self._deliver(kind, payload, attempt)) is None:
            attempt += 1
            assert attempt < _TRIES or time.monotonic() < end, f"{kind} was never acknowledged"
            self.repeats += 1
            await asyncio.sleep(0.3)
        return answer

    async def _deliver(self, kind: str, payload: Json, attempt: int) -> Json | None:
        return await (self._post if self.http_url else self._over_a_socket)(kind, payload, attempt)

    async def disconnect(self) -> None:
        """What Slack does when it moves connections elsewhere."""
        for socket in list(self._sockets):
            await socket.send_json(
                {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "here"}}
            )
            await socket.close()

    @property
    def connections(self) -> int:
        return len(self._sockets)

    async def trigger(self, user: str) -> str:
        """A trigger id of this person's, good for one modal."""
        answer = await self.api("views.generateTriggerId", {"user_id": user}, BOT_TOKEN)
        self._triggers[answer["trigger_id"]] = user
        return str(answer["trigger_id"])

    async def api(self, method: str, body: Json, token: str) -> Json:
        """The emulator itself, past everything else."""
        headers = {"Authorization": f"Bearer {token}"}
        async with self._client.post(f"{self.upstream}/api/{method}", json=body, headers=headers) as answer:
            said: Json = await answer.json()
        assert said.get("ok"), (method, said)
        return said

    async def _over_a_socket(self, kind: str, payload: Json, attempt: int) -> Json | None:
        if not self._sockets:
            return None
        envelope_id = str(uuid.uuid4())
        ack = self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        try:
            await random.choice(self._sockets).send_json(envelope)
            return await asyncio.wait_for(ack, self.ack_seconds)
        except (TimeoutError, ConnectionError):
            return None
        finally:
            self._acks.pop(envelope_id, None)

    async def _post(self, kind: str, payload: Json, attempt: int) -> Json | None:
        """Signed, as Slack signs; anything but a success in time comes again."""
        body, headers = signed(SECRET, kind, payload, attempt)
        limit = aiohttp.ClientTimeout(total=self.ack_seconds)
        try:
            async with self._client.post(str(self.http_url), data=body, headers=headers, timeout=limit) as answer:
                if answer.status != 200:
                    return None
                if self.lost_acks > 0:
                    self.lost_acks -= 1
                    return None
                text = await answer.text()
        except (TimeoutError, aiohttp.ClientError):
            return None
        return dict(json.loads(text)) if text.startswith("{") else {"text": text} if text else {}

    async def _event(self, request: web.Request) -> web.Response:
        """An event of the emulator, on its way to the app. `message` ones in direct messages say so, as Slack's do."""
        body: Json = self._as_ours(await request.read())
        event = body.get("event") or {}
        if str(event.get("channel", "")).startswith("D"):
            event["channel_type"] = "im"
        if not _subscribed(event):
            return web.Response()
        self.tell(body)
        return web.Response()

    def tell(self, body: Json) -> None:
        """An event to the app, unless events are held."""
        if self.held is not None:
            self.held.append(body)
            return
        self.delivered.append(body)
        self.later(self.send("events_api", {"api_app_id": APP, "token": "x", **body}))

    def later(self, work: Any) -> None:
        """In the background, as Slack delivers."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- the app to Slack -------------------------------------------------------------------------------------------

    async def _open(self, request: web.Request) -> web.Response:
        if not request.headers.get("Authorization", "").startswith("Bearer xapp-"):
            return web.json_response({"ok": False, "error": "not_allowed_token_type"})
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return web.json_response({"ok": True, "url": f"{self.url.replace('http', 'ws')}/link/?ticket={ticket}"})

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse(heartbeat=10)
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json(
            {"type": "hello", "num_connections": len(self._sockets), "connection_info": {"app_id": APP}}
        )
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self._acknowledged(json.loads(message.data))
        self._sockets.remove(socket)
        return socket

    def _acknowledged(self, answer: Json) -> None:
        ack = self._acks.get(answer.get("envelope_id", ""))
        if ack is None or ack.done():
            return
        if self.lost_acks > 0:
            self.lost_acks -= 1
        else:
            ack.set_result(answer.get("payload") or {})

    async def _call(self, request: web.Request) -> web.Response:
        """One of the Web API's methods, by whoever has a token."""
        method, sent = request.match_info["method"], await request.read() or request.query_string.encode()
        self.calls.append(method)
        arguments = asked(sent)
        error = refused(method, arguments, self.gone)
        refusal = self.refusals.get(method, self.refusals.get("*")) if _is_app(request) else None
        if refusal or error:
            return web.json_response({"ok": False, **(refusal or {"error": error})})
        headers = _kept(request)
        if not sent.startswith(b"{"):
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        async with self._client.post(f"{self.upstream}{request.path}", data=sent, headers=headers) as answer:
            said = self._as_ours(await answer.read())
        if said.get("ok"):
            self._notice(method, arguments, said)
        shown = {"x-oauth-scopes": ",".join(bot_scopes())} if method == "auth.test" else {}
        return web.json_response(mended(method, arguments, said, self.gone), status=answer.status, headers=shown)

    def _as_ours(self, said: bytes) -> Json:
        """With the addresses that the emulator hands out leading here, or through what stands before us."""
        text = said.decode()
        for address in (self.upstream, self.upstream.replace(LOOPBACK, "localhost")):
            text = text.replace(address, self.shown or self.url)
        return dict(json.loads(text))

    async def _respond(self, request: web.Request) -> web.Response:
        """A post to a `response_url`: seen by who acted, unless it is for the whole channel."""
        user = self._triggers.get(request.match_info["trigger"])
        if user is None:
            return web.Response(status=404, text="expired_url")
        self.ephemerals[user].append(await request.json())
        return web.Response(text="ok")

    async def _pass_on(self, request: web.Request) -> web.Response:
        """Anything else: files on their way up and down."""
        data, url = await request.read(), self.upstream + request.path_qs
        async with self._client.request(request.method, url, data=data, headers=_kept(request)) as answer:
            shown = {name: value for name, value in answer.headers.items() if name.lower() == "content-type"}
            return web.Response(status=answer.status, body=await answer.read(), headers=shown)

    def _notice(self, method: str, arguments: Json, answer: Json) -> None:
        """What only one person was shown."""
        if method == "chat.postEphemeral":
            self.ephemerals[arguments["user"]].append(arguments)
        elif method == "views.publish":
            self.homes[arguments["user_id"]] = arguments["view"]
        elif method in _OPENING:
            shown = answer["view"]
            view = {**arguments["view"], "id": shown["id"], "hash": shown.get("hash", str(next(self._numbers)))}
            user = self._triggers.get(arguments.get("trigger_id", "")) or self._whose(view["id"])
            self.views[user] = [each for each in self.views[user] if each["id"] != view["id"]] + [view]

    def _whose(self, view: str) -> str:
        return next(user for user, views in self.views.items() for each in views if each["id"] == view)


def _subscribed(event: Json) -> bool:
    """Slack sends what the manifest asks for, and no more."""
    if event.get("type") == "message":
        return event.get("channel_type") == "im" and "message.im" in events()
    return event.get("type") in events()


def _is_app(request: web.Request) -> bool:
    return BOT_TOKEN in request.headers.get("Authorization", "")


def _kept(request: web.Request) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name.lower() not in ("host", "content-length")}
