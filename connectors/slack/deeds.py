"""Carrying out what a supporter asked for, and answering them where they asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.slack import answers
from connectors.slack.people import People
from connectors.slack.room import Room
from connectors.slack.text import QUIET, Message, View
from handoff.core.conversation import Conversation
from handoff.core.events import Event
from handoff.core.supporter import Supporter
from handoff.ports import DeliveryFailed

_log = logging.getLogger(__name__)

_PATIENCE = 1.5
"""Seconds that an answer may hold up the acknowledgement, which Slack wants within 3; then it goes on by itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for something, and where. `id` is what it is de-duplicated by; `trigger` opens a modal for 3 s.

    `thread` only where there are replies already: Slack shows an answer for one person in no other thread.
    """

    id: str
    team: str
    user: str
    channel: str = ""
    thread: str = ""
    trigger: str = ""

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Asked:
        """From the body of any interaction."""
        container = body.get("container") or {}
        message = body.get("message") or {}
        user = body["user"]["id"]
        action = (body.get("actions") or [{}])[0]
        unique = action.get("action_ts") or body.get("trigger_id") or (body.get("view") or {}).get("id", "")
        return cls(
            id=f"slack:click:{user}:{action.get('action_id', body.get('type', ''))}:{unique}",
            team=(body.get("team") or {}).get("id", "") or (body.get("user") or {}).get("team_id", ""),
            user=user,
            channel=container.get("channel_id") or (body.get("channel") or {}).get("id", ""),
            thread=message.get("thread_ts") or "",
            trigger=body.get("trigger_id", ""),
        )


class Deeds:
    """One place where asking becomes an event and its refusal a sentence. Raises `StoreDown` for the caller to tell."""

    def __init__(self, room: Room, people: People) -> None:
        self.room = room
        self.people = people
        self._going_on: set[asyncio.Task[None]] = set()

    async def supporter(self, asked: Asked) -> Supporter | None:
        """Who asked, if they are of ours; told if not."""
        found = await self.people.known(asked.team, asked.user)
        if found is None:
            await self.tell(asked, answers.refused(self.room.words, "no_person"))
            return None
        await self.people.renew(found, asked.id)
        return found

    async def do(self, asked: Asked, event: Event) -> bool:
        """Whether it was done; told why if not."""
        reply = await self.room.front.handle(event)
        if reply.refused is not None:
            refused = answers.refused(self.room.words, reply.refused.code, next=reply.refused.next)
            await self.tell(asked, refused)
        return reply.refused is None

    async def conversation(self, asked: Asked, about: str) -> Conversation | None:
        """What it is about, if it is still there; told if not."""
        found = await self.room.store.conversation(about)
        if found is None:
            await self.tell(asked, answers.refused(self.room.words, "thread_unknown"))
        return found

    async def tell(self, asked: Asked, message: Message) -> None:
        """For their eyes only, where they asked; in their own messages where that is nowhere, or where we are not."""
        await self.soon(self._tell(asked, message))

    async def open(self, asked: Asked, view: View) -> None:
        """A modal. One that opens too late is told as such."""
        await self.soon(self._open(asked, view))

    async def change(self, view_id: str, view: View) -> None:
        """Another view in an open modal."""
        await self.soon(self._change(view_id, view))

    async def soon(self, call: Coroutine[Any, Any, None]) -> None:
        """Done by now, or later in the background: Slack being slow must not make us slow to acknowledge."""
        task = asyncio.create_task(call)
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)
        done, _ = await asyncio.wait({task}, timeout=_PATIENCE)
        for each in done:
            each.result()

    async def _tell(self, asked: Asked, message: Message) -> None:
        try:
            if not asked.channel or not await self._whispered(asked, message):
                opened = await self.room.calls.call("conversations.open", users=asked.user)
                await self.room.post(str(opened["channel"]["id"]), message)
        except DeliveryFailed as failed:
            _log.info("answer_not_sent", extra={"reason": str(failed)})

    async def _whispered(self, asked: Asked, message: Message) -> bool:
        """False where the app can't be: commands work in every channel and message, answers do not."""
        more = {"thread_ts": asked.thread} if asked.thread and asked.channel.startswith("D") else {}
        try:
            await self.room.calls.call(
                "chat.postEphemeral", channel=asked.channel, user=asked.user, **message, **QUIET, **more
            )
        except DeliveryFailed as failed:
            if not failed.hopeless:
                raise
            return False
        return True

    async def _open(self, asked: Asked, view: View) -> None:
        try:
            await self.room.calls.call("views.open", trigger_id=asked.trigger, view=view)
        except DeliveryFailed as failed:
            _log.info("modal_not_opened", extra={"reason": str(failed)})
            await self._tell(asked, answers.refused(self.room.words, "too_old"))

    async def _change(self, view_id: str, view: View) -> None:
        try:
            await self.room.calls.call("views.update", view_id=view_id, view=view)
        except DeliveryFailed as failed:
            _log.info("modal_not_changed", extra={"reason": str(failed)})
