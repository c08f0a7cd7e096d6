"""From a decision to a commit: effects become entries, parcels in lanes, and notices."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from handoff.core import effects as f
from handoff.core.conversation import Conversation
from handoff.core.draft import Decision, Scene
from handoff.core.entries import Entry, Speaker
from handoff.core.ids import RECORDS_LANE, bot_lane, erase_lane
from handoff.ports import Commit, Parcel


def build_commit(event_id: str, scene: Scene | None, decision: Decision, pushed: frozenset[str], now: float) -> Commit:
    """All that one event changes. Entries for a channel in `pushed` also go into that channel's lane."""
    conversation = decision.conversations[-1] if decision.conversations else scene.conversation if scene else None
    said = [effect.entry for effect in decision.effects if isinstance(effect, f.Say)]
    return Commit(
        event_id=event_id,
        conversations=decision.conversations,
        supporters=decision.supporters,
        opens=decision.opens,
        replaces=decision.replaces,
        feed=tuple((conversation.pseudonym, entry) for entry in said) if conversation else (),
        margin=tuple(effect.entry for effect in decision.effects if isinstance(effect, f.Jot)),
        parcels=tuple(_parcels(decision, conversation, said, pushed, now)),
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
    decision: Decision, conversation: Conversation | None, said: list[Entry], pushed: frozenset[str], now: float
) -> list[Parcel]:
    seq = conversation.seq if conversation else 0
    made = [parcel for effect in decision.effects for parcel in _parcels_of(effect, seq, now)]
    if conversation and conversation.seeker.channel in pushed:
        made += [_pushed(conversation, entry) for entry in said if entry.speaker is not Speaker.SEEKER]
    return made


def _parcels_of(effect: f.Effect, seq: int, now: float) -> list[Parcel]:
    if isinstance(effect, f.AskBot):
        body: dict[str, Any] = {"text": effect.text, "context": effect.context, "at": now, "seq": seq}
        return [Parcel(effect.id, bot_lane(effect.conversation), effect.conversation, effect.epoch, "ask", body)]
    if isinstance(effect, f.Record):
        about = effect.fields.get("conversation") or ""
        return [Parcel(effect.id, RECORDS_LANE, about, 0, effect.kind, effect.fields)]
    if isinstance(effect, f.Forget):
        return _erasure(effect, now)
    return []


def _erasure(effect: f.Forget, now: float) -> list[Parcel]:
    """Once to the records, behind whatever they are still to be told, and once to the store."""
    body = {"pseudonym": effect.pseudonym, "conversation": effect.conversation, "at": now}
    name = f"forget/{effect.conversation}"
    return [
        Parcel(f"{name}/records", RECORDS_LANE, effect.conversation, 0, "forget", body),
        Parcel(f"{name}/store", erase_lane(effect.pseudonym), effect.conversation, 0, "forget", body),
    ]


def _pushed(conversation: Conversation, entry: Entry) -> Parcel:
    """The bot's lines may become stale on their way; a person's and the card may not."""
    epoch = conversation.epoch if entry.speaker is Speaker.BOT else 0
    return Parcel(entry.id, str(conversation.seeker), conversation.id, epoch, "entry", asdict(entry))
