"""Roster moves: what concerns a supporter alone. Same rules as `decide()`: pure, given the record and the time."""

from __future__ import annotations

from dataclasses import replace

from handoff.core.conversation import Deadline
from handoff.core.draft import Decision
from handoff.core.effects import Record
from handoff.core.events import (
    AlertAcknowledged,
    PresenceRenewed,
    PresenceSet,
    RosterEvent,
    SupporterRemoved,
    SupporterSaved,
)
from handoff.core.ids import entry_id
from handoff.core.policy import Policy
from handoff.core.supporter import Presence, Supporter


def decide_roster(supporter: Supporter | None, event: RosterEvent, now: float, policy: Policy) -> Decision:
    """The decision about one supporter. Refused codes: no_access."""
    if isinstance(event, SupporterSaved):
        return _saved(supporter, event, now)
    if supporter is None or supporter.removed:
        return Decision(refused="no_access")
    if isinstance(event, PresenceSet):
        after = replace(supporter, presence=event.presence, present_until=now + policy.presence_seconds)
        return Decision(supporters=(after,), effects=(_audit(event, now, "presence", presence=event.presence.value),))
    if isinstance(event, PresenceRenewed):
        return Decision(supporters=(replace(supporter, present_until=now + policy.presence_seconds),))
    if isinstance(event, AlertAcknowledged):
        return Decision(effects=(_audit(event, now, "alert_acknowledged", kind=event.kind, about=event.conversation),))
    if isinstance(event, SupporterRemoved):
        return _removed(supporter, event, now)
    raise TypeError(f"no roster move for {type(event).__name__}")


def _saved(before: Supporter | None, event: SupporterSaved, now: float) -> Decision:
    profile = event.profile
    if before is not None:
        profile = replace(
            profile, version=before.version, holding=before.holding, presence=before.presence,
            present_until=before.present_until, cool_until=before.cool_until,
        )  # fmt: skip
    return Decision(supporters=(profile,), effects=(_audit(event, now, "supporter_saved"),))


def _removed(supporter: Supporter, event: SupporterRemoved, now: float) -> Decision:
    """What they held is looked at by the sweep at once, which requeues it."""
    after = replace(supporter, removed=True, presence=Presence.AWAY, present_until=0.0)
    pokes = tuple((Deadline.HOLDER, each) for each in supporter.holding)
    return Decision(supporters=(after,), effects=(_audit(event, now, "supporter_removed"),), pokes=pokes)


def _audit(event: RosterEvent, now: float, action: str, **detail: str) -> Record:
    fields = {"at": now, "actor": event.supporter, "action": action, "conversation": None, "detail": detail}
    return Record(id=entry_id(event.id, 1), kind="audit", fields=fields)
