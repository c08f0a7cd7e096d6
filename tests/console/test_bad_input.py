"""Wrong, forged, hostile and too much: each gets a clear answer, and changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.console.frames import MOST_BYTES
from handoff.core.entries import Speaker
from handoff.core.events import SupporterRemoved
from handoff.core.risk import Tier
from handoff.signin import sign_out
from tests.console.desk_client import desk_of, socket_of
from tests.console.house import House, make_house, opened

XSS = '"><img src=x onerror=alert(1)><script>alert(1)</script>'

FRAMES: list[tuple[str | bytes, str]] = [
    ("", "bad_frame"),
    ("{", "bad_frame"),
    ("[]", "bad_frame"),
    ("null", "bad_frame"),
    ("[" * 5000, "bad_frame"),
    (b"\x00\xff\xfe", "bad_frame"),
    ('{"type": "say", "id": "a", "conversation": "c1", "text": "\\ud800"}', "bad_frame"),
    ("{}", "unknown_type"),
    ('{"type": "drop_tables"}', "unknown_type"),
    ('{"type": ["say"]}', "unknown_type"),
    ('{"type": null, "id": "a"}', "unknown_type"),
    ('{"type": "say", "conversation": "c1", "text": "no id"}', "bad_field"),
    ('{"type": "say", "id": "with space", "conversation": "c1", "text": "x"}', "bad_id"),
    ('{"type": "say", "id": "", "conversation": "c1", "text": "x"}', "bad_id"),
    ('{"type": "say", "id": 7, "conversation": "c1", "text": "x"}', "bad_id"),
    ('{"type": "say", "id": "a", "conversation": "c1", "text": 7}', "bad_field"),
    ('{"type": "say", "id": "a", "conversation": "c1", "text": ["x"]}', "bad_field"),
    ('{"type": "say", "id": "a", "conversation": {"$gt": ""}, "text": "x"}', "bad_field"),
    ('{"type": "say", "id": "a", "conversation": "c 1\\n", "text": "x"}', "bad_field"),
    ('{"type": "say", "id": "a", "conversation": "c1", "text": " \\u0000\\n "}', "empty"),
    ('{"type": "note", "id": "a", "conversation": "c1", "text": ""}', "empty"),
    ('{"type": "read", "conversation": "c1", "seq": -1}', "bad_field"),
    ('{"type": "read", "conversation": "c1", "seq": true}', "bad_field"),
    ('{"type": "read", "conversation": "c1", "seq": 1e300}', "bad_field"),
    ('{"type": "presence", "id": "a", "state": "asleep"}', "bad_field"),
    ('{"type": "raise", "id": "a", "conversation": "c1", "tier": "7", "why": "x"}', "bad_field"),
    ('{"type": "raise", "id": "a", "conversation": "c1", "tier": "imminent"}', "bad_field"),
    ('{"type": "close", "id": "a", "conversation": "c1", "outcome": "cured"}', "bad_outcome"),
    (json.dumps({"type": "say", "id": "a", "conversation": "c1", "text": "x" * 4001}), "too_long"),
    (json.dumps({"type": "decline", "id": "a", "conversation": "c1", "why": "x" * 501}), "bad_field"),
]


@pytest.mark.parametrize(("raw", "code"), FRAMES, ids=range(len(FRAMES)))
async def test_a_bad_frame_is_refused_with_its_reason(house: House, raw: str | bytes, code: str) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as desk:
        before = len(desk.frames)
        await desk.raw(raw)
        refused = await desk.until_type("refused", after=before)
        assert refused["code"] == code
        assert refused["next"]
        await desk.settled()
    assert (await house.conversation(held.id)).seq == held.seq


async def test_fields_nobody_knows_are_ignored(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as desk:
        answer = await desk.ask("say", conversation=held.id, text="Hello", supporter="joan", as_lead=True, seq=99)
        assert answer["type"] == "ok"
        assert (await desk.entry("Hello"))["name"] == "Mira"


HELD: list[tuple[str, dict[str, Any]]] = [
    ("say", {"text": "x"}),
    ("note", {"text": "x"}),
    ("resource", {"resource": "r"}),
    ("release", {}),
    ("transfer", {"to": "mira"}),
    ("escalate", {"why": "x"}),
    ("raise", {"tier": "imminent", "why": "x"}),
    ("close", {"outcome": "other"}),
]


@pytest.mark.parametrize(("kind", "fields"), HELD, ids=[kind for kind, _ in HELD])
async def test_another_supporters_conversation_is_out_of_reach(house: House, kind: str, fields: dict[str, Any]) -> None:
    await house.hire("Mira")
    await house.hire("Sam")
    held = await house.give((await house.arrive()).id, "sam")
    async with desk_of(house, "mira") as desk:
        for conversation in (held.id, "nothing-of-that-id"):
            assert (await desk.ask(kind, conversation=conversation, **fields))["code"] == "not_yours"
        await desk.send("read", conversation=held.id, seq=3)
        await desk.send("typing", conversation=held.id)
        await desk.settled()
        assert [each["code"] for each in desk.frames if each["type"] == "refused"] == ["not_yours"] * 4
        assert not desk.texts(held.id)
    assert await house.conversation(held.id) == held
    assert (await house.store.marks(held.pseudonym)).desk_read == 0


async def test_markup_in_every_field_stays_words(house: House) -> None:
    await house.hire("Mira", lead=True)
    waiting = await house.arrive(XSS, topics=(XSS,), preferences=(XSS,), why=XSS, tier=Tier.CONCERN, modifiers=(XSS,))
    held = await house.give(waiting.id, "mira")
    async with desk_of(house, "mira") as desk:
        for kind, fields in (
            ("say", {"text": XSS}),
            ("note", {"text": XSS}),
            ("escalate", {"why": XSS}),
            ("raise", {"tier": "active", "why": XSS}),
        ):
            assert (await desk.ask(kind, conversation=held.id, **fields))["type"] == "ok"
        assert (await desk.entry(XSS))["text"] == XSS
        assert (await desk.ask("search", text=XSS))["type"] == "found"
        assert (await desk.ask("say", conversation=XSS, text="x"))["code"] == "bad_field"


@pytest.mark.parametrize("session", ["", "forged", "x" * 43])
async def test_a_socket_without_a_session_is_closed_with_a_reason(house: House, session: str) -> None:
    async with socket_of(house, session) as desk:
        assert await desk.closed() == 1008
    assert desk.bye is not None
    assert (desk.bye["code"], desk.bye["again"]) == ("signed_out", None)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1", "http://127.0.0.1:1"])
async def test_a_socket_from_another_site_is_closed_with_a_reason(house: House, origin: str) -> None:
    await house.hire("Mira")
    async with socket_of(house, await house.session("mira"), origin=origin) as desk:
        assert await desk.closed() == 1008
    assert [each["code"] for each in desk.frames] == ["bad_origin"]


async def test_a_line_may_allow_another_address_of_its_own() -> None:
    async with opened(make_house(origins=("https://desk.example",))) as house:
        await house.hire("Mira")
        async with socket_of(house, await house.session("mira"), origin="https://desk.example") as desk:
            await desk.send("hello")
            await desk.until_type("welcome")


@pytest.mark.parametrize("first", ['{"type": "ping"}', "{", '{"type": "hello", "after": {"c": "x"}}'])
async def test_a_socket_that_does_not_say_hello_is_closed(house: House, first: str) -> None:
    await house.hire("Mira")
    async with socket_of(house, await house.session("mira")) as desk:
        await desk.raw(first)
        assert await desk.closed() == 1008
    assert [each["code"] for each in desk.frames] == ["hello_missing"]


async def test_a_silent_socket_is_closed() -> None:
    async with opened(make_house(hello_seconds=0.05)) as house:
        await house.hire("Mira")
        async with socket_of(house, await house.session("mira")) as desk:
            assert await desk.closed() == 1008


async def test_a_flood_is_told_once_it_begins_and_then_closed(house: House) -> None:
    await house.hire("Mira")
    async with desk_of(house, "mira") as desk:
        for number in range(400):
            await desk.send("search", id=f"s{number}", text="x")
        assert await desk.closed() == 1008
    refused = [each for each in desk.frames if each["type"] == "refused"]
    assert {each["code"] for each in refused} == {"too_fast"}
    assert refused[0]["id"].startswith("s")
    assert desk.bye is not None
    assert (desk.bye["code"], desk.bye["again"]) == ("flooded", 30)


async def test_a_frame_far_too_large_ends_the_connection(house: House) -> None:
    await house.hire("Mira")
    async with desk_of(house, "mira") as desk:
        await desk.raw(json.dumps({"type": "ping", "x": "x" * MOST_BYTES}))
        assert await desk.closed() == 1009
    assert desk.bye is not None
    assert desk.bye["code"] == "too_large"


async def test_a_supporter_removed_while_live_is_out_at_once(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    session = await house.session("mira")
    async with desk_of(house, "mira", session=session) as desk:
        await desk.until_type("marks")
        await house.front.handle(SupporterRemoved(id="gone", supporter="mira"))
        assert await desk.closed() == 1008
        assert desk.bye is not None
        assert (desk.bye["code"], desk.bye["again"]) == ("removed", None)
    await house.say(held.id, Speaker.SEEKER, "still here?")
    async with socket_of(house, session) as again:
        assert await again.closed() == 1008
    assert not again.texts(held.id)


async def test_signing_out_elsewhere_closes_this_desk_too(house: House) -> None:
    await house.hire("Mira")
    session = await house.session("mira")
    async with desk_of(house, "mira", session=session) as desk:
        await sign_out(house.store, session)
        await desk.send("search", id="a", text="x")
        assert await desk.closed() == 1008
        assert desk.bye is not None
        assert desk.bye["code"] == "signed_out"


async def test_when_the_store_is_down_nothing_is_taken_for_saved(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as desk:
        await desk.until_type("marks")
        house.store.down = True
        assert (await desk.ask("say", id="words", conversation=held.id, text="Hello"))["code"] == "store_down"
        assert (await desk.until_type("trouble"))["store_down"] is True
        house.store.down = False
        await desk.until(lambda frame: frame["type"] == "trouble" and not frame["store_down"])
        assert (await desk.ask("say", id="words", conversation=held.id, text="Hello"))["type"] == "ok"
        await desk.entry("Hello")
        assert desk.texts(held.id).count("Hello") == 1


async def test_a_desk_that_comes_while_the_store_is_down_is_asked_to_come_again(house: House) -> None:
    await house.hire("Mira")
    session = await house.session("mira")
    house.store.down = True
    async with socket_of(house, session) as desk:
        assert await desk.closed() == 1008
    assert desk.bye is not None
    assert (desk.bye["code"], desk.bye["again"]) == ("store_down", 3)
