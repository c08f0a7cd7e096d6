"""The Rasa client: what it sends, what it makes of an answer, and every way in which there is none."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from handoff.core.entries import Button
from handoff.core.events import BotMessage
from handoff.ports import BotDown, BotGarbled, BotSilent
from handoff.rasa import Rasa, client
from tests.service.rasa_server import RasaServer, rasa_server


@pytest.fixture
async def server() -> AsyncIterator[RasaServer]:
    async with rasa_server() as made:
        yield made


@asynccontextmanager
async def bot(url: str) -> AsyncIterator[Rasa]:
    async with client() as http:
        yield Rasa(url, http)


async def ask(server: RasaServer, text: str = "hello", timeout: float = 10) -> tuple[BotMessage, ...]:
    async with bot(server.url) as rasa:
        return await rasa.ask("c1", text, {"phase": "intake", "epoch": 3}, timeout)


async def test_a_turn_is_sent_under_the_conversations_id_with_what_the_bot_needs(server: RasaServer) -> None:
    await ask(server, "hello there")
    assert server.asked == [{"sender": "c1", "message": "hello there", "metadata": {"phase": "intake", "epoch": 3}}]


async def test_texts_buttons_resources_and_exercises_are_understood(server: RasaServer) -> None:
    server.answers = [
        [
            {"text": "one", "buttons": [{"title": "ok", "payload": "/affirm"}], "unknown": 1},
            {"custom": {"kind": "resource", "resource": {"id": "b", "title": "Breathing"}}},
            {"text": "try this", "custom": {"kind": "resource", "resource": {"id": "b"}}},
        ]
    ]
    assert await ask(server) == (
        BotMessage("one", (Button("ok", "/affirm"),)),
        BotMessage("Breathing", (), {"id": "b", "title": "Breathing"}),
        BotMessage("try this", (), {"id": "b"}),
    )


async def test_messages_with_nothing_in_them_are_dropped(server: RasaServer) -> None:
    server.answers = [[{"text": ""}, {"text": " "}, {"custom": {"kind": "unknown"}}, {"text": "hi"}]]
    assert await ask(server) == (BotMessage("hi"),)


async def test_a_huge_answer_is_cut_down(server: RasaServer) -> None:
    server.answers = [[{"text": "a" * 1_000_000}] * 50]
    messages = await ask(server)
    assert (len(messages), {len(each.text) for each in messages}) == (20, {8000})


@pytest.mark.parametrize("answer", [[], [{}], [{"text": ""}], [{"custom": {}}]])
async def test_an_empty_answer_is_no_answer(server: RasaServer, answer: object) -> None:
    server.answers = [answer]
    with pytest.raises(BotSilent) as silent:
        await ask(server)
    assert silent.value.reached


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[1, 2]",
        b'{"text": "hi"}',
        b"null",
        b'[{"text": 5}]',
        b'[{"text": "\xff\xfe"}]',
        b"[" * 100_000,
        b'[{"text": "hi", "buttons": [{"title": "no payload"}]}]',
        b'[{"text": "hi", "custom": []}]',
        b"\x00\x01\x02",
    ],
)
async def test_garbage_is_told_apart_from_an_answer(server: RasaServer, answer: bytes) -> None:
    server.answers = [answer]
    with pytest.raises(BotGarbled) as garbled:
        await ask(server)
    assert "hi" not in str(garbled.value).split()


async def test_an_answer_that_cannot_be_unpacked_is_garbage_too(server: RasaServer) -> None:
    server.answers = [
        (b"Content-Encoding: gzip\r\n", b"not gzip at all"),
        (b"Content-Encoding: gzip\r\n", gzip.compress(b"[]")),
    ]
    with pytest.raises(BotGarbled):
        await ask(server)
    with pytest.raises(BotSilent):
        await ask(server)


@pytest.mark.parametrize("status", [404, 500, 503, 302])
async def test_a_status_other_than_ok_is_a_bot_that_was_reached_and_is_broken(server: RasaServer, status: int) -> None:
    server.answers = [status]
    with pytest.raises(BotDown) as down:
        await ask(server)
    assert down.value.reached


async def test_a_bot_that_takes_too_long_was_reached(server: RasaServer) -> None:
    server.open.clear()
    with pytest.raises(BotDown) as down:
        await ask(server, timeout=0.05)
    assert down.value.reached
    server.open.set()


async def test_a_bot_that_is_not_there_was_not_reached(free_port: Callable[[], int]) -> None:
    async with bot(f"http://127.0.0.1:{free_port()}") as rasa:
        with pytest.raises(BotDown) as down:
            await rasa.ask("c1", "hello", {}, 1)
        assert not down.value.reached
        assert not await rasa.healthy()


async def test_health_is_whether_it_answers(server: RasaServer) -> None:
    server.answers = [{"status": "ok"}, 500]
    async with bot(f"{server.url}/") as rasa:
        assert await rasa.healthy()
        assert not await rasa.healthy()


async def test_no_failure_repeats_what_was_said(server: RasaServer) -> None:
    server.answers = [500, [], b"canary"]
    for _ in range(3):
        with pytest.raises((BotDown, BotGarbled)) as failure:
            await ask(server, "canary")
        assert "canary" not in str(failure.value)
