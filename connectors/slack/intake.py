"""What somebody writes in their messages with the app: put into a lane, which is all that happens before the ack.

| kind | what |
|---|---|
| said | words, files, or both |
| edited, deleted | a message changed or taken back |
| reacted | an emoji on a message |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.slack.plain import RELAYED
from connectors.slack.room import Room
from handoff.ports import Commit, Parcel

LANES = "deskin"
_WRITTEN = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes that are a person's own message; all others are Slack's."""
_IN = "in:"

Event = Mapping[str, Any]


class Intake:
    """Saves what came. `StoreDown` means: do not acknowledge."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def message(self, team: str, event: Event) -> None:
        """One `message` event of a direct message."""
        if event.get("channel_type") != "im" and not str(event.get("channel", "")).startswith("D"):
            return
        read = _read(event)
        if read is None or await self._is_ours(read["by"]):
            return
        read["body"]["team"] = team
        await self._save(read["id"], f"{event['channel']}:{read['body']['thread'] or '-'}", read["kind"], read["body"])

    async def reaction(self, team: str, event: Event, event_id: str) -> None:
        """One `reaction_added` event; most emoji mean nothing to anybody but who put them there."""
        item = event.get("item") or {}
        emoji = str(event.get("reaction") or "").partition("::")[0]  # the rest is a tone of skin
        if emoji not in RELAYED or item.get("type") != "message":
            return
        body = {
            "team": team, "channel": item["channel"], "thread": "", "ts": item["ts"], "user": event["user"],
            "text": emoji, "event": event_id,
        }  # fmt: skip
        await self._save(f"slack:event:{event_id}", f"{item['channel']}:{item['ts']}", "reacted", body)

    async def _is_ours(self, by: Mapping[str, Any]) -> bool:
        """By identity: the app's own messages, and any other bot's, are not a supporter's words."""
        me = await self._room.calls.me()
        return bool(by.get("bot_id")) or by.get("user") == me.user

    async def _save(self, event_id: str, place: str, kind: str, body: dict[str, Any]) -> None:
        parcel = Parcel(event_id, f"{LANES}:{place}", "", 0, kind, body)
        await self._room.store.commit(Commit(event_id=_IN + event_id, parcels=(parcel,)), self._room.front.clock())


def event_name(channel: str, ts: str) -> str:
    """The id under which the store knows that a message was saved."""
    return _IN + _said(channel, ts)


def _said(channel: str, ts: str) -> str:
    return f"slack:{channel}:{ts}"


def _read(event: Event) -> dict[str, Any] | None:
    subtype, channel = event.get("subtype"), event["channel"]
    if subtype in _WRITTEN:
        return _made("said", _said(channel, event["ts"]), event, event, channel)
    if subtype == "message_changed":
        now, before = event.get("message") or {}, event.get("previous_message") or {}
        if now.get("subtype") == "tombstone":
            return _made("deleted", f"slack:{channel}:{now['ts']}:deleted", {**now, **before}, before, channel)
        if not now.get("edited") or now.get("text") == before.get("text"):
            return None  # a preview came, or a thread grew
        when = now["edited"].get("ts", event.get("event_ts", ""))
        return _made("edited", f"slack:{channel}:{now['ts']}:edit:{when}", now, now, channel)
    if subtype == "message_deleted":
        gone = event.get("previous_message") or {}
        gone = {"ts": event.get("deleted_ts"), **gone}
        return _made("deleted", f"slack:{channel}:{gone['ts']}:deleted", gone, gone, channel)
    return None


def _made(kind: str, name: str, message: Event, by: Event, channel: str) -> dict[str, Any]:
    body = {
        "channel": channel, "thread": message.get("thread_ts") or "", "ts": message["ts"],
        "user": message.get("user", ""), "text": message.get("text") or "",
        "files": [_file(each) for each in message.get("files") or ()],
    }  # fmt: skip
    return {"id": name, "kind": kind, "body": body, "by": by}


def _file(file: Mapping[str, Any]) -> dict[str, Any]:
    """Where it is, how large, and how long it plays (Slack tells milliseconds). Never what somebody called it."""
    played = file.get("duration_ms")
    return {
        "url": file.get("url_private_download") or file.get("url_private") or "",
        "size": int(file.get("size") or 0),
        "seconds": round(played / 1000) if played else None,
    }
