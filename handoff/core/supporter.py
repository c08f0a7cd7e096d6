"""A supporter as the core sees one: profile, presence as a lease, and the conversations held."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """Leads supervise: they see the queue's health, every alert, and may take over."""

    SUPPORTER = "supporter"
    LEAD = "lead"


class Presence(StrEnum):
    """What the supporter says of themselves. Only AVAILABLE gets offers; BUSY and AWAY keep what they hold."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"


class Training(IntEnum):
    """Highest tier held alone: BASIC up to T2, CRISIS up to T4; T5 and T6 want SENIOR."""

    BASIC = 1
    CRISIS = 2
    SENIOR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Supporter:
    """One trained volunteer. Times are seconds since the epoch; `version` 0 means never stored.

    `holding` are the ids of the conversations they own now; its length never exceeds `capacity`
    except where a lead takes over.
    """

    id: str
    name: str
    role: Role = Role.SUPPORTER
    languages: tuple[str, ...] = ("en",)
    topics: tuple[str, ...] = ()
    """Topics of special experience; none means any."""
    opted_out: tuple[str, ...] = ()
    """Topics they asked not to be offered."""
    traits: tuple[str, ...] = ()
    """What a seeker may wish for: shared experience, age group, gender, culture; in the line's own words."""
    knows: tuple[str, ...] = ()
    """Pseudonyms of seekers they must not meet here."""
    training: Training = Training.BASIC
    minors: bool = False
    """Cleared to support people under 18."""
    capacity: int = 2
    presence: Presence = Presence.AWAY
    present_until: float = 0.0
    cool_until: float = 0.0
    holding: tuple[str, ...] = ()
    slack: str = ""
    """Who they are in Slack, `team/user`; empty when they work in the console alone."""
    busy_until: float = 0.0
    """When a busy spell that has an end is over; 0 when it has none."""
    console_until: float = 0.0
    """Until when their console is known to be open; then Slack need not draw their eye as well."""
    removed: bool = False
    version: int = 0

    @property
    def is_lead(self) -> bool:
        """Whether they may do what only leads may."""
        return self.role is Role.LEAD

    def is_here(self, now: float) -> bool:
        """Whether their desk is open: the presence lease runs and they were not removed."""
        return not self.removed and self.presence is not Presence.AWAY and self.present_until > now

    def has_room(self) -> bool:
        """Whether one more conversation fits their capacity."""
        return len(self.holding) < self.capacity

    def takes_offers(self, now: float) -> bool:
        """Whether a new handoff may be offered to them now."""
        return self.is_here(now) and not self.is_busy(now) and self.has_room() and self.cool_until <= now

    def is_busy(self, now: float) -> bool:
        """Whether they asked for no new offers, for now or until they say otherwise."""
        return self.presence is Presence.BUSY and not 0 < self.busy_until <= now
