"""Notices as they travel: kind, line feed, body. Bodies that are only ids and numbers are clear, all others sealed."""

from __future__ import annotations

from typing import Any

from handoff.ports import Marks, Notice
from handoff.store import codec
from handoff.store.box import Box


def pack(notice: Notice, box: Box) -> bytes:
    """What is published for `notice`; the scripts write the same form."""
    return notice.kind.encode() + b"\n" + _body(notice.kind, notice.body, box)


def unpack(topic: str, payload: bytes, box: Box) -> Notice:
    """The notice that was packed. Raises `SealBroken`."""
    kind, _, body = payload.partition(b"\n")
    return Notice(topic, kind.decode(), _read(kind.decode(), body, box))


def _body(kind: str, body: Any, box: Box) -> bytes:
    match kind:
        case "changed":
            return str(body).encode()
        case "nudge":
            return f"{body[0]}\n{body[1]}".encode()
        case "marks":
            return f"{body.delivered} {body.read} {body.desk_read}".encode()
        case "alerts" | "erased" | "gap" | "moved":
            return b""
    return box.seal(body)


def _read(kind: str, body: bytes, box: Box) -> Any:
    match kind:
        case "entry":
            return box.open(body, codec.entry)
        case "changed":
            return body.decode()
        case "nudge":
            conversation, _, nudge = body.decode().rpartition("\n")
            return (conversation, nudge)
        case "typing":
            return box.open(body, codec.typing)
        case "marks":
            return Marks(*(int(each) for each in body.split()))
        case "alerts" | "erased" | "gap" | "moved":
            return None
    return box.open(body, codec.anything)
