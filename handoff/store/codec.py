"""How records become bytes: MessagePack of the frozen dataclasses. Fields that a newer version added are ignored."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any

import msgspec

from handoff.core.conversation import Conversation
from handoff.core.effects import Alert
from handoff.core.entries import Entry
from handoff.core.queue import Place
from handoff.core.supporter import Supporter
from handoff.ports import Commit, DeadLetter, Marks, Parcel, SignIn

encode = msgspec.msgpack.Encoder().encode
conversation = msgspec.msgpack.Decoder(Conversation).decode
supporter = msgspec.msgpack.Decoder(Supporter).decode
entry = msgspec.msgpack.Decoder(Entry).decode
parcel = msgspec.msgpack.Decoder(Parcel).decode
place = msgspec.msgpack.Decoder(Place).decode
alert = msgspec.msgpack.Decoder(Alert).decode
dead_letter = msgspec.msgpack.Decoder(DeadLetter).decode
marks = msgspec.msgpack.Decoder(Marks).decode
nudge = msgspec.msgpack.Decoder(tuple[str, str]).decode
kept = msgspec.msgpack.Decoder(dict[str, Any]).decode
typing = msgspec.msgpack.Decoder(str | tuple[str, str]).decode
anything: Any = msgspec.msgpack.Decoder().decode

_TALK = {"version", "seq", "margin", "changed_at", "recent", "unanswered_since", "deadlines", "plan", "follow_up"}
_conversation_face = attrgetter(*(each.name for each in fields(Conversation) if each.name not in _TALK))
_supporter_face = attrgetter(
    *(each.name for each in fields(Supporter) if each.name not in {"version", "present_until", "console_until"})
)


def conversation_face(record: Conversation) -> bytes:
    """What the desk sees of a conversation. Plain talk leaves it as it is, so plain talk does not wake every desk."""
    return encode(_conversation_face(record))


def supporter_face(record: Supporter) -> bytes:
    """What the desk sees of a supporter. Renewing a presence that still runs, or a console's, leaves it as it is."""
    return encode(_supporter_face(record))


def lane_kind(lane: str) -> str:
    """`telegram` of `telegram:42`, `records` of `records`."""
    return lane.partition(":")[0]


def check(commit: Commit) -> None:
    """Refuse what no store could save in one piece. Raises `ValueError`: a mistake of the caller, not a conflict."""
    written = [each.id for each in commit.conversations]
    if len(set(written)) < len(written):
        raise ValueError("a commit writes each conversation once")
    if len({each.id for each in commit.supporters}) < len(commit.supporters):
        raise ValueError("a commit writes each supporter once")
    if commit.opens is not None and commit.opens not in written:
        raise ValueError("a commit opens a conversation that it writes")


def sign_in(kept: bytes | None) -> SignIn | None:
    """What `keep_sign_in.lua` wrote."""
    if kept is None:
        return None
    expires, _, supporter = kept.decode().partition(" ")
    return SignIn(supporter, float(expires))
