"""A front that keeps to the ports: desk events change a `MemoryStore`, without deadlines, bot or screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any, TypeVar

from handoff.core import events
from handoff.core.conversation import Conversation, Owner, Phase, Reason
from handoff.core.effects import Alert
from handoff.core.entries import Entry, EntryKind, Speaker
from handoff.core.events import DeskEvent, Event
from handoff.core.ids import Address, pseudonym
from handoff.core.supporter import Supporter
from handoff.ports import Aloud, Commit, Outcome, Refused, Reply
from handoff.store.memory import MemoryStore

KEY = b"k" * 32
_SAID = TypeVar("_SAID", bound=Event)


class Clock:
    """The wall clock, which a test may push ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class FakeFront:
    """`handled` are the events that came, in order."""

    def __init__(self, store: MemoryStore, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.handled: list[Event] = []

    def of(self, kind: type[_SAID]) -> list[_SAID]:
        """The events of one kind that came."""
        return [each for each in self.handled if isinstance(each, kind)]

    def pseudonym(self, seeker: Address) -> str:
        return pseudonym(seeker, KEY)

    async def who(self, seeker: Address) -> str:
        return await self.store.root(self.pseudonym(seeker))

    def danger_card(self, event: Aloud) -> dict[str, Any] | None:
        return None

    async def standing(self, conversation: Conversation | None) -> dict[str, Any]:
        return {}

    async def handle(self, event: Event) -> Reply:
        """Tries again on a conflict, as a front must."""
        await self.store.ping()
        self.handled.append(event)
        while True:
            if await self.store.seen(event.id):
                return Reply(duplicate=True)
            made = await self._decide(event)
            if isinstance(made, Refused):
                return Reply(refused=made)
            outcome = await self.store.commit(made, self.clock())
            if outcome is not Outcome.CONFLICT:
                return Reply(duplicate=outcome is Outcome.DUPLICATE)

    async def _decide(self, event: Event) -> Commit | Refused:
        if isinstance(event, DeskEvent):
            conversation = await self.store.conversation(event.conversation)
            actor = await self.store.supporter(event.supporter)
            if conversation is None or actor is None:
                return Refused("gone", "This conversation is over.")
            return await self._desk(event, conversation, actor)
        return await self._roster(event)

    async def _roster(self, event: Event) -> Commit:
        if isinstance(event, events.SupporterSaved):
            return Commit(event_id=event.id, supporters=(event.profile,))
        assert isinstance(event, events.RosterEvent)
        known = await self.store.supporter(event.supporter)
        assert known is not None
        until = self.clock() + 60
        if isinstance(event, events.PresenceSet):
            return Commit(event_id=event.id, supporters=(replace(known, presence=event.presence, present_until=until),))
        if isinstance(event, events.SupporterRemoved):
            return Commit(event_id=event.id, supporters=(replace(known, removed=True),))
        return Commit(event_id=event.id, supporters=(replace(known, present_until=until),))

    async def _desk(self, event: DeskEvent, known: Conversation, actor: Supporter) -> Commit | Refused:
        steps: dict[type[DeskEvent], Callable[..., Commit | Refused]] = {
            events.Claimed: self._claim,
            events.TakenOver: self._claim,
            events.Declined: self._decline,
            events.SupporterWrote: self._wrote,
            events.ResourceSent: self._resource,
            events.SupporterEdited: self._changed,
            events.SupporterUnsaid: self._changed,
            events.PauseTaken: self._pause,
            events.NoteWritten: self._note,
            events.Released: self._release,
            events.SupporterClosed: self._close,
            events.RiskRaised: self._risk,
            events.RiskLowered: self._risk,
            events.Escalated: self._escalate,
            events.Joined: self._join,
        }
        if isinstance(event, events.Transferred):
            return await self._transfer(event, known, actor)
        if type(event) in steps:
            return steps[type(event)](event, known, actor)
        return Commit(event_id=event.id)

    def _claim(self, event: DeskEvent, known: Conversation, actor: Supporter) -> Commit | Refused:
        if known.phase is not Phase.WAITING and isinstance(event, events.Claimed):
            return Refused("taken", f"{known.supporter_name} has this conversation.")
        return self._given_to(event, known, actor)

    def _given_to(self, event: DeskEvent, known: Conversation, to: Supporter, *others: Supporter) -> Commit:
        held = replace(
            known, phase=Phase.LIVE, owner=Owner.SUPPORTER, epoch=known.epoch + 1, supporter=to.id,
            supporter_name=to.name, claimed_at=self.clock(), first_word_at=None,
        )  # fmt: skip
        holder = replace(to, holding=(*to.holding, known.id))
        return Commit(event_id=event.id, conversations=(held,), supporters=(holder, *others))

    async def _transfer(self, event: events.Transferred, known: Conversation, actor: Supporter) -> Commit | Refused:
        to = await self.store.supporter(event.to)
        if to is None or not to.takes_offers(self.clock()):
            return Refused("not_free", "They are not free now. Choose somebody else.")
        return self._given_to(event, known, to, _without(actor, known.id))

    def _decline(self, event: DeskEvent, known: Conversation, actor: Supporter) -> Commit:
        return Commit(event_id=event.id, conversations=(replace(known, excluded=(*known.excluded, actor.id)),))

    def _wrote(self, event: events.SupporterWrote, known: Conversation, actor: Supporter) -> Commit:
        more: dict[str, Any] = {}
        if event.attachment:
            more = {"kind": EntryKind.FILE, "body": asdict(event.attachment)}
        return self._say(event, known, Speaker.SUPPORTER, event.text, name=actor.name, refers=event.refers, **more)

    def _changed(
        self, event: events.SupporterEdited | events.SupporterUnsaid, known: Conversation, actor: Supporter
    ) -> Commit:
        edited = isinstance(event, events.SupporterEdited)
        kind = EntryKind.EDIT if edited else EntryKind.UNSAID
        text = event.text if isinstance(event, events.SupporterEdited) else ""
        return self._say(event, known, Speaker.SUPPORTER, text, name=actor.name, refers=event.refers, kind=kind)

    def _pause(self, event: DeskEvent, known: Conversation, actor: Supporter) -> Commit:
        return Commit(event_id=event.id, conversations=(replace(known, paused_until=self.clock() + 300),))

    def _resource(self, event: events.ResourceSent, known: Conversation, actor: Supporter) -> Commit:
        body = {"id": event.resource, "title": "Breathing in a square", "minutes": 3, "summary": "In, hold, out, hold."}
        return self._say(event, known, Speaker.SUPPORTER, "", name=actor.name, kind=EntryKind.RESOURCE, body=body)

    def _say(self, event: Event, known: Conversation, speaker: Speaker, text: str, **more: Any) -> Commit:
        entry = Entry(
            seq=known.seq + 1, id=f"{event.id}/1", at=self.clock(), conversation=known.id, speaker=speaker, text=text,
            **more,
        )  # fmt: skip
        after = replace(known, seq=entry.seq, unanswered_since=None, first_word_at=self.clock())
        return Commit(event_id=event.id, conversations=(after,), feed=((known.pseudonym, entry),))

    def _note(self, event: events.NoteWritten, known: Conversation, actor: Supporter) -> Commit:
        note = Entry(
            seq=known.margin + 1, id=f"{event.id}/1", at=self.clock(), conversation=known.id,
            speaker=Speaker.SUPPORTER, name=actor.name, kind=EntryKind.NOTE, text=event.text,
        )  # fmt: skip
        return Commit(event_id=event.id, conversations=(replace(known, margin=note.seq),), margin=(note,))

    def _release(self, event: DeskEvent, known: Conversation, actor: Supporter) -> Commit:
        waiting = replace(
            known, phase=Phase.WAITING, owner=Owner.QUEUE, supporter=None, supporter_name="",
            excluded=(*known.excluded, actor.id),
        )  # fmt: skip
        return Commit(event_id=event.id, conversations=(waiting,), supporters=(_without(actor, known.id),))

    def _close(self, event: events.SupporterClosed, known: Conversation, actor: Supporter) -> Commit:
        over = replace(known, phase=Phase.CLOSING, owner=Owner.NOBODY, outcome=event.outcome)
        return Commit(event_id=event.id, conversations=(over,), supporters=(_without(actor, known.id),))

    def _risk(self, event: events.RiskRaised | events.RiskLowered, known: Conversation, actor: Supporter) -> Commit:
        reason = Reason(event.tier, "suicide", f"{actor.name}: {event.why}", self.clock(), 0)
        changed = replace(known, tier=event.tier, reasons=(*known.reasons, reason))
        return Commit(event_id=event.id, conversations=(changed,))

    def _join(self, event: DeskEvent, known: Conversation, actor: Supporter) -> Commit:
        return Commit(event_id=event.id, conversations=(replace(known, leads=(*known.leads, actor.id)),))

    def _escalate(self, event: DeskEvent, known: Conversation, actor: Supporter) -> Commit:
        alert = Alert(
            kind="escalated", conversation=known.id, at=self.clock(), text=f"{actor.name} asks a lead to look."
        )
        return Commit(event_id=event.id, conversations=(replace(known, escalated=True),), alerts=(alert,))


def _without(supporter: Supporter, conversation: str) -> Supporter:
    return replace(supporter, holding=tuple(each for each in supporter.holding if each != conversation))
