"""What Slack sends when people write and click in it, given to the real Bolt app as a socket would give it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from connectors.slack.inbound import Inbound
from connectors.slack.kept import Place
from connectors.slack.names import COMMAND, SHORTCUT_NOTE
from connectors.slack.options import SlackOptions
from handoff.core.entries import Attachment
from handoff.lanes import LaneWorker
from handoff.ports import DeliveryFailed, FileRefused, Store
from tests.slack.desk import Desk, OneFileShelf
from tests.slack.workspace import TEAM, Json, Workspace, shown

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


class Office(Workspace):
    """A workspace whose modals and files are seen too. `files_there`: content by address."""

    def __init__(self) -> None:
        super().__init__()
        self.client = AsyncWebClient(token="xoxb-test", base_url="http://127.0.0.1:9/api/")
        self.modals: list[Json] = []
        self.files_there: dict[str, bytes] = {}
        self._does |= {"views.open": self._modal, "views.update": self._modal}

    async def download(self, url: str, limit: int) -> bytes | None:
        fault = self._due("download")
        if fault is not None:
            raise fault.failure
        if url not in self.files_there:
            raise DeliveryFailed("not a file of Slack's", hopeless=True)
        content = self.files_there[url]
        return content if len(content) <= limit else None

    def _modal(self, given: Json) -> Json:
        self.modals.append(given["view"])
        return {"view": {"id": f"V{len(self.modals)}"}}

    def whispers(self) -> list[tuple[str, str]]:
        """(user, what it says) of everything that was shown to one person alone."""
        return [(given["user"], shown(given)) for method, given in self.made if method == "chat.postEphemeral"]


class RememberingShelf(OneFileShelf):
    """Takes whatever is no program; remembers for whom."""

    def __init__(self) -> None:
        self.put_for: list[tuple[bytes, str, int | None]] = []

    async def put(self, content: bytes, *, conversation: str, seconds: int | None = None) -> Attachment:
        if content.startswith(b"MZ"):
            raise FileRefused("kind")
        self.put_for.append((content, conversation, seconds))
        attachment = await super().put(content, conversation=conversation, seconds=seconds)
        return replace(attachment, file=f"file-{len(self.put_for)}")


class Answered:
    """What came back to Slack. `acknowledged`: it won't be sent again."""

    def __init__(self, status: int, body: str) -> None:
        self.acknowledged = status == 200
        self.body: Json = json.loads(body) if body.startswith("{") else {}

    @property
    def said(self) -> str:
        return shown(self.body)


class Writing(Desk):
    """The desk with both directions. Sam, Lee and Lou write in their own messages with the app."""

    def __init__(
        self,
        found: list[Json] | None = None,
        replies: tuple[Mapping[str, str], ...] = (),
        store: Store | None = None,
    ) -> None:
        super().__init__(store)
        self.slack: Office = Office()
        self.shelf: RememberingShelf = RememberingShelf()
        self.found = found or []
        self.looked_for: list[tuple[Any, ...]] = []
        self._replies = replies
        self.room = self.another_room()
        self.room = replace(self.room, options=self._options(self.room.options))
        self.workers = self.another_process(self.room)
        self.inbound = self.another_inbound()
        self._number = itertools.count(1)

    def another_inbound(self) -> Inbound:
        """As a second process has one; its carrier is added."""
        room = self.room
        made = Inbound(self.front, self.store, self.shelf, room.options, room.calls, room)
        for route in made.routes():
            self.workers.append((route.kind, route.most, route.lease, LaneWorker(self.store, route, self.clock, _bury)))
        return made

    def _options(self, given: SlackOptions) -> SlackOptions:
        async def search(*asked: Any) -> list[Json]:
            self.looked_for.append(asked)
            return self.found

        return replace(given, signing_secret=SECRET, search=search, replies=self._replies)

    # --- what people do ---------------------------------------------------------------------------------------------

    async def sends(self, body: Json, by: Inbound | None = None, tried: int = 0) -> Answered:
        """Anything, as it comes over the socket; `tried` so often before."""
        request = AsyncBoltRequest(mode="socket_mode", body=body, headers={"x-slack-retry-num": str(tried)})
        answer = await (by or self.inbound).app.async_dispatch(request)
        return Answered(answer.status, answer.body or "")

    async def event(self, event: Json, event_id: str = "", by: Inbound | None = None, tried: int = 0) -> Answered:
        return await self.sends(envelope(event, event_id or f"Ev{next(self._number)}"), by, tried)

    async def types(self, text: str, place: Place, *, user: str = "USAM", **more: Any) -> str:
        """Words below a root, or beside all threads when its `ts` is empty; the ts. Carried at once."""
        ts = self.slack.person_writes(place.channel, place.ts, text, user)
        assert (await self.event(message(text, place, ts, user=user, **more))).acknowledged
        await self.carry()
        return ts

    async def changes(self, ts: str, text: str, place: Place, *, before: str = "before") -> Answered:
        now = {**message(text, place, ts), "edited": {"user": "USAM", "ts": f"{ts}9"}}
        old = message(before, place, ts)
        event = {
            "type": "message", "subtype": "message_changed", "channel": place.channel, "channel_type": "im",
            "message": now, "previous_message": old, "ts": f"{ts}9", "event_ts": f"{ts}9",
        }  # fmt: skip
        answer = await self.event(event)
        await self.carry()
        return answer

    async def deletes(self, ts: str, place: Place) -> Answered:
        event = {
            "type": "message", "subtype": "message_deleted", "channel": place.channel, "channel_type": "im",
            "deleted_ts": ts, "previous_message": message("gone", place, ts), "ts": f"{ts}8", "event_ts": f"{ts}8",
        }  # fmt: skip
        answer = await self.event(event)
        await self.carry()
        return answer

    async def reacts(self, emoji: str, channel: str, ts: str, user: str = "USAM") -> None:
        item = {"type": "message", "channel": channel, "ts": ts}
        event = {"type": "reaction_added", "user": user, "reaction": emoji, "item": item, "event_ts": "1.1"}
        assert (await self.event(event)).acknowledged
        await self.carry()

    async def clicks(self, action: str, value: str = "", *, user: str = "USAM", **more: Any) -> Answered:
        """A button. `place`: below or at which root it is; `view`: in which modal."""
        answer = await self.clicks_only(action, value, user=user, **more)
        await self.carry()
        return answer

    async def clicks_only(self, action: str, value: str = "", *, user: str = "USAM", **more: Any) -> Answered:
        """The same, and nothing is carried."""
        return await self.sends(click(action, value, user, str(next(self._number)), **more))

    async def submits(self, view: Json, *, user: str = "USAM", view_id: str = "") -> Answered:
        """A modal that was filled in, as `test_cards_modals.filled` makes one."""
        answer = await self.submits_only(view, user=user, view_id=view_id)
        await self.carry()
        return answer

    async def submits_only(self, view: Json, *, user: str = "USAM", view_id: str = "") -> Answered:
        full = {"hash": "h", **view, "id": view_id or f"V{next(self._number)}", "type": "modal"}
        body = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": user}, "view": full}
        return await self.sends({**body, "trigger_id": f"t{next(self._number)}"})

    async def commands(self, text: str, *, user: str = "USAM", command: str = COMMAND) -> Answered:
        answer = await self.commands_only(text, user=user, command=command)
        await self.carry()
        return answer

    async def commands_only(self, text: str, *, user: str = "USAM", command: str = COMMAND) -> Answered:
        body = {
            "command": command, "text": text, "team_id": TEAM, "user_id": user, "channel_id": f"D{user}",
            "trigger_id": f"t{next(self._number)}",
        }  # fmt: skip
        return await self.sends(body)

    async def keeps_as_note(self, shown: str | Json, place: Place, *, user: str = "USAM", ts: str = "8.8") -> Answered:
        """`shown`: a message as it stands in Slack, or words that somebody wrote at this `ts`."""
        return await self.chooses(SHORTCUT_NOTE, shown, place, user=user, ts=ts)

    async def chooses(
        self, shortcut: str, shown: str | Json, place: Place, *, user: str = "USAM", ts: str = "8.8"
    ) -> Answered:
        """Something from a message's menu."""
        below = {"text": shown, "user": user, "ts": ts, "thread_ts": place.ts} if isinstance(shown, str) else shown
        body = {
            "type": "message_action", "callback_id": shortcut, "team": {"id": TEAM}, "user": {"id": user},
            "channel": {"id": place.channel}, "trigger_id": f"t{next(self._number)}", "action_ts": "9.9",
            "message": below,
        }  # fmt: skip
        return await self.sends(body)

    # --- what is seen -----------------------------------------------------------------------------------------------

    async def heard(self) -> list[str]:
        """What the supporter said, as the seeker has it."""
        return [each.text for each in await self.feed() if each.speaker.value == "supporter"]

    def signs(self, place: Place, ts: str) -> list[str]:
        return self.slack.reactions.get((place.channel, ts), [])

    def answers_below(self, channel: str, ts: str) -> str:
        return "\n".join(shown(each) for each in self.slack.thread(channel, ts))


def envelope(event: Json, event_id: str) -> Json:
    return {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": event, "api_app_id": "A1"}


def message(text: str, place: Place, ts: str, *, user: str = "USAM", **more: Any) -> Json:
    thread = {"thread_ts": place.ts} if place.ts else {}
    return {
        "type": "message", "channel": place.channel, "channel_type": "im", "user": user, "team": TEAM, "text": text,
        "ts": ts, **thread, **more,
    }  # fmt: skip


def click(
    action: str, value: str, user: str, number: str, *, place: Place | None = None, view: Json | None = None,
    chosen: str = "", below: bool = False,
) -> Json:  # fmt: skip
    act: Json = {"action_id": action, "value": value, "action_ts": number, "type": "button", "block_id": "b"}
    if chosen:
        act = {**act, "type": "static_select", "selected_option": {"value": chosen}}
    body: Json = {
        "type": "block_actions", "team": {"id": TEAM}, "user": {"id": user}, "trigger_id": f"t{number}",
        "actions": [act],
    }  # fmt: skip
    if place is not None and place.channel:
        body |= {
            "container": {"type": "message", "channel_id": place.channel, "message_ts": place.ts},
            "channel": {"id": place.channel},
            "message": {"ts": place.ts, **({"thread_ts": place.ts} if below else {})},
        }  # fmt: skip
    if view is not None:
        body |= {"view": {"id": "V1", "hash": "h", **view}, "container": {"type": "view"}}
    return body


async def _bury(_parcel: Any) -> None:
    return None
