"""What a network does to calls: a proxy before an emulator that limits, fails, dawdles, hangs up, and loses answers."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

import aiohttp
from aiohttp import web
from yarl import URL

from handoff.running.ports import LOOPBACK, free_port

EVERY = "*"
_ABORTING = struct.pack("ii", 1, 0)
_GATEWAY = "<html><body><h1>502 Bad Gateway</h1></body></html>"


class Fault(StrEnum):
    """What may happen to a call. Only with the last two, and when it dawdles, has the platform taken it."""

    LIMITED = "limited"
    """429. Slack says how long in the Retry-After header, Telegram in `parameters.retry_after`."""
    BROKEN = "broken"
    """500, in the platform's own JSON."""
    GATEWAY = "gateway"
    """502, a page of HTML as gateways give it."""
    RESET = "reset"
    """The connection is reset before anything was read."""
    UNSENT = "unsent"
    """Silence for `seconds`, then the connection ends: the platform never had it."""
    SLOW = "slow"
    """The answer comes `seconds` late."""
    LOST = "lost"
    """The platform took it. Silence for `seconds`, then the connection ends: its answer is lost."""
    LATE_GATEWAY = "late_gateway"
    """The platform took it, and a gateway answers 502 all the same."""


_TAKEN = frozenset({Fault.SLOW, Fault.LOST, Fault.LATE_GATEWAY})


@dataclass(slots=True)
class Plan:
    """A fault that waits for calls of one method. `left` None: for ever."""

    method: str
    fault: Fault
    left: int | None
    chance: float
    seconds: float

    def meets(self, method: str, dice: random.Random) -> bool:
        if self.left == 0 or self.method not in (EVERY, method):
            return False
        if self.chance < 1.0 and dice.random() >= self.chance:
            return False
        if self.left is not None:
            self.left -= 1
        return True


@dataclass(frozen=True, slots=True)
class Call:
    """One call that came by. `taken`: the platform answered it with `status`, whatever the caller was told."""

    method: str
    fault: Fault | None
    taken: bool
    status: int
    sent: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Passed:
    """A call on its way: when it came and when the platform had answered, in seconds of the performance counter."""

    method: str
    came: float
    answered: float
    sent: bytes = field(repr=False)
    answer: bytes = field(repr=False)


class FaultProxy:
    """Stands before Telegram's or Slack's emulator at `url`; which calls fare badly follows from `seed`."""

    def __init__(self, upstream: str, seed: int = 1) -> None:
        self.upstream = upstream.rstrip("/")
        self.url = f"http://{LOOPBACK}:{free_port()}"
        self.calls: list[Call] = []
        self.watch: Callable[[Passed], None] = lambda passed: None
        """Told of every call the platform took, with its times."""
        self._plans: list[Plan] = []
        self._dice = random.Random(seed)

    async def __aenter__(self) -> Self:
        fresh = aiohttp.TCPConnector(force_close=True)  # an idle one may be closed by the emulator just when it is used
        self._client = aiohttp.ClientSession(
            connector=fresh, auto_decompress=False, timeout=aiohttp.ClientTimeout(total=None)
        )
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/{path:.*}", self._call)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, int(self.url.rpartition(":")[2])).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(_ACCEPTING)
        await self._runner.cleanup()
        await self._client.close()

    def fails(
        self, method: str, fault: Fault, *, times: int | None = None, chance: float = 1.0, seconds: float = 0.0
    ) -> None:
        """The next `times` calls of this method (`EVERY`: of any), each with this chance; later plans come later.

        Without `times`: the next call, or with a chance below one every call until `heals`.
        """
        left = 1 if times is None and chance >= 1.0 else times
        self._plans.append(Plan(method, fault, left, chance, seconds))

    def heals(self) -> None:
        """From now on nothing happens to calls."""
        self._plans.clear()

    def count(self, method: str) -> int:
        """How many calls of a method the platform took with success."""
        return sum(call.taken and call.status < 400 for call in self.calls if call.method == method)

    def faults(self) -> Counter[Fault]:
        """How often each fault has happened."""
        return Counter(call.fault for call in self.calls if call.fault is not None)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method, sent = method_of(request.path), await request.read()
        plan = next((each for each in self._plans if each.meets(method, self._dice)), None)
        if plan is None or plan.fault in _TAKEN:
            came = time.perf_counter()
            status, shown, body = await self._forward(request, sent)
            self.watch(Passed(method, came, time.perf_counter(), sent, body))
            self.calls.append(Call(method, plan.fault if plan else None, True, status, sent))
            answer = web.Response(status=status, headers=shown, body=body)
            return answer if plan is None else await self._spoil(request, plan, answer)
        self.calls.append(Call(method, plan.fault, False, 0, sent))
        return await self._refuse(request, plan)

    async def _forward(self, request: web.Request, sent: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name: each for name, each in request.headers.items() if name.lower() not in _HOP}
        url = self.upstream + request.raw_path
        async with self._client.request(
            request.method, URL(url, encoded=True), data=sent or None, headers=headers
        ) as answer:
            shown = {name: each for name, each in answer.headers.items() if name.lower() not in _HOP}
            return answer.status, shown, await answer.read()

    async def _spoil(self, request: web.Request, plan: Plan, answer: web.Response) -> web.StreamResponse:
        if plan.fault is Fault.LATE_GATEWAY:
            return _gateway()
        await asyncio.sleep(plan.seconds)
        return answer if plan.fault is Fault.SLOW else _hang_up(request)

    async def _refuse(self, request: web.Request, plan: Plan) -> web.StreamResponse:
        match plan.fault:
            case Fault.LIMITED:
                return _limited(request.path, max(1, round(plan.seconds)))
            case Fault.BROKEN:
                return _broken(request.path)
            case Fault.GATEWAY:
                return _gateway()
            case Fault.UNSENT:
                await asyncio.sleep(plan.seconds)
        return _hang_up(request)


_ACCEPTING = 0.1
"""Seconds in which connections that came while nobody looked are taken, so that they are closed with the others."""
_HOP = frozenset({"host", "content-length", "transfer-encoding", "connection", "keep-alive"})


def method_of(path: str) -> str:
    """`/api/chat.postMessage` and `/bot<token>/sendMessage` by their method, all else by its first part."""
    first, *rest = path.strip("/").split("/")
    return rest[-1] if rest and (first == "api" or first.startswith("bot")) else first


def _of_telegram(path: str) -> bool:
    return path.startswith("/bot")


def _limited(path: str, seconds: int) -> web.Response:
    if not _of_telegram(path):
        refused = {"ok": False, "error": "ratelimited"}
        return web.json_response(refused, status=429, headers={"Retry-After": str(seconds)})
    said = f"Too Many Requests: retry after {seconds}"
    body = {"ok": False, "error_code": 429, "description": said, "parameters": {"retry_after": seconds}}
    return web.json_response(body, status=429)


def _broken(path: str) -> web.Response:
    telegram = {"ok": False, "error_code": 500, "description": "Internal Server Error"}
    body = telegram if _of_telegram(path) else {"ok": False, "error": "internal_error"}
    return web.json_response(body, status=500)


def _gateway() -> web.Response:
    return web.Response(status=502, text=_GATEWAY, content_type="text/html")


def _hang_up(request: web.Request) -> web.Response:
    """The caller sees a reset. What is returned can't reach them any more."""
    if request.transport is not None:
        held = request.transport.get_extra_info("socket")
        if held is not None:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORTING)
        request.transport.abort()
    return web.Response()
