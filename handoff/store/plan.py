"""A commit as the script reads it: sealed records, the few clear parts it works with, and nothing else.

The scripts' MessagePack knows no binary type, so bytes travel as raw strings; Lua writes numbers with fewer digits than
Python, so times and scores travel as text.
"""

from __future__ import annotations

from typing import Any

import msgspec

from handoff.core import queue
from handoff.core.changing import changed
from handoff.core.conversation import Conversation, Deadline, Phase
from handoff.core.policy import Policy
from handoff.core.supporter import Supporter
from handoff.ports import Commit
from handoff.store import codec
from handoff.store.box import Box

SEEN_SECONDS = 48 * 3600
"""How long an event id is remembered. Telegram keeps updates for 24 hours, so twice that."""

_KINDS = [str(kind) for kind in Deadline]


def raw(text: bytes) -> msgspec.Raw:
    """Bytes as a MessagePack string of 32-bit length, which the scripts can read."""
    return msgspec.Raw(b"\xdb" + len(text).to_bytes(4, "big") + text)


def commit_plan(commit: Commit, now: float, box: Box, policy: Policy) -> bytes:
    """The argument of `scripts/commit.lua`."""
    seekers = [each.pseudonym for each in commit.conversations] + [pseudonym for pseudonym, _ in commit.feed]
    return codec.encode(
        {
            "event": box.hidden(commit.event_id),
            "seen_ttl": SEEN_SECONDS,
            "ttl": policy.retention_seconds,
            "now": repr(now),
            "kinds": _KINDS,
            "conversations": [_conversation(each, box, policy) for each in commit.conversations],
            "supporters": [supporter_plan(each, box) for each in commit.supporters],
            "opens": commit.opens,
            "opener": next((each.pseudonym for each in commit.conversations if each.id == commit.opens), None),
            "replaces": commit.replaces,
            "seekers": list(dict.fromkeys(seekers)),
            "feed": [(pseudonym, each.seq, raw(box.seal(each))) for pseudonym, each in commit.feed],
            "margin": [(each.conversation, each.seq, raw(box.seal(each))) for each in commit.margin],
            "parcels": [
                (codec.lane_kind(each.lane), box.lane(each.lane), raw(box.seal(each))) for each in commit.parcels
            ],
            "alerts": [(each.kind, each.conversation, raw(box.seal(each))) for each in commit.alerts],
            "cleared": commit.cleared,
            "nudges": commit.nudges,
            "pokes": commit.pokes,
            "waited": None if commit.waited is None else repr(commit.waited),
        }
    )


def supporter_plan(record: Supporter, box: Box) -> dict[str, Any]:
    """What a script needs to replace `record` by its next version."""
    return {
        "id": record.id,
        "version": record.version,
        "record": raw(box.seal(changed(record, version=record.version + 1))),
        "face": box.supporter_face(record),
        "present": repr(record.present_until),
    }


def _conversation(record: Conversation, box: Box, policy: Policy) -> dict[str, Any]:
    place = queue.place(record, policy)
    return {
        "id": record.id,
        "version": record.version,
        "pseudonym": record.pseudonym,
        "lane": box.lane(str(record.seeker)),
        "record": raw(box.seal(changed(record, version=record.version + 1))),
        "face": box.conversation_face(record),
        "score": None if place is None else repr(place.score),
        "place": None if place is None else raw(box.seal(place)),
        "live": record.phase is Phase.LIVE,
        "deadlines": {str(kind): repr(at) for kind, at in record.deadlines.items()},
    }
