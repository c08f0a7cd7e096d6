"""The conversation record: everything `decide()` needs to know about one seeker's current contact."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from handoff.core.ids import Address
from handoff.core.plan import NO_PLAN, SafetyPlan
from handoff.core.risk import CRISIS, NO_RISK, Assessment, Tier


class Phase(StrEnum):
    """Where a conversation stands. The crisis lane runs across all of them."""

    NEW = "new"
    """Nothing was said yet and nothing is stored."""
    INTAKE = "intake"
    WAITING = "waiting"
    LIVE = "live"
    CLOSING = "closing"
    CLOSED = "closed"


class Owner(StrEnum):
    """Who may speak to the seeker. The epoch grows when this changes, but for a calm wait, in which the bot stays."""

    BOT = "bot"
    QUEUE = "queue"
    SUPPORTER = "supporter"
    NOBODY = "nobody"


class Deadline(StrEnum):
    """What can fall due in a conversation. At most one of each kind runs at a time."""

    ASSIGN = "assign"
    CLIMB = "climb"
    FIRST_WORD = "first_word"
    NUDGE = "nudge"
    SILENT = "silent"
    HOLDER = "holder"
    CHECK_IN = "check_in"
    QUIET_CLOSE = "quiet_close"
    WAIT_LONG = "wait_long"
    SAFETY_ANSWER = "safety_answer"
    CARD_CONFIRM = "card_confirm"
    INTAKE_CLOSE = "intake_close"
    CLOSE = "close"
    LEAD = "lead"
    CALLING = "calling"
    FOLLOW_UP = "follow_up"
    MOVED_ON = "moved_on"
    """Never runs: a poke that empties what a later conversation took over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What the seeker chose to tell before a person came. Nothing here is compulsory."""

    name: str = field(default="", repr=False)
    topics: tuple[str, ...] = ()
    heaviness: int | None = None
    """0 to 10, the seeker's own number."""
    preferences: tuple[str, ...] = field(default=(), repr=False)
    share: bool | None = None
    """Whether the supporter may read this summary; None: not asked."""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a tier was given, in words a supporter reads; never the seeker's own words."""

    tier: Tier
    domain: str
    text: str
    at: float
    seq: int
    """The seeker's entry it came from; 0 when a person gave it."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What the seeker wished to be sent after a crisis: `days` from when they chose, `text` the key of the words."""

    days: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One contact of one seeker with one line. Times are seconds since the epoch.

    `version` 0 means never stored; the store adds one with each commit. `seq` and `margin` are the last
    sequence numbers used in the seeker's feed and in this conversation's margin.
    """

    id: str
    seeker: Address = field(repr=False)
    pseudonym: str
    language: str
    country: str | None = None
    phase: Phase = Phase.INTAKE
    owner: Owner = Owner.BOT
    epoch: int = 1
    version: int = 0
    seq: int = 0
    first_seq: int = 1
    """Where this conversation begins in the seeker's feed."""
    margin: int = 0
    opened_at: float
    changed_at: float
    consent: bool | None = None
    intake: Intake = Intake()
    tier: Tier = Tier.NONE
    domains: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    safeguarded: Tier = Tier.NONE
    """The tier at which it was last put on record for safeguarding."""
    recent: tuple[str, ...] = field(default=(), repr=False)
    """The seeker's last turns, oldest first: the screen's context."""
    waiting_since: float | None = None
    """When the seeker first asked for a person; kept over every requeue."""
    supporter: str | None = None
    supporter_name: str = ""
    desk: str = ""
    """Where the supporter last acted in it: `console` or `slack`."""
    claimed_at: float | None = None
    first_word_at: float | None = None
    unanswered_since: float | None = None
    """Since when a message of the seeker waits for the supporter's answer."""
    excluded: tuple[str, ...] = ()
    """Supporters this seeker is not offered to again, until the wait is long: then anyone is better than nobody."""
    refused: tuple[str, ...] = ()
    """Supporters the seeker asked to be spared: never given to them again, however long the wait."""
    assigned_to: str | None = None
    passed_over: tuple[str, ...] = ()
    """Supporters a crisis handoff was assigned to who did not accept in time; they still may."""
    climb: int = 0
    """How far a crisis handoff has climbed: 0 supporter, 1 lead, 2 on-call."""
    paged_at: float | None = None
    """When leads were last paged because nobody fits."""
    offered_last: str | None = None
    """Who was assigned it, or held it, last: in the crisis lane nobody is offered the same one twice in a row."""
    held_by: tuple[str, ...] = ()
    """Everybody who has held it, in order of their first time."""
    talked_last: str | None = None
    """Who held it last, or the conversation before it."""
    bounces: int = 0
    """How often it came back or changed hands in the crisis lane without a lead."""
    relief_asked: bool = False
    """The supporter asked to be relieved of a crisis, and holds it until somebody else does."""
    leads: tuple[str, ...] = ()
    """Leads who hold it or have joined it; with none, a peer is alone with it."""
    lead_calls: int = 0
    """How often leads were called to it since somebody took it."""
    card_seq: int | None = None
    """The newest crisis card's place in the feed; it counts as given once the seeker's device confirmed it."""
    card_at: float | None = None
    card_confirmed: bool = False
    card_of: Assessment = NO_RISK
    """What the newest card was made for, so that it can be shown again; without the signals."""
    card_again: int = 0
    """How often it was shown again because no device had confirmed it."""
    soothed_at: float | None = None
    """When the waiting line last said that it is still here, in the crisis lane where the bot is not asked."""
    safety_asked: bool = False
    safety_passed: int = 0
    """How many messages about something else came while the question was open."""
    slow_told: bool = False
    checked_in: bool = False
    escalated: bool = False
    paused_until: float = 0.0
    """Until when the supporter asked for a pause; no silence clock ends before."""
    message_left: bool = False
    review: bool | None = None
    """Whether the seeker lets leads read this again, so that the line notices danger better; None: not asked yet."""
    calling_asked: bool = False
    """Whether what makes calling hard was asked or answered; once is enough."""
    plan: SafetyPlan = field(default=NO_PLAN, repr=False)
    """For the seeker alone; goes with them into their next conversation."""
    follow_up: FollowUp = FollowUp()
    blocked_until: float = 0.0
    """Until when a lead has blocked this seeker; goes with them into their next conversation."""
    blocked_told_at: float | None = None
    """When they were last told so."""
    outcome: str | None = None
    deadlines: dict[Deadline, float] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether this is the seeker's one open conversation."""
        return self.phase in (Phase.INTAKE, Phase.WAITING, Phase.LIVE)

    @property
    def not_for(self) -> tuple[str, ...]:
        """Supporters who may not be given it now."""
        return (*self.excluded, *self.refused)

    def is_blocked(self, now: float) -> bool:
        """Whether a block holds at `now` (seconds since the epoch)."""
        return self.blocked_until > now

    @property
    def in_crisis_lane(self) -> bool:
        """Whether the crisis rules hold: never closed automatically, assigned instead of picked."""
        return self.tier >= CRISIS
