"""The whole service as it is shipped, on a real Redis: a seeker, a stranger, three people at the desk, and a bot."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from connectors.console.routes import COOKIE
from connectors.web.sessions import CHANNEL, Session, Sessions
from handoff.core import events as e
from handoff.core.entries import Attachment
from handoff.core.ids import Address
from handoff.core.supporter import Supporter
from handoff.house import House
from handoff.main import create_app
from handoff.ports import Commit
from handoff.records import migrate
from handoff.settings import Settings
from handoff.signin import make_link, redeem
from tests.conftest import TEST_KEY
from tests.core.making import lead, supporter
from tests.emulators.slack_signing import signed
from tests.service.house import OneWordScreen
from tests.shelf.samples import picture

NOWHERE = "http://127.0.0.1:9"
"""Where nobody answers: no test here may need a platform."""
BASE = "http://127.0.0.1:8080"
PLATFORMS: dict[str, Any] = {
    "telegram_token": "1:tests-only", "telegram_webhook_secret": "w" * 24, "telegram_api": NOWHERE,
    "slack_bot_token": "xoxb-tests-only", "slack_signing_secret": "g" * 24, "slack_queue_channel": "CQUEUE",
    "slack_leads_channel": "CLEADS", "slack_api": f"{NOWHERE}/api/", "metrics_token": "m" * 24,
}  # fmt: skip


@dataclass
class World:
    """`headers_of` a role are what whoever has it can show. The seeker sent `file`; `holder` has their conversation."""

    app: FastAPI
    settings: Settings
    conversation: str = ""
    other: str = ""
    file: str = ""
    seeker: Address = field(default_factory=lambda: Address(CHANNEL, secrets.token_hex(16)))
    stranger: Address = field(default_factory=lambda: Address(CHANNEL, secrets.token_hex(16)))

    @property
    def house(self) -> House:
        house: House = self.app.state.house
        return house

    @property
    def sessions(self) -> Sessions:
        secret = self.settings.session_secret.get_secret_value()
        return Sessions(secret, self.settings.line, 3600, self.house.front.clock)

    async def settle_in(self) -> None:
        """People come, one talks with another, a picture is sent."""
        here = {"present_until": self.house.front.clock() + 3600, "version": 0}
        await self.save(lead("lead", **here), supporter("holder", **here), supporter("supporter", **here))
        for seeker in (self.seeker, self.stranger):
            await self.said(seeker, "hello there")
        attachment = await self.house.shelf.put(picture("PNG"), conversation=await self.conversation_of(self.seeker))
        await self.said(self.seeker, "this is me", attachment)
        await self.house.front.handle(
            e.SeekerTapped(id=secrets.token_hex(8), seeker=self.seeker, payload="warmline:person", label="a person")
        )
        self.other = await self.conversation_of(self.stranger)
        self.file, self.conversation = attachment.file, await self.conversation_of(self.seeker)
        claimed = e.Claimed(id=secrets.token_hex(8), supporter="holder", conversation=self.conversation)
        assert (await self.house.front.handle(claimed)).refused is None

    async def save(self, *people: Supporter) -> None:
        await self.house.store.commit(
            Commit(event_id=secrets.token_hex(8), supporters=people), self.house.front.clock()
        )

    async def said(self, seeker: Address, text: str, attachment: Attachment | None = None) -> None:
        event = e.SeekerWrote(id=secrets.token_hex(8), seeker=seeker, text=text, attachment=attachment)
        assert (await self.house.front.handle(event)).refused is None

    async def conversation_of(self, seeker: Address) -> str:
        known = await self.house.store.current(seeker, await self.house.front.who(seeker))
        assert known is not None
        return known.id

    async def session(self, name: str) -> str:
        now = self.house.front.clock()
        session = await redeem(self.house.store, await make_link(self.house.store, name, now), now)
        assert session is not None
        return session

    def token(self, seeker: Address) -> str:
        return self.sessions.token(Session(seeker))

    async def headers_of(self, role: str, body: bytes = b"") -> dict[str, str]:
        """What somebody with this role shows with a request."""
        if role in ("lead", "holder", "supporter"):
            return {"Cookie": f"{COOKIE}={await self.session(role)}", "Origin": BASE}
        if role in ("seeker", "stranger"):
            token = self.token(self.seeker if role == "seeker" else self.stranger)
            return {"Authorization": f"Bearer {token}", "Cookie": f"warmline_chat={token}", "Origin": BASE}
        if role == "bot":
            return {"Authorization": f"Bearer {self.settings.bot_token.get_secret_value()}"}
        if role == "watcher":
            return {"Authorization": f"Bearer {PLATFORMS['metrics_token']}"}
        if role == "telegram":
            return {"X-Telegram-Bot-Api-Secret-Token": PLATFORMS["telegram_webhook_secret"]}
        if role == "slack":
            return self._signed(PLATFORMS["slack_signing_secret"], body)
        if role == "forger":
            return self._signed("x" * 24, body) | {"X-Telegram-Bot-Api-Secret-Token": "x" * 24, "Origin": BASE}
        return {"Origin": BASE}

    def _signed(self, secret: str, body: bytes) -> dict[str, str]:
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            payload = {}
        return signed(secret, "events", payload, 0)[1]

    @asynccontextmanager
    async def http(self) -> AsyncIterator[httpx.AsyncClient]:
        carried = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=carried, base_url=BASE) as client:
            yield client


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[World]:
    """The service, furnished. Nothing runs in its background: what is answered is answered by the request itself."""
    migrate(settings.database_url)
    app = create_app(settings, screen=OneWordScreen())  # type: ignore[arg-type]
    world = World(app, settings)
    await world.settle_in()
    try:
        yield world
    finally:
        await world.house.close()


def settings_for(redis_url: str, folder: Path) -> Settings:
    """Every platform switched on, with secrets that are for tests alone."""
    given: dict[str, Any] = {"REDIS_URL": redis_url, "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/warmline.db"}
    made: dict[str, Any] = {
        "keys": TEST_KEY,
        "bot_token": "t" * 32,
        "session_secret": "s" * 64,
        "pseudonym_secret": "p" * 64,
    }
    return Settings(var=folder, **given, **made, **PLATFORMS)
