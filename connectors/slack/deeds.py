"""Carrying out what a supporter asked for, and answering them where they asked."""

from __future__ import annotations

import logging
from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for something, and where. `id` is what it is de-duplicated by; `trigger` opens a modal for 3 s."""

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
            thread=message.get("thread_ts") or message.get("ts", ""),
            trigger=body.get("trigger_id", ""),
        )


class Deeds:
    """One place where asking becomes an event and its refusal a sentence. Raises `StoreDown` for the caller to tell."""

    def __init__(self, room: Room, people: People) -> None:
        self.room = room
        self.people = people

    async def supporter(self, asked: Asked) -> Supporter | None:
        """Who asked, if they are of ours; told if not."""
        found = await self.people.known(asked.team, asked.user)
        if found is None:
            await self.tell(asked, answers.refused(self.room.words, "no_person"))
            return None
        await self.people.renew(found, asked.id)
        return found

    async def lead(self, asked: Asked) -> Supporter | None:
        """Who asked, if they are a lead; told if not."""
        found = await self.supporter(asked)
        if found is not None and not found.is_lead:
            await self.tell(asked, answers.refused(self.room.words, "leads_only"))
            return None
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
        """For their eyes only, where they asked; in their own messages where that is nowhere."""
        try:
            if asked.channel:
                more = {"thread_ts": asked.thread} if asked.thread and asked.channel.startswith("D") else {}
                await self.room.calls.call(
                    "chat.postEphemeral", channel=asked.channel, user=asked.user, **message, **QUIET, **more
                )
            else:
                opened = await self.room.calls.call("conversations.open", users=asked.user)
                await self.room.post(str(opened["channel"]["id"]), message)
        except DeliveryFailed as failed:
            _log.info("answer_not_sent", extra={"reason": str(failed)})

    async def open(self, asked: Asked, view: View) -> None:
        """A modal. One that opens too late is told as such."""
        try:
            await self.room.calls.call("views.open", trigger_id=asked.trigger, view=view)
        except DeliveryFailed as failed:
            _log.info("modal_not_opened", extra={"reason": str(failed)})
            await self.tell(asked, answers.refused(self.room.words, "too_old"))

    async def change(self, view_id: str, view: View) -> None:
        """Another view in an open modal."""
        try:
            await self.room.calls.call("views.update", view_id=view_id, view=view)
        except DeliveryFailed as failed:
            _log.info("modal_not_changed", extra={"reason": str(failed)})
