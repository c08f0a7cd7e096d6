"""People and conversations that tests and the pictures in the docs are made from; nobody real."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from connectors.slack.words import Words
from handoff.core.conversation import Conversation, Intake, Owner, Phase, Reason
from handoff.core.effects import Alert
from handoff.core.entries import Button, Entry, EntryKind, Speaker
from handoff.core.ids import Address
from handoff.core.policy import Policy
from handoff.core.risk import Tier
from handoff.core.supporter import Presence, Role, Supporter, Training
from handoff.wording.page_files import load_page_wording

NOW = 1_780_000_000.0
POLICY = Policy()
CANARY = "Canary-Robin"


@cache
def words() -> Words:
    """The real wording."""
    return Words.joined(load_page_wording("slack.yml")["en"], load_page_wording("console.yml")["en"])


def conversation(**changes: Any) -> Conversation:
    """Waiting for seven minutes, grieving, with a name and wishes that only the supporter reads."""
    base = Conversation(
        id="5f0e3a", seeker=Address("telegram", "424242"), pseudonym="k5xqm2ab7cdefghi", language="en", country="GB",
        phase=Phase.WAITING, owner=Owner.QUEUE, opened_at=NOW - 900, changed_at=NOW, waiting_since=NOW - 420,
        tier=Tier.CONCERN, version=3, seq=8,
        reasons=(Reason(Tier.CONCERN, "suicide", "sounds hopeless", NOW - 500, 3),),
        intake=Intake(
            name=CANARY, topics=("grief", "loneliness"), heaviness=8, preferences=("similar_age",), share=True,
            done=True,
        ),
    )  # fmt: skip
    return replace(base, **changes)


def live(**changes: Any) -> Conversation:
    """The same, with Sam."""
    taken = {
        "phase": Phase.LIVE,
        "owner": Owner.SUPPORTER,
        "supporter": "sam",
        "supporter_name": "Sam",
        "claimed_at": NOW - 30,
        "desk": "slack",
    }
    return conversation(**{**taken, **changes})


def crisis(**changes: Any) -> Conversation:
    """Urgent, assigned to Sam."""
    reasons = (
        Reason(Tier.ACTIVE, "suicide", "said that they think of ending their life", NOW - 80, 5),
        Reason(Tier.ACTIVE, "suicide", "is alone", NOW - 60, 6),
    )
    base = conversation(
        id="9b41d2", pseudonym="qv3tz7ab7cdefghi", tier=Tier.ACTIVE, reasons=reasons, waiting_since=NOW - 45,
        assigned_to="sam", intake=Intake(topics=("low_mood",), heaviness=9, share=True),
    )  # fmt: skip
    return replace(base, **changes)


def entry(seq: int = 1, text: str = "hello", **changes: Any) -> Entry:
    """Something the seeker wrote, one second after the one before."""
    base = Entry(
        seq=seq, id=f"telegram:424242:{seq}/1", at=NOW - 800 + seq, conversation="5f0e3a", speaker=Speaker.SEEKER,
        text=text, refers=f"424242-{seq}",
    )  # fmt: skip
    return replace(base, **changes)


def bots_part() -> list[Entry]:
    """A short talk with the bot."""
    bot = {"speaker": Speaker.BOT, "refers": ""}
    return [
        entry(1, "Hi, and welcome. I'm a bot: an automated helper, not a person.", **bot),
        entry(2, "hi. not sure where to start"),
        entry(3, "my dad died in march and i just don't see the point of the days any more"),
        entry(4, "I'm so sorry about your dad. Would you like to tell me what brings you here today?", **bot),
        entry(5, "the evenings mostly. the house is so quiet"),
        entry(6, "How heavy does it feel right now, from 0 to 10?", buttons=(Button("8", "8"),), **bot),
        entry(7, "8 i think"),
        entry(8, "I'm looking for a supporter for you.", kind=EntryKind.NOTICE, speaker=Speaker.SYSTEM, refers=""),
    ]


def supporter(called: str = "sam", **changes: Any) -> Supporter:
    """Here, free, trained for a crisis."""
    base = Supporter(
        id=called, name=called.title(), training=Training.CRISIS, presence=Presence.AVAILABLE, present_until=NOW + 2400,
        languages=("en", "es"), opted_out=("abuse",), slack=f"T1/U{called.upper()}", version=1,
    )  # fmt: skip
    return replace(base, **changes)


def lead(called: str = "lou", **changes: Any) -> Supporter:
    return supporter(called, **{"role": Role.LEAD, "training": Training.SENIOR, **changes})


def alert(kind: str = "crisis", about: str = "9b41d2", **changes: Any) -> Alert:
    base = Alert(kind=kind, conversation=about, at=NOW - 40, text="Crisis: qv3t needs a supporter now.", urgent=True)
    return replace(base, **changes)
