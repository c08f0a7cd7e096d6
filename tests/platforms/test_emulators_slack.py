"""The emulated Slack behaves like Slack: a small app made with Bolt, as anybody would make it, lives in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handoff.running.ports import LOOPBACK, free_port
from tests.emulators.proxy import Fault, FaultProxy
from tests.emulators.slack import Member, SlackWorld, slack_world
from tests.emulators.slack_blocks import words_of
from tests.emulators.slack_front import APP_TOKEN, BOT_TOKEN, SECRET
from tests.journey.line import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

_BUTTON = {"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Go"}}
_NAME = {"type": "plain_text_input", "action_id": "name"}
_NAMED = {"type": "input", "block_id": "name", "label": {"type": "plain_text", "text": "Name"}, "element": _NAME}
_TITLE = {"type": "plain_text", "text": "A form"}
_FORM = {
    "type": "modal", "callback_id": "form", "title": _TITLE, "submit": _TITLE, "private_metadata": "kept",
    "blocks": [_NAMED],
}  # fmt: skip


class SmallApp:
    """Remembers what reached it."""

    def __init__(self, world: SlackWorld) -> None:
        self.calls = AsyncWebClient(BOT_TOKEN, base_url=world.api, retry_handlers=[])
        self.bolt = AsyncApp(client=self.calls, token=BOT_TOKEN, signing_secret=SECRET)
        self.events: list[dict[str, Any]] = []
        self.clicked: list[dict[str, Any]] = []
        self.ids: list[str] = []
        for kind in ("message", "reaction_added", "app_home_opened", "user_change"):
            self.bolt.event(kind)(self._event)
        self.bolt.action("go")(self._go)
        self.bolt.view("form")(self._form)
        self.bolt.command("/warmline")(self._command)
        self.bolt.shortcut("look")(self._shortcut)

    async def _event(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        self.events.append(event)
        self.ids.append(body["event_id"])

    async def _go(self, ack: Callable[..., Awaitable[None]], body: dict[str, Any]) -> None:
        await ack()
        self.clicked.append(body)
        await self.calls.views_open(trigger_id=body["trigger_id"], view=_FORM)

    async def _form(self, ack: Callable[..., Awaitable[None]], view: dict[str, Any]) -> None:
        typed = view["state"]["values"]["name"]["name"]["value"]
        if not typed:
            return await ack(response_action="errors", errors={"name": "A name, please."})
        self.clicked.append(view)
        return await ack()

    async def _command(
        self,
        ack: Callable[..., Awaitable[None]],
        respond: Callable[..., Awaitable[None]],
        command: dict[str, Any],
    ) -> None:
        await ack(f"You said {command['text']}")
        await respond("and that took a moment")

    async def _shortcut(self, ack: Callable[..., Awaitable[None]], body: dict[str, Any]) -> None:
        await ack()
        self.clicked.append(body)

    async def heard(self, text: str) -> dict[str, Any]:
        """The first event with these words, once it is here."""

        async def there() -> bool:
            return any(each.get("text") == text for each in self.events)

        await eventually(there, f"the app hears {text!r}")
        return next(each for each in self.events if each.get("text") == text)

    async def is_told_of(self, **what: object) -> dict[str, Any]:
        """The first event that has these fields, once it is here."""
        found: list[dict[str, Any]] = []

        async def there() -> bool:
            found[:] = [each for each in self.events if what.items() <= each.items()]
            return bool(found)

        await eventually(there, f"the app is told of {what}")
        return found[0]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackWorld]:
    log: Path = tmp_path_factory.mktemp("slack") / "emulator.log"
    async with slack_world(log) as world:
        yield world


@asynccontextmanager
async def connected(world: SlackWorld) -> AsyncIterator[SmallApp]:
    """The app, over a socket."""
    app = SmallApp(world)
    handler = AsyncSocketModeHandler(app.bolt, APP_TOKEN, web_client=AsyncWebClient(APP_TOKEN, base_url=world.api))
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await world.connected()
    try:
        yield app
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@pytest_asyncio.fixture(loop_scope="session")
async def app(world: SlackWorld) -> AsyncIterator[SmallApp]:
    async with connected(world) as app:
        yield app


@pytest.fixture
def ana(world: SlackWorld) -> Member:
    return world.member("ana")


async def test_what_a_member_writes_in_a_thread_reaches_the_app(world: SlackWorld, app: SmallApp, ana: Member) -> None:
    channel = await ana.direct()
    root = await app.calls.chat_postMessage(channel=channel, text="a thread")
    written = await ana.writes(channel, "in the thread", str(root["ts"]))
    event = await app.heard("in the thread")
    assert (event["channel"], event["channel_type"], event["user"]) == (channel, "im", ana.user)
    assert (event["ts"], event["thread_ts"]) == (written, root["ts"])
    await app.calls.reactions_add(channel=channel, timestamp=written, name="eyes")
    await world.sees_reaction(channel, written, "eyes")
    await ana.edits(channel, written, "in the thread, mended")
    changed = await app.is_told_of(subtype="message_changed", channel=channel)
    assert (changed["message"]["ts"], changed["message"]["text"]) == (written, "in the thread, mended")
    await ana.deletes(channel, written)
    assert (await app.is_told_of(subtype="message_deleted", channel=channel))["deleted_ts"] == written


async def test_a_click_brings_the_message_and_opens_a_modal(world: SlackWorld, app: SmallApp, ana: Member) -> None:
    blocks = [{"type": "actions", "block_id": "row", "elements": [_BUTTON]}]
    card = await app.calls.chat_postMessage(channel=world.queue, text="a card", blocks=blocks)
    await ana.clicks(world.queue, str(card["ts"]), "go")
    await ana.modal("form")
    body = app.clicked[-1]
    assert (body["actions"][0]["value"], body["user"]["id"], body["message"]["ts"]) == ("7", ana.user, card["ts"])
    assert (await ana.submits("form"))["errors"] == {"name": "A name, please."}
    await ana.submits("form", name="Ana")
    assert (app.clicked[-1]["private_metadata"], world.front.views[ana.user]) == ("kept", [])


async def test_a_trigger_is_good_for_its_own_person_only_once(world: SlackWorld, app: SmallApp, ana: Member) -> None:
    trigger = await world.front.trigger(ana.user)
    await app.calls.views_open(trigger_id=trigger, view=_FORM)
    with pytest.raises(SlackApiError, match="trigger"):
        await app.calls.views_open(trigger_id=trigger, view=_FORM)


async def test_a_command_is_answered_and_a_shortcut_brings_its_message(
    world: SlackWorld, app: SmallApp, ana: Member
) -> None:
    assert await ana.runs("/warmline", "available") == "You said available"
    await ana.is_told("and that took a moment")
    written = await ana.writes(world.queue, "look at this")
    await ana.uses_shortcut("look", world.queue, written)
    assert (app.clicked[-1]["callback_id"], app.clicked[-1]["message"]["text"]) == ("look", "look at this")


async def test_home_and_words_for_one_pair_of_eyes_are_seen_by_that_person(
    world: SlackWorld, app: SmallApp, ana: Member
) -> None:
    ana.opens_home()
    await app.is_told_of(type="app_home_opened", user=ana.user)
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "good morning"}}
    actions = {"type": "actions", "elements": [_BUTTON]}
    await app.calls.views_publish(user_id=ana.user, view={"type": "home", "blocks": [section, actions]})
    assert "good morning" in ana.home()
    await ana.clicks_home("go")
    assert app.clicked[-1]["view"]["type"] == "home"
    await app.calls.chat_postEphemeral(channel=world.queue, user=ana.user, text="only you")
    await ana.is_told("only you")
    assert not any("only you" in words_of(each) for each in await world.messages(world.queue))


async def test_files_come_with_a_message_and_can_be_fetched_with_the_token(
    world: SlackWorld, app: SmallApp, ana: Member
) -> None:
    channel = await ana.direct()
    root = await app.calls.chat_postMessage(channel=channel, text="for files")
    await ana.uploads(channel, str(root["ts"]), b"some words", "a.txt")
    event = await app.is_told_of(subtype="file_share", thread_ts=root["ts"])
    assert event["files"][0]["name"] == "a.txt"
    assert event["files"][0]["url_private"].startswith(world.front.url)
    assert await world.content_of(event["files"][0]) == b"some words"


async def test_metadata_is_told_to_those_who_ask(world: SlackWorld, app: SmallApp) -> None:
    about = {"event_type": "thing", "event_payload": {"number": 3}}
    sent = await app.calls.chat_postMessage(channel=world.leads, text="with more", metadata=about)
    ts = str(sent["ts"])
    asked = await app.calls.conversations_replies(channel=world.leads, ts=ts, include_all_metadata=True)
    plain = await app.calls.conversations_replies(channel=world.leads, ts=ts)
    assert asked["messages"][0]["metadata"] == about
    assert "metadata" not in plain["messages"][0]
    assert (await app.calls.chat_getPermalink(channel=world.leads, message_ts=ts))["permalink"]


async def test_an_event_without_acknowledgement_comes_again(world: SlackWorld, app: SmallApp, ana: Member) -> None:
    world.loses_acks(1)
    await ana.writes(await ana.direct(), "twice")

    async def again() -> bool:
        return [each.get("text") for each in app.events] == ["twice", "twice"]

    await eventually(again, "the event comes again")
    assert len(set(app.ids)) == 1
    await world.redelivers(app.ids[0])
    assert len(app.ids) == 3


async def test_an_event_waits_for_an_app_that_is_away(world: SlackWorld, ana: Member) -> None:
    await ana.writes(await ana.direct(), "is anybody there?")
    async with connected(world) as late:
        await late.heard("is anybody there?")
    assert world.front.repeats > 0


async def test_the_socket_comes_back_after_a_disconnect(world: SlackWorld, app: SmallApp, ana: Member) -> None:
    await world.disconnects()
    await ana.writes(await ana.direct(), "while it was gone")
    await app.heard("while it was gone")


async def test_events_that_were_held_come_the_other_way_round(world: SlackWorld, app: SmallApp, ana: Member) -> None:
    channel = await ana.direct()
    async with world.reorders():
        for text in ("one", "two", "three"):
            await ana.writes(channel, text)
    await app.heard("one")
    assert [each["text"] for each in app.events] == ["three", "two", "one"]


async def test_signed_requests_reach_an_app_over_http(world: SlackWorld, ana: Member) -> None:
    app = SmallApp(world)
    statuses: list[int] = []

    async def door(request: web.Request) -> web.Response:
        asked = AsyncBoltRequest(body=await request.text(), headers=dict(request.headers))
        answer = await app.bolt.async_dispatch(asked)
        statuses.append(answer.status)
        return web.Response(status=answer.status, text=answer.body, headers={"Content-Type": "application/json"})

    port = free_port()
    runner = web.AppRunner(web.Application(), shutdown_timeout=0.1)
    runner.app.router.add_post("/slack/events", door)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, port).start()
    world.front.http_url = f"http://{LOOPBACK}:{port}/slack/events"
    try:
        await ana.writes(await ana.direct(), "over http")
        await app.heard("over http")
        assert await ana.runs("/warmline", "queue") == "You said queue"
    finally:
        world.front.http_url = None
        await runner.cleanup()
    assert set(statuses) == {200}


async def test_a_person_whose_account_is_gone_can_not_be_written_to(world: SlackWorld, app: SmallApp) -> None:
    lou = world.member("lou")
    await world.deactivates(lou)
    assert (await app.is_told_of(type="user_change"))["user"]["deleted"] is True
    assert (await app.calls.users_info(user=lou.user))["user"]["deleted"] is True
    with pytest.raises(SlackApiError, match="user_disabled"):
        await app.calls.conversations_open(users=lou.user)
    world.reactivates(lou)
    assert (await app.calls.conversations_open(users=lou.user))["ok"]


async def test_a_token_that_was_revoked_is_refused_everywhere(world: SlackWorld, app: SmallApp) -> None:
    world.refuses("token_revoked")
    with pytest.raises(SlackApiError, match="token_revoked"):
        await app.calls.auth_test()
    world.refuses(None)
    assert "chat:write" in (await app.calls.auth_test()).headers["x-oauth-scopes"]


async def test_a_message_whose_answer_was_lost_stands_once(world: SlackWorld) -> None:
    async with FaultProxy(world.front.url) as proxy:
        calls = AsyncWebClient(BOT_TOKEN, base_url=f"{proxy.url}/api/", retry_handlers=[])
        proxy.fails("chat.postMessage", Fault.LATE_GATEWAY)
        with pytest.raises(SlackApiError):
            await calls.chat_postMessage(channel=world.leads, text="did you get this?")
    shown = [each["text"] for each in await world.messages(world.leads)]
    assert shown.count("did you get this?") == 1
