"""What bad input gets: a clear answer, nothing lost, and no words in the logs."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from connectors.web.frames import MOST_CHARACTERS
from connectors.web.sessions import Sessions
from handoff.core import events
from tests.web.fake_front import CRISIS_WORDS
from tests.web.house import SECRET, House, Page, house

STRANGE_TEXTS = [
    "🌧️💛",
    "مرحبا، أنا بخير",
    "zero\u200bwidth\u200djoined",
    "\u202eturned around\u202c",
    "<img src=x onerror=alert(1)><script>alert(2)</script>",
    "{{7*7}} ${x} %s \\",
    "line one\nline two\ttab",
    "x" * 4000,
]


@pytest.mark.parametrize("text", STRANGE_TEXTS)
async def test_strange_text_is_kept_exactly_as_it_was_written(chat: House, text: str) -> None:
    async with chat.welcomed() as page:
        await page.send(type="say", id="s", text=text)
        assert (await page.answer("s"))["type"] == "ok"
    assert [each.text for each in chat.front.of(events.SeekerWrote)] == [text]


async def test_control_characters_are_left_out(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.send(type="say", id="s", text="a\x00b\x1b[31mc\r\nd")
        await page.answer("s")
    assert [each.text for each in chat.front.of(events.SeekerWrote)] == ["ab[31mc\nd"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"type": "say", "id": "i", "text": ""}, "empty"),
        ({"type": "say", "id": "i", "text": " \n\t "}, "empty"),
        ({"type": "say", "id": "i", "text": "\u200b\u2060\ufeff"}, "empty"),
        ({"type": "say", "id": "i", "text": "x" * 4001}, "too_long"),
        ({"type": "say", "id": "i", "text": "x" * 100_000}, "too_long"),
        ({"type": "say", "id": "i", "text": 7}, "not_text"),
        ({"type": "say", "id": "i", "text": None}, "not_text"),
        ({"type": "say", "id": "i", "text": ["a"]}, "not_text"),
        ({"type": "say", "id": "i"}, "bad_frame"),
        ({"type": "tap", "id": "i"}, "bad_frame"),
        ({"type": "tap", "id": "i", "payload": 5}, "bad_frame"),
        ({"type": "tap", "id": "i", "payload": ""}, "bad_frame"),
        ({"type": "feedback", "id": "i", "conversation": "c", "rating": 6}, "bad_frame"),
        ({"type": "feedback", "id": "i", "conversation": "c", "mood_after": -1}, "bad_frame"),
        ({"type": "feedback", "id": "i", "conversation": "c", "rating": True}, "bad_frame"),
        ({"type": "feedback", "id": "i"}, "bad_frame"),
        ({"type": "hello", "id": "i"}, "hello_twice"),
        ({"type": "shout", "id": "i"}, "unknown_type"),
        ({"type": 9, "id": "i"}, "unknown_type"),
        ({"id": "i"}, "unknown_type"),
    ],
)
async def test_a_frame_that_cannot_be_taken_is_refused_with_the_reason(
    chat: House, frame: dict[str, Any], code: str
) -> None:
    async with chat.welcomed() as page:
        await page.send(**frame)
        refused = await page.next("refused")
        assert refused["code"] == code
        assert len(refused["next"]) > 10
        await works_on(page)
    assert [each.text for each in await chat.front.feed() if each.refers] == ["still here"]


async def test_crisis_words_in_a_text_that_is_far_too_long_are_read(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.send(type="say", id="long", text=CRISIS_WORDS + " and more" * 10_000)
        assert (await page.answer("long"))["type"] == "ok"
        assert await page.until(lambda frame: frame["type"] == "entry" and frame["kind"] == "card")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "bad_frame"),
        ("hello?", "bad_frame"),
        ("[]", "bad_frame"),
        ("null", "bad_frame"),
        ('{"type": "say", "id": "i", "text": "cut of', "bad_frame"),
        ("[" * 100_000, "bad_frame"),
        (b"\x00\xff\xfe binary", "bad_frame"),
        ('{"type": "say", "id": "i", "text": "\\ud800"}', "bad_frame"),
    ],
)
async def test_what_is_no_frame_is_refused(chat: House, raw: str | bytes, code: str) -> None:
    async with chat.welcomed() as page:
        await page.raw(raw)
        assert (await page.next("refused"))["code"] == code
        await works_on(page)


@pytest.mark.parametrize("frame_id", ["", "x" * 65, "no spaces", "../etc", "a:b", None, 5, {"a": 1}])
async def test_an_id_of_another_shape_is_refused(chat: House, frame_id: object) -> None:
    async with chat.welcomed() as page:
        await page.send(type="say", id=frame_id, text="hello")
        refused = await page.next("refused")
        assert (refused["code"], refused["id"]) == ("bad_id", None)


async def test_unknown_fields_are_ignored(chat: House) -> None:
    async with chat.welcomed(colour="blue", nested={"a": [1]}) as page:
        await page.send(type="say", id="u", text="fine", mood="green")
        assert (await page.answer("u"))["type"] == "ok"


@pytest.mark.parametrize("seq", [2, 99, 2**53])
@pytest.mark.parametrize("kind", ["got", "read"])
async def test_an_acknowledgement_of_the_future_is_refused(chat: House, kind: str, seq: int) -> None:
    async with chat.welcomed() as page:
        await page.entry("Hi, I'm a bot.")
        await page.send(type=kind, seq=seq)
        assert (await page.next("refused"))["code"] == "future"
        await works_on(page)


@pytest.mark.parametrize("seq", [-1, "1", 1.5, None, 2**70])
async def test_an_acknowledgement_of_nonsense_is_refused(chat: House, seq: object) -> None:
    async with chat.welcomed() as page:
        await page.send(type="got", seq=seq)
        assert (await page.next("refused"))["code"] == "bad_frame"


async def test_a_frame_that_is_far_too_large_ends_the_connection_with_the_reason(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.raw(json.dumps({"type": "say", "id": "i", "text": "x" * MOST_CHARACTERS}))
        assert (await page.next("bye"))["code"] == "too_large"
        assert await page.closed() == 1009


# --- before hello -----------------------------------------------------------------------------------------------------


async def test_whatever_comes_before_hello_is_refused(chat: House) -> None:
    async with chat.page() as page:
        await page.send(type="say", id="early", text="hello?")
        assert (await page.next("refused"))["code"] == "hello_first"
        await page.raw(b"\x00")
        assert (await page.next("refused"))["code"] == "bad_frame"
        await page.send(type="hello", token=5)
        assert (await page.next("refused"))["code"] == "bad_frame"
        await page.send(type="hello", after=-3)
        assert (await page.next("refused"))["code"] == "bad_frame"
        await page.send(type="hello")
        await page.next("welcome")


async def test_a_flood_instead_of_a_hello_is_ended(chat: House) -> None:
    async with chat.page() as page:
        for _ in range(60):
            await page.send(type="ping")
        assert (await page.next("bye"))["code"] == "flooded"
        assert await page.closed() == 1008


async def test_no_hello_ends_the_connection_with_the_reason() -> None:
    async with house(hello_seconds=0.05) as chat, chat.page() as page:
        assert (await page.next("bye"))["code"] == "hello_missing"
        assert await page.closed() == 1008


# --- sessions ---------------------------------------------------------------------------------------------------------


async def test_a_token_replayed_after_its_time_begins_a_new_session(chat: House) -> None:
    async with chat.welcomed() as page:
        token = page.welcome["token"]
    chat.clock.ahead = chat.options.session_seconds + 5
    async with chat.welcomed(token, after=1) as page:
        assert (page.welcome["renewed"], page.welcome["fresh"]) == ("expired", True)
        assert page.welcome["token"] != token
        await page.entry("Hi, I'm a bot.")
    assert len({each.seeker for each in chat.front.of(events.SeekerOpened)}) == 2


async def test_a_token_is_good_for_thirty_days_and_renewed_on_each_visit(chat: House) -> None:
    async with chat.welcomed() as page:
        first = page.welcome["token"]
    chat.clock.ahead = 20 * 86400.0
    async with chat.welcomed(first) as page:
        assert page.welcome["fresh"] is False
        second = page.welcome["token"]
    chat.clock.ahead = 40 * 86400.0
    async with chat.welcomed(second) as page:
        assert page.welcome["fresh"] is False


def foreign_tokens(chat: House, token: str) -> list[str]:
    """Forged, bent, of another person's making, of another line, of another purpose."""
    person, when, sign = token.rsplit(".", 2)
    another = Sessions(SECRET, "another-line", 86400, chat.clock)
    other_secret = Sessions("somebody-else" * 4, "main", 86400, chat.clock)
    return [
        "",
        "garbage",
        "é" * 50,
        "." * 20,
        "x" * 20_000,
        token[:-1],
        f"{'0' * 32}.{when}.{sign}",
        f"{person}.AAAAAA.{sign}",
        another.token(another.read(None)),
        other_secret.token(other_secret.read(None)),
    ]


async def test_a_token_that_is_not_ours_begins_a_new_session_and_opens_nobody_elses(chat: House) -> None:
    async with chat.welcomed() as page:
        token = page.welcome["token"]
        await page.send(type="say", id="p", text="private words")
        await page.entry("I heard: private words")
    for foreign in foreign_tokens(chat, token):
        async with chat.welcomed(foreign) as page:
            assert (page.welcome["renewed"], page.welcome["fresh"]) == ("forged", True)
            await page.entry("Hi, I'm a bot.")
            await page.settled()
            assert [each["text"] for each in page.entries()] == ["Hi, I'm a bot."]


# --- where from -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "https://evil.example:8080"])
async def test_another_website_may_not_open_the_chat(chat: House, origin: str) -> None:
    async with chat.page(origin=origin) as page:
        assert (await page.next("bye"))["code"] == "bad_origin"
        assert await page.closed() == 1008
    assert chat.front.handled == []


async def test_an_allowed_website_and_our_own_page_may() -> None:
    async with house(allowed_origins=("https://help.example",)) as chat:
        for origin in ("https://help.example", chat.url):
            async with chat.page(origin=origin) as page:
                await page.send(type="hello")
                await page.next("welcome")


# --- too much, and a store that is gone -------------------------------------------------------------------------------


async def test_a_flood_is_told_first_and_then_ended_with_the_reason(chat: House) -> None:
    async with chat.welcomed() as page:
        for count in range(61):
            await page.send(type="say", id=f"m{count}", text=f"message {count}")
        slow_down = await page.next("refused")
        assert (slow_down["code"], slow_down["id"]) == ("too_fast", None)
        bye = await page.next("bye")
        assert (bye["code"], bye["again"]) == ("flooded", 10)
        assert await page.closed() == 1008
    saved = {frame["id"] for frame in page.frames if frame["type"] == "ok"}
    assert {each.refers for each in chat.front.of(events.SeekerWrote)} == saved == {f"m{count}" for count in range(61)}


async def test_crisis_words_are_read_even_when_too_much_comes(chat: House) -> None:
    async with chat.welcomed() as page:
        for count in range(25):
            await page.send(type="shout", id=f"n{count}")
        await page.send(type="say", id="c", text=CRISIS_WORDS)
        assert await page.until(lambda frame: frame["type"] == "entry" and frame["kind"] == "card")


async def test_quiet_frames_have_room_of_their_own(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.entry("Hi, I'm a bot.")
        for _ in range(90):
            await page.send(type="got", seq=1)
        await works_on(page)
        assert "refused" not in {frame["type"] for frame in page.frames}
        for _ in range(300):
            await page.send(type="got", seq=1)
        assert (await page.next("bye"))["code"] == "flooded"


async def test_a_pause_makes_room_again(chat: House) -> None:
    async with chat.welcomed() as page:
        for count in range(20):
            await page.send(type="say", id=f"m{count}", text="words")
        await page.answer("m19")
        chat.clock.ahead += 11
        for count in range(20, 40):
            await page.send(type="say", id=f"m{count}", text="words")
        await page.answer("m39")
        assert "refused" not in {frame["type"] for frame in page.frames}


async def test_with_the_store_down_words_are_not_saved_and_the_card_is_shown_all_the_same(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.entry("Hi, I'm a bot.")
        chat.store.down = True
        await page.send(type="say", id="d", text=CRISIS_WORDS)
        card = await page.next("card")
        assert card["body"]["emergency"]["dial"] == "999"
        refused = await page.answer("d")
        assert refused["code"] == "store_down"
        await page.send(type="typing")
        await page.send(type="got", seq=1)
        chat.store.down = False
        await page.send(type="say", id="d", text=CRISIS_WORDS)
        assert (await page.answer("d"))["type"] == "ok"
        await page.until(lambda frame: frame["type"] == "entry" and frame["kind"] == "card")
    assert [each.text for each in await chat.front.feed()].count(CRISIS_WORDS) == 1


async def test_a_page_that_comes_while_the_store_is_down_is_welcomed_and_gets_its_feed_later(chat: House) -> None:
    async with chat.welcomed() as page:
        token = page.welcome["token"]
        await page.entry("Hi, I'm a bot.")
    chat.store.down = True
    async with chat.welcomed(token) as page:
        assert page.welcome["seq"] is None
        await page.send(type="say", id="c", text=CRISIS_WORDS)
        await page.next("card")
        chat.store.down = False
        await page.entry("Hi, I'm a bot.")
    async with chat.welcomed() as fresh:
        await fresh.entry("Hi, I'm a bot.")


async def test_no_words_and_no_tokens_come_into_the_logs(chat: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with chat.welcomed() as page:
        token = page.welcome["token"]
        await page.send(type="say", id="w", text="my secret garden")
        await page.answer("w")
        await page.send(type="tap", id="w2", payload="/x", label="my secret label")
        await page.answer("w2")
        await page.raw('{"type": "say", "id": "w3", "text": "my secret cut')
        chat.store.down = True
        await page.send(type="say", id="w4", text="my secret storm")
        await page.answer("w4")
        chat.store.down = False
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith("websockets")]
    assert "my secret" not in "\n".join(ours)
    assert token not in "\n".join(ours)
    for event in chat.front.handled:
        assert "my secret" not in repr(event)


async def works_on(page: Page) -> None:
    """The connection is as good as before."""
    await page.send(type="say", id="on", text="still here")
    assert (await page.answer("on"))["type"] == "ok"
