"""The seams between the core and the world: what stores, connectors, the bot and the records do, and how they fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from handoff.core.conversation import Conversation, Deadline
from handoff.core.effects import Alert
from handoff.core.entries import Attachment, Entry
from handoff.core.events import BotMessage, Event, SeekerTapped, SeekerWrote, SupporterReported
from handoff.core.ids import Address
from handoff.core.queue import Place
from handoff.core.risk import Assessment
from handoff.core.supporter import Supporter
from handoff.failures import BotDown as BotDown
from handoff.failures import BotGarbled as BotGarbled
from handoff.failures import BotSilent as BotSilent
from handoff.failures import Contended as Contended
from handoff.failures import DeliveryFailed as DeliveryFailed
from handoff.failures import FileGone as FileGone
from handoff.failures import FileRefused as FileRefused
from handoff.failures import NotCopied as NotCopied
from handoff.failures import RecordsDown as RecordsDown
from handoff.failures import RecordsRefused as RecordsRefused
from handoff.failures import StoreDown as StoreDown
from handoff.stored import Commit as Commit
from handoff.stored import DeadLetter as DeadLetter
from handoff.stored import Family as Family
from handoff.stored import LaneHold as LaneHold
from handoff.stored import LaneLoad as LaneLoad
from handoff.stored import Marks as Marks
from handoff.stored import Notice as Notice
from handoff.stored import Outcome as Outcome
from handoff.stored import Parcel as Parcel
from handoff.stored import SignIn as SignIn
from handoff.stored import Standing as Standing


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

    async def hold_on(self, hold: LaneHold, until: float) -> bool:
        """Make the lease end later. False when the hold was lost meanwhile."""
        ...

    async def settle(self, hold: LaneHold, parcels: int, now: float) -> bool:
        """Remove `parcels` from the head and let go of the lane. False when the hold was lost meanwhile."""
        ...

    async def postpone(self, hold: LaneHold, until: float, *, failed: bool = True, unsure: bool = False) -> bool:
        """Let go of the lane until a time; `failed` counts an attempt, `unsure` tells the next carrier so."""
        ...

    async def bury(self, hold: LaneHold, reason: str, now: float) -> bool:
        """Move the head to the dead letters and let go of the lane."""
        ...

    async def dead_letters(self, limit: int = 100) -> list[DeadLetter]: ...

    async def expire_letters(self, before: float) -> int:
        """Remove dead letters given up before that time; how many there were."""
        ...

    async def lanes(self) -> dict[str, LaneLoad]:
        """What lies in the lanes, by kind; parcels are counted in the thousand lanes of a kind longest due."""
        ...

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

    async def keep(
        self, name: str, kept: dict[str, Any], *, seconds: float, of: str = "", if_new: bool = False
    ) -> bool:
        """Keep something small of a connector's under `name`, sealed, for `seconds`; it goes with the erasure of `of`.

        `of` is a pseudonym or a conversation id. With `if_new`, False and no change when there is something already.
        """
        ...

    async def kept(self, name: str) -> dict[str, Any] | None: ...

    async def drop(self, name: str) -> None: ...

    async def lease(self, name: str, holder: str, seconds: float) -> bool:
        """Whether `holder` has the lease of this name now: taken when free, renewed when theirs, for `seconds`."""
        ...

    async def alias(self, pseudonym: str, of: str) -> None:
        """From now on the seeker with this pseudonym is the one called `of`; erasing `of` ends it."""
        ...

    async def root(self, pseudonym: str) -> str:
        """The name a pseudonym stands for: itself, unless it was made an alias."""
        ...

    async def family(self, pseudonym: str) -> Family:
        """Every pseudonym of this seeker, the root first, and every conversation they have here."""
        ...

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


class ReportBook(Protocol):
    """Reports both ways, none of them shown to whom it is about. All raise `RecordsDown`."""

    async def listed(self, reader: str) -> Sequence[Any]:
        """`handoff.reports.Report`s, open ones first, without what was written."""
        ...

    async def opened(self, report: int, reader: str, at: float) -> Any:
        """One with what was written, on record; None when there is none for this reader."""
        ...

    async def add_note(self, report: int, note: str, *, by: str, at: float) -> bool: ...

    async def close(self, report: int, *, by: str, at: float) -> bool: ...


class Connector(Protocol):
    """A platform that has to be sent to. Pages that read their feed themselves need none."""

    channel: str

    async def deliver(self, seeker: Address, entry: Entry, *, again: bool) -> None:
        """Send one entry. `again`: it may have arrived already; then mark it so. Raises `DeliveryFailed`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelvedFile:
    """A file as it is handed out."""

    attachment: Attachment
    content: bytes = field(repr=False)


class Shelf(Protocol):
    """Where files rest: cleaned, encrypted, expiring, erased with their conversation."""

    async def put(self, content: bytes, *, conversation: str, seconds: int | None = None) -> Attachment:
        """Clean and keep a file; `seconds`: how long a voice note plays. Raises `FileRefused`, `RecordsDown`."""
        ...

    async def get(self, file: str) -> ShelvedFile:
        """Raises `FileGone`, `RecordsDown`."""
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
    asked_bot: bool = False
    """Whether the bot is thinking about it now."""


Aloud = SeekerWrote | SeekerTapped | SupporterReported
"""What a seeker does that may call for the crisis card by itself."""


class Front(Protocol):
    """What connectors call. Raises `StoreDown`; then do not acknowledge."""

    async def handle(self, event: Event) -> Reply: ...

    def danger_card(self, event: Aloud) -> dict[str, Any] | None:
        """For what can't be handled yet: the card that its words call for, while nothing of it is read or saved."""
        ...

    async def who(self, seeker: Address) -> str:
        """The seeker's pseudonym: the name of their feed, whichever of their linked channels this is."""
        ...

    async def standing(self, conversation: Conversation | None) -> dict[str, Any]:
        """For a waiting page: phase, position, estimate (minutes, low and high, or None), supporter, staffed."""
        ...

    def clock(self) -> float: ...
