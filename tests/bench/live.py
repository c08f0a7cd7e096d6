"""Live conversations to measure on: set up by events, then talked through real connections of both sides."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from connectors.console.routes import COOKIE
from connectors.web.sessions import Session, Sessions
from handoff.core.events import Claimed, Event, HandoffAsked, SeekerOpened, SupporterWrote
from handoff.core.ids import Address
from handoff.dispatcher import Dispatcher
from handoff.house import make_front, make_line, make_sealer
from handoff.ports import Commit, Reply
from handoff.running.plan import Plan
from handoff.signin import make_link, redeem
from handoff.store.redis import RedisStore
from tests.bench.world import NoScreen, supporter

PER_DESK = 2
"""Conversations a supporter holds at once, as the policy's `default_capacity`."""
_PATIENCE_SECONDS = 60.0
_AT_ONCE = 20
_MARK = re.compile(r"message-\d+")
_marks = (f"message-{number:07}" for number in itertools.count())


@dataclass(frozen=True, slots=True)
class Pair:
    """Who talks with whom: the seeker's session token, the conversation, the supporter's session cookie."""

    token: str
    conversation: str
    cookie: str


class Side:
    """One end: an open connection, and what it waits to hear."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._awaited: dict[str, asyncio.Future[float]] = {}
        self._listening = asyncio.create_task(self._listen())

    async def send(self, frame: str) -> None:
        await self._socket.send(frame)

    def hears(self, mark: str) -> asyncio.Future[float]:
        """When a frame with this mark has come."""
        self._awaited[mark] = asyncio.get_running_loop().create_future()
        return self._awaited[mark]

    async def _listen(self) -> None:
        try:
            async for frame in self._socket:
                self._heard(str(frame))
        except ConnectionClosed as closed:
            for each in self._awaited.values():
                if not each.done():
                    each.set_exception(closed)

    def _heard(self, frame: str) -> None:
        found = _MARK.search(frame)
        awaited = self._awaited.pop(found.group(), None) if found else None
        if awaited is not None:
            awaited.set_result(time.perf_counter())


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation with both ends connected."""

    seeker: Side
    supporter: Side
    conversation: str

    async def from_seeker(self) -> float:
        """Seconds from the seeker's words leaving to their reaching the supporter."""
        return await self._across(self.seeker, self.supporter, {"type": "say"})

    async def from_supporter(self) -> float:
        """And the way back."""
        return await self._across(self.supporter, self.seeker, {"type": "say", "conversation": self.conversation})

    async def _across(self, said: Side, heard: Side, frame: dict[str, str]) -> float:
        mark = next(_marks)
        text = f"I tried what you said about the mornings, and it went a little better. {mark}"
        coming = heard.hears(mark)
        begun = time.perf_counter()
        await said.send(json.dumps({**frame, "id": mark.replace("message", "id"), "text": text}))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await coming - begun


async def settle_in(plan: Plan, seekers: int) -> list[Pair]:
    """That many live conversations, `PER_DESK` to a supporter, each past the supporter's first word."""
    settings = plan.settings
    line = make_line(settings)
    store = await RedisStore.connect(settings.redis_url, settings.line, line.policy, make_sealer(settings))
    front = make_front(settings, line, store, NoScreen())
    now = time.time()
    staff = [supporter(f"supporter{each}", now, capacity=PER_DESK) for each in range(-(-seekers // PER_DESK))]
    await store.commit(Commit(event_id="staff", supporters=tuple(staff)), now)
    cookies = [await redeem(store, await make_link(store, each.id, now), now) or "" for each in staff]
    gate = asyncio.Semaphore(_AT_ONCE)
    conversations = await asyncio.gather(*(_go_live(front, number, gate) for number in range(seekers)))
    await store.close()
    sessions = Sessions(settings.session_secret.get_secret_value(), settings.line, 10**6, time.time)
    tokens = [sessions.token(Session(_address(number))) for number in range(seekers)]
    return [Pair(tokens[each], conversations[each], cookies[each // PER_DESK]) for each in range(seekers)]


async def _go_live(front: Dispatcher, number: int, gate: asyncio.Semaphore) -> str:
    async with gate:
        by = f"supporter{number // PER_DESK}"
        reply = await _done(front, SeekerOpened(id=f"open{number}", seeker=_address(number)))
        assert reply.conversation is not None
        name = reply.conversation.id
        await _done(front, HandoffAsked(id=f"asked{number}", conversation=name, why="asked"))
        await _done(front, Claimed(id=f"claimed{number}", supporter=by, conversation=name))
        await _done(front, SupporterWrote(id=f"hello{number}", supporter=by, conversation=name, text="Hello"))
        return name


async def _done(front: Dispatcher, event: Event) -> Reply:
    reply = await front.handle(event)
    assert reply.refused is None, reply.refused
    return reply


def _address(number: int) -> Address:
    return Address("web", f"seeker{number}")


@asynccontextmanager
async def connected(addresses: Sequence[str], pairs: Sequence[Pair]) -> AsyncIterator[list[Talk]]:
    """All of them at their pages, spread over the services: a chat for each seeker, a desk for each supporter."""
    async with AsyncExitStack() as open_now:
        cookies = list(dict.fromkeys(pair.cookie for pair in pairs))
        desks = dict(zip(cookies, await _each(map(_at_desk, cycle(addresses), cookies)), strict=True))
        chats = await _each(map(_at_chat, cycle(addresses), [pair.token for pair in pairs]))
        for socket in (*desks.values(), *chats):
            open_now.push_async_callback(socket.close)
        sides = {cookie: Side(desk) for cookie, desk in desks.items()}
        talks = [
            Talk(Side(chat), sides[pair.cookie], pair.conversation) for chat, pair in zip(chats, pairs, strict=True)
        ]
        await asyncio.gather(*(talk.from_seeker() for talk in talks))
        await asyncio.gather(*(talk.from_supporter() for talk in talks))
        yield talks


async def _at_desk(address: str, cookie: str) -> ClientConnection:
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    desk = await connect(
        f"{_ws(address)}/console/ws", origin=Origin(address), additional_headers=headers, compression=None
    )
    await desk.send('{"type":"hello"}')
    return desk


async def _at_chat(address: str, token: str) -> ClientConnection:
    chat = await connect(f"{_ws(address)}/chat/ws", compression=None)
    await chat.send(json.dumps({"type": "hello", "token": token, "after": 0}))
    return chat


def _ws(address: str) -> str:
    return address.replace("http", "ws")


async def _each(opening: Iterable[Awaitable[ClientConnection]]) -> list[ClientConnection]:
    """All of them, a few at a time."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(connection: Awaitable[ClientConnection]) -> ClientConnection:
        async with gate:
            return await connection

    return list(await asyncio.gather(*(one(each) for each in opening)))


@asynccontextmanager
async def in_rooms(base: str, count: int) -> AsyncIterator[list[Talk]]:
    """The same number of pairs in rooms of the bare echo."""
    async with AsyncExitStack() as open_now:

        async def enter(number: int) -> Side:
            socket = await open_now.enter_async_context(connect(f"{base}/rooms/room{number}"))
            await socket.recv()
            return Side(socket)

        yield [Talk(await enter(number), await enter(number), f"room{number}") for number in range(count)]


def in_turn(talks: Sequence[Talk]) -> Iterator[Talk]:
    """One after the other, for ever."""
    return cycle(talks)
