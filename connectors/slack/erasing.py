"""Erasing in Slack: the app deletes what it posted; what supporters wrote, only an admin can, who is told where."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.slack import text as t
from connectors.slack.kept import Place
from connectors.slack.room import Room
from handoff.ports import DeliveryFailed

_log = logging.getLogger(__name__)

_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class _Left:
    """Messages of a supporter's that stay in a thread, and the address of the first of them."""

    count: int
    link: str


async def take_back(room: Room, conversation: str) -> None:
    """Delete, tell leads what is left, forget. Can be called again after every failure. Raises `DeliveryFailed`."""
    talk, card = await room.kept.talk(conversation), await room.kept.card(conversation)
    left = [await _clear(room, place) for place in talk.threads]
    for single in (card.place, *(each.place for each in card.assigned)):
        if single is not None:
            await room.delete(single)
    await _tell(room, conversation, [each for each in left if each.count])
    await room.kept.forget(await room.team(), conversation)


async def _clear(room: Room, thread: Place) -> _Left:
    """Take our own messages and files out of a thread, its root last; what is left of it."""
    try:
        messages = await room.replies(thread)
    except DeliveryFailed as failed:
        if not failed.hopeless:
            raise
        messages = [{"ts": thread.ts, "user": (await room.calls.me()).user}]
    theirs = [each for each in messages if not (await room.is_ours(each) or _is_trace(each))]
    for message in reversed(messages):
        if await room.is_ours(message):
            await _take(room, thread.channel, message)
    first = str(theirs[0]["ts"]) if theirs else ""
    return _Left(len(theirs), await _link(room, Place(thread.channel, first)) if first else "")


async def _take(room: Room, channel: str, message: Mapping[str, Any]) -> None:
    for file in message.get("files") or ():
        await _delete_file(room, str(file["id"]))
    place = Place(channel, str(message["ts"]))
    await room.delete(place)
    await room.kept.drop_posted(place)


async def _delete_file(room: Room, file: str) -> None:
    """One that is gone already is as wished."""
    try:
        await room.calls.call("files.delete", file=file)
    except DeliveryFailed as failed:
        if not failed.hopeless:
            raise


def _is_trace(message: Mapping[str, Any]) -> bool:
    """What Slack shows in place of a root that was deleted while there are answers to it."""
    return message.get("subtype") == "tombstone"


async def _link(room: Room, place: Place) -> str:
    try:
        answer = await room.calls.call("chat.getPermalink", channel=place.channel, message_ts=place.ts)
    except DeliveryFailed as failed:
        if not failed.hopeless:
            raise
        return ""
    return str(answer.get("permalink", ""))


async def _tell(room: Room, conversation: str, left: list[_Left]) -> None:
    """Leads pass it on to an admin; once, whatever has to be repeated."""
    name = f"slack:left:{conversation}"
    if not left or await room.store.kept(name) is not None:
        return
    words = room.words
    rows = [t.our_section(words.count("erased", "left", each.count, link=_shown(each.link))) for each in left]
    message = t.message(words.say("notification", "alerts"), [t.section(words.say("erased", "heading")), *rows])
    try:
        await room.post_in("leads_channel", room.options.leads_channel, message)
    except DeliveryFailed as failed:
        if not failed.hopeless:
            raise
        _log.error("leads_not_told", extra={"conversation": conversation, "left": sum(each.count for each in left)})
    await room.store.keep(name, {}, seconds=_DAY)


def _shown(link: str) -> str:
    return f"<{t.escape(link)}>" if link else ""
