"""What comes over HTTP, given to the service as it is shipped: every answer is one of ours, and none is a 500."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from fastapi import FastAPI
from hypothesis import strategies as st

from connectors.slack.names import COMMAND, SHORTCUT_NOTE, Action
from handoff.running.ports import free_port
from handoff.running.redis_server import OwnServer, find_binary
from tests.conftest import RedisProcess
from tests.security.endpoints import ROLES, ROWS
from tests.security.fuzz.near import ANY, TEXTS, bent, near, wire
from tests.security.fuzz.target import Feed, Target
from tests.security.world import opened, settings_for
from tests.slack.fakes import Writing, click, envelope, message
from tests.slack.test_inbound_failures import signed
from tests.slack.workspace import TEAM

NOT_TAKEN = 503
"""What Slack is told of whatever could not be saved or read: it comes again."""


class Refused(Exception):
    """Answered with a status from 400 to 499, or that it was not taken."""


class Broken(AssertionError):
    """Answered with a status that nobody should ever see, by which request."""


def _judge(answer: httpx.Response, asked: object, *named: int) -> None:
    if answer.status_code >= 500 and answer.status_code not in named:
        raise Broken(f"{answer.status_code} for {asked!r}")
    if answer.status_code >= 400:
        raise Refused


# --- Slack ------------------------------------------------------------------------------------------------------------


async def _slack_samples(desk: Writing) -> list[Any]:
    """What Slack really sends, about a conversation that is there."""
    place = await desk.accepted()
    said = message("hello there", place, "5.5")
    about = (await desk.talk()).id
    return [
        envelope(said, "Ev1"),
        envelope({**said, "files": [{"id": "F1", "url_private": "https://files.slack.com/a", "size": 5}]}, "Ev2"),
        envelope({**said, "subtype": "message_changed", "message": {**said, "edited": {"ts": "6"}},
                  "previous_message": said}, "Ev3"),
        envelope({"type": "reaction_added", "user": "USAM", "reaction": "heart",
                  "item": {"type": "message", "channel": place.channel, "ts": "1.1"}}, "Ev4"),
        envelope({"type": "app_home_opened", "user": "USAM", "tab": "home"}, "Ev5"),
        envelope({"type": "user_change", "user": {"id": "ULEE", "team_id": TEAM, "deleted": False}}, "Ev6"),
        *[click(action, about, "USAM", "7", place=place) for action in Action],
        {"type": "message_action", "callback_id": SHORTCUT_NOTE, "team": {"id": TEAM}, "user": {"id": "USAM"},
         "trigger_id": "t", "channel": {"id": place.channel}, "message": said, "message_ts": "5.5"},
        {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": "USAM"}, "trigger_id": "t",
         "view": {"id": "V1", "type": "modal", "hash": "h", "callback_id": "note", "private_metadata": "{}",
                  "state": {"values": {}}, "blocks": []}},
        {"command": COMMAND, "text": "busy 20", "team_id": TEAM, "user_id": "USAM", "channel_id": "D1",
         "trigger_id": "t"},
    ]  # fmt: skip


@asynccontextmanager
async def _slack() -> AsyncIterator[Feed]:
    desk = Writing()
    await desk.staffed()
    samples = await _slack_samples(desk)
    app = FastAPI()
    app.include_router(desk.inbound.router())

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://line.example") as http:

        async def fed(content: tuple[int, Any, int]) -> None:
            which, wrong, encoding = content
            body, kind = _encoded(_with(samples[which % len(samples)], wrong), encoding)
            answer = await http.post("/slack/events", content=body, headers={**signed(body), "Content-Type": kind})
            _judge(answer, body, NOT_TAKEN)

        yield fed


def _with(sample: Any, wrong: list[tuple[list[int], Any]]) -> Any:
    """The sample with other things at a few places; a place is the turns that lead to it."""
    content = json.loads(json.dumps(sample))
    for turns, junk in wrong:
        inside = content
        for turn in turns:
            keys = sorted(inside) if isinstance(inside, dict) else range(len(inside))
            key: Any = keys[turn % len(keys)]
            if not isinstance(inside[key], dict | list) or not inside[key] or turn % 5 == 0:
                inside[key] = junk
                break
            inside = inside[key]
    return content


_WRONG = st.lists(st.tuples(st.lists(st.integers(0, 40), min_size=1, max_size=6), ANY), max_size=3)


def _encoded(content: Any, encoding: int) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    if "command" in content if isinstance(content, dict) else False:
        return urlencode({key: str(each) for key, each in content.items()}, errors="replace").encode(), form
    if encoding == 3 or (isinstance(content, dict) and content.get("type") != "event_callback"):
        return urlencode({"payload": json.dumps(content)}).encode(), form
    return json.dumps(content).encode(), "application/json"


# --- everything else --------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _service() -> AsyncIterator[Feed]:
    with tempfile.TemporaryDirectory() as folder:
        redis = RedisProcess(OwnServer(find_binary(), Path(folder) / "redis", free_port(), durable=False))
        redis.start()
        try:
            async with opened(settings_for(redis.url, Path(folder))) as world, world.http() as http:

                async def fed(asked: tuple[str, str, str, bytes, dict[str, str]]) -> None:
                    name, role, tail, body, headers = asked
                    shown = await world.headers_of(role, body)
                    address = ROWS[name].address(world).rstrip("x") + tail
                    shown |= {"Content-Type": "application/json", **headers}
                    _judge(await http.request(name.split()[0], address, content=body, headers=shown), asked)

                yield fed
        finally:
            redis.stop()


_BODIES = [json.loads(row.body) for row in ROWS.values() if row.body.startswith(b"{") and b"\n" not in row.body]
_TAILS = st.sampled_from(TEXTS).map(lambda each: quote(each.encode("utf-8", "surrogatepass")))
_HEADERS = st.dictionaries(
    st.sampled_from(
        ["Origin", "Content-Type", "Accept-Language", "Accept-Encoding", "Range", "If-None-Match", "Cookie"]
    ),
    st.sampled_from([each for each in TEXTS if each.isascii() and each.isprintable()]) | st.just("warmline_chat=a.b.c"),
    max_size=2,
)
_ASKED = st.tuples(
    st.sampled_from([name for name in ROWS if not name.endswith("/slack/events")]),
    st.sampled_from(ROLES),
    st.just("") | _TAILS | _TAILS.map(lambda each: f"?lang={each}&conversation={each}"),
    wire(_BODIES)
    | near(_BODIES).map(lambda each: json.dumps({"messages": each}).encode())
    | bent(b'{"id":"a"}\n\x89PNG'),
    _HEADERS,
)

SERVICES = (
    Target("Slack's requests", st.tuples(st.integers(0, 999), _WRONG, st.integers(0, 3)), _slack, (Refused,), 2),
    Target("every endpoint", _ASKED, _service, (Refused,), 3),
)
