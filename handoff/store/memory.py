"""The in-memory twin of the Redis store: the same contract, for tests and for trying things out. Nothing expires in it
but sign-ins, leases and what connectors keep, and nothing outlives the process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from handoff.core.conversation import Conversation, Deadline
from handoff.core.effects import Alert
from handoff.core.entries import Entry
from handoff.core.ids import Address, bot_lane
from handoff.core.policy import Policy
from handoff.core.queue import Place
from handoff.core.supporter import Supporter
from handoff.ports import (
    Commit,
    DeadLetter,
    Family,
    LaneHold,
    LaneLoad,
    Marks,
    Notice,
    Outcome,
    SignIn,
    Standing,
    StoreDown,
)
from handoff.store import codec
from handoff.store.fanout import Hub, Listener
from handoff.store.memory_commit import Books, fits, write
from handoff.store.memory_keeping import Keeping
from handoff.store.memory_lanes import Lanes


class MemoryStore:
    """All state of one line in this process. Set `down` and every method raises `StoreDown`, as when Redis is lost."""

    def __init__(self, line: str, policy: Policy, clock: Callable[[], float] = time.time) -> None:
        self.line = line
        self.down = False
        self._policy = policy
        self._books = Books()
        self._lanes = Lanes()
        self._hub = Hub()
        self._keeping = Keeping(clock)

    async def conversation(self, conversation: str) -> Conversation | None:
        await self._up()
        kept = self._books.conversations.get(conversation)
        return None if kept is None else codec.conversation(kept)

    async def current(self, seeker: Address, pseudonym: str) -> Conversation | None:
        await self._up()
        kept = self._books.conversations.get(self._books.current.get(self._books.root(pseudonym), ""))
        return None if kept is None else codec.conversation(kept)

    async def supporter(self, supporter: str) -> Supporter | None:
        await self._up()
        kept = self._books.supporters.get(supporter)
        return None if kept is None else codec.supporter(kept)

    async def supporters(self) -> list[Supporter]:
        await self._up()
        roster = [codec.supporter(each) for each in self._books.supporters.values()]
        return sorted((each for each in roster if not each.removed), key=lambda each: each.id)

    async def commit(self, commit: Commit, now: float) -> Outcome:
        codec.check(commit)
        await self._up()
        if commit.event_id in self._books.seen:
            return Outcome.DUPLICATE
        if not fits(self._books, commit):
            return Outcome.CONFLICT
        for notice in write(self._books, self._lanes, commit, now, self._policy):
            self._hub.deliver(notice)
        return Outcome.DONE

    async def seen(self, event_id: str) -> bool:
        await self._up()
        return event_id in self._books.seen

    async def feed(self, pseudonym: str, after: int = 0, limit: int = 500) -> list[Entry]:
        await self._up()
        return [codec.entry(each) for each in _part(self._books.feeds.get(pseudonym, []), after, limit)]

    async def margin(self, conversation: str, after: int = 0, limit: int = 500) -> list[Entry]:
        await self._up()
        return [codec.entry(each) for each in _part(self._books.margins.get(conversation, []), after, limit)]

    async def waiting(self, limit: int = 100) -> list[Place]:
        await self._up()
        places = [codec.place(each) for each in self._books.board.values()]
        return sorted(places, key=lambda place: (place.score, place.conversation))[:limit]

    async def standing(self, score: float) -> Standing:
        await self._up()
        scores = [codec.place(each).score for each in self._books.board.values()]
        return Standing(sum(each < score for each in scores), len(scores), self._books.average)

    async def due(self, now: float, limit: int = 100) -> list[tuple[Deadline, str, float]]:
        await self._up()
        found = [(at, f"{kind}:{who}", kind, who) for (kind, who), at in self._books.deadlines.items() if at <= now]
        return [(kind, who, at) for at, _, kind, who in sorted(found)[:limit]]

    async def settle_due(self, kind: Deadline, conversation: str, at: float) -> None:
        await self._up()
        if self._books.deadlines.get((kind, conversation)) != at:
            return
        del self._books.deadlines[kind, conversation]
        kept = self._books.conversations.get(conversation)
        if kept is None:
            self._books.board.pop(conversation, None)
            self._books.live.discard(conversation)
        elif kind in (truth := codec.conversation(kept).deadlines):
            self._books.deadlines[kind, conversation] = truth[kind]

    async def claim_lane(self, kinds: Sequence[str], lease: float, now: float, most: int = 1) -> LaneHold | None:
        await self._up()
        return self._lanes.claim(kinds, lease, now, most)

    async def hold_on(self, hold: LaneHold, until: float) -> bool:
        await self._up()
        return self._lanes.hold_on(hold, until)

    async def settle(self, hold: LaneHold, parcels: int, now: float) -> bool:
        await self._up()
        return self._released(hold, self._lanes.settle(hold, parcels, now))

    async def postpone(self, hold: LaneHold, until: float, *, failed: bool = True, unsure: bool = False) -> bool:
        await self._up()
        return self._lanes.postpone(hold, until, failed, unsure)

    async def bury(self, hold: LaneHold, reason: str, now: float) -> bool:
        await self._up()
        return self._released(hold, self._lanes.bury(hold, reason, now))

    def _released(self, hold: LaneHold, done: bool) -> bool:
        if done and hold.lane in self._lanes:
            self._hub.deliver(Notice("lanes", "changed", codec.lane_kind(hold.lane)))
        return done

    async def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        await self._up()
        return self._lanes.dead_letters(limit)

    async def expire_letters(self, before: float) -> int:
        await self._up()
        return self._lanes.expire_letters(before)

    async def lanes(self) -> dict[str, LaneLoad]:
        await self._up()
        return self._lanes.loads()

    async def mark(self, pseudonym: str, *, delivered: int = 0, read: int = 0, desk_read: int = 0) -> Marks:
        await self._up()
        before = self._books.marks.get(pseudonym, Marks())
        end = len(self._books.feeds.get(pseudonym, []))
        after = Marks(
            max(before.delivered, min(delivered, end)),
            max(before.read, min(read, end)),
            max(before.desk_read, min(desk_read, end)),
        )
        if after != before:
            self._books.marks[pseudonym] = after
            self._hub.deliver(Notice(f"feed:{pseudonym}", "marks", after))
        return after

    async def marks(self, pseudonym: str) -> Marks:
        await self._up()
        return self._books.marks.get(pseudonym, Marks())

    async def alerts(self) -> list[Alert]:
        await self._up()
        return sorted(
            (codec.alert(each) for each in self._books.alerts.values()),
            key=lambda alert: (alert.at, alert.kind, alert.conversation),
        )

    async def acknowledge(self, kind: str, conversation: str) -> bool:
        await self._up()
        if self._books.alerts.pop((kind, conversation), None) is None:
            return False
        self._hub.deliver(Notice("desk", "alerts"))
        return True

    async def publish(self, notice: Notice) -> None:
        await self._up()
        self._hub.deliver(notice)

    @asynccontextmanager
    async def listen(self, topics: Sequence[str]) -> AsyncIterator[AsyncIterator[Notice]]:
        await self._up()
        listener = Listener(topics)
        self._hub.add(listener)
        try:
            yield listener
        finally:
            self._hub.remove(listener)

    def lose_notices(self) -> None:
        """As after a break of the connection: every listener gets its `gap`."""
        self._hub.gap()

    async def erase(self, pseudonym: str, conversation: str) -> None:
        await self._up()
        family = self._books.family(pseudonym)
        gone = {conversation}.union(*(self._books.by_seeker.get(each, ()) for each in family))
        lanes = {bot_lane(each) for each in gone}.union(*(self._books.lanes.get(each, ()) for each in gone))
        self._lanes.drop(lanes, gone)
        self._books.forget(family, gone)
        self._keeping.forget(family, gone)
        self._books.let_go(gone)
        for notice in (
            *(Notice(f"feed:{each}", "erased") for each in family),
            *(Notice("desk", "changed", each) for each in (*sorted(gone), "queue", "supporters")),
            Notice("desk", "alerts"),
        ):
            self._hub.deliver(notice)

    async def family(self, pseudonym: str) -> Family:
        await self._up()
        family = self._books.family(pseudonym)
        return Family(
            tuple(family), tuple(sorted({one for each in family for one in self._books.by_seeker.get(each, ())}))
        )

    async def keep_sign_in(self, digest: str, sign_in: SignIn, *, once: bool, now: float) -> None:
        await self._up()
        self._keeping.keep_sign_in(digest, sign_in, once=once, now=now)

    async def take_sign_in(self, digest: str) -> SignIn | None:
        await self._up()
        return self._keeping.take_sign_in(digest)

    async def session(self, digest: str) -> SignIn | None:
        await self._up()
        return self._keeping.session(digest)

    async def end_sessions(self, *, digest: str | None = None, supporter: str | None = None) -> None:
        await self._up()
        self._keeping.end_sessions(digest, supporter)

    async def keep(
        self, name: str, kept: dict[str, Any], *, seconds: float, of: str = "", if_new: bool = False
    ) -> bool:
        await self._up()
        return self._keeping.keep(name, kept, seconds, of, if_new)

    async def kept(self, name: str) -> dict[str, Any] | None:
        await self._up()
        return self._keeping.kept(name)

    async def drop(self, name: str) -> None:
        await self._up()
        self._keeping.drop(name)

    async def lease(self, name: str, holder: str, seconds: float) -> bool:
        await self._up()
        return self._keeping.lease(name, holder, seconds)

    async def alias(self, pseudonym: str, of: str) -> None:
        await self._up()
        self._books.alias(pseudonym, of)

    async def root(self, pseudonym: str) -> str:
        await self._up()
        return self._books.root(pseudonym)

    async def counts(self) -> dict[str, int]:
        await self._up()
        return {
            "waiting": len(self._books.board),
            "live": len(self._books.live),
            "lanes": len(self._lanes),
            "dead_letters": len(self._lanes.dead_letters()),
            "alerts": len(self._books.alerts),
        }

    async def ping(self) -> float:
        await self._up()
        return 0.0

    async def close(self) -> None:
        self._hub.end()

    async def _up(self) -> None:
        await asyncio.sleep(0)
        if self.down:
            raise StoreDown("the store in memory was told to be down")


def _part(entries: list[bytes], after: int, limit: int) -> list[bytes]:
    return entries[max(after, 0) : max(after, 0) + limit]
