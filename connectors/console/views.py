"""What a desk is shown, as JSON. Pure. No address, platform name or entry id ever leaves here: ids carry addresses.

Times are milliseconds since the epoch, as in the web chat's protocol.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.attachments import key_of
from handoff.core.conversation import Conversation, Deadline, Phase
from handoff.core.effects import Alert
from handoff.core.entries import Entry, EntryKind, Speaker
from handoff.core.matching import trained
from handoff.core.queue import Place
from handoff.core.risk import Tier
from handoff.core.sharing import is_withheld
from handoff.core.supporter import Presence, Supporter
from handoff.ports import Marks

View = dict[str, Any]

_SHOWN_BODY = frozenset({EntryKind.CARD, EntryKind.RESOURCE, EntryKind.FILE})
"""Kinds whose body a desk may see. A feedback form's is the seeker's alone."""


def milliseconds(seconds: float | None) -> int | None:
    """Seconds since the epoch as the protocol writes them."""
    return None if seconds is None else int(seconds * 1000)


def me(supporter: Supporter, now: float) -> View:
    """The supporter's own state."""
    return {
        "type": "me",
        "id": supporter.id,
        "name": supporter.name,
        "lead": supporter.is_lead,
        "presence": supporter.presence.value,
        "capacity": supporter.capacity,
        "holding": len(supporter.holding),
        "languages": list(supporter.languages),
        "resting_until": milliseconds(supporter.cool_until) if supporter.cool_until > now else None,
    }


def offer(place: Place, supporter: Supporter) -> View:
    """A place in the queue before anyone accepts: no words, no name."""
    return {
        "conversation": place.conversation,
        "pseudonym": place.pseudonym,
        "tier": place.tier.name.lower(),
        "reasons": list(place.reasons),
        "since": milliseconds(place.since),
        "language": place.language,
        "topics": list(place.topics),
        "heaviness": place.heaviness,
        "wishes": place.wishes,
        "minor": place.minor,
        "yours": place.assigned_to == supporter.id,
    }


def held(conversation: Conversation, roster: Sequence[Supporter], now: float, *, mine: bool) -> View:
    """A conversation its supporter holds, or (`mine` false) a lead looks into."""
    first_word_by = conversation.deadlines.get(Deadline.FIRST_WORD)
    return {
        "id": conversation.id,
        "mine": mine,
        "holder": conversation.supporter_name,
        "phase": conversation.phase.value,
        "pseudonym": conversation.pseudonym,
        "language": conversation.language,
        "tier": conversation.tier.name.lower(),
        "reasons": [
            {"text": reason.text, "seq": reason.seq, "at": milliseconds(reason.at)} for reason in conversation.reasons
        ],
        "modifiers": list(conversation.modifiers),
        "escalated": conversation.escalated,
        "relief_asked": conversation.relief_asked,
        "joined": [each.name for each in roster if each.id in conversation.leads and each.id != conversation.supporter],
        "message_left": conversation.message_left,
        "card": {"seq": conversation.card_seq, "confirmed": conversation.card_confirmed},
        "opened_at": milliseconds(conversation.opened_at),
        "waiting_since": milliseconds(conversation.waiting_since),
        "claimed_at": milliseconds(conversation.claimed_at),
        "paused_until": milliseconds(conversation.paused_until) if conversation.paused_until > now else None,
        "first_word_by": milliseconds(first_word_by) if conversation.first_word_at is None else None,
        "unanswered_since": milliseconds(conversation.unanswered_since),
        "to": [each.id for each in roster if may_take(conversation, each, now)],
        **_summary(conversation),
    }


def left(conversation_id: str, conversation: Conversation | None) -> View:
    """Where a conversation went that is no longer on this desk: `closed`, `queue`, `holder` (with a name), `erased`."""
    view: View = {"type": "left", "conversation": conversation_id, "why": "erased", "holder": ""}
    if conversation is None:
        return view
    if conversation.supporter is not None and conversation.phase is Phase.LIVE:
        return {**view, "why": "holder", "holder": conversation.supporter_name}
    return {**view, "why": "queue" if conversation.phase is Phase.WAITING else "closed"}


def _summary(conversation: Conversation) -> View:
    """The intake, unless the seeker asked that it is not shared."""
    shared = conversation.intake.share is not False
    intake = conversation.intake
    return {
        "shared": shared,
        "name": intake.name if shared else "",
        "topics": list(intake.topics) if shared else [],
        "heaviness": intake.heaviness if shared else None,
        "wishes": list(intake.preferences) if shared else [],
        "country": conversation.country if shared else None,
    }


def may_take(conversation: Conversation, supporter: Supporter, now: float) -> bool:
    """Whether a transfer to this supporter can succeed: here, free, trained, and no stranger to what they asked for."""
    return (
        supporter.id != conversation.supporter
        and supporter.takes_offers(now)
        and trained(supporter, conversation.tier)
        and conversation.pseudonym not in supporter.knows
        and supporter.id not in conversation.refused
        and (supporter.minors or supporter.is_lead or "minor" not in conversation.modifiers)
    )


def entry(line: Entry, conversation: Conversation) -> View:
    """One line of the transcript. What was said to the bot stays there when the seeker did not want it shared."""
    if is_withheld(line, conversation):
        return {"type": "entry", "conversation": conversation.id, "seq": line.seq, "kind": "withheld"}
    return {
        "type": "entry",
        "conversation": conversation.id,
        "seq": line.seq,
        "at": milliseconds(line.at),
        "from": line.speaker.value,
        "name": line.name if line.speaker is Speaker.SUPPORTER else "",
        "kind": line.kind.value,
        "text": line.text,
        "choices": [button.title for button in line.buttons],
        "body": line.body if line.kind in _SHOWN_BODY else None,
        "refers": line.refers if line.speaker is Speaker.SUPPORTER else "",
        "key": key_of(line),
        "answers": line.answers,
    }


def margin(line: Entry) -> View:
    """One line of the margin: a note, or what the service noted."""
    return {
        "type": "margin",
        "conversation": line.conversation,
        "seq": line.seq,
        "at": milliseconds(line.at),
        "from": line.speaker.value,
        "name": line.name if line.speaker is Speaker.SUPPORTER else "",
        "kind": line.kind.value,
        "text": line.text,
    }


def marks(conversation: str, given: Marks) -> View:
    """How far the seeker's device has shown, and the seeker has read."""
    return {"type": "marks", "conversation": conversation, "delivered": given.delivered, "read": given.read}


def alert(given: Alert) -> View:
    """One open alert for the leads."""
    return {
        "kind": given.kind,
        "conversation": given.conversation,
        "at": milliseconds(given.at),
        "text": given.text,
        "urgent": given.urgent,
        "times": given.times,
    }


def colleague(supporter: Supporter, now: float) -> View:
    """One of the roster, as the others see them."""
    return {
        "id": supporter.id,
        "name": supporter.name,
        "lead": supporter.is_lead,
        "presence": supporter.presence.value if supporter.is_here(now) else Presence.AWAY.value,
        "free": max(0, supporter.capacity - len(supporter.holding)),
        "languages": list(supporter.languages),
    }


def review(item: View) -> View:
    """One thing to look at again, for leads: no words, and no consent of anybody's."""
    shown = {name: item[name] for name in ("id", "what", "verdict", "language", "conversation", "pseudonym", "seq")}
    return {**shown, "tier": Tier(item["tier"]).name.lower(), "at": milliseconds(item["at"])}


def concern(found: Any) -> View:
    """One row of the safeguarding record (`handoff.safeguarding.Concern`), for leads."""
    return {
        "id": found.id,
        "conversation": found.conversation,
        "why": found.why,
        "tier": Tier(found.tier).name.lower(),
        "domain": found.domain,
        "held_by": found.held_by,
        "at": milliseconds(found.at),
        "note": found.note,
        "note_by": found.note_by,
        "done": [{"at": milliseconds(at), "who": who, "what": what} for at, who, what in found.done],
    }


def report(found: Any) -> View:
    """One report (`handoff.reports.Report`), for leads whom it is not about."""
    return {
        "id": found.id,
        "conversation": found.conversation,
        "about": found.about,
        "by": found.by,
        "supporter": found.supporter,
        "reason": found.reason,
        "at": milliseconds(found.at),
        "words": found.words,
        "note": found.note,
        "note_by": found.note_by,
        "closed_at": milliseconds(found.closed_at),
    }


def block(found: Any) -> View:
    """One running block (`handoff.blocks.Block`), for leads."""
    return {
        "conversation": found.conversation,
        "pseudonym": found.pseudonym,
        "by": found.by,
        "reason": found.reason,
        "at": milliseconds(found.at),
        "until": milliseconds(found.until),
    }


def resource(found: View) -> View:
    """One resource in the picker; its text is read when it is sent."""
    return {key: found.get(key) for key in ("id", "title", "kind", "minutes", "summary", "language")}
