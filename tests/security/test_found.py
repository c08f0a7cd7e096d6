"""What fuzzing found once, and what each of it is answered with now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from connectors.telegram import telegram_routes
from connectors.web.deep import last_words
from connectors.web.frames import BadFrame
from handoff.wording.opening_hours import load_opening_hours
from handoff.wording.reading import WordingError
from tests.slack.fakes import Writing
from tests.slack.test_inbound_failures import signed
from tests.telegram.bot_api import bot_api
from tests.telegram.house import Ann

WEBHOOK = "s" * 24
_CHAT = {"id": 42, "type": "private", "first_name": "Zephyrine"}


def test_a_widgets_bytes_that_are_no_text_are_no_frame() -> None:
    with pytest.raises(BadFrame):
        last_words(b'{"\x80messages": []}')


@pytest.mark.parametrize("time", ["10000", "1:000", "12345", "\u00b22:00", "24:01", "-1:00"])
def test_a_time_of_day_that_is_none_is_named(tmp_path: Path, time: str) -> None:
    file = tmp_path / "hours.yml"
    opening = {"days": "mon-fri", "from": time, "to": "02:00"}
    file.write_text(json.dumps({"hours": {"timezone": "Europe/London", "open": [opening]}}), encoding="utf-8")
    with pytest.raises(WordingError, match="time of day"):
        load_opening_hours(file)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        json.dumps({"update_id": 1, "message": {"message_id": 1, "date": 10**30, "chat": _CHAT}}).encode(),
        json.dumps({"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": None, "text": "x"}}).encode(),
        json.dumps({"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": _CHAT, "text": {}}}).encode(),
        json.dumps({"update_id": 1, "my_chat_member": {"date": 1}}).encode(),
    ],
)
async def test_an_update_that_is_none_is_refused_and_not_broken_over(body: bytes) -> None:
    async with bot_api() as api:
        ann = Ann(api, webhook_secret=WEBHOOK)
        app = FastAPI()
        app.include_router(telegram_routes(ann.telegram))
        headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK}
        assert await _status(app, "/telegram/webhook", body, headers) == 400
        await ann.telegram.close()


@pytest.mark.parametrize("payload", [[], 5, "x", {"type": "block_actions", "actions": []}, {"event": None}])
@pytest.mark.parametrize("is_signed", [True, False])
async def test_a_slack_payload_that_is_none_is_never_a_500(payload: Any, is_signed: bool) -> None:
    desk = Writing()
    app = FastAPI()
    app.include_router(desk.inbound.router())
    body = json.dumps(payload).encode()
    headers = signed(body) if is_signed else {"Content-Type": "application/json"}
    assert await _status(app, "/slack/events", body, headers) < 500


async def _status(app: FastAPI, path: str, body: bytes, headers: dict[str, str]) -> int:
    carried = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=carried, base_url="https://line.example") as http:
        return (await http.post(path, content=body, headers=headers)).status_code
