"""The door for `deep-chat`: its request shape, and the component from npm connecting unmodified."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import websockets
from playwright.async_api import Route, expect
from websockets.asyncio.client import ClientConnection

from connectors.web.deep_text import as_text, chosen, open_options, parts
from handoff.core import events
from handoff.core.entries import Button, Entry, EntryKind, Speaker
from handoff.ports import Refused
from tests.web.browser import module
from tests.web.conftest import Visitors
from tests.web.fake_front import CRISIS_WORDS, RESOURCE
from tests.web.house import House, house, texts

WIDGET_PAGE = """<!doctype html><html lang="en"><head><title>Widget</title>
<script type="module" src="/deep-chat.js"></script></head><body><main><h1>Widget</h1>
<deep-chat id="widget" connect='{connect}'></deep-chat></main></body></html>"""

BUTTONS = (Button("Yes, that's okay", "/consent_yes"), Button("No", "/consent_no"))


def said(text: object, role: str = "user") -> dict[str, Any]:
    return {"messages": [{"role": role, "text": text}]}


async def heard(socket: ClientConnection, wanted: str) -> dict[str, str]:
    """The next answer in which a text occurs."""
    while True:
        answer: dict[str, str] = json.loads(await socket.recv())
        if wanted in json.dumps(answer, ensure_ascii=False):
            return answer


def deep_socket(chat: House, **headers: str) -> websockets.connect:
    return websockets.connect(f"ws://127.0.0.1:{chat.port}/chat/deep", additional_headers=headers)


async def test_over_a_websocket_every_message_comes_by_itself(chat: House) -> None:
    async with deep_socket(chat) as socket:
        assert json.loads(await socket.recv()) == {"text": "Hi, I'm a bot.\n\n1. Yes, that's okay\n2. No"}
        await socket.send(json.dumps(said("hello")))
        assert json.loads(await socket.recv()) == {"text": "I heard: hello"}
        await chat.front.say("a person here", speaker=Speaker.SUPPORTER, name="Sam")
        assert json.loads(await socket.recv()) == {"text": "Sam: a person here"}


async def test_a_number_or_a_title_chooses_an_option(chat: House) -> None:
    async with deep_socket(chat) as socket:
        await heard(socket, "1. Yes")
        await socket.send(json.dumps(said("2")))
        await heard(socket, "I heard: No")
    assert [each.payload for each in chat.front.of(events.SeekerTapped)] == ["/consent_no"]


async def test_a_cookie_keeps_the_session_and_what_was_missed_comes_later(chat: House) -> None:
    async with deep_socket(chat) as socket:
        await heard(socket, "Hi, I'm a bot.")
        assert socket.response is not None
        cookie = socket.response.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    await chat.front.say("while you were away")
    async with deep_socket(chat, Cookie=cookie.split(";")[0]) as socket:
        assert json.loads(await socket.recv()) == {"text": "while you were away"}
    assert len({each.seeker for each in chat.front.of(events.SeekerOpened)}) == 1


@pytest.mark.parametrize(
    "raw",
    [
        "{}", "[]", "nonsense", '{"messages": []}', '{"messages": [{"role": "user", "text": 5}]}',
        '{"messages": [{"role": "ai", "text": "hi"}]}', '{"messages": [{"role": "user", "text": "  "}]}', b"\x00\x01",
    ],
)  # fmt: skip
async def test_what_is_no_message_gets_an_error_and_the_socket_works_on(chat: House, raw: str | bytes) -> None:
    async with deep_socket(chat) as socket:
        await heard(socket, "Hi, I'm a bot.")
        await socket.send(raw)
        assert len(json.loads(await socket.recv())["error"]) > 10
        await socket.send(json.dumps(json.dumps(said("wrapped twice"))))
        await heard(socket, "I heard: wrapped twice")


async def test_a_very_long_text_is_split_so_that_every_word_is_read(chat: House) -> None:
    text = " ".join(f"word{count}" for count in range(1500))
    async with deep_socket(chat) as socket:
        await heard(socket, "Hi, I'm a bot.")
        await socket.send(json.dumps(said(text)))
        await heard(socket, "word1499")
    assert "".join(each.text for each in chat.front.of(events.SeekerWrote)) == text


async def test_a_very_long_report_is_not_split_as_its_parts_would_be_words_in_the_talk(chat: House) -> None:
    text = "/report: " + " ".join(f"word{count}" for count in range(1500))
    async with deep_socket(chat) as socket:
        await heard(socket, "Hi, I'm a bot.")
        await socket.send(json.dumps(said(text)))
        await socket.recv()
    assert [each.text for each in chat.front.of(events.SeekerWrote)] == [text]


async def test_a_flood_over_the_socket_is_ended(chat: House) -> None:
    async with deep_socket(chat) as socket:
        for count in range(61):
            await socket.send(json.dumps(said(f"m{count}")))
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await heard(socket, "what never comes")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


async def test_with_the_store_down_the_card_comes_as_text(chat: House) -> None:
    async with deep_socket(chat) as socket:
        await heard(socket, "Hi, I'm a bot.")
        chat.store.down = True
        await socket.send(json.dumps(said(CRISIS_WORDS)))
        assert "You matter." in json.loads(await socket.recv())["text"]
        await socket.send(json.dumps(said("hello")))
        assert "could not be saved" in json.loads(await socket.recv())["error"]
        chat.store.down = False
    async with httpx.AsyncClient(base_url=chat.url) as client:
        chat.store.down = True
        crisis = await client.post("/chat/deep", json=said(CRISIS_WORDS))
        plain = await client.post("/chat/deep", json=said("hello"))
        assert (crisis.status_code, "You matter." in crisis.json()["text"]) == (200, True)
        assert (plain.status_code, "error" in plain.json()) == (503, True)
        chat.store.down = False


async def test_what_is_saved_and_not_copied_is_heard_once_and_nobody_is_asked_to_send_it_again(chat: House) -> None:
    async with deep_socket(chat) as socket:
        await heard(socket, "Hi, I'm a bot.")
        chat.front.copied = False
        await socket.send(json.dumps(said("hello")))
        assert json.loads(await socket.recv()) == {"text": "I heard: hello"}
        await socket.send(json.dumps(said(CRISIS_WORDS)))
        answer = json.loads(await socket.recv())["text"]
        assert "You matter." in answer
        assert "could not be saved" not in answer
    async with httpx.AsyncClient(base_url=chat.url) as client:
        plain = await client.post("/chat/deep", json=said("hello again"))
        assert (plain.status_code, "I heard: hello again" in plain.json()["text"]) == (200, True)
        crisis = await client.post("/chat/deep", json=said(CRISIS_WORDS))
        assert (crisis.status_code, "You matter." in crisis.json()["text"]) == (200, True)


async def test_every_part_of_a_long_text_is_passed_on_though_the_first_was_not_copied(chat: House) -> None:
    text = " ".join([CRISIS_WORDS, *(f"word{count}" for count in range(1500))])
    async with deep_socket(chat) as socket:
        await heard(socket, "Hi, I'm a bot.")
        chat.front.copied = False
        await socket.send(json.dumps(said(text)))
        await heard(socket, "word1499")
    assert "".join(each.text for each in chat.front.of(events.SeekerWrote)) == text


async def test_over_post_the_answers_are_joined(chat: House) -> None:
    async with httpx.AsyncClient(base_url=chat.url) as client:
        first = await client.post("/chat/deep", json=said("hello"))
        assert first.json() == {"text": "Hi, I'm a bot.\n\n1. Yes, that's okay\n2. No\n\nI heard: hello"}
        await chat.front.say("meanwhile")
        second = await client.post("/chat/deep", json=said("again"))
        assert second.json() == {"text": "meanwhile\n\nI heard: again"}
        crisis = await client.post("/chat/deep", json=said(CRISIS_WORDS))
        assert "You matter." in crisis.json()["text"]
    assert chat.front.of(events.CardConfirmed) == []


async def test_over_post_silence_is_not_an_empty_answer() -> None:
    async with house(deep_wait_seconds=0.3) as chat, httpx.AsyncClient(base_url=chat.url) as client:
        chat.front.answers = False
        await client.post("/chat/deep", json=said("hello"))
        answer = await client.post("/chat/deep", json=said("anybody?"))
    assert answer.json()["text"].startswith("Your message has arrived.")


async def test_over_post_bad_input_gets_the_reason(chat: House) -> None:
    chat.front.refusals["too late"] = Refused("gone", "This conversation is over.")
    async with httpx.AsyncClient(base_url=chat.url) as client:
        for content in (b"{", b"[]", b'{"messages": 5}', b"x" * 300_000):
            answer = await client.post("/chat/deep", content=content, headers={"content-type": "application/json"})
            assert (answer.status_code, len(answer.json()["error"]) > 10) == (400, True)
        files = await client.post("/chat/deep", files={"files": b"picture"})
        assert "Only text" in files.json()["error"]
        refused = await client.post("/chat/deep", json=said("too late"))
        assert refused.json() == {"error": "This conversation is over."}


async def test_another_website_is_turned_away_unless_it_is_allowed(chat: House) -> None:
    evil = {"Origin": "https://evil.example"}
    async with httpx.AsyncClient(base_url=chat.url) as client:
        assert (await client.post("/chat/deep", json=said("hello"), headers=evil)).status_code == 403
        assert (await client.options("/chat/deep", headers=evil)).status_code == 403
        own = await client.options("/chat/deep", headers={"Origin": chat.url})
        assert own.headers["access-control-allow-origin"] == chat.url
    with pytest.raises(websockets.InvalidStatus):
        async with deep_socket(chat, Origin="https://evil.example"):
            pass
    assert chat.front.handled == []


# --- the component from npm -------------------------------------------------------------------------------------------


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("way", ["websocket", "post"])
async def test_the_component_from_npm_connects_unmodified(live: House, visitors: Visitors, way: str) -> None:
    if way == "websocket":
        connect = {"url": f"ws://127.0.0.1:{live.port}/chat/deep", "websocket": True}
    else:
        connect = {"url": f"{live.url}/chat/deep"}
    live.pages["/widget"] = WIDGET_PAGE.format(connect=json.dumps(connect))
    page = await visitors.page("/weather")
    script = module("deep-chat/dist/deepChat.bundle.js").read_text(encoding="utf-8")

    async def give_script(route: Route) -> None:
        await route.fulfill(body=script, content_type="text/javascript")

    await page.route("**/deep-chat.js", give_script)
    await page.route("**/*fonts.g*/**", lambda route: route.abort())
    await page.goto(f"{live.url}/widget")
    visitors.faults[:] = [fault for fault in visitors.faults if "fonts.g" not in fault]
    log = page.locator("deep-chat #messages")
    if way == "websocket":
        await expect(log).to_contain_text("Hi, I'm a bot.")
    await page.locator("deep-chat #text-input").click()
    await page.keyboard.type("hello from a widget")
    await page.keyboard.press("Enter")
    await expect(log).to_contain_text("I heard: hello from a widget")
    if way == "websocket":
        await live.front.say("a person writes", speaker=Speaker.SUPPORTER, name="Sam")
        await expect(log).to_contain_text("Sam: a person writes")
    await page.locator("deep-chat #text-input").click()
    await page.keyboard.type(CRISIS_WORDS)
    await page.keyboard.press("Enter")
    await expect(log).to_contain_text("You matter.")
    visitors.faults[:] = [fault for fault in visitors.faults if "fonts.g" not in fault]


# --- plain text out of entries ----------------------------------------------------------------------------------------


DEEP: dict[str, str] = texts("en")["deep"]


def entry(speaker: Speaker, text: str = "", **more: Any) -> Entry:
    return Entry(seq=1, id="e", at=0.0, conversation="c", speaker=speaker, text=text, **more)


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (EntryKind.FILE, "my garden", "Sam: (a picture, which this chat cannot show)\n\nmy garden"),
        (EntryKind.EDIT, "you are not alone", "Sam: (a correction of what was said before)\n\nyou are not alone"),
        (EntryKind.UNSAID, "", "Sam: (took a message back)"),
    ],
)
def test_what_a_widget_cannot_show_is_said(kind: EntryKind, text: str, told: str) -> None:
    body = {"kind": "image"} if kind is EntryKind.FILE else None
    assert as_text(entry(Speaker.SUPPORTER, text=text, kind=kind, body=body, name="Sam"), DEEP) == told


def test_a_resource_is_said_with_its_steps() -> None:
    text = as_text(entry(Speaker.BOT, kind=EntryKind.RESOURCE, body=RESOURCE), DEEP)
    assert text.startswith("Breathing in a square\n\nFour even counts, round and round.\n\nBreathe in\nBreathe out")


@pytest.mark.parametrize(
    ("text", "title"),
    [("1", "Yes, that's okay"), ("2.", "No"), (" no ", "No"), ("YES, THAT'S OKAY", "Yes, that's okay")],
)
def test_an_option_is_chosen_by_number_or_title(text: str, title: str) -> None:
    button = chosen(text, BUTTONS)
    assert button is not None
    assert button.title == title


@pytest.mark.parametrize("text", ["0", "3", "no way", "١", "", "-1", "1 2"])
def test_anything_else_is_the_persons_own_words(text: str) -> None:
    assert chosen(text, BUTTONS) is None


def test_options_end_with_the_persons_next_words() -> None:
    asked = entry(Speaker.BOT, "?", buttons=BUTTONS)
    assert open_options([asked, entry(Speaker.BOT, "more")]) == BUTTONS
    assert open_options([asked, entry(Speaker.SEEKER, "words")]) == ()


@pytest.mark.parametrize("text", ["", "short", "a b " * 50, "x" * 95, "line\n" * 30])
def test_parts_lose_nothing_and_hold_the_limit(text: str) -> None:
    pieces = parts(text, 30)
    assert "".join(pieces) == text
    assert all(len(piece) <= 30 for piece in pieces)
