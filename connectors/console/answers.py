"""What becomes of a frame: the right to send it is checked, then it is an event, a mark or a search."""

from __future__ import annotations

from collections.abc import MutableSet

from connectors.console import reports, safeguarding, views
from connectors.console.bye import Line
from connectors.console.deeds import ConversationDeed, Look
from connectors.console.frames import (
    Acknowledge,
    ConcernNote,
    Concerns,
    Deed,
    Ping,
    Read,
    Reviews,
    Right,
    Search,
    Typing,
    Unlook,
)
from connectors.console.options import ConsoleOptions
from connectors.console.parsing import AnyFrame
from connectors.console.sending import LOOK_SECONDS, looking
from handoff.core.events import AlertAcknowledged
from handoff.core.supporter import Supporter
from handoff.ports import Front, Notice, RecordsDown, Store

RESOURCES_SHOWN = 6


class Answers:
    """Answers one desk's frames. `looking` are the conversations its lead reads without holding them."""

    def __init__(
        self, front: Front, store: Store, options: ConsoleOptions, line: Line, looking: MutableSet[str]
    ) -> None:
        self._front = front
        self._store = store
        self._options = options
        self._line = line
        self._looking = looking

    async def answer(self, frame: AnyFrame, supporter: Supporter) -> None:
        """Do what the frame asks, as this supporter. Raises `StoreDown`."""
        refused = _refusal(frame, supporter)
        if refused:
            await self._refuse(frame, refused, supporter)
        elif isinstance(frame, Deed):
            await self._do(frame, supporter)
        elif isinstance(frame, Read | Typing):
            await self._mark(frame, supporter)
        elif isinstance(frame, Search):
            await self._search(frame, supporter)
        elif isinstance(frame, Acknowledge):
            await self._acknowledge(frame, supporter)
        elif isinstance(frame, Reviews | Concerns | ConcernNote | reports.ReportFrame):
            await self._books(frame, supporter)
        elif isinstance(frame, Unlook):
            await self._stop_looking(frame.conversation, supporter)
        elif isinstance(frame, Ping):
            await self._line.send({"type": "pong", "now": int(self._front.clock() * 1000)})

    async def _refuse(self, frame: AnyFrame, code: str, supporter: Supporter) -> None:
        """Say no; unless it is a retry of something that was done while the right was still theirs."""
        if isinstance(frame, Deed) and await self._store.seen(frame.event_id(supporter.id)):
            await self._line.send({"type": "ok", "id": frame.id})
            return
        await self._line.refuse(getattr(frame, "id", None), code)

    async def _do(self, frame: Deed, supporter: Supporter) -> None:
        reply = await self._front.handle(frame.event(supporter.id))
        if reply.refused is not None:
            await self._line.refuse(frame.id, reply.refused.code, reply.refused.next)
            return
        if isinstance(frame, Look):
            self._looking.add(frame.conversation)
            name = looking(supporter.id, frame.conversation)
            await self._store.keep(name, {"at": self._front.clock()}, seconds=LOOK_SECONDS, of=frame.conversation)
        await self._line.send({"type": "ok", "id": frame.id})

    async def _stop_looking(self, conversation: str, supporter: Supporter) -> None:
        self._looking.discard(conversation)
        await self._store.drop(looking(supporter.id, conversation))

    async def _mark(self, frame: Read | Typing, supporter: Supporter) -> None:
        conversation = await self._store.conversation(frame.conversation)
        if conversation is None:
            return
        if isinstance(frame, Read):
            await self._store.mark(conversation.pseudonym, desk_read=frame.seq)
            return
        topic = f"feed:{conversation.pseudonym}"
        await self._store.publish(Notice(topic, "typing", supporter.name))
        await self._store.publish(Notice("typing", "typing", (conversation.id, supporter.name)))

    async def _search(self, frame: Search, supporter: Supporter) -> None:
        topics: tuple[str, ...] = ()
        language = self._options.language
        if frame.conversation in supporter.holding:
            conversation = await self._store.conversation(frame.conversation)
            if conversation is not None:
                language = conversation.language
                topics = conversation.intake.topics if conversation.intake.share is not False else ()
        found = await self._options.search(frame.text.strip(), topics, language, RESOURCES_SHOWN)
        await self._line.send({"type": "found", "id": frame.id, "resources": [views.resource(each) for each in found]})

    async def _books(self, frame: Reviews | Concerns | ConcernNote | reports.ReportFrame, supporter: Supporter) -> None:
        """What leads keep beside the conversations."""
        now = self._front.clock()
        if isinstance(frame, Reviews):
            await self._reviews(frame)
        elif isinstance(frame, Concerns | ConcernNote):
            await safeguarding.answer(frame, supporter, self._options.safeguarding, self._line, now)
        else:
            await reports.answer(frame, supporter, self._options, self._line, now)

    async def _reviews(self, frame: Reviews) -> None:
        try:
            items = await self._options.reviews()
        except RecordsDown:
            await self._line.refuse(frame.id, "records_down")
            return
        await self._line.send({"type": "reviews", "id": frame.id, "items": [views.review(each) for each in items]})

    async def _acknowledge(self, frame: Acknowledge, supporter: Supporter) -> None:
        if await self._store.acknowledge(frame.kind, frame.conversation):
            await self._front.handle(
                AlertAcknowledged(
                    id=f"desk:{supporter.id}:{frame.id}",
                    supporter=supporter.id,
                    kind=frame.kind,
                    conversation=frame.conversation,
                )
            )
            await self._line.send({"type": "ok", "id": frame.id})
        else:
            await self._line.refuse(frame.id, "alert_gone")


def _refusal(frame: AnyFrame, supporter: Supporter) -> str | None:
    """The code of the refusal when this supporter may not send this frame now."""
    if frame.right is Right.LEAD:
        return None if supporter.is_lead else "leads_only"
    if frame.right is Right.DESK or (frame.right is Right.HOLDER_OR_LEAD and supporter.is_lead):
        return None
    holds = isinstance(frame, ConversationDeed | Read | Typing) and frame.conversation in supporter.holding
    return None if holds else "not_yours"
