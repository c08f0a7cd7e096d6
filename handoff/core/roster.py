"""Roster moves: what concerns a supporter alone. Same rules as `decide()`: pure, given the record and the time."""

from __future__ import annotations

from dataclasses import replace

from handoff.core.conversation import Deadline
from handoff.core.draft import Decision
from handoff.core.effects import Alert, Effect, Record
from handoff.core.events import (
    AlertAcknowledged,
    PresenceRenewed,
    PresenceSet,
    RosterEvent,
    SupporterRemoved,
    SupporterSaved,
)
from handoff.core.ids import entry_id
from handoff.core.line import Line
from handoff.core.policy import Policy
from handoff.core.supporter import Presence, Supporter


def decide_roster(supporter: Supporter | None, event: RosterEvent, now: float, line: Line) -> Decision:
    """The decision about one supporter. Refused codes: no_access."""
    if isinstance(event, SupporterSaved):
        return _saved(supporter, event, now)
    if supporter is None or supporter.removed:
        return Decision(refused="no_access")
    if isinstance(event, PresenceSet):
        return _present(supporter, event, now, line.policy)
    if isinstance(event, PresenceRenewed):
        return Decision(supporters=(_renewed(supporter, event, now, line.policy),))
    if isinstance(event, AlertAcknowledged):
        return Decision(effects=(_audit(event, now, "alert_acknowledged", kind=event.kind, about=event.conversation),))
    if isinstance(event, SupporterRemoved):
        return _removed(supporter, event, now, line)
    raise TypeError(f"no roster move for {type(event).__name__}")


def _present(supporter: Supporter, event: PresenceSet, now: float, policy: Policy) -> Decision:
    """The switch; a lease as long as the desk says, the console's own when it says nothing."""
    after = replace(
        supporter,
        presence=event.presence,
        present_until=now + (event.seconds or policy.presence_seconds),
        busy_until=now + event.back_after if event.back_after else 0.0,
        console_until=supporter.console_until if event.seconds else now + policy.presence_seconds,
    )
    return Decision(supporters=(after,), effects=(_audit(event, now, "presence", presence=event.presence.value),))


def _renewed(supporter: Supporter, event: PresenceRenewed, now: float, policy: Policy) -> Supporter:
    """Never shorter than it was: an hour in Slack does not end because a console was opened for a minute."""
    until = max(supporter.present_until, now + (event.seconds or policy.presence_seconds))
    console = now + policy.presence_seconds if event.desk == "console" else supporter.console_until
    return replace(supporter, present_until=until, console_until=console)


def _saved(before: Supporter | None, event: SupporterSaved, now: float) -> Decision:
    profile = event.profile
    if event.own and (before is None or before.removed):
        return Decision(refused="no_access")
    if event.own and before is not None:
        profile = replace(profile, role=before.role, training=before.training, minors=before.minors)
    if before is not None:
        profile = replace(
            profile, version=before.version, holding=before.holding, presence=before.presence,
            present_until=before.present_until, cool_until=before.cool_until, busy_until=before.busy_until,
            console_until=before.console_until, slack=profile.slack or before.slack,
        )  # fmt: skip
    return Decision(supporters=(profile,), effects=(_audit(event, now, "supporter_saved"),))


def _removed(supporter: Supporter, event: SupporterRemoved, now: float, line: Line) -> Decision:
    """What they held is looked at by the sweep at once, which requeues it; when they left by themselves, leads know."""
    after = replace(supporter, removed=True, presence=Presence.AWAY, present_until=0.0, console_until=0.0)
    pokes = tuple((Deadline.HOLDER, each) for each in supporter.holding)
    effects: list[Effect] = [_audit(event, now, "supporter_left" if event.left else "supporter_removed")]
    if event.left:
        text = line.wording.say("alert_supporter_left", line.language, name=supporter.name)
        effects.append(Alert(kind="supporter_left", conversation=supporter.id, at=now, text=text))
    return Decision(supporters=(after,), effects=tuple(effects), pokes=pokes)


def _audit(event: RosterEvent, now: float, action: str, **detail: str) -> Record:
    fields = {"at": now, "actor": event.supporter, "action": action, "conversation": None, "detail": detail}
    return Record(id=entry_id(event.id, 1), kind="audit", fields=fields)
