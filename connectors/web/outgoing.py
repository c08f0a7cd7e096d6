"""What a page is sent, as JSON objects. Pure. See docs/web-protocol.md."""

from __future__ import annotations

from typing import Any

from connectors.attachments import key_of
from handoff.core.entries import Entry, Speaker
from handoff.ports import Marks

Json = dict[str, Any]

_STANDING = ("phase", "position", "estimate", "supporter", "staffed")


def entry_frame(entry: Entry) -> Json:
    """One line of the chat.

    Our own ids name the supporter who wrote, so the line's place stands for them; and `refers` is for the page's own
    messages alone, because a desk's ids may happen to be the same. `key` is what a change and the changed share.
    """
    return {
        "type": "entry",
        "seq": entry.seq,
        "id": f"{entry.conversation}/{entry.seq}",
        "refers": entry.refers if entry.speaker is Speaker.SEEKER else "",
        "key": key_of(entry),
        "answers": entry.answers,
        "conversation": entry.conversation,
        "from": entry.speaker.value,
        "name": entry.name,
        "kind": entry.kind.value,
        "text": entry.text,
        "buttons": [{"title": button.title, "payload": button.payload} for button in entry.buttons],
        "body": entry.body,
        "at": int(entry.at * 1000),
    }


def marks_frame(marks: Marks) -> Json:
    """How far things have come: `delivered` to a device of the seeker's, `read` by the supporter's desk."""
    return {"type": "marks", "delivered": marks.delivered, "read": marks.desk_read}


def typing_frame(who: str) -> Json | None:
    """Somebody is typing; `who` is a speaker or a supporter's name. None for the seeker's own typing."""
    if who == Speaker.SEEKER:
        return None
    if who in (Speaker.BOT, Speaker.SUPPORTER, Speaker.SYSTEM):
        return {"type": "typing", "from": str(who), "name": ""}
    return {"type": "typing", "from": Speaker.SUPPORTER.value, "name": who}


def state_frame(standing: Json) -> Json:
    """Where the conversation stands, from `Front.standing`."""
    return {"type": "state", **{name: standing.get(name) for name in _STANDING}}
