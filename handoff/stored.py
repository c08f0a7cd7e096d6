"""What goes into a store and comes out of it. Import these from `handoff.ports`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from handoff.core.conversation import Conversation, Deadline
from handoff.core.effects import Alert
from handoff.core.entries import Entry
from handoff.core.supporter import Supporter


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
    unsure: bool = False
    """Whether the head may have been delivered already: its last carrier died, or lost the platform's answer."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A parcel that could not be delivered, and why, in words without a person's words."""

    parcel: Parcel
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class LaneLoad:
    """What lies in the lanes of one kind: how many lanes, how many parcels, and when the lane longest due is due."""

    lanes: int
    parcels: int
    oldest_due: float


@dataclass(frozen=True, slots=True)
class Marks:
    """How far the seeker's device has shown, and the seeker has read; and how far the desk has read."""

    delivered: int = 0
    read: int = 0
    desk_read: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Something published, not kept. By topic, its kinds and their bodies:

    | topic | kinds |
    |---|---|
    | `feed:<pseudonym>` | `entry` (Entry), `marks` (Marks), `typing` (str: "seeker" or a name), `erased` |
    | `margin:<conversation>` | `entry` (Entry) |
    | `desk` | `changed` (str: conversation id, "queue" or "supporters"), `alerts` |
    | `desk:<supporter>` | `nudge` ((conversation, kind)) |
    | `typing` | `typing` ((conversation, who)): a desk tells platforms, which have no page that listens to its feed |
    | `lanes` | `changed` (str: the kind of a lane that has work again) |

    After a break each topic gets the kind `gap`. Bodies with words or names are sealed on their way.
    """

    topic: str
    kind: str
    body: Any = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Family:
    """One seeker under all their names: pseudonyms, the root first, and the ids of their conversations."""

    pseudonyms: tuple[str, ...]
    conversations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who a sign-in link or a session belongs to."""

    supporter: str
    expires: float
