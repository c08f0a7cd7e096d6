"""What the bot's actions call: each door, who may knock, and what bad input gets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from handoff.answers import answer_problems
from handoff.bot_api import bot_routes
from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.finding import Finder
from tests.core.making import CLOSED_ALL_DAY, line, supporter
from tests.service.house import House

TOKEN = "a token for the tests"


class Shelf:
    """Where the finder would be: remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.failure: Exception | None = None

    async def find(
        self, text: str, topics: Sequence[str], language: str, limit: int, exclude: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        self.asked.append((text, topics, language, limit, exclude))
        if self.failure is not None:
            raise self.failure
        return [{"id": "breathing", "title": "Breathing"}]


class Door:
    """The bot's side of the door, with a house behind it."""

    def __init__(self, house: House, http: httpx.AsyncClient, shelf: Shelf) -> None:
        self.house = house
        self.http = http
        self.shelf = shelf

    async def post(self, path: str, **body: Any) -> httpx.Response:
        talk = (await self.house.talk()).id
        return await self.http.post(f"/bot/{path}", json={"conversation": talk, **body})

    async def waiting(self) -> dict[str, Any]:
        answer = await self.http.get(f"/bot/waiting/{(await self.house.talk()).id}")
        assert answer.status_code == 200
        shown: dict[str, Any] = answer.json()
        return shown


async def opened(house: House) -> AsyncIterator[Door]:
    shelf = Shelf()
    app = FastAPI()
    answer_problems(app)
    finder: Finder = shelf  # type: ignore[assignment]
    app.include_router(bot_routes(house.front, house.store, finder, house.line, TOKEN))
    await house.writes()
    carried = httpx.ASGITransport(app, raise_app_exceptions=False)
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(transport=carried, base_url="http://service", headers=bearer) as http:
        yield Door(house, http, shelf)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async for made in opened(House()):
        yield made


@pytest.fixture
async def door_at_night() -> AsyncIterator[Door]:
    async for made in opened(House(line(CLOSED_ALL_DAY))):
        yield made


BODIES: dict[str, dict[str, Any]] = {
    "consent": {"given": True},
    "intake": {"summary": {"name": "Ana"}},
    "handoff": {"why": "asked"},
    "resources": {"text": "I can't sleep"},
    "resources/helped": {"resource": "breathing", "helped": True},
    "message": {"text": "please call"},
    "forget": {},
    "close": {},
}


@pytest.mark.parametrize("path", BODIES)
async def test_every_door_opens_with_the_token_and_the_least_there_must_be(door: Door, path: str) -> None:
    answer = await door.post(path, **BODIES[path])
    assert answer.status_code == 200, answer.text
    assert answer.json()


@pytest.mark.parametrize("path", [*BODIES, "waiting/c1"])
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"bearer {TOKEN}", TOKEN, "Bearer \xe9"])
async def test_without_the_token_no_door_opens(door: Door, path: str, given: str) -> None:
    headers = {b"Authorization": given.encode("latin-1")}
    how = "GET" if path.startswith("waiting") else "POST"
    answer = await door.http.request(
        how, f"/bot/{path}", json={"conversation": "c1", **BODIES.get(path, {})}, headers=headers
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
    assert given == "" or given not in answer.text


async def test_consent_is_kept(door: Door) -> None:
    await door.post("consent", given=False)
    assert (await door.house.talk()).consent is False


async def test_the_intake_comes_in_parts_and_what_is_not_given_stays(door: Door) -> None:
    await door.post("intake", summary={"name": "Ana", "topics": ["grief"]})
    await door.post("intake", summary={"heaviness": 8, "language": "es", "country": "ES"})
    await door.post("intake", summary={"preferences": ["similar age"], "share": True})
    talk = await door.house.talk()
    kept = talk.intake
    assert (kept.name, kept.topics, kept.heaviness, kept.preferences) == ("Ana", ("grief",), 8, ("similar age",))
    assert (kept.share, kept.done, talk.language, talk.country) == (True, True, "es", "ES")


async def test_saving_the_same_part_twice_changes_nothing(door: Door) -> None:
    for _ in range(2):
        await door.post("intake", summary={"topics": ["grief", "family"], "share": False})
    assert (await door.house.talk()).intake.topics == ("grief", "family")


async def test_an_answer_may_be_taken_back(door: Door) -> None:
    await door.post("intake", summary={"name": "Ana", "topics": ["grief"]})
    await door.post("intake", summary={"name": "", "topics": []})
    kept = (await door.house.talk()).intake
    assert (kept.name, kept.topics) == ("", ())


async def test_a_topic_that_is_no_code_of_ours_is_not_kept(door: Door) -> None:
    """Topics stand in clear in the records, so nothing that anybody typed may pass for one."""
    await door.post("intake", summary={"topics": ["grief", "what my brother did to me"]})
    assert (await door.house.talk()).intake.topics == ("grief",)


async def test_asking_for_a_person_enters_the_queue_and_tells_where(door: Door) -> None:
    await door.house.add(supporter())
    answer = await door.post("handoff", why="intake")
    assert answer.json() == {"state": "waiting", "position": 1, "estimate": None, "open": True, "opens_at": None}
    assert (await door.house.said())[-1] == door.house.line.wording.say("waiting_unsure", "en", position=1)


async def test_asking_twice_keeps_the_place(door: Door) -> None:
    await door.house.add(supporter())
    await door.post("handoff")
    since = (await door.house.talk()).waiting_since
    door.house.clock.now += 60
    assert (await door.post("handoff")).json()["state"] == "waiting"
    assert (await door.house.talk()).waiting_since == since


async def test_nobody_here_is_told_apart_from_closed_hours(door: Door, door_at_night: Door) -> None:
    assert (await door.post("handoff")).json()["state"] == "nobody"
    closed = (await door_at_night.post("handoff")).json()
    assert (closed["state"], closed["open"], closed["opens_at"]) == ("closed_hours", False, "2026-05-30T10:00:00+00:00")


async def test_every_state_has_a_name(door: Door) -> None:
    await door.house.add(supporter())
    assert (await door.waiting())["state"] == "intake"
    await door.post("handoff")
    assert (await door.waiting())["state"] == "waiting"
    await door.house.desk(e.Claimed)
    assert (await door.waiting())["state"] == "live"
    await door.house.desk(e.SupporterClosed, outcome="supported")
    assert (await door.waiting())["state"] == "closed"


async def test_resources_are_found_by_words_and_topics(door: Door) -> None:
    answer = await door.post(
        "resources", text="I can't sleep", topics=["anxiety"], language="es", limit=1, exclude=["a"]
    )
    assert answer.json() == {"resources": [{"id": "breathing", "title": "Breathing"}]}
    assert door.shelf.asked == [("I can't sleep", ["anxiety"], "es", 1, ["a"])]


async def test_a_message_left_is_for_the_desk(door: Door) -> None:
    await door.post("message", text="please call")
    margin = await door.house.store.margin((await door.house.talk()).id)
    assert margin[-1].text.endswith("please call")


async def test_stopping_and_forgetting_end_the_conversation(door: Door) -> None:
    await door.post("close")
    assert (await door.house.talk()).phase is Phase.CLOSING
    await door.post("forget")
    assert [parcel.kind for parcel in await door.house.lane("erase")] == ["forget"]


# --- bad input --------------------------------------------------------------------------------------------------------

CANARY = "canary-words"
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("consent", {"given": CANARY}, "given"),
    ("consent", {}, "given"),
    ("intake", {"summary": CANARY}, "summary"),
    ("intake", {"summary": {"heaviness": 11}}, "summary.heaviness"),
    ("intake", {"summary": {"heaviness": CANARY}}, "summary.heaviness"),
    ("intake", {"summary": {"language": CANARY}}, "summary.language"),
    ("intake", {"summary": {"country": "gb"}}, "summary.country"),
    ("intake", {"summary": {"name": CANARY * 10}}, "summary.name"),
    ("intake", {"summary": {"topics": [CANARY] * 21}}, "summary.topics"),
    ("intake", {"summary": {"preferences": [CANARY * 20]}}, "summary.preferences.0"),
    ("handoff", {"why": CANARY}, "why"),
    ("resources", {"text": CANARY, "limit": 4}, "limit"),
    ("resources", {"text": CANARY * 1000}, "text"),
    ("resources/helped", {"resource": CANARY * 10, "helped": True}, "resource"),
    ("message", {"text": ""}, "text"),
    ("message", {"text": CANARY * 10_000}, "text"),
    ("forget", {"conversation": ""}, "conversation"),
    ("forget", {"conversation": CANARY * 10}, "conversation"),
    ("forget", {"conversation": None}, "conversation"),
]


@pytest.mark.parametrize(("path", "body", "field"), WRONG)
async def test_a_wrong_field_is_named_and_what_was_sent_is_not_repeated(
    door: Door, path: str, body: dict[str, Any], field: str
) -> None:
    answer = await door.post(path, **body)
    assert (answer.status_code, answer.json()["error"]) == (422, "bad_request")
    assert field in answer.json()["next"]
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    "content", [b"", b"canary-words", b"[]", b"null", b"\xff\xfe\x00", b"[" * 10_000, b'{"conversation": ']
)
async def test_what_is_no_json_object_is_refused_without_repeating_it(door: Door, content: bytes) -> None:
    answer = await door.http.post("/bot/consent", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["error"] == "bad_request"
    assert CANARY not in answer.text


async def test_fields_nobody_knows_are_ignored(door: Door) -> None:
    assert (await door.post("consent", given=True, canary=CANARY)).status_code == 200


@pytest.mark.parametrize("path", [path for path in BODIES if path != "resources"])
async def test_a_conversation_nobody_knows_is_gone(door: Door, path: str) -> None:
    answer = await door.post(path, **{**BODIES[path], "conversation": CANARY})
    assert (answer.status_code in (404, 409), answer.json()["error"]) == (True, "gone")
    assert CANARY not in answer.text
    assert (await door.http.get(f"/bot/waiting/{CANARY}")).status_code == 404


async def test_after_the_end_an_action_is_told_so(door: Door) -> None:
    await door.post("close")
    answer = await door.post("message", text=CANARY)
    assert (answer.status_code, answer.json()["error"]) == (409, "gone")
    assert CANARY not in answer.text


async def test_a_store_that_is_down_is_said_to_be_and_nothing_was_saved(door: Door) -> None:
    talk = (await door.house.talk()).id
    door.house.store.down = True
    for path, body in BODIES.items():
        answer = await door.http.post(f"/bot/{path}", json={"conversation": talk, **body})
        assert (answer.status_code, answer.json().get("error")) in ((503, "store_down"), (200, None))
    door.house.store.down = False
    assert (await door.house.talk()).phase is Phase.INTAKE


async def test_another_address_or_method_is_answered_in_the_same_form(door: Door) -> None:
    assert (await door.http.get("/bot/canary-words")).json()["error"] == "not_found"
    assert (await door.http.get("/bot/consent")).json()["error"] == "method_not_allowed"


async def test_a_defect_of_ours_shows_nothing_of_itself(door: Door) -> None:
    door.shelf.failure = ValueError(CANARY)
    answer = await door.post("resources", text=CANARY)
    assert (answer.status_code, answer.json()["error"]) == (500, "internal")
    assert CANARY not in answer.text
