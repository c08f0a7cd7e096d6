"""The store on Redis. Every change is one script, one round trip; every key is documented on top of the script that
writes it. All keys of a line begin with `{line}`, so they share one slot of a cluster."""

from __future__ import annotations

import math
import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

from handoff.core.conversation import Conversation, Deadline
from handoff.core.effects import Alert
from handoff.core.entries import Entry
from handoff.core.ids import Address
from handoff.core.policy import Policy
from handoff.core.queue import Place
from handoff.core.supporter import Supporter
from handoff.ports import Commit, DeadLetter, Family, LaneHold, LaneLoad, Marks, Notice, Outcome, SignIn, Standing
from handoff.sealing import Sealer
from handoff.store import codec, notices
from handoff.store.box import Box
from handoff.store.ear import Ear
from handoff.store.erasing import erase_plan, known_of
from handoff.store.failures import down
from handoff.store.fanout import Listener
from handoff.store.greeting import Greeting
from handoff.store.nodes import Nodes
from handoff.store.plan import SEEN_SECONDS, commit_plan
from handoff.store.wire import Wire, load_scripts

_ERASE_TRIES = 50
_LANES_LOOKED_INTO = 1000
_LINE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

T = TypeVar("T")


class RedisStore:
    """All state of one line, in Redis. Make one with `connect`; it mends its connections by itself."""

    def __init__(
        self,
        url: str,
        line: str,
        policy: Policy,
        sealer: Sealer,
        took: Callable[[float], None] | None = None,
        *,
        copies: int = 0,
        hears_time: Callable[[float, float], None] = lambda told, took: None,
    ) -> None:
        """`took` is told how long each answer took, in seconds; `copies` replicas have a commit before it is done;
        `hears_time` is told Redis's time, and how long its answer took, with each new connection and each `ping`."""
        if not _LINE.fullmatch(line):
            raise ValueError("a line's name is lower-case letters, digits and dashes")
        self.line = line
        self._copies = copies
        self._prefix = f"{{{line}}}"
        self._policy = policy
        self._box = Box(sealer)
        self._roster: dict[bytes, Supporter] = {}  # by sealed form: it is read far more often than it changes
        greet = load_scripts()["greet"].text
        self._greeting = Greeting(line, self._prefix, greet, self._box, hears_time)
        nodes = Nodes(url, self._prefix)
        self._ear = Ear(nodes, self._prefix, lambda topic, payload: notices.unpack(topic, payload, self._box))
        self._wire = Wire(nodes, self._prefix, self._greeting, took, self._ear.follow)

    @classmethod
    async def connect(cls, url: str, line: str, policy: Policy, sealer: Sealer, *, copies: int = 0) -> RedisStore:
        """A store that was reached once. Raises `StoreDown`, `NewerFormat` (a StoreDown too) or `SealBroken`."""
        store = cls(url, line, policy, sealer, copies=copies)
        await store.ping()
        return store

    async def conversation(self, conversation: str) -> Conversation | None:
        return self._opened(
            await self._wire.ask("HGET", self._key("conversation", conversation), "r"), codec.conversation
        )

    async def current(self, seeker: Address, pseudonym: str) -> Conversation | None:
        return self._opened(await self._wire.run("current", pseudonym), codec.conversation)

    async def supporter(self, supporter: str) -> Supporter | None:
        return self._opened(await self._wire.ask("HGET", self._key("roster"), supporter), codec.supporter)

    async def supporters(self) -> list[Supporter]:
        sealed, known = await self._wire.ask("HVALS", self._key("roster")), self._roster
        self._roster = {each: known.get(each) or self._box.open(each, codec.supporter) for each in sealed}
        return sorted((each for each in self._roster.values() if not each.removed), key=lambda each: each.id)

    async def commit(self, commit: Commit, now: float) -> Outcome:
        codec.check(commit)
        plan = commit_plan(commit, now, await self._met(), self._policy)
        answer: bytes = await self._wire.run("commit", plan, copies=self._copies)
        return Outcome(answer.decode())

    async def seen(self, event_id: str) -> bool:
        key = self._key("seen", (await self._met()).hidden(event_id))
        if not self._copies:
            return bool(await self._wire.ask("EXISTS", key))
        return bool(await self._wire.ask("EXPIRE", key, SEEN_SECONDS, copies=self._copies))

    async def feed(self, pseudonym: str, after: int = 0, limit: int = 500) -> list[Entry]:
        return await self._entries("feed", pseudonym, after, limit)

    async def margin(self, conversation: str, after: int = 0, limit: int = 500) -> list[Entry]:
        return await self._entries("margin", conversation, after, limit)

    async def waiting(self, limit: int = 100) -> list[Place]:
        return self._all(await self._wire.run("waiting", limit) if limit > 0 else [], codec.place)

    async def standing(self, score: float) -> Standing:
        ahead, waiting, average = await self._wire.run("standing", repr(score))
        return Standing(ahead, waiting, None if average is None else float(average))

    async def due(self, now: float, limit: int = 100) -> list[tuple[Deadline, str, float]]:
        found = await self._wire.ask(
            "ZRANGEBYSCORE", self._key("due"), "-inf", repr(now), "WITHSCORES", "LIMIT", 0, limit
        )
        members = [(*each.decode().split(":", 1), float(at)) for each, at in zip(found[::2], found[1::2], strict=True)]
        return [(Deadline(kind), conversation, at) for kind, conversation, at in members]

    async def settle_due(self, kind: Deadline, conversation: str, at: float) -> None:
        await self._wire.run("settle_due", kind, conversation, repr(at))

    async def claim_lane(self, kinds: Sequence[str], lease: float, now: float, most: int = 1) -> LaneHold | None:
        found = await self._wire.run("lane_claim", repr(now), repr(now + lease), most, *kinds)
        if found is None:
            return None
        _, token, attempts, unsure, sealed = found
        parcels = tuple(self._all(sealed, codec.parcel))
        return LaneHold(parcels[0].lane, token, attempts, parcels, bool(unsure))

    async def hold_on(self, hold: LaneHold, until: float) -> bool:
        kind, lane = codec.lane_kind(hold.lane), self._box.lane(hold.lane)
        return bool(await self._wire.run("lane_hold_on", kind, lane, hold.token, repr(until)))

    async def settle(self, hold: LaneHold, parcels: int, now: float) -> bool:
        return await self._release(hold, parcels, (now, 0, 0, now))

    async def postpone(self, hold: LaneHold, until: float, *, failed: bool = True, unsure: bool = False) -> bool:
        return await self._release(hold, 0, (until, int(failed), int(unsure), -math.inf))

    async def bury(self, hold: LaneHold, reason: str, now: float) -> bool:
        letter = self._box.seal(DeadLetter(hold.parcels[0], reason, now))
        kept = self._policy.retention_seconds
        return await self._release(hold, 1, (now, 0, 0, now), letter, repr(now - kept), kept)

    async def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        found = await self._wire.ask("ZREVRANGEBYSCORE", self._key("dead"), "+inf", "-inf", "LIMIT", 0, max(limit, 0))
        return self._all(found, codec.dead_letter)

    async def lanes(self) -> dict[str, LaneLoad]:
        found = await self._wire.run("lanes", _LANES_LOOKED_INTO)
        return {kind.decode(): LaneLoad(lanes, parcels, float(due)) for kind, lanes, parcels, due in found}

    async def expire_letters(self, before: float) -> int:
        return int(await self._wire.run("expire_letters", repr(before)))

    async def mark(self, pseudonym: str, *, delivered: int = 0, read: int = 0, desk_read: int = 0) -> Marks:
        return Marks(*await self._wire.run("mark", pseudonym, delivered, read, desk_read))

    async def marks(self, pseudonym: str) -> Marks:
        found = await self._wire.ask("HMGET", self._key("marks", pseudonym), "delivered", "read", "desk_read")
        return Marks(*(int(each or 0) for each in found))

    async def alerts(self) -> list[Alert]:
        kept = [each.split(b" ", 1) for each in await self._wire.ask("HVALS", self._key("alerts"))]
        found = [replace(self._box.open(sealed, codec.alert), times=int(times)) for times, sealed in kept]
        return sorted(found, key=lambda alert: (alert.at, alert.kind, alert.conversation))

    async def acknowledge(self, kind: str, conversation: str) -> bool:
        return bool(await self._wire.run("acknowledge", kind, conversation))

    async def publish(self, notice: Notice) -> None:
        await self._wire.ask("PUBLISH", self._key("topic", notice.topic), notices.pack(notice, self._box))

    @asynccontextmanager
    async def listen(self, topics: Sequence[str]) -> AsyncIterator[AsyncIterator[Notice]]:
        listener = Listener(topics)
        await self._ear.add(listener)
        try:
            yield listener
        finally:
            await self._ear.remove(listener)

    async def erase(self, pseudonym: str, conversation: str) -> None:
        for _ in range(_ERASE_TRIES):
            plan = await erase_plan(self._wire, self._box, self._prefix, pseudonym, conversation)
            if await self._wire.run("erase", plan):
                return
        raise down("changed too fast to erase a seeker; try again")

    async def family(self, pseudonym: str) -> Family:
        known = await known_of(self._wire, self._prefix, pseudonym)
        return Family(tuple(known), tuple(sorted(set().union(*known.values()))))

    async def keep_sign_in(self, digest: str, sign_in: SignIn, *, once: bool, now: float) -> None:
        left = round((sign_in.expires - now) * 1000)
        if left > 0:
            kind = "link" if once else "session"
            await self._wire.run(
                "keep_sign_in", kind, digest, sign_in.supporter, repr(sign_in.expires), left, repr(now)
            )

    async def take_sign_in(self, digest: str) -> SignIn | None:
        return codec.sign_in(await self._wire.ask("GETDEL", self._key("link", digest)))

    async def session(self, digest: str) -> SignIn | None:
        return codec.sign_in(await self._wire.ask("GET", self._key("session", digest)))

    async def end_sessions(self, *, digest: str | None = None, supporter: str | None = None) -> None:
        await self._wire.run("end_sessions", digest or "", supporter or "")

    async def keep(
        self, name: str, kept: dict[str, Any], *, seconds: float, of: str = "", if_new: bool = False
    ) -> bool:
        box = await self._met()
        how = (_milliseconds(seconds), box.hidden(of) if of else "", int(if_new))
        return bool(await self._wire.run("keep", box.hidden(name), box.seal(kept), *how))

    async def kept(self, name: str) -> dict[str, Any] | None:
        key = self._key("kept", (await self._met()).hidden(name))
        return self._opened(await self._wire.ask("HGET", key, "v"), codec.kept)

    async def drop(self, name: str) -> None:
        await self._wire.run("drop", (await self._met()).hidden(name))

    async def lease(self, name: str, holder: str, seconds: float) -> bool:
        box = await self._met()
        names = (box.hidden(name), box.hidden(holder))
        return bool(await self._wire.run("lease", *names, _milliseconds(seconds)))

    async def alias(self, pseudonym: str, of: str) -> None:
        await self._wire.run("alias", pseudonym, of, self._policy.retention_seconds)

    async def root(self, pseudonym: str) -> str:
        found = await self._wire.ask("GET", self._key("alias", pseudonym))
        return pseudonym if found is None else str(found.decode())

    async def counts(self) -> dict[str, int]:
        names = ("waiting", "live", "lanes", "dead_letters", "alerts")
        return dict(zip(names, await self._wire.run("counts"), strict=True))

    async def ping(self) -> float:
        began = time.perf_counter()
        return self._greeting.timed(await self._wire.ask("TIME"), began)

    async def close(self) -> None:
        await self._ear.close()
        await self._wire.close()

    async def _met(self) -> Box:
        """Before the first connection the line's secret is not known, and ids would be hidden under another."""
        if not self._box.knows_the_line:
            await self._wire.ask("PING")
        return self._box

    async def _entries(self, kind: str, name: str, after: int, limit: int) -> list[Entry]:
        first = max(after, 0)
        if limit < 1:
            return []
        return self._all(await self._wire.ask("LRANGE", self._key(kind, name), first, first + limit - 1), codec.entry)

    async def _release(
        self, hold: LaneHold, remove: int, after: tuple[float, int, int, float], *buried: str | bytes | int
    ) -> bool:
        """`after`: when it is due again, attempts to add, whether the head may have been delivered, now."""
        kind, lane = codec.lane_kind(hold.lane), self._box.lane(hold.lane)
        how = (repr(each) if isinstance(each, float) else each for each in after)
        return bool(await self._wire.run("lane_release", kind, lane, hold.token, remove, *how, *buried))

    def _key(self, kind: str, name: str | None = None) -> str:
        return f"{self._prefix}:{kind}" if name is None else f"{self._prefix}:{kind}:{name}"

    def _opened(self, sealed: bytes | None, decode: Callable[[bytes], T]) -> T | None:
        return None if sealed is None else self._box.open(sealed, decode)

    def _all(self, sealed: list[bytes], decode: Callable[[bytes], T]) -> list[T]:
        return [self._box.open(each, decode) for each in sealed]


def _milliseconds(seconds: float) -> int:
    """Redis knows no time to live of zero: what is over at once lives for one millisecond."""
    return max(1, round(seconds * 1000))
