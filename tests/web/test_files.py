"""Files over the web chat: sent with a few words, handed out to whose feed they are in, and to nobody else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from connectors.web import sending
from handoff.core.entries import EntryKind, Speaker
from handoff.core.events import SeekerWrote
from handoff.running.ports import free_port
from tests.web.fake_front import CRISIS_WORDS
from tests.web.house import House, eventually, make_options

PICTURE = b"\xff\xd8\xff picture"
LIMIT = 50_000


@pytest.fixture
async def chat() -> AsyncIterator[House]:
    house = House(free_port(), make_options(file_limit=LIMIT))
    await house.start()
    yield house
    await house.stop()


class Browser:
    """One page's requests beside its socket."""

    def __init__(self, house: House, token: str) -> None:
        self._house = house
        self._client = httpx.AsyncClient(base_url=house.url)
        self.headers = {"Authorization": f"Bearer {token}"}

    async def get(self, file: str) -> httpx.Response:
        return await self._client.get(f"/chat/files/{file}", headers=self.headers)

    async def send(self, content: bytes, text: str = "", id: str = "a1", **more: str) -> httpx.Response:  # noqa: A002
        body = json.dumps({"id": id, "text": text}).encode() + b"\n" + content
        return await self._client.post("/chat/files", content=body, headers={**self.headers, **more})

    async def raw(self, body: bytes) -> httpx.Response:
        return await self._client.post("/chat/files", content=body, headers=self.headers)

    async def close(self) -> None:
        await self._client.aclose()


@pytest.fixture
async def browser(chat: House) -> AsyncIterator[Browser]:
    """Of somebody who was greeted."""
    async with chat.welcomed() as page:
        await page.next("entry")
        made = Browser(chat, page.welcome["token"])
    yield made
    await made.close()


async def somebody_else(chat: House) -> Browser:
    async with chat.welcomed() as page:
        await page.next("entry")
        return Browser(chat, page.welcome["token"])


def said(chat: House) -> list[SeekerWrote]:
    return chat.front.of(SeekerWrote)


async def file_of(chat: House) -> str:
    entry = next(each for each in await chat.front.feed() if each.kind is EntryKind.FILE)
    assert entry.body is not None
    return str(entry.body["file"])


async def test_a_picture_and_its_words_become_one_entry(chat: House, browser: Browser) -> None:
    answer = await browser.send(PICTURE, "this is my cat")
    assert (answer.status_code, answer.json()) == (200, {"id": "a1"})
    async with chat.welcomed(browser.headers["Authorization"][7:]) as page:
        entry = await page.entry("this is my cat")
    assert (entry["kind"], entry["from"], entry["refers"]) == ("file", "seeker", "a1")
    assert entry["body"]["type"] == "image/jpeg"
    assert set(entry["body"]) == {"file", "kind", "type", "name", "size", "seconds"}


async def test_a_file_is_handed_out_so_that_nothing_in_it_can_run_or_stay(chat: House, browser: Browser) -> None:
    await browser.send(PICTURE)
    answer = await browser.get(await file_of(chat))
    assert (answer.status_code, answer.content) == (200, PICTURE)
    head = answer.headers
    assert head["content-type"] == "image/jpeg"
    assert head["content-disposition"] == 'inline; filename="picture.jpg"'
    assert head["x-content-type-options"] == "nosniff"
    assert head["content-security-policy"] == "default-src 'none'; sandbox"
    assert head["cache-control"] == "private, no-store"


async def test_a_document_is_only_ever_saved(chat: House, browser: Browser) -> None:
    await browser.send(b"%PDF-1.7")
    answer = await browser.get(await file_of(chat))
    assert answer.headers["content-disposition"] == 'attachment; filename="document.pdf"'


async def test_a_file_is_nobody_elses(chat: House, browser: Browser) -> None:
    await browser.send(PICTURE)
    file = await file_of(chat)
    stranger = await somebody_else(chat)
    assert (await stranger.get(file)).status_code == 404
    for token in ("", "forged", "Basic x"):
        stranger.headers = {"Authorization": token}
        answer = await stranger.get(file)
        assert (answer.status_code, answer.json()["error"]) == (404, "file_gone")
    await stranger.close()


async def test_what_a_supporter_sends_is_the_seekers_too_until_it_is_taken_back(chat: House, browser: Browser) -> None:
    kept = await chat.shelf.put(PICTURE, conversation="c")
    body: dict[str, Any] = {"file": kept.file, "kind": "image", "type": kept.type, "name": kept.name}
    by: dict[str, Any] = {"speaker": Speaker.SUPPORTER, "name": "Sam", "refers": "s1"}
    await chat.front.say("", kind=EntryKind.FILE, body=body, **by)
    assert (await browser.get(kept.file)).status_code == 200
    await chat.front.say("", kind=EntryKind.UNSAID, **by)
    assert (await browser.get(kept.file)).status_code == 404


async def test_a_file_that_is_gone_or_cannot_be_had_now_is_told_apart(chat: House, browser: Browser) -> None:
    await browser.send(PICTURE)
    file = await file_of(chat)
    chat.shelf.down = True
    assert (await browser.get(file)).status_code == 503
    chat.shelf.down = False
    chat.shelf.files.clear()
    assert (await browser.get(file)).status_code == 404
    assert (await browser.get("../../etc/passwd")).status_code == 404


async def test_a_file_that_comes_twice_is_one(chat: House, browser: Browser) -> None:
    for _ in range(2):
        assert (await browser.send(PICTURE)).status_code == 200
    assert len(chat.shelf.files) == 1
    assert [each.kind for each in await chat.front.feed()].count(EntryKind.FILE) == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"MZ not for anybody", 415, "file_kind"),
        (PICTURE + bytes(LIMIT), 413, "file_too_large"),
    ],
)
async def test_a_file_that_is_refused_says_why_and_its_words_arrive(
    chat: House, browser: Browser, content: bytes, status: int, code: str
) -> None:
    answer = await browser.send(content, "look at this")
    assert (answer.status_code, answer.json()["error"], answer.json()["words"]) == (status, code, "kept")
    assert [(each.text, each.attachment) for each in said(chat)] == [("look at this", None)]
    assert chat.shelf.files == {}


async def test_a_refused_file_without_words_is_no_message(chat: House, browser: Browser) -> None:
    answer = await browser.send(b"MZ")
    assert (answer.status_code, answer.json()["error"]) == (415, "file_kind")
    assert "words" not in answer.json()
    assert said(chat) == []


async def test_words_with_a_file_are_read_even_when_the_file_cannot_be_kept(chat: House, browser: Browser) -> None:
    chat.shelf.down = True
    answer = await browser.send(PICTURE, CRISIS_WORDS)
    assert (answer.status_code, answer.json()["words"]) == (503, "kept")
    assert EntryKind.CARD in [each.kind for each in await chat.front.feed()]


async def test_with_the_store_down_the_card_comes_with_the_answer(chat: House, browser: Browser) -> None:
    chat.store.down = True
    answer = await browser.send(PICTURE, CRISIS_WORDS)
    assert (answer.status_code, answer.json()["error"]) == (503, "file_not_saved")
    assert answer.json()["card"]["headline"]


async def test_too_many_files_wait_but_their_words_do_not(chat: House, browser: Browser) -> None:
    for count in range(sending.MOST):
        assert (await browser.send(PICTURE, id=f"a{count}")).status_code == 200
    answer = await browser.send(PICTURE, CRISIS_WORDS, id="last")
    assert (answer.status_code, answer.json()["error"], answer.json()["words"]) == (429, "file_too_fast", "kept")
    assert len(chat.shelf.files) == sending.MOST
    chat.clock.ahead += sending.SECONDS
    assert (await browser.send(PICTURE, id="later")).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"\n", b"{}\n", b"nonsense\nx", b'{"id": "a b"}\nx', b'{"id": "a", "text": 7}\nx', b"[" * 70_000, b"\xff\n"],
)
async def test_nonsense_is_refused_and_does_no_harm(chat: House, browser: Browser, body: bytes) -> None:
    assert (await browser.raw(body)).status_code == 400
    assert said(chat) == []


async def test_without_a_session_nothing_is_taken(chat: House, browser: Browser) -> None:
    browser.headers = {"Authorization": "Bearer forged"}
    assert (await browser.send(PICTURE, "words")).status_code == 401
    assert said(chat) == []


async def test_another_websites_page_may_not_send_files(chat: House, browser: Browser) -> None:
    assert (await browser.send(PICTURE, Origin="https://evil.example")).status_code == 403


async def test_without_a_shelf_there_is_no_such_address(browser: Browser) -> None:
    house = House(free_port(), make_options())
    house.shelf = None  # type: ignore[assignment]
    await house.start()
    async with httpx.AsyncClient(base_url=house.url) as client:
        assert (await client.post("/chat/files")).status_code in (404, 405)
        assert (await client.get("/chat/facts/en.json")).json()["file_limit"] == 0
    await house.stop()


async def test_no_word_and_no_name_of_a_file_comes_into_the_logs(
    chat: House, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await browser.send(b"MZ canary", "canary words")
    chat.shelf.down = True
    await browser.send(PICTURE + b"canary", "canary again", id="a2")
    await eventually(lambda: len(said(chat)) == 2)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("connectors", "handoff"))]
    assert "canary" not in repr(ours)


async def test_a_change_and_what_it_changes_share_a_key_that_names_nobody(chat: House, browser: Browser) -> None:
    by: dict[str, Any] = {"speaker": Speaker.SUPPORTER, "name": "Sam", "refers": "T1/C2/17.3"}
    await chat.front.say("you are not a lone", **by)
    await chat.front.say("you are not alone", kind=EntryKind.EDIT, **by)
    await chat.front.say("yes", speaker=Speaker.SUPPORTER, name="Sam", answers=1)
    async with chat.welcomed(browser.headers["Authorization"][7:]) as page:
        last = await page.entry("yes")
    before, change = page.entries()[-3:-1]
    assert before["key"] == change["key"] != ""
    assert "T1" not in repr(page.frames)
    assert (change["kind"], change["refers"], last["answers"], last["key"]) == ("edit", "", 1, "")
