"""A Bot API in this process: remembers what it was asked, answers as it was told to."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from handoff.running.ports import free_port

Json = dict[str, Any]
TOKEN = "1:a-token-of-tests"
BOT = {"id": 1, "is_bot": True, "first_name": "Harbour", "username": "harbour_bot"}


@dataclass
class BotApi:
    """`calls` in order as (method, what was sent). `faults[method]` are answered first, one a call: (status, JSON).

    `updates` are handed out from `offset` on. `files` by id; a download waits for `downloads`.
    """

    port: int
    calls: list[tuple[str, Json]] = field(default_factory=list)
    faults: dict[str, list[tuple[int, Json]]] = field(default_factory=lambda: defaultdict(list))
    lost: list[str] = field(default_factory=list)
    """Methods that are carried out, one call each, without an answer."""
    updates: list[Json] = field(default_factory=list)
    confirmed: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    downloads: asyncio.Event = field(default_factory=asyncio.Event)
    _messages: int = 100

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def of(self, method: str) -> list[Json]:
        return [sent for name, sent in self.calls if name == method]

    def texts(self) -> list[str]:
        """Every text that was sent, in order."""
        return [str(sent["text"]) for sent in self.of("sendMessage")]

    async def call(self, request: web.Request) -> web.StreamResponse:
        method, sent = request.match_info["method"], await _sent(request)
        if method == "getUpdates":
            return await self._get_updates(sent)
        if self.faults[method]:
            status, answer = self.faults[method].pop(0)
            return web.json_response({"ok": False, "error_code": status, **answer}, status=status)
        self.calls.append((method, sent))
        if method in self.lost:
            self.lost.remove(method)
            assert request.transport is not None
            request.transport.close()
        return web.json_response({"ok": True, "result": self._result(method, sent)})

    async def download(self, request: web.Request) -> web.Response:
        await self.downloads.wait()
        return web.Response(body=self.files[request.match_info["file"]])

    async def _get_updates(self, sent: Json) -> web.Response:
        offset = int(sent.get("offset", 0))
        self.confirmed = max(self.confirmed, offset - 1)
        found = [each for each in self.updates if each["update_id"] >= offset]
        if not found:
            await asyncio.sleep(0.02)
        return web.json_response({"ok": True, "result": found})

    def _result(self, method: str, sent: Json) -> Any:
        if method == "getMe":
            return BOT
        if method == "getFile":
            return {"file_id": sent["file_id"], "file_unique_id": "u", "file_path": sent["file_id"]}
        if method == "getWebhookInfo":
            return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        if method in ("sendMessage", "sendPhoto", "sendVoice", "sendDocument", "editMessageText"):
            self._messages += 1
            chat = {"id": int(sent["chat_id"]), "type": "private"}
            return {"message_id": int(sent.get("message_id", self._messages)), "date": 1, "chat": chat, "text": "x"}
        return True


async def _sent(request: web.Request) -> Json:
    form = await request.post()
    sent: Json = {}
    for name, value in form.items():
        try:
            sent[name] = json.loads(value) if isinstance(value, str) and name not in ("text", "caption") else value
        except ValueError:
            sent[name] = value
    return sent


@asynccontextmanager
async def bot_api() -> AsyncIterator[BotApi]:
    api = BotApi(free_port())
    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/{{method}}", api.call)
    app.router.add_get(f"/file/bot{TOKEN}/{{file}}", api.download)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", api.port).start()
    try:
        yield api
    finally:
        await runner.cleanup()
