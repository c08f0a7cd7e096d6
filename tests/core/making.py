"""A line with its real wording and cards, and people and conversations with as little in them as a test needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from handoff.core.conversation import Conversation, Deadline, Owner, Phase
from handoff.core.crisis import card_maker
from handoff.core.hours import Hours, Interval
from handoff.core.ids import Address
from handoff.core.line import Card, CardWish, Line
from handoff.core.policy import Policy
from handoff.core.risk import NO_RISK, Assessment, Modifier, Signal, Subject, Tier
from handoff.core.supporter import Presence, Role, Supporter, Training
from handoff.wording.crisis_files import load_all_crisis_wording
from handoff.wording.hotline_files import load_hotlines
from handoff.wording.system_files import load_system_wording

NOW = 1_780_000_000.25
"""Thursday 28 May 2026, 20:26:40 UTC."""
SEEKER = Address("web", "ana-on-the-web")
LONG = 10_000_000.0
"""Seconds of presence that outlast every test."""
CLOSED_ALL_DAY = Hours(intervals=(Interval(frozenset({5}), 600, 720),))
"""Open on Saturdays from ten to twelve alone."""


@cache
def line(hours: Hours | None = None, language: str = "en", **policy: Any) -> Line:
    """The line as the service makes it, in the United Kingdom."""
    made = Line(
        id="test", name="Night line", policy=Policy(**policy), wording=load_system_wording(), card=_card,
        language=language, country="GB",
    )  # fmt: skip
    return made if hours is None else replace(made, hours=hours)


def _card(wish: CardWish) -> Card:
    return _maker()(wish)


@cache
def _maker() -> Callable[[CardWish], Card]:
    return card_maker(load_hotlines(), load_all_crisis_wording())


def heard(tier: Tier = Tier.NONE, *modifiers: Modifier, domain: str = "suicide") -> Assessment:
    """What the screen would say of words of this tier."""
    if tier is Tier.NONE:
        return replace(NO_RISK, modifiers=modifiers)
    signal = Signal(domain, tier, "explicit", f"words of tier {int(tier)}")
    return Assessment(tier, (domain,), Subject.SELF, (signal,), 0.5, modifiers)


def supporter(name: str = "sam", **changes: Any) -> Supporter:
    """Here, available, trained for a crisis, with room for two, for a long time."""
    base = Supporter(
        id=name, name=name.title(), training=Training.CRISIS, presence=Presence.AVAILABLE, present_until=NOW + LONG,
        capacity=2, version=1,
    )  # fmt: skip
    return replace(base, **changes)


def lead(name: str = "lou", **changes: Any) -> Supporter:
    return supporter(name, **{"role": Role.LEAD, "training": Training.SENIOR, **changes})


def conversation(phase: Phase = Phase.INTAKE, **changes: Any) -> Conversation:
    """As the moves leave one in this phase: held by Sam when live, waited for by nobody else."""
    base = Conversation(
        id="c1", seeker=SEEKER, pseudonym="p-ana", language="en", country="GB", phase=phase, version=1, seq=4,
        opened_at=NOW - 60, changed_at=NOW, consent=True, **_OF_PHASE[phase],
    )  # fmt: skip
    made = replace(base, **changes)
    if phase is Phase.WAITING and made.in_crisis_lane and Deadline.CLIMB not in made.deadlines:
        made = replace(made, deadlines={**made.deadlines, Deadline.ASSIGN: NOW})
    return made


_LIVE: dict[str, Any] = {
    "owner": Owner.SUPPORTER, "epoch": 2, "supporter": "sam", "supporter_name": "Sam", "waiting_since": NOW - 50,
    "claimed_at": NOW - 10, "first_word_at": NOW - 5, "deadlines": {Deadline.HOLDER: NOW + 140},
}  # fmt: skip
_OF_PHASE: dict[Phase, dict[str, Any]] = {
    Phase.NEW: {"deadlines": {}},
    Phase.INTAKE: {"deadlines": {Deadline.INTAKE_CLOSE: NOW + 86400}},
    Phase.WAITING: {
        "owner": Owner.QUEUE, "waiting_since": NOW - 50, "deadlines": {Deadline.WAIT_LONG: NOW + 1150},
    },
    Phase.LIVE: _LIVE,
    Phase.CLOSING: {
        "owner": Owner.NOBODY, "epoch": 3, "outcome": "supported", "deadlines": {Deadline.CLOSE: NOW + 172800},
    },
    Phase.CLOSED: {"owner": Owner.NOBODY, "epoch": 3, "outcome": "supported"},
}  # fmt: skip
