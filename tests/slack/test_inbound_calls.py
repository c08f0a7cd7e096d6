"""Calls to Slack against a server that fails in every way: each failure has its name, and nothing waits or leaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from connectors.slack.calls import Calls
from handoff.ports import DeliveryFailed

WORDS = "canary-robin"


class Slack:
    """Answers as it was told to; `asked` are the methods that arrived."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: list[Any] = []
        self.files: dict[str, web.Response] = {}

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.match_info["method"])
        answer = self.answers.pop(0) if self.answers else {"ok": True}
        if answer == "hang up":
            assert request.transport is not None
            request.transport.close()
        if isinstance(answer, web.Response):
            return answer
        return web.json_response(answer if isinstance(answer, dict) else {})

    async def file(self, request: web.Request) -> web.Response:
        self.asked.append(request.headers.get("Authorization", ""))
        return self.files[request.match_info["name"]]


@pytest.fixture
async def slack() -> Slack:
    return Slack()


@pytest.fixture
async def calls(slack: Slack) -> AsyncIterator[Calls]:
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.take)
    app.router.add_get("/files/{name}", slack.file)
    app.router.add_post("/upload/{method}", slack.take)
    server = TestServer(app)
    await server.start_server()
    yield Calls("xoxb-secret", str(server.make_url("/api/")))
    await server.close()


async def failed(calls: Calls, method: str = "chat.postMessage") -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        await calls.call(method, channel="C1", text=WORDS)
    assert WORDS not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value


def refusal(code: str) -> dict[str, Any]:
    return {"ok": False, "error": code}


async def test_too_many_is_remembered_for_that_method_alone(slack: Slack, calls: Calls) -> None:
    slack.answers = [web.json_response(refusal("ratelimited"), status=429, headers={"Retry-After": "30"})]
    assert (await failed(calls)).retry_after == 30
    assert 0 < ((await failed(calls)).retry_after or 0) <= 30
    await calls.call("chat.update", channel="C1")
    assert slack.asked == ["chat.postMessage", "chat.update"]


@pytest.mark.parametrize(
    "answer",
    [
        web.Response(status=503, text="down"),
        web.Response(status=502, text="<html>bad gateway</html>", content_type="text/html"),
        web.Response(status=500, text="{", content_type="application/json"),
        web.json_response(refusal("internal_error")),
        web.json_response(refusal("fatal_error"), status=500),
    ],
    ids=["plain", "html", "broken json", "in words", "both"],
)
async def test_after_an_error_of_slacks_own_it_is_tried_again_as_what_may_have_arrived(
    slack: Slack, calls: Calls, answer: web.Response
) -> None:
    slack.answers = [answer]
    known = await failed(calls)
    assert (known.unsure, known.hopeless, known.gone, known.retry_after) == (True, False, "", None)
    assert calls.health == "unreachable"
    await calls.call("auth.test")
    assert calls.health == "ok"


@pytest.mark.parametrize("answer", [web.Response(status=429, text="slow"), web.Response(status=429, body=b"\x00")])
async def test_too_many_is_understood_however_it_is_said(slack: Slack, calls: Calls, answer: web.Response) -> None:
    answer.headers["Retry-After"] = "7"
    slack.answers = [answer]
    assert (await failed(calls)).retry_after == 7


async def test_a_lost_answer_leaves_open_only_what_would_show_twice(slack: Slack, calls: Calls) -> None:
    slack.answers = ["hang up"] * 4  # reading is tried twice by aiohttp itself
    unsure = [(await failed(calls, method)).unsure for method in ("chat.postMessage", "chat.update", "users.info")]
    assert unsure == [True, False, False]


async def test_an_answer_that_no_slack_gave_may_have_arrived(slack: Slack, calls: Calls) -> None:
    slack.answers = [web.Response(text="<html>log in to this network</html>", content_type="text/html")]
    known = await failed(calls)
    assert (known.unsure, known.hopeless) == (True, False)


async def test_where_nobody_listens_nothing_arrived() -> None:
    known = await failed(Calls("xoxb-secret", "http://127.0.0.1:9/api/"))
    assert (known.unsure, known.hopeless) == (False, False)


@pytest.mark.parametrize("code", ["user_disabled", "user_not_found", "cannot_dm_bot"])
async def test_a_person_who_left_is_gone(slack: Slack, calls: Calls, code: str) -> None:
    slack.answers = [refusal(code)]
    assert (await failed(calls, "conversations.open")).gone == "deactivated"


@pytest.mark.parametrize(
    ("code", "health"),
    [
        ("invalid_auth", "unauthorized"),
        ("account_inactive", "unauthorized"),
        ("token_revoked", "revoked"),
        ("missing_scope", "missing_scope"),
    ],
)
async def test_a_wrong_token_shows_in_the_health_and_loses_nothing(
    slack: Slack, calls: Calls, code: str, health: str
) -> None:
    slack.answers = [refusal(code)]
    known = await failed(calls)
    assert (calls.health, known.hopeless, known.gone) == (health, False, "")
    await calls.call("chat.postMessage")
    assert calls.health == "ok"


async def test_a_scope_that_only_adorns_is_done_without(slack: Slack, calls: Calls) -> None:
    slack.answers = [refusal("missing_scope")]
    assert (await failed(calls, "reactions.add")).hopeless
    assert calls.health == "missing_scope"


async def test_what_slack_will_never_take_is_told_by_its_code(slack: Slack, calls: Calls) -> None:
    slack.answers = [refusal("invalid_blocks")]
    known = await failed(calls)
    assert (known.hopeless, str(known)) == (True, "invalid_blocks")


async def test_who_we_are_is_asked_once(slack: Slack, calls: Calls) -> None:
    slack.answers = [{"ok": True, "user_id": "U1", "bot_id": "B1", "team_id": "T1"}]
    assert await calls.me() is await calls.me()
    assert slack.asked == ["auth.test"]


# --- files ------------------------------------------------------------------------------------------------------------


def address(calls: Calls, name: str) -> str:
    return str(calls.client.base_url).replace("/api/", f"/files/{name}")


async def test_a_file_comes_with_our_token_up_to_the_limit(slack: Slack, calls: Calls) -> None:
    slack.files = {"small": web.Response(body=b"x" * 10), "large": web.Response(body=b"x" * 11)}
    assert await calls.download(address(calls, "small"), 10) == b"x" * 10
    assert await calls.download(address(calls, "large"), 10) is None
    assert slack.asked == ["Bearer xoxb-secret"] * 2


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a.png",
        "https://files.slack.com.example.org/a.png",
        "https://evilslack.com/a",
        "http://files.slack.com/a.png",
        "https://files.slack.com@example.org/a.png",
        "file:///etc/passwd",
        "",
    ],
)
async def test_no_other_address_is_ever_followed(slack: Slack, calls: Calls, url: str) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        await calls.download(url, 10)
    assert caught.value.hopeless
    assert slack.asked == []


async def test_a_file_that_leads_elsewhere_is_not_followed_there(slack: Slack, calls: Calls) -> None:
    slack.files = {"moved": web.Response(status=302, headers={"Location": "https://example.org/login"})}
    with pytest.raises(DeliveryFailed) as caught:
        await calls.download(address(calls, "moved"), 10)
    assert caught.value.hopeless


@pytest.mark.parametrize(("status", "hopeless"), [(404, True), (403, True), (500, False)])
async def test_a_file_that_is_not_given_out(slack: Slack, calls: Calls, status: int, *, hopeless: bool) -> None:
    slack.files = {"a": web.Response(status=status)}
    with pytest.raises(DeliveryFailed) as caught:
        await calls.download(address(calls, "a"), 10)
    assert caught.value.hopeless is hopeless


async def test_a_file_is_brought_into_a_thread(slack: Slack, calls: Calls) -> None:
    where = str(calls.client.base_url).replace("/api/", "/upload/put")
    slack.answers = [{"ok": True, "upload_url": where, "file_id": "F1"}, web.Response(text="OK")]
    slack.answers.append({"ok": True, "files": [{"id": "F1"}]})
    await calls.upload("D1", "1.1", b"voice", "voice.ogg", "voice.ogg")
    assert slack.asked == ["files.getUploadURLExternal", "put", "files.completeUploadExternal"]


async def test_a_file_that_is_not_taken_is_tried_again(slack: Slack, calls: Calls) -> None:
    where = str(calls.client.base_url).replace("/api/", "/upload/put")
    slack.answers = [{"ok": True, "upload_url": where, "file_id": "F1"}, web.Response(status=500, text=WORDS)]
    with pytest.raises(DeliveryFailed) as caught:
        await calls.upload("D1", "1.1", b"voice", "voice.ogg", "voice.ogg")
    assert (caught.value.hopeless, WORDS in str(caught.value)) == (False, False)
