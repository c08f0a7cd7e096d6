"""From a decision to a commit: effects become entries, parcels in lanes, and notices."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from handoff.core import effects as f
from handoff.core.conversation import Conversation
from handoff.core.draft import Decision, Scene
from handoff.core.entries import Entry, Speaker
from handoff.core.events import Event
from handoff.core.ids import RECORDS_LANE, bot_lane, erase_lane
from handoff.pokes import pokes
from handoff.ports import Commit, Parcel

_UNTIL_SAID = 5.0
"""Seconds that an erasure leaves the last word to a platform that has to be sent to."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What has to be sent to, because it is no page that reads for itself: seekers' channels, and a desk."""

    channels: frozenset[str] = frozenset()
    desk: bool = False


NOTHING_SENT = Sent()


def build_commit(event: Event, scene: Scene | None, decision: Decision, sent: Sent, now: float) -> Commit:
    """All that one event changes. Entries for a channel that is sent to also go into that channel's lane."""
    conversation = decision.conversations[-1] if decision.conversations else scene.conversation if scene else None
    said = [effect.entry for effect in decision.effects if isinstance(effect, f.Say)]
    return Commit(
        event_id=event.id,
        conversations=decision.conversations,
        supporters=decision.supporters,
        opens=decision.opens,
        replaces=decision.replaces,
        feed=tuple((conversation.pseudonym, entry) for entry in said) if conversation else (),
        margin=tuple(effect.entry for effect in decision.effects if isinstance(effect, f.Jot)),
        parcels=(
            *_parcels(decision, conversation, said, sent, now),
            *(pokes(event, scene, decision) if sent.desk else ()),
        ),
        alerts=tuple(effect for effect in decision.effects if isinstance(effect, f.Alert)),
        cleared=tuple(effect.conversation for effect in decision.effects if isinstance(effect, f.Cleared)),
        nudges=tuple(
            (effect.supporter, effect.conversation, effect.kind)
            for effect in decision.effects
            if isinstance(effect, f.Nudge)
        ),
        pokes=decision.pokes,
        waited=next((effect.seconds for effect in decision.effects if isinstance(effect, f.Waited)), None),
    )


def _parcels(
    decision: Decision, conversation: Conversation | None, said: list[Entry], sent: Sent, now: float
) -> list[Parcel]:
    seq = conversation.seq if conversation else 0
    pushed = conversation is not None and conversation.seeker.channel in sent.channels
    made = [parcel for effect in decision.effects for parcel in _parcels_of(effect, seq, now, pushed)]
    if conversation and pushed:
        made += [_pushed(conversation, entry) for entry in said if entry.speaker is not Speaker.SEEKER]
    return made


def _parcels_of(effect: f.Effect, seq: int, now: float, pushed: bool) -> list[Parcel]:
    if isinstance(effect, f.AskBot):
        body: dict[str, Any] = {"text": effect.text, "context": effect.context, "at": now, "seq": seq}
        return [Parcel(effect.id, bot_lane(effect.conversation), effect.conversation, effect.epoch, "ask", body)]
    if isinstance(effect, f.Record):
        about = effect.fields.get("conversation") or ""
        return [Parcel(effect.id, RECORDS_LANE, about, 0, effect.kind, effect.fields)]
    if isinstance(effect, f.Bar):
        until = {"pseudonym": effect.pseudonym, "until": effect.until}
        lane = erase_lane(effect.pseudonym)
        return [Parcel(f"bar/{effect.conversation}/{effect.until}/{now}", lane, effect.conversation, 0, "bar", until)]
    if isinstance(effect, f.Forget):
        return _erasure(effect, now, pushed)
    return []


def forget_in_records(conversation: str, pseudonym: str, at: float) -> Parcel:
    """The parcel that takes one pseudonym out of the records, behind whatever they are still to be told."""
    body = {"pseudonym": pseudonym, "conversation": conversation, "at": at}
    return Parcel(f"forget/{conversation}/{pseudonym}", RECORDS_LANE, conversation, 0, "forget", body)


def _erasure(effect: f.Forget, now: float, pushed: bool) -> list[Parcel]:
    """Once to the records, and once to the store, which knows who else this seeker is."""
    after = now + _UNTIL_SAID if pushed else now
    body = {"pseudonym": effect.pseudonym, "conversation": effect.conversation, "after": after}
    lane = erase_lane(effect.pseudonym)
    return [
        forget_in_records(effect.conversation, effect.pseudonym, now),
        Parcel(f"forget/{effect.conversation}", lane, effect.conversation, 0, "forget", body),
    ]


def _pushed(conversation: Conversation, entry: Entry) -> Parcel:
    """The bot's lines may become stale on their way; a person's and the card may not."""
    epoch = conversation.epoch if entry.speaker is Speaker.BOT else 0
    return Parcel(entry.id, str(conversation.seeker), conversation.id, epoch, "entry", asdict(entry))
