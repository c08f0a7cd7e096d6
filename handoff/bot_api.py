"""What the bot's actions call: HTTP with a bearer token, JSON in and out, the same events as everything else."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, Field

from handoff.answers import Problem
from handoff.core import events as e
from handoff.core.conversation import Conversation, Intake, Phase
from handoff.core.ids import action_id
from handoff.core.line import Line
from handoff.finding import Finder
from handoff.ports import Front, Reply, Store
from handoff.resources import TOPICS

_ID = Field(min_length=1, max_length=64)
_WORDS = Field(max_length=8000)
_STATES = {Phase.WAITING: "waiting", Phase.LIVE: "live", Phase.INTAKE: "intake"}


class _About(BaseModel):
    conversation: str = _ID


class _Consent(_About):
    given: bool


class _Summary(BaseModel):
    """What is not given stays as it is known."""

    name: str | None = Field(None, max_length=80)
    topics: list[str] | None = Field(None, max_length=20)
    heaviness: int | None = Field(None, ge=0, le=10)
    language: str | None = Field(None, pattern=r"^[a-z]{2}$")
    country: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    preferences: list[Annotated[str, Field(max_length=200)]] | None = Field(None, max_length=12)
    share: bool | None = None


class _Intake(_About):
    summary: _Summary


class _Handoff(_About):
    why: str = Field("asked", pattern="^(asked|intake|fallback|bot_down)$")


class _Wanted(_About):
    text: str = _WORDS
    topics: list[str] = Field([], max_length=20)
    language: str = Field("en", pattern=r"^[a-z]{2}$")
    limit: int = Field(3, ge=1, le=3)
    exclude: list[str] = Field([], max_length=100)


class _Helped(_About):
    resource: str = Field(max_length=80)
    helped: bool


class _Message(_About):
    text: str = Field(min_length=1, max_length=8000)


def bot_routes(front: Front, store: Store, finder: Finder, line: Line, token: str) -> APIRouter:
    """The routes under `/bot`."""
    door = BotDoor(front, store, finder, line)
    routes = APIRouter(prefix="/bot", dependencies=[Depends(_guard(token))], include_in_schema=False)
    for path, handler in door.posts().items():
        routes.add_api_route(path, handler, methods=["POST"])
    routes.add_api_route("/waiting/{conversation}", door.waiting, methods=["GET"])
    return routes


class BotDoor:
    """One method per thing an action can ask for."""

    def __init__(self, front: Front, store: Store, finder: Finder, line: Line) -> None:
        self._front = front
        self._store = store
        self._finder = finder
        self._line = line

    def posts(self) -> dict[str, Callable[..., Awaitable[dict[str, Any]]]]:
        """Path to handler."""
        return {
            "/consent": self.consent,
            "/intake": self.intake,
            "/handoff": self.handoff,
            "/resources": self.resources,
            "/resources/helped": self.helped,
            "/message": self.message,
            "/forget": self.forget,
            "/close": self.close,
        }

    async def consent(self, asked: _Consent) -> dict[str, Any]:
        return await self._handle(e.ConsentGiven(id=_new(), conversation=asked.conversation, given=asked.given))

    async def intake(self, asked: _Intake) -> dict[str, Any]:
        known = await self._known(asked.conversation)
        said = asked.summary
        intake = _merged(known.intake, said)
        return await self._handle(
            e.IntakeSaved(id=_new(), conversation=known.id, intake=intake, language=said.language, country=said.country)
        )

    async def handoff(self, asked: _Handoff) -> dict[str, Any]:
        await self._handle(e.HandoffAsked(id=_new(), conversation=asked.conversation, why=asked.why))
        return await self.waiting(asked.conversation)

    async def waiting(self, conversation: str) -> dict[str, Any]:
        known = await self._known(conversation)
        shown = await self._front.standing(known)
        now = self._front.clock()
        is_open = self._line.is_open(now)
        opens = None if is_open else self._line.opens_at(now)
        return {
            "state": _state(known.phase, staffed=shown["staffed"], is_open=is_open),
            "position": shown["position"],
            "estimate": shown["estimate"],
            "open": is_open,
            "opens_at": opens.isoformat() if opens else None,
        }

    async def resources(self, asked: _Wanted) -> dict[str, Any]:
        found = await self._finder.find(asked.text, asked.topics, asked.language, asked.limit, asked.exclude)
        return {"resources": found}

    async def helped(self, asked: _Helped) -> dict[str, Any]:
        return await self._handle(
            e.ResourceRated(id=_new(), conversation=asked.conversation, resource=asked.resource, helped=asked.helped)
        )

    async def message(self, asked: _Message) -> dict[str, Any]:
        return await self._handle(e.MessageLeft(id=_new(), conversation=asked.conversation, text=asked.text))

    async def forget(self, asked: _About) -> dict[str, Any]:
        return await self._handle(e.ForgetAsked(id=_new(), conversation=asked.conversation))

    async def close(self, asked: _About) -> dict[str, Any]:
        return await self._handle(e.SeekerStopped(id=_new(), conversation=asked.conversation))

    async def _handle(self, event: e.Event) -> dict[str, Any]:
        reply: Reply = await self._front.handle(event)
        if reply.refused:
            raise Problem(409, reply.refused.code, reply.refused.next)
        return {"ok": True}

    async def _known(self, conversation: str) -> Conversation:
        known = await self._store.conversation(conversation)
        if known is None:
            raise Problem(404, "gone", "This conversation is over; tell the person that they can write again.")
        return known


def _state(phase: Phase, *, staffed: bool, is_open: bool) -> str:
    if phase is Phase.WAITING and not staffed:
        return "nobody"
    if phase is Phase.INTAKE and not is_open:
        return "closed_hours"
    return _STATES.get(phase, "closed")


def _merged(known: Intake, said: _Summary) -> Intake:
    return Intake(
        name=known.name if said.name is None else said.name,
        topics=known.topics if said.topics is None else tuple(each for each in said.topics if each in TOPICS),
        heaviness=known.heaviness if said.heaviness is None else said.heaviness,
        preferences=known.preferences if said.preferences is None else tuple(said.preferences),
        share=known.share if said.share is None else said.share,
        done=known.done or said.share is not None,
    )


def _guard(token: str) -> Callable[..., None]:
    expected = f"Bearer {token}".encode()

    def check(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), expected):
            raise Problem(401, "unauthorized", "Send WARMLINE_BOT_TOKEN as a bearer token.")

    return check


def _new() -> str:
    return action_id(uuid.uuid4().hex)
