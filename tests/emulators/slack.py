"""Slack as its people see it: what they write, click and fill in, and what stands in channels, threads and modals."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from handoff.running.ports import free_port
from tests.emulators.processes import node
from tests.emulators.slack_blocks import action_of, element_in, filled_in, input_in, moment, words_of
from tests.emulators.slack_front import APP, BOT_TOKEN, BOT_USER, SECRET, Json, SlackFront
from tests.emulators.slack_happenings import Happenings
from tests.journey.line import eventually
from tests.journey.talk import PATIENCE

_numbers = itertools.count(1)


@dataclass(slots=True)
class SlackWorld(Happenings):
    """The workspace, as it stands. What may happen to it and to its calls: `Happenings`."""

    queue: str = ""
    leads: str = ""
    users: dict[str, str] = field(default_factory=dict)

    def member(self, name: str) -> Member:
        return Member(self, name, self.users[name])

    def client(self, token: str) -> AsyncWebClient:
        return AsyncWebClient(token, base_url=f"{self.front.url}/api/")

    async def messages(self, channel: str, thread: str = "") -> list[Json]:
        """What stands in a channel, or in a thread with its root, oldest first."""
        place = {"channel": channel, "ts": thread} if thread else {"channel": channel}
        method = "conversations.replies" if thread else "conversations.history"
        answer = await self.front.api(method, {**place, "limit": 200}, BOT_TOKEN)
        return sorted(answer["messages"], key=lambda each: float(each["ts"]))

    async def sees(self, channel: str, words: str, thread: str = "", within: float = PATIENCE) -> Json:
        """The newest message with these words, once it is there."""
        found: list[Json] = []

        async def there() -> bool:
            found[:] = [each for each in await self.messages(channel, thread) if words in words_of(each)]
            return bool(found)

        await eventually(there, f"{words!r} in {channel}", within)
        return found[-1]

    async def reactions(self, channel: str, ts: str) -> list[str]:
        answer = await self.front.api("reactions.get", {"channel": channel, "timestamp": ts}, BOT_TOKEN)
        return [each["name"] for each in answer["message"].get("reactions") or ()]

    async def sees_reaction(self, channel: str, ts: str, emoji: str) -> None:
        """Until this sign is under a message."""

        async def there() -> bool:
            return emoji in await self.reactions(channel, ts)

        await eventually(there, f"{emoji!r} under {ts}", PATIENCE)

    async def content_of(self, file: Json) -> bytes:
        """A file of a message, as the app would fetch it."""
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with aiohttp.ClientSession(headers=headers) as http, http.get(file["url_private"]) as answer:
            assert answer.status == 200, answer.status
            return await answer.read()

    async def connected(self) -> None:
        """Until the app's socket stands."""

        async def up() -> bool:
            return self.front.connections > 0

        await eventually(up, "the app connects")


class Member:
    """Somebody in the workspace."""

    def __init__(self, world: SlackWorld, name: str, user: str) -> None:
        self.world = world
        self.name = name
        self.user = user
        self._own = world.client(f"xoxp-{name}")

    async def direct(self) -> str:
        """Their messages with the app."""
        answer = await self.world.front.api("conversations.open", {"users": self.user}, BOT_TOKEN)
        return str(answer["channel"]["id"])

    async def thread_about(self, words: str, within: float = PATIENCE) -> tuple[str, str]:
        """(channel, ts) of the thread whose root shows these words, once it is there."""
        channel = await self.direct()
        root = await self.world.sees(channel, words, within=within)
        return channel, str(root["ts"])

    async def writes(self, channel: str, text: str, thread: str = "") -> str:
        answer = await self._own.chat_postMessage(channel=channel, text=text, thread_ts=thread or None)
        return str(answer["ts"])

    async def edits(self, channel: str, ts: str, text: str) -> None:
        await self._own.chat_update(channel=channel, ts=ts, text=text)

    async def deletes(self, channel: str, ts: str) -> None:
        await self._own.chat_delete(channel=channel, ts=ts)

    async def reacts(self, channel: str, ts: str, emoji: str) -> None:
        await self._own.reactions_add(channel=channel, timestamp=ts, name=emoji)

    async def uploads(self, channel: str, thread: str, content: bytes, name: str) -> None:
        await self._own.files_upload_v2(channel=channel, thread_ts=thread, content=content, filename=name)

    async def clicks(self, channel: str, ts: str, action: str, thread: str = "", **more: Any) -> Json:
        """A button under a message."""
        messages = await self.world.messages(channel, thread or ts)
        message = next(each for each in messages if each["ts"] == ts)
        element = element_in(message.get("blocks") or [], action)
        container = {"type": "message", "channel_id": channel, "message_ts": ts}
        return await self._interact(
            {
                "type": "block_actions", "container": container, "channel": {"id": channel}, "message": message,
                "actions": [action_of(element, **more)],
            }
        )  # fmt: skip

    async def clicks_home(self, action: str, **more: Any) -> Json:
        """A button of their home tab."""
        home = self.world.front.homes[self.user]
        view = {**home, "id": "VHOME", "type": "home"}
        element = element_in(home["blocks"], action)
        return await self._interact(
            {
                "type": "block_actions",
                "container": {"type": "view"},
                "view": view,
                "actions": [action_of(element, **more)],
            }
        )

    async def modal(self, callback: str, within: float = PATIENCE) -> Json:
        """The modal of this kind that is open before them."""

        async def there() -> bool:
            return any(each["callback_id"] == callback for each in self.world.front.views[self.user])

        await eventually(there, f"the modal {callback!r}", within)
        return next(each for each in reversed(self.world.front.views[self.user]) if each["callback_id"] == callback)

    async def types_in_modal(self, callback: str, action: str, **typed: Any) -> None:
        """Something in a modal that answers at once, such as a search."""
        view = await self.modal(callback)
        block, element = input_in(view, action)
        state = {"values": {block: {action: {"type": element["type"], **typed}}}}
        shown = {**view, "state": state}
        await self._interact(
            {
                "type": "block_actions", "container": {"type": "view", "view_id": view["id"]}, "view": shown,
                "actions": [action_of({**element, "block_id": block}, **typed)],
            }
        )  # fmt: skip

    async def submits(self, callback: str, **filled: Any) -> Json:
        """Fills the open modal in, by block id; the answer holds `errors` where something was wrong."""
        view = await self.modal(callback)
        values: Json = {}
        for block in view["blocks"]:
            if block.get("type") != "input":
                continue
            element = block["element"]
            given = filled.get(block["block_id"].partition(":")[0], filled.get(block["block_id"]))
            values[block["block_id"]] = {element["action_id"]: filled_in(element, given)}
        answer = await self._interact({"type": "view_submission", "view": {**view, "state": {"values": values}}})
        if not answer.get("errors"):
            self.world.front.views[self.user] = []
        return answer

    async def runs(self, command: str, text: str = "") -> str:
        """A slash command; what it answers."""
        trigger = await self.world.front.trigger(self.user)
        payload = {
            "command": command, "text": text, "user_id": self.user, "team_id": self.world.team, "trigger_id": trigger,
            "channel_id": await self.direct(), "api_app_id": APP, "token": "x", "user_name": self.name,
            "team_domain": "test", "channel_name": "directmessage",
            "response_url": f"{self.world.front.url}/response/{trigger}",
        }  # fmt: skip
        answer = await self.world.front.send("slash_commands", payload)
        return words_of(answer)

    async def uses_shortcut(self, callback: str, channel: str, ts: str, thread: str = "") -> None:
        messages = await self.world.messages(channel, thread)
        message = next(each for each in messages if each["ts"] == ts)
        await self._interact(
            {"type": "message_action", "callback_id": callback, "channel": {"id": channel}, "message": message}
        )

    def opens_home(self) -> None:
        self.world.event(
            {"type": "app_home_opened", "user": self.user, "tab": "home", "channel": "D", "event_ts": moment()}
        )

    def ephemerals(self) -> list[str]:
        return [words_of(each) for each in self.world.front.ephemerals[self.user]]

    async def is_told(self, words: str) -> None:
        """For their eyes only."""

        async def there() -> bool:
            return any(words in each for each in self.ephemerals())

        await eventually(there, f"{self.name} is told {words!r}", PATIENCE)

    def home(self) -> str:
        """What their home tab shows."""
        return words_of(self.world.front.homes.get(self.user, {}))

    async def _interact(self, body: Json) -> Json:
        trigger = await self.world.front.trigger(self.user)
        whole = {
            "api_app_id": APP, "token": "x", "trigger_id": trigger, "team": {"id": self.world.team, "domain": "test"},
            "user": {"id": self.user, "username": self.name, "team_id": self.world.team},
            "response_url": f"{self.world.front.url}/response/{trigger}", **body,
        }  # fmt: skip
        return await self.world.front.send("interactive", whole)


@asynccontextmanager
async def slack_world(log: Path) -> AsyncIterator[SlackWorld]:
    """A workspace of its own, with three people and two channels."""
    port, upstream = free_port(), free_port()
    front = SlackFront(f"http://127.0.0.1:{upstream}")
    front.url = f"http://127.0.0.1:{port}"
    runner = web.AppRunner(front.application(), shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    arguments = (str(upstream), f"{front.url}/events", SECRET)
    try:
        async with node("slack_emulate.mjs", *arguments, ready=f"{front.upstream}/", log=log):
            yield await _settled(SlackWorld(front, f"{front.url}/api/"))
    finally:
        await front.hang_up()
        await runner.cleanup()
        await front.close()


async def _settled(world: SlackWorld) -> SlackWorld:
    bot = world.client(BOT_TOKEN)
    me = await bot.auth_test()
    world.team = str(me["team_id"])
    found: list[Json] = (await bot.users_list())["members"]
    world.users = {each["name"]: each["id"] for each in found if each["id"] != BOT_USER}
    channels: list[Json] = (await bot.conversations_list())["channels"]
    by_name = {each["name"]: each["id"] for each in channels if each.get("name")}
    world.queue, world.leads = by_name["queue"], by_name["leads"]
    for channel in (world.queue, world.leads):
        await bot.conversations_join(channel=channel)
        for name in ("ana", "ben", "lou"):
            await world.client(f"xoxp-{name}").conversations_join(channel=channel)
    return world
