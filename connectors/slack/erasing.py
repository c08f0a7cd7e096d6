"""Erasing in Slack: the app deletes what it posted; what supporters wrote an admin must, who is told where it stands."""

from __future__ import annotations

from contextlib import suppress

from connectors.slack import text as t
from connectors.slack.kept import Place
from connectors.slack.room import Room
from handoff.ports import DeliveryFailed

_AGAIN = 1.0


async def take_back(room: Room, conversation: str) -> None:
    """Delete, tell leads what is left, forget. Raises `DeliveryFailed` to be called again."""
    if await room.store.conversation(conversation) is not None:
        raise DeliveryFailed("the erasure is still on its way", _AGAIN)
    talk, card = await room.kept.talk(conversation), await room.kept.card(conversation)
    left: list[tuple[str, int]] = []
    for place in (*talk.past, *([talk.open] if talk.open else [])):
        theirs = await _clear(room, place)
        if theirs:
            left.append((await _link(room, place), theirs))
    for single in (card.place, card.assigned):
        if single is not None:
            await _delete(room, single)
    if left:
        await room.post(room.options.leads_channel, _what_is_left(room, left))
    await room.kept.forget((await room.calls.me()).team, conversation)


async def _clear(room: Room, place: Place) -> int:
    """Delete our own messages of a thread; how many of the supporter's are left."""
    me = await room.calls.me()
    try:
        messages = await room.replies(place)
    except DeliveryFailed as failed:
        if failed.hopeless:
            return 0
        raise
    theirs = [each for each in messages if each.get("user") != me.user and each.get("bot_id") != me.bot]
    for message in reversed(messages):
        if message not in theirs:
            await _delete(room, Place(place.channel, str(message["ts"])))
    return len(theirs)


async def _delete(room: Room, place: Place) -> None:
    """One that is gone already is as wished."""
    try:
        await room.calls.call("chat.delete", channel=place.channel, ts=place.ts)
    except DeliveryFailed as failed:
        if not failed.hopeless:
            raise


async def _link(room: Room, place: Place) -> str:
    with suppress(DeliveryFailed):
        answer = await room.calls.call("chat.getPermalink", channel=place.channel, message_ts=place.ts)
        return str(answer.get("permalink", ""))
    return ""


def _what_is_left(room: Room, left: list[tuple[str, int]]) -> t.Message:
    words = room.words
    rows = [t.section(words.count("erased", "left", count, link=link)) for link, count in left]
    return t.message(words.say("notification", "alert_over"), [t.section(words.say("erased", "heading")), *rows])
