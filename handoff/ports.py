"""The seams between the core and the world: what stores, connectors, the bot and the records do, and how they fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from handoff.core.conversation import Conversation, Deadline
from handoff.core.effects import Alert
from handoff.core.entries import Entry
from handoff.core.events import BotMessage, Event
from handoff.core.ids import Address
from handoff.core.queue import Place
from handoff.core.risk import Assessment
from handoff.core.supporter import Supporter
from handoff.failures import BotDown as BotDown
from handoff.failures import BotGarbled as BotGarbled
from handoff.failures import BotSilent as BotSilent
from handoff.failures import Contended as Contended
from handoff.failures import DeliveryFailed as DeliveryFailed
from handoff.failures import RecordsDown as RecordsDown
from handoff.failures import RecordsRefused as RecordsRefused
from handoff.failures import StoreDown as StoreDown


class Outcome(Enum):
    """What became of a commit."""

    DONE = "done"
    CONFLICT = "conflict"
    """A record changed since it was read: load and decide again."""
    DUPLICATE = "duplicate"
    """The event was committed before."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing in a lane. `conversation` and `epoch` let a stale one be dropped; epoch 0 is never stale."""

    id: str
    lane: str
    conversation: str
    epoch: int
    kind: str
    body: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """All that one event changes, saved together or not at all.

    Each record is written as `version + 1`, on condition that the stored version is still `version` (0: absent).
    The queue, deadlines and desk index are derived from the records by the store.
    """

    event_id: str
    conversations: tuple[Conversation, ...] = ()
    supporters: tuple[Supporter, ...] = ()
    opens: str | None = None
    """The id of a conversation that is new: becomes its seeker's current one if `replaces` still is it."""
    replaces: str | None = None
    feed: tuple[tuple[str, Entry], ...] = ()
    """(pseudonym, entry): appended in order; `entry.seq` is the position."""
    margin: tuple[Entry, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    alerts: tuple[Alert, ...] = ()
    cleared: tuple[str, ...] = ()
    nudges: tuple[tuple[str, str, str], ...] = ()
    """(supporter, conversation, kind): published to the desk, not kept."""
    pokes: tuple[tuple[Deadline, str], ...] = ()
    """(kind, conversation) that the sweep should look at now."""
    waited: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a place in the queue stands: how many are before it, how many wait, the average wait of late in seconds."""

    ahead: int
    waiting: int
    average: float | None


@dataclass(frozen=True, slots=True)
class LaneHold:
    """A lane held by lease. `token` fences: an operation with an old one changes nothing."""

    lane: str
    token: int
    attempts: int
    """How often the head has been tried in vain."""
    parcels: tuple[Parcel, ...]
    """The head and what follows it, oldest first."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A parcel that could not be delivered, and why, in words without a person's words."""

    parcel: Parcel
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Marks:
    """How far the seeker's device has shown, and the seeker has read; and how far the desk has read."""

    delivered: int = 0
    read: int = 0
    desk_read: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Something published. Topics: `feed:<pseudonym>`, `margin:<conversation>`, `desk`, `desk:<supporter>`.

    kind `entry` (body: the Entry), `marks` (Marks), `typing` (str: who), `changed` (str: conversation id, "queue" or
    "supporters"), `nudge` ((conversation, kind)), `alerts`, `erased`.
    """

    topic: str
    kind: str
    body: Any = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who a sign-in link or a session belongs to."""

    supporter: str
    expires: float


class Store(Protocol):
    """All state of one line. Every method may raise `StoreDown`; every time is seconds since the epoch."""

    async def conversation(self, conversation: str) -> Conversation | None: ...

    async def current(self, seeker: Address, pseudonym: str) -> Conversation | None:
        """The seeker's open or last conversation."""
        ...

    async def supporter(self, supporter: str) -> Supporter | None: ...

    async def supporters(self) -> list[Supporter]:
        """The whole roster, without the removed."""
        ...

    async def commit(self, commit: Commit, now: float) -> Outcome: ...

    async def seen(self, event_id: str) -> bool: ...

    async def feed(self, pseudonym: str, after: int = 0, limit: int = 500) -> list[Entry]: ...

    async def margin(self, conversation: str, after: int = 0, limit: int = 500) -> list[Entry]: ...

    async def waiting(self, limit: int = 100) -> list[Place]:
        """The head of the queue, in its order."""
        ...

    async def standing(self, score: float) -> Standing: ...

    async def due(self, now: float, limit: int = 100) -> list[tuple[Deadline, str, float]]:
        """What fell due: (kind, conversation, at). Stays until a commit moves it; see `settle_due`."""
        ...

    async def settle_due(self, kind: Deadline, conversation: str, at: float) -> None:
        """Forget a due entry whose conversation no longer has that deadline (drift repaired by the sweep)."""
        ...

    async def claim_lane(self, kinds: Sequence[str], lease: float, now: float, most: int = 1) -> LaneHold | None:
        """The lane of these kinds (the part of its name before the colon) longest due, held for `lease` seconds."""
        ...

    async def settle(self, hold: LaneHold, parcels: int, now: float) -> bool:
        """Remove `parcels` from the head and let go of the lane. False when the hold was lost meanwhile."""
        ...

    async def postpone(self, hold: LaneHold, until: float, *, failed: bool = True) -> bool:
        """Let go of the lane until a time; `failed` counts an attempt."""
        ...

    async def bury(self, hold: LaneHold, reason: str, now: float) -> bool:
        """Move the head to the dead letters and let go of the lane."""
        ...

    async def dead_letters(self, limit: int = 100) -> list[DeadLetter]: ...

    async def mark(self, pseudonym: str, *, delivered: int = 0, read: int = 0, desk_read: int = 0) -> Marks:
        """Raise the marks (they never fall, and never pass the feed's end), publish them, return them."""
        ...

    async def marks(self, pseudonym: str) -> Marks: ...

    async def alerts(self) -> list[Alert]: ...

    async def acknowledge(self, kind: str, conversation: str) -> bool:
        """Close one alert. False when it was not open."""
        ...

    async def publish(self, notice: Notice) -> None: ...

    def listen(self, topics: Sequence[str]) -> AbstractAsyncContextManager[AsyncIterator[Notice]]:
        """Notices of these topics from now on. Entering returns once the subscription stands.

        After a break of the connection comes a Notice of kind `gap` for each topic: read again from your last `seq`.
        """
        ...

    async def erase(self, pseudonym: str, conversation: str) -> None:
        """Everything of this seeker goes: feed, marks, conversations, margins, index entries, lane parcels."""
        ...

    async def keep_sign_in(self, digest: str, sign_in: SignIn, *, once: bool, now: float) -> None:
        """Keep a sign-in link (`once`) or a session by the hash of its token until it expires."""
        ...

    async def take_sign_in(self, digest: str) -> SignIn | None:
        """Use a link up: the second caller gets None."""
        ...

    async def session(self, digest: str) -> SignIn | None: ...

    async def end_sessions(self, *, digest: str | None = None, supporter: str | None = None) -> None: ...

    async def counts(self) -> dict[str, int]:
        """waiting, live, lanes, dead_letters, alerts: for health and the leads' board."""
        ...

    async def ping(self) -> float:
        """Round trip in seconds."""
        ...

    async def close(self) -> None: ...


class Screen(Protocol):
    """Reads risk from words, in milliseconds, without a network, and never raises."""

    def read(self, text: str, context: Sequence[str] = (), language: str | None = None) -> Assessment: ...


class Bot(Protocol):
    """The dialogue part. Raises `BotDown` or `BotGarbled`."""

    async def ask(
        self, conversation: str, text: str, context: dict[str, Any], timeout: float
    ) -> tuple[BotMessage, ...]: ...

    async def healthy(self) -> bool: ...


class Records(Protocol):
    """The SQL side. `write` is idempotent by parcel id; raises `RecordsDown`, or `RecordsRefused` for a lone parcel."""

    async def write(self, parcels: Sequence[Parcel]) -> None: ...


class Connector(Protocol):
    """A platform that has to be sent to. Pages that read their feed themselves need none."""

    channel: str

    async def deliver(self, seeker: Address, entry: Entry) -> None:
        """Send one entry. Raises `DeliveryFailed`."""
        ...


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something asked for was not done, for whoever asked. `code` is stable; `next` is a sentence."""

    code: str
    next: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one event."""

    refused: Refused | None = None
    duplicate: bool = False
    conversation: Conversation | None = field(default=None, repr=False)
    entries: tuple[Entry, ...] = field(default=(), repr=False)


class Front(Protocol):
    """What connectors call. Raises `StoreDown`; then do not acknowledge."""

    async def handle(self, event: Event) -> Reply: ...

    def pseudonym(self, seeker: Address) -> str: ...

    async def standing(self, conversation: Conversation | None) -> dict[str, Any]:
        """For a waiting page: phase, position, estimate (minutes, low and high, or None), supporter, staffed."""
        ...

    def clock(self) -> float: ...
