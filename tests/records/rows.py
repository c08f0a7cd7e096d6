"""Parcels for the records, and a look at what became of them."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from handoff import tables
from handoff.core.ids import RECORDS_LANE
from handoff.ports import Parcel
from tests.store.making import NOW

CANARY = "canary-words"
_count = itertools.count(1)

BODIES: dict[str, dict[str, Any]] = {
    "seeker": {"pseudonym": "p-ana", "channel": "web"},
    "consent": {"pseudonym": "p-ana", "conversation": "c1", "given": True},
    "conversation": {
        "id": "c1", "pseudonym": "p-ana", "channel": "web", "language": "en", "country": "GB", "opened_at": NOW - 600,
        "waiting_since": NOW - 300, "claimed_at": NOW - 200, "first_word_at": None, "closed_at": NOW,
        "supporter": "sam", "tier": 4, "domains": ["suicide"], "outcome": "supported", "topics": ["grief", "family"],
        "heaviness": 7,
    },
    "feedback": {"conversation": "c1", "rating": 5, "mood_before": 2, "mood_after": 6, "words": CANARY},
    "rating": {"conversation": "c1", "resource": "breathing", "helped": True},
    "message": {"conversation": "c1", "pseudonym": "p-ana", "words": CANARY},
    "transcript": {"conversation": "c1", "pseudonym": "p-ana", "first_seq": 1, "last_seq": 9},
    "review": {
        "id": "a1b2c3", "what": "message", "conversation": "c1", "pseudonym": "p-ana", "seq": 3,
        "verdict": "missed_risk", "tier": 1, "language": "en", "by": "sam", "consent": None, "words": CANARY,
        "context": [CANARY],
    },
    "safeguarding": {
        "conversation": "c1", "why": "under_18", "tier": 4, "domain": "suicide", "held_by": "sam",
    },
    "report": {
        "conversation": "c1", "about": "supporter", "by": "seeker", "supporter": "sam", "reason": "hurtful",
        "words": CANARY,
    },
    "block": {
        "conversation": "c1", "pseudonym": "p-ana", "by": "lou", "reason": "abusive", "until": NOW + 3600,
    },
    "unblock": {"pseudonym": "p-ana", "by": "lou"},
    "block_met": {"pseudonym": "p-ana", "conversation": "c2"},
    "audit": {"actor": "sam", "action": "accepted", "conversation": "c1", "detail": {"tier": 4}},
}  # fmt: skip


def parcel(kind: str, name: str = "", **changes: Any) -> Parcel:
    """One for the records lane; the same `name` is the same parcel again."""
    body = {"at": NOW, **BODIES.get(kind, {}), **changes}
    return Parcel(name or f"record-{next(_count)}", RECORDS_LANE, "", 0, kind, body)


@dataclass(frozen=True, slots=True)
class Rows:
    """What is in the tables."""

    read: Callable[[str], Awaitable[list[dict[str, Any]]]]

    async def of(self, table: str) -> list[dict[str, Any]]:
        return await self.read(table)

    async def only(self, table: str) -> dict[str, Any]:
        found = await self.read(table)
        assert len(found) == 1, f"{len(found)} rows in {table}"
        return found[0]

    async def everything(self) -> str:
        return repr([await self.read(name) for name in tables.metadata.tables])

    async def counts(self) -> dict[str, int]:
        return {name: len(await self.read(name)) for name in tables.metadata.tables}
