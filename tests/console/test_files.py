"""Files, corrections, words taken back and pauses at the desk: who may what, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

import httpx
import pytest

from connectors.console import sending
from connectors.console.routes import COOKIE
from handoff.core.conversation import Conversation
from handoff.core.entries import EntryKind, Speaker
from handoff.core.events import PauseTaken, SupporterEdited, SupporterUnsaid, SupporterWrote
from tests.console.desk_client import desk_of, mine
from tests.console.house import House

PICTURE = b"\xff\xd8\xff picture"


class Browser:
    """One supporter's requests beside their socket."""

    def __init__(self, house: House, client: httpx.AsyncClient) -> None:
        self._house, self._client = house, client

    async def get(self, file: str, conversation: str) -> httpx.Response:
        return await self._client.get(f"/console/files/{file}", params={"conversation": conversation})

    async def send(
        self, content: bytes, conversation: str, *, text: str = "", id: str = "a1", **more: Any  # noqa: A002
    ) -> httpx.Response:  # fmt: skip
        body = json.dumps({"id": id, "conversation": conversation, "text": text}).encode() + b"\n" + content
        return await self.raw(body, **more)

    async def raw(self, body: bytes, origin: str | None = None) -> httpx.Response:
        return await self._client.post(
            "/console/files", content=body, headers={"Origin": self._house.base if origin is None else origin}
        )


@asynccontextmanager
async def browser_of(house: House, supporter: str | None) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(base_url=house.base) as client:
        if supporter:
            client.cookies.set(COOKIE, await house.session(supporter))
        yield Browser(house, client)


async def held(house: House, **more: Any) -> Conversation:
    await house.hire("Mira")
    return await house.give((await house.arrive(**more)).id, "mira")


async def brought(house: House, conversation: Conversation) -> str:
    """A picture that the seeker sent; its id."""
    kept = await house.shelf.put(PICTURE, conversation=conversation.id)
    await house.say(conversation.id, Speaker.SEEKER, "look", kind=EntryKind.FILE, body=asdict(kept))
    return kept.file


async def test_what_the_seeker_sent_is_shown_to_whoever_holds_the_conversation(house: House) -> None:
    known = await held(house)
    file = await brought(house, known)
    async with desk_of(house, "mira") as desk, browser_of(house, "mira") as browser:
        entry = await desk.entry("look")
        answer = await browser.get(entry["body"]["file"], known.id)
    assert (entry["kind"], entry["body"]["type"], entry["body"]["file"]) == ("file", "image/jpeg", file)
    assert (answer.status_code, answer.content) == (200, PICTURE)
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"] == "private, no-store"


async def test_nobody_else_gets_it(house: House) -> None:
    known = await held(house)
    file = await brought(house, known)
    other = await house.give((await house.arrive("Alex")).id, (await house.hire("Sam")).id)
    await house.hire("Joan", lead=True)
    for who in ("sam", "joan", None):
        async with browser_of(house, who) as browser:
            for conversation in (known.id, other.id, "", "nonsense"):
                assert (await browser.get(file, conversation)).status_code == 404


async def test_a_lead_gets_it_only_while_reading_along(house: House) -> None:
    known = await held(house)
    file = await brought(house, known)
    await house.hire("Joan", lead=True)
    async with browser_of(house, "joan") as browser:
        async with desk_of(house, "joan") as desk:
            await desk.ask("look", conversation=known.id)
            assert (await browser.get(file, known.id)).status_code == 200
            await desk.send("unlook", conversation=known.id)
            await desk.settled()
            assert (await browser.get(file, known.id)).status_code == 404
            await desk.ask("look", conversation=known.id)
        async with desk_of(house, "joan") as desk:
            await desk.settled()
        for _ in range(100):
            if (await browser.get(file, known.id)).status_code == 404:
                return
    raise AssertionError("it could be had without reading along")


async def test_it_is_gone_with_the_conversation(house: House) -> None:
    known = await held(house)
    file = await brought(house, known)
    async with desk_of(house, "mira") as desk, browser_of(house, "mira") as browser:
        await desk.ask("release", conversation=known.id)
        assert (await browser.get(file, known.id)).status_code == 404


async def test_what_was_told_the_bot_and_not_shared_is_not_handed_out(house: House) -> None:
    known = await held(house, share=False)
    kept = await house.shelf.put(PICTURE, conversation=known.id)
    assert known.waiting_since is not None
    await house.say(known.id, Speaker.SEEKER, "", at=known.waiting_since - 60, kind=EntryKind.FILE, body=asdict(kept))
    async with browser_of(house, "mira") as browser:
        assert (await browser.get(kept.file, known.id)).status_code == 404


async def test_a_supporter_sends_a_file_with_words(house: House) -> None:
    known = await held(house)
    async with browser_of(house, "mira") as browser, desk_of(house, "mira") as desk:
        answer = await browser.send(PICTURE, known.id, text="this is our garden")
        entry = await desk.entry("this is our garden")
        assert (answer.status_code, answer.json()) == (200, {"id": "a1"})
        assert (await browser.send(PICTURE, known.id, text="this is our garden")).json() == {"id": "a1"}
    assert (entry["kind"], entry["refers"]) == ("file", "a1")
    assert len(house.shelf.files) == 1
    assert len(house.front.of(SupporterWrote)) == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"MZ", 415, "file_kind"), (PICTURE + bytes(10_000_000), 413, "file_too_large")],
)
async def test_a_file_that_is_refused_sends_nothing(house: House, content: bytes, status: int, code: str) -> None:
    known = await held(house)
    async with browser_of(house, "mira") as browser:
        answer = await browser.send(content, known.id, text="words")
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["next"].endswith(".")
    assert house.front.of(SupporterWrote) == []


async def test_only_the_holder_sends_and_only_from_our_own_pages(house: House) -> None:
    known = await held(house)
    await house.hire("Joan", lead=True)
    async with browser_of(house, "joan") as lead, browser_of(house, None) as nobody, browser_of(house, "mira") as mira:
        assert (await lead.send(PICTURE, known.id)).status_code == 403
        assert (await nobody.send(PICTURE, known.id)).status_code == 401
        for origin in ("https://evil.example", ""):
            assert (await mira.send(PICTURE, known.id, origin=origin)).status_code == 403
    assert house.shelf.files == {}


@pytest.mark.parametrize(
    "body", [b"", b"\n", b"{}\n", b"nonsense\nx", b'{"id": "a b", "conversation": "c1"}\n', b"\xff\n"]
)
async def test_nonsense_is_refused(house: House, body: bytes) -> None:
    await held(house)
    async with browser_of(house, "mira") as browser:
        answer = await browser.raw(body)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_frame")


async def test_with_a_store_or_database_down_it_is_said_and_nothing_is_lost(house: House) -> None:
    known = await held(house)
    file = await brought(house, known)
    async with browser_of(house, "mira") as browser:
        for broken in (house.shelf, house.store):
            broken.down = True
            assert (await browser.send(PICTURE, known.id)).status_code == 503
            assert (await browser.get(file, known.id)).status_code == 503
            broken.down = False
        assert (await browser.send(PICTURE, known.id)).status_code == 200


async def test_files_have_a_pace(house: House) -> None:
    known = await held(house)
    async with browser_of(house, "mira") as browser:
        for count in range(sending.MOST):
            assert (await browser.send(PICTURE, known.id, id=f"a{count}")).status_code == 200
        assert (await browser.send(PICTURE, known.id, id="more")).status_code == 429
        house.clock.ahead += sending.SECONDS
        assert (await browser.send(PICTURE, known.id, id="more")).status_code == 200


# --- changing and pausing ---------------------------------------------------------------------------------------------


async def test_what_was_said_can_be_changed_and_taken_back(house: House) -> None:
    known = await held(house)
    async with desk_of(house, "mira") as desk:
        await desk.ask("say", id="s1", conversation=known.id, text="you are not a lone")
        assert (await desk.ask("edit", conversation=known.id, refers="s1", text="you are not alone"))["type"] == "ok"
        assert (await desk.ask("unsay", conversation=known.id, refers="s1"))["type"] == "ok"
        gone = await desk.until(lambda frame: frame.get("kind") == "unsaid")
        entries = [each for each in desk.frames if each["type"] == "entry"][-3:]
    assert [each["kind"] for each in entries] == ["text", "edit", "unsaid"]
    assert {each["key"] for each in entries} == {gone["key"]} != {""}
    assert [(each.refers, each.text) for each in house.front.of(SupporterEdited)] == [("s1", "you are not alone")]
    assert [each.refers for each in house.front.of(SupporterUnsaid)] == ["s1"]


async def test_a_seekers_change_shares_its_key_and_nothing_more(house: House) -> None:
    known = await held(house)
    await house.say(known.id, Speaker.SEEKER, "im ok", refers="telegram-77")
    await house.say(known.id, Speaker.SEEKER, "i'm not ok", refers="telegram-77", kind=EntryKind.EDIT)
    await house.say(known.id, Speaker.SUPPORTER, "i see", answers=8)
    async with desk_of(house, "mira") as desk:
        answer = await desk.entry("i see")
        before, change = [each for each in desk.frames if each["type"] == "entry"][-3:-1]
    assert before["key"] == change["key"] != ""
    assert answer["answers"] == 8
    assert "telegram-77" not in json.dumps(desk.frames)


async def test_a_pause_is_asked_for_and_shown(house: House) -> None:
    known = await held(house)
    async with desk_of(house, "mira") as desk:
        assert (await mine(desk, known.id))["paused_until"] is None
        assert (await desk.ask("pause", conversation=known.id))["type"] == "ok"
        frame = await desk.until(
            lambda frame: frame["type"] == "mine" and frame["conversations"][0]["paused_until"] is not None
        )
    assert frame["conversations"][0]["paused_until"] > house.clock() * 1000
    assert len(house.front.of(PauseTaken)) == 1


@pytest.mark.parametrize("kind", ["edit", "unsay", "pause"])
async def test_only_the_holder_changes_and_pauses(house: House, kind: str) -> None:
    known = await held(house)
    await house.hire("Joan", lead=True)
    async with desk_of(house, "joan") as desk:
        answer = await desk.ask(kind, conversation=known.id, refers="s1", text="words")
    assert (answer["type"], answer["code"]) == ("refused", "not_yours")


async def test_an_empty_change_is_none(house: House) -> None:
    known = await held(house)
    async with desk_of(house, "mira") as desk:
        answer = await desk.ask("edit", conversation=known.id, refers="s1", text=" \n")
    assert answer["code"] == "empty"
