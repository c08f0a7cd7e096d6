"""What every carrier of the desk works with: the store, the words, the calls, and how a failed call becomes a retry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.slack import text as t
from connectors.slack.calls import Calls
from connectors.slack.kept import Kept, Place
from connectors.slack.options import SlackOptions
from connectors.slack.text import QUIET, Message
from connectors.slack.words import Words
from handoff.carrying import Carried, backoff
from handoff.core.events import SupporterRemoved
from handoff.core.policy import Policy
from handoff.core.supporter import Supporter
from handoff.ports import Commit, DeliveryFailed, Front, LaneHold, Parcel, Store

EVENT = "warmline"
"""`event_type` of the metadata on our messages: ids and numbers, by which one is found again. Never words."""
_PAGE = 200
_LOOKED_BACK = 200
_WRONG_CHANNEL = frozenset({"channel_not_found", "not_in_channel", "is_archived", "restricted_action"})


@dataclass(frozen=True, slots=True)
class Room:
    """One line's desk in Slack. `troubled`: which of its channels can't be posted in, as health tells it."""

    store: Store
    front: Front
    calls: Calls
    kept: Kept
    options: SlackOptions
    troubled: set[str] = field(default_factory=set)

    @property
    def words(self) -> Words:
        return self.options.words

    @property
    def policy(self) -> Policy:
        return self.options.policy

    @property
    def now(self) -> float:
        return self.front.clock()

    async def team(self) -> str:
        """Our workspace. Raises `DeliveryFailed`."""
        return (await self.calls.me()).team

    async def names(self) -> dict[str, str]:
        """Supporters' names by id."""
        return {each.id: each.name for each in await self.store.supporters()}

    async def poke(self, event_id: str, *parcels: Parcel) -> None:
        """Into lanes, once."""
        await self.store.commit(Commit(event_id=event_id, parcels=parcels), self.now)

    # --- writing ------------------------------------------------------------------------------------------------------

    async def post(
        self, channel: str, message: Message, *, thread: str = "", about: Mapping[str, Any] | None = None, **more: Any
    ) -> Place:
        """A new message. `about`: what it can be found again by. Raises `DeliveryFailed`."""
        if thread:
            more["thread_ts"] = thread
        if about:
            more["metadata"] = {"event_type": EVENT, "event_payload": dict(about)}
        answer = await self.calls.call("chat.postMessage", channel=channel, **message, **QUIET, **more)
        return Place(str(answer.get("channel") or channel), str(answer["ts"]))

    async def post_in(self, which: str, channel: str, message: Message, **more: Any) -> Place:
        """Into a channel of the line, `queue_channel` or `leads_channel`; whether that works shows in the health."""
        try:
            place = await self.post(channel, message, **more)
        except DeliveryFailed as failed:
            if str(failed) in _WRONG_CHANNEL:
                self.troubled.add(which)
            raise
        self.troubled.discard(which)
        return place

    async def update(self, place: Place, message: Message) -> bool:
        """Change a message; False when it is not there any more. Raises `DeliveryFailed`."""
        try:
            await self.calls.call("chat.update", channel=place.channel, ts=place.ts, **message)
        except DeliveryFailed as failed:
            if not failed.hopeless:
                raise
            return False
        return True

    async def delete(self, place: Place) -> None:
        """One that is gone already, or can't be deleted by us, is left so. Raises `DeliveryFailed`."""
        try:
            await self.calls.call("chat.delete", channel=place.channel, ts=place.ts)
        except DeliveryFailed as failed:
            if not failed.hopeless:
                raise

    # --- reading ------------------------------------------------------------------------------------------------------

    async def direct(self, supporter: Supporter) -> str:
        """The channel of the app's messages with this supporter. Raises `DeliveryFailed`."""
        answer = await self.calls.call("conversations.open", users=user_of(supporter))
        return str(answer["channel"]["id"])

    async def replies(self, place: Place) -> list[dict[str, Any]]:
        """Every message of a thread, its root first. Raises `DeliveryFailed`."""
        found: list[dict[str, Any]] = []
        more: dict[str, Any] = {}
        while True:
            answer = await self.calls.call(
                "conversations.replies", channel=place.channel, ts=place.ts, include_all_metadata=True, limit=_PAGE,
                **more,
            )  # fmt: skip
            found += answer.get("messages", ())
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found
            more = {"cursor": cursor}

    async def latest(self, channel: str) -> list[dict[str, Any]]:
        """The newest messages of a direct channel. Raises `DeliveryFailed`."""
        answer = await self.calls.call(
            "conversations.history", channel=channel, include_all_metadata=True, limit=_LOOKED_BACK
        )
        return list(answer.get("messages", ()))

    async def standing(self, channel: str, about: Mapping[str, Any], thread: Place | None = None) -> Place | None:
        """Where a message about this stands already, in a thread or among the newest of a direct channel. None also
        when that can't be found out. Raises `DeliveryFailed` to be tried again."""
        try:
            messages = await (self.replies(thread) if thread else self.latest(channel))
        except DeliveryFailed as failed:
            if failed.hopeless:
                return None
            raise
        for each in messages:
            if about_of(each) == about and await self.is_ours(each):
                return Place(channel, str(each["ts"]))
        return None

    async def is_ours(self, message: Mapping[str, Any]) -> bool:
        """Whether the app itself posted this."""
        me = await self.calls.me()
        return message.get("user") == me.user or bool(me.bot and message.get("bot_id") == me.bot)

    async def left(self, supporter: str, parcel: str) -> None:
        """Slack says that this person is not there any more: their conversations go back, leads are told."""
        event = SupporterRemoved(id=f"slack:left:{supporter}:{parcel}", supporter=supporter, left=True)
        await self.front.handle(event)


def user_of(supporter: Supporter) -> str:
    """The user's id of `TEAM/USER`."""
    return supporter.slack.partition("/")[2]


def is_elsewhere(supporter: Supporter, desk: str, now: float) -> bool:
    """Whether the console is open and in use, so that Slack would only say the same again."""
    return supporter.console_until > now and desk != "slack"


def about_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """What `post` was told a message is about; empty when it was told nothing."""
    metadata = message.get("metadata") or {}
    return dict(metadata.get("event_payload") or {}) if metadata.get("event_type") == EVENT else {}


def failed_to_carry(hold: LaneHold, failed: DeliveryFailed) -> Carried:
    """What a failed call means for the lane's head. A repeat stays marked as one while Slack says when to come back.

    While Slack is away nothing is given up, however long: what is shown is read afresh when it is back.
    """
    if failed.retry_after is not None:
        return Carried(retry=failed.retry_after, told=True, unsure=hold.unsure)
    if failed.hopeless or failed.gone:
        return Carried(give_up=str(failed))
    return Carried(retry=backoff(hold.attempts), unsure=failed.unsure)


def face(message: Mapping[str, Any], *more: object) -> str:
    """A hash of what a message shows."""
    return hashlib.sha256(json.dumps([message, more], sort_keys=True).encode()).hexdigest()[:32]


def marked_again(words: Words, message: Message) -> Message:
    """The same, with a line that it may be a repeat."""
    return t.message("", [t.small(words.say("said", "again")), *message["blocks"]]) | {"text": message["text"]}
