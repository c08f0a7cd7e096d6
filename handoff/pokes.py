"""Pokes: parcels without words that tell a desk which must be sent to (Slack) what to look at again.

Whoever carries them reads the store, so that what piled up is joined and nothing shown goes stale.
"""

from __future__ import annotations

from typing import Any

from handoff.core import events as e
from handoff.core.conversation import Conversation, Phase
from handoff.core.draft import Decision, Scene
from handoff.core.effects import Alert, Cleared, Forget, Jot, Nudge, Say
from handoff.core.ids import LEADS_LANE, card_lane, home_lane, thread_lane
from handoff.ports import Parcel

_HOW: dict[type[e.Event], str] = {e.Claimed: "accepted", e.TakenOver: "taken_over", e.Transferred: "transferred"}
_WHY: dict[type[e.Event], str] = {
    e.TakenOver: "taken", e.Transferred: "transferred", e.Released: "released", e.SeekerReported: "reported",
    e.SeekerBlocked: "blocked",
}  # fmt: skip
_FROM_THERE = "slack"
_AT_HOME = ("report",)
"""Kinds of nudges that belong into no thread, where others might read them."""


def pokes(event: e.Event, scene: Scene | None, decision: Decision) -> list[Parcel]:
    """Every desk lane that this decision concerns."""
    before = scene.conversation if scene else None
    after = next((each for each in decision.conversations if before and each.id == before.id), before)
    made = [_home(event, each.id) for each in decision.supporters if not isinstance(event, e.PresenceRenewed)]
    if before is not None and after is not None:
        made += _of_the_thread(event, before, after, decision)
    made += [_card(event, each) for each in _shown_in_the_queue(before, decision)]
    if isinstance(event, e.AlertAcknowledged) or any(isinstance(each, Alert | Cleared) for each in decision.effects):
        made.append(_poke(event, LEADS_LANE, "", "redraw"))
    return made


def erased(conversation: str) -> Parcel:
    """The poke that takes an erased conversation off every desk."""
    return Parcel(f"erased/{conversation}", thread_lane(conversation), conversation, 0, "erased", {})


def _of_the_thread(event: e.Event, before: Conversation, after: Conversation, decision: Decision) -> list[Parcel]:
    had, has = _holder(before), _holder(after)
    made = []
    if had and had != has:
        why = _why(event, after, decision)
        fields = {"supporter": had, "why": why, "to": after.supporter_name if has else ""}
        made.append(_poke(event, thread_lane(before.id), before.id, "ended", **fields))
    if has and has != had:
        how = _HOW.get(type(event), "accepted")
        made.append(_poke(event, thread_lane(before.id), before.id, "opened", supporter=has, how=how))
    elif has:
        made += _what_is_new(event, after, has, decision)
    return made + [_nudge(event, each) for each in decision.effects if isinstance(each, Nudge)]


def _what_is_new(event: e.Event, after: Conversation, holder: str, decision: Decision) -> list[Parcel]:
    said = [each.entry for each in decision.effects if isinstance(each, Say)]
    lane = thread_lane(after.id)
    if said and isinstance(event, e.SupporterWrote | e.SupporterEdited | e.ResourceSent) and event.desk == _FROM_THERE:
        refers = getattr(event, "refers", "")
        return [_poke(event, lane, after.id, "sent", supporter=holder, refers=refers, seq=said[0].seq)]
    if said or any(isinstance(each, Jot) for each in decision.effects):
        return [_poke(event, lane, after.id, "look")]
    return []


def _nudge(event: e.Event, nudge: Nudge) -> Parcel:
    if nudge.kind in _AT_HOME:
        return _home(event, nudge.supporter)
    lane, name = thread_lane(nudge.conversation), f"{event.id}/nudge/{nudge.supporter}"
    return Parcel(name, lane, nudge.conversation, 0, "nudge", {"supporter": nudge.supporter, "kind": nudge.kind})


def _holder(conversation: Conversation) -> str | None:
    return conversation.supporter if conversation.phase is Phase.LIVE else None


def _why(event: e.Event, after: Conversation, decision: Decision) -> str:
    if any(isinstance(each, Forget) for each in decision.effects):
        return "erased"
    if any(isinstance(each, Nudge) and each.kind == "another_asked" for each in decision.effects):
        return "another"
    if type(event) in _WHY:
        return _WHY[type(event)]
    if isinstance(event, e.SeekerGone):
        return "gone"
    return "requeued" if after.phase is Phase.WAITING else "closed"


def _shown_in_the_queue(before: Conversation | None, decision: Decision) -> list[str]:
    """Conversations whose card in the queue is new, different, or over."""
    return [
        each.id
        for each in decision.conversations
        if _face(each) != (_face(before) if before and before.id == each.id else None)
    ]


def _face(conversation: Conversation) -> tuple[Any, ...] | None:
    if conversation.phase is not Phase.WAITING:
        return None
    shown = (conversation.tier, conversation.reasons, conversation.assigned_to, conversation.climb)
    return (*shown, conversation.intake, conversation.language, conversation.modifiers, conversation.waiting_since)


def _card(event: e.Event, conversation: str) -> Parcel:
    return _poke(event, card_lane(conversation), conversation, "redraw")


def _home(event: e.Event, supporter: str) -> Parcel:
    return _poke(event, home_lane(supporter), "", "redraw")


def _poke(event: e.Event, lane: str, conversation: str, what: str, **fields: Any) -> Parcel:
    return Parcel(f"{event.id}/{lane}/{what}", lane, conversation, 0, what, fields)
