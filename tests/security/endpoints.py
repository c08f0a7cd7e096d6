"""Every endpoint of the service, and what each role gets there. A new endpoint has to have a row here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.security.world import World
from tests.shelf.samples import picture

ROLES = (
    "nobody", "seeker", "stranger", "supporter", "holder", "lead", "bot", "watcher", "telegram", "slack", "forger",
)  # fmt: skip
DESK = ("supporter", "holder", "lead")
SEEKERS = ("seeker", "stranger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`others`: the status for every role that has none of its own in `roles`. `path` with {file}, {conversation}."""

    path: str
    others: int
    roles: Mapping[str, int] = field(default_factory=dict)
    body: bytes = b""

    def status(self, role: str) -> int:
        return self.roles.get(role, self.others)

    def address(self, world: World) -> str:
        return self.path.format(file=world.file, conversation=world.conversation)

    def content(self, world: World) -> bytes:
        return self.body.replace(b"{conversation}", world.conversation.encode()).replace(
            b"{other}", world.other.encode()
        )


def _bot(path: str, **body: Any) -> Row:
    content = json.dumps({"conversation": "{other}", **body}).encode()
    return Row(path=f"/bot/{path}", others=401, roles={"bot": 200}, body=content)


def _all(roles: tuple[str, ...], status: int) -> dict[str, int]:
    return dict.fromkeys(roles, status)


_UPLOAD = json.dumps({"id": "f1", "conversation": "{conversation}"}).encode() + b"\n" + picture("PNG")

ROWS: dict[str, Row] = {
    "GET /healthz": Row(path="/healthz", others=200),
    "GET /readyz": Row(path="/readyz", others=200),
    "GET /metrics": Row(path="/metrics", others=401, roles={"watcher": 200}),
    "GET /": Row(path="/", others=200),
    "GET /chat": Row(path="/chat", others=200),
    "GET /chat/facts/{language}.json": Row(path="/chat/facts/en.json", others=200),
    "GET /chat/static/{name}": Row(path="/chat/static/main.js", others=200),
    "GET /embed.js": Row(path="/embed.js", others=200),
    "GET /chat/files/{file}": Row(path="/chat/files/{file}", others=404, roles={"seeker": 200}),
    "POST /chat/files": Row(path="/chat/files", others=401, roles=_all(SEEKERS, 200), body=_UPLOAD),
    "GET /chat/export": Row(path="/chat/export", others=401, roles=_all(SEEKERS, 200)),
    "POST /chat/deep": Row(path="/chat/deep", others=400, body=b"{}"),
    "OPTIONS /chat/deep": Row(path="/chat/deep", others=204),
    "POST /bot/consent": _bot("consent", given=True),
    "POST /bot/intake": _bot("intake", summary={}),
    "POST /bot/handoff": _bot("handoff"),
    "POST /bot/resources": _bot("resources", text="sleep"),
    "POST /bot/resources/helped": _bot("resources/helped", resource="breathing", helped=True),
    "POST /bot/message": _bot("message", text="words"),
    "POST /bot/forget": _bot("forget"),
    "POST /bot/close": _bot("close"),
    "GET /bot/waiting/{conversation}": Row(path="/bot/waiting/{conversation}", others=401, roles={"bot": 200}),
    "GET /console": Row(path="/console", others=303, roles=_all(DESK, 200)),
    "GET /console/words": Row(path="/console/words", others=401, roles=_all(DESK, 200)),
    "GET /console/sign-in": Row(path="/console/sign-in", others=200),
    "GET /console/sign-in/{token}": Row(path="/console/sign-in/" + "x" * 43, others=200),
    "POST /console/sign-in/{token}": Row(
        path="/console/sign-in/" + "x" * 43, others=410, roles=_all(("bot", "watcher", "telegram", "slack"), 403)
    ),
    "POST /console/sign-out": Row(
        path="/console/sign-out", others=303, roles=_all(("bot", "watcher", "telegram", "slack"), 403)
    ),
    "GET /console/static/{name:path}": Row(path="/console/static/main.js", others=200),
    "GET /console/files/{file}": Row(
        path="/console/files/{file}?conversation={conversation}", others=404, roles={"holder": 200}
    ),
    "POST /console/files": Row(
        path="/console/files", others=401, body=_UPLOAD,
        roles={**_all(("bot", "watcher", "telegram", "slack"), 403), "supporter": 403, "lead": 403, "holder": 200},
    ),
    "POST /telegram/webhook": Row(
        path="/telegram/webhook", others=403, roles={"telegram": 200}, body=b'{"update_id": 1}'
    ),
    "POST /slack/events": Row(
        path="/slack/events", others=401, roles={"slack": 200}, body=b'{"type": "url_verification", "challenge": "c"}'
    ),
}  # fmt: skip

SOCKETS: dict[str, dict[str, str]] = {
    "/chat/ws": dict.fromkeys(ROLES, "welcome"),
    "/chat/deep": dict.fromkeys(ROLES, "open"),
    "/console/ws": {**dict.fromkeys(ROLES, "signed_out"), **dict.fromkeys(DESK, "welcome"),
                    **dict.fromkeys(("bot", "watcher", "telegram", "slack"), "bad_origin")},
}  # fmt: skip
"""What the first answer to a `hello` is. The chat is for everybody: whoever shows no token is somebody new."""


def endpoints(app: FastAPI) -> tuple[set[str], set[str]]:
    """What the service answers at: (`METHOD /path`, paths of sockets)."""
    http, sockets = set(), set()
    for each in iter_route_contexts(app.routes):
        methods = getattr(each, "methods", None)
        if methods:
            http |= {f"{method} {each.path}" for method in methods if method != "HEAD"}
        else:
            sockets.add(str(each.path))
    return http, sockets
