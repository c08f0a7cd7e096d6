"""When the store or Slack fails: what was not saved is not acknowledged, people read plain words, logs hold none."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI

from connectors.slack.kept import Place
from connectors.slack.names import Action
from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.ports import DeliveryFailed, StoreDown
from tests.slack.fakes import SECRET, Writing, envelope, message
from tests.slack.test_cards_modals import filled

CANARY = "canary-robin"


@pytest.fixture
async def desk() -> Writing:
    made = Writing()
    await made.staffed()
    return made


async def test_commands_and_shortcuts_while_the_store_is_down_are_answered_in_plain_words(desk: Writing) -> None:
    place = await desk.accepted()
    desk.store.down = True
    answer = await desk.commands_only("busy 20")
    assert "can't save at the moment" in answer.said
    assert (await desk.keeps_as_note(CANARY, place)).acknowledged
    assert "can't save at the moment" in desk.slack.whispers()[-1][1]


async def test_a_modal_while_the_store_is_down_stays_open_with_a_sentence(desk: Writing) -> None:
    place = await desk.accepted()
    for action in (Action.CLOSE, Action.TRANSFER, Action.ESCALATE, Action.RAISE, Action.RESOURCES, Action.NOTE):
        await desk.clicks(action, (await desk.talk()).id, place=place)
        desk.store.down = True
        answer = await desk.submits_only(filled(desk.slack.modals[-1]))
        desk.store.down = False
        assert "can't save" in str(answer.body.get("errors")), action
    assert (await desk.talk()).phase is Phase.LIVE


async def test_a_reaction_or_an_opened_home_is_not_acknowledged_while_the_store_is_down(desk: Writing) -> None:
    desk.store.down = True
    item = {"type": "message", "channel": "DUSAM", "ts": "1.1"}
    reaction = {"type": "reaction_added", "user": "USAM", "reaction": "heart", "item": item}
    for event in (reaction, {"type": "app_home_opened", "user": "USAM", "tab": "home"}):
        assert not (await desk.event(event)).acknowledged


async def test_nothing_is_acknowledged_before_it_is_known_who_we_are(desk: Writing) -> None:
    place = await desk.accepted()

    async def refused() -> Any:
        raise DeliveryFailed("internal_error")

    desk.slack.me = refused  # type: ignore[method-assign]
    assert not (await desk.event(message("hello", place, "5.5"))).acknowledged
    assert not (await desk.clicks_only(Action.PAUSE, "c1", place=place)).acknowledged


async def test_the_carrier_waits_while_the_store_is_down_and_says_it_once_after(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.event(message("hello", place, desk.slack.person_writes(place.channel, place.ts, "hello")))
    handle, lost = desk.front.handle, iter([True])

    async def falters(event: e.Event) -> Any:
        reply = await handle(event)
        if isinstance(event, e.SupporterWrote) and next(lost, False):
            raise StoreDown("the answer was lost")
        return reply

    desk.front.handle = falters  # type: ignore[method-assign]
    await desk.through(5)
    assert await desk.heard() == ["hello"]


async def test_a_refusal_that_slack_does_not_take_at_first_is_told_later(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.desk(e.SupporterClosed, outcome="supported", desk="slack")
    await desk.carry()
    desk.slack.fail("chat.postMessage", DeliveryFailed("told to wait", 5))
    ts = await desk.types("late", place)
    await desk.through(6)
    assert desk.signs(place, ts) == ["x"]
    assert desk.answers_below(place.channel, place.ts).count("reached nobody") == 1


# --- over HTTP --------------------------------------------------------------------------------------------------------


def signed(
    body: bytes, secret: str = SECRET, at: float | None = None, kind: str = "application/json"
) -> dict[str, str]:
    when = str(int(at or time.time()))
    mark = hmac.new(secret.encode(), f"v0:{when}:".encode() + body, hashlib.sha256).hexdigest()
    return {"content-type": kind, "x-slack-request-timestamp": when, "x-slack-signature": f"v0={mark}"}


def client(desk: Writing) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(desk.inbound.router())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://line.example")


async def test_an_event_over_http_with_a_right_signature_is_taken(desk: Writing) -> None:
    place = await desk.accepted()
    body = json.dumps(envelope(message("over http", place, "5.6"), "Ev1")).encode()
    async with client(desk) as http:
        answer = await http.post("/slack/events", content=body, headers=signed(body))
    assert answer.status_code == 200
    await desk.carry()
    assert await desk.heard() == ["over http"]


@pytest.mark.parametrize("given", [{"secret": "another"}, {"at": 1_000_000_000.0}])
async def test_a_wrong_or_old_signature_is_refused_and_reaches_nobody(desk: Writing, given: dict[str, Any]) -> None:
    place = await desk.accepted()
    body = json.dumps(envelope(message("forged", place, "5.7"), "Ev1")).encode()
    async with client(desk) as http:
        answers = [
            await http.post("/slack/events", content=body, headers=signed(body, **given)),
            await http.post("/slack/events", content=body, headers={"content-type": "application/json"}),
        ]
    assert [answer.status_code for answer in answers] == [401, 401]
    await desk.carry()
    assert await desk.heard() == []


async def test_while_the_store_is_down_slack_is_told_to_come_back(desk: Writing) -> None:
    place = await desk.accepted()
    body = json.dumps(envelope(message("later", place, "5.8"), "Ev1")).encode()
    desk.store.down = True
    async with client(desk) as http:
        first = await http.post("/slack/events", content=body, headers=signed(body))
        desk.store.down = False
        again = {**signed(body), "x-slack-retry-num": "1", "x-slack-retry-reason": "http_error"}
        second = await http.post("/slack/events", content=body, headers=again)
    assert (first.status_code, second.status_code) == (503, 200)
    await desk.carry()
    assert await desk.heard() == ["later"]


async def test_slack_is_answered_when_it_checks_the_address(desk: Writing) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c-1", "token": "t"}).encode()
    async with client(desk) as http:
        answer = await http.post("/slack/events", content=body, headers=signed(body))
    assert "c-1" in answer.text


async def test_a_click_over_http_is_done(desk: Writing) -> None:
    place = await desk.accepted()
    act = {"action_id": "thread_release", "value": (await desk.talk()).id, "action_ts": "4.4", "type": "button"}
    payload = {
        "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "USAM"}, "trigger_id": "t", "actions": [act],
        "channel": {"id": place.channel}, "message": {"ts": place.ts},
    }  # fmt: skip
    body = urlencode({"payload": json.dumps(payload)}).encode()
    async with client(desk) as http:
        kind = "application/x-www-form-urlencoded"
        answer = await http.post("/slack/events", content=body, headers=signed(body, kind=kind))
    assert answer.status_code == 200
    assert (await desk.talk()).phase is Phase.WAITING


# --- logs -------------------------------------------------------------------------------------------------------------


async def test_no_words_names_or_tokens_are_in_the_logs_whatever_happens(
    desk: Writing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = await desk.accepted()
    await desk.types(CANARY, place)
    await desk.types(CANARY, Place("DUSAM", ""))
    await desk.clicks(Action.NOTE, (await desk.talk()).id, place=place)
    await desk.submits(filled(desk.slack.modals[-1], note=CANARY))
    await desk.commands(CANARY)
    await desk.keeps_as_note(CANARY, place)
    await desk.sends({"type": "unheard_of", "text": CANARY, "team_id": "T1"})
    await desk.event({"type": "unheard_of", "text": CANARY, "user": "USAM"})
    await desk.event({**message(CANARY, place, "5.9"), "files": 7})
    desk.store.down = True
    await desk.event(message(CANARY, place, "5.10"))
    await desk.clicks_only(Action.PAUSE, CANARY, place=place)
    seen = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert CANARY not in seen
    assert "xoxb-" not in seen
    assert SECRET not in seen
