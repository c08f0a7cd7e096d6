"""Queue cards: one in the queue channel for each handoff that waits, and one sent to whom a crisis is assigned."""

from __future__ import annotations

from dataclasses import replace

from connectors.slack import cards
from connectors.slack.kept import CardPlace
from connectors.slack.room import Room, face, failed_to_carry
from handoff.carrying import Carried
from handoff.core.conversation import Conversation
from handoff.core.queue import place
from handoff.ports import DeliveryFailed, LaneHold


class QueueCards:
    """Carries card lanes: whatever the poke was, the card is brought to what the store says now."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def carry(self, hold: LaneHold) -> Carried:
        """Raises `StoreDown`."""
        try:
            await self.draw(hold.parcels[0].conversation)
        except DeliveryFailed as failed:
            return failed_to_carry(hold, failed)
        return Carried(settled=len(hold.parcels))

    async def draw(self, about: str) -> None:
        """Post, change or leave it. Raises `DeliveryFailed`."""
        conversation = await self._room.store.conversation(about)
        kept = await self._room.kept.card(about)
        names = await self._room.names()
        kept = await self._in_the_channel(about, conversation, kept, names)
        await self._to_whom_it_is_assigned(about, conversation, kept)

    async def _in_the_channel(
        self, about: str, conversation: Conversation | None, kept: CardPlace, names: dict[str, str]
    ) -> CardPlace:
        waits = conversation is not None and place(conversation, self._room.policy) is not None
        if kept.place is None and not waits:
            return kept
        message = cards.card(
            self._room.words, conversation, pseudonym=kept.pseudonym, now=self._room.front.clock(),
            policy=self._room.policy, names=names,
        )  # fmt: skip
        if face(message) == kept.shown:
            return kept
        where = kept.place
        if where is None:
            where = await self._room.post(self._room.options.queue_channel, message)
        else:
            await self._room.update(where, message)
        pseudonym = conversation.pseudonym if conversation else kept.pseudonym
        drawn = replace(kept, place=where, shown=face(message), pseudonym=pseudonym)
        await self._room.kept.keep_card(about, drawn)
        return drawn

    async def _to_whom_it_is_assigned(self, about: str, conversation: Conversation | None, kept: CardPlace) -> None:
        """A crisis is brought to its supporter, and taken off their table when somebody has it."""
        meant_for = (conversation.assigned_to if conversation else None) or ""
        if meant_for == kept.assigned_to:
            return
        if kept.assigned is not None:
            who_has_it = conversation.supporter_name if conversation and conversation.supporter else ""
            over = cards.assigned_over(self._room.words, kept.pseudonym, name=who_has_it)
            await self._room.update(kept.assigned, over)
        kept = replace(kept, assigned=None, assigned_to=meant_for)
        supporter = await self._room.store.supporter(meant_for) if meant_for else None
        in_console = supporter is not None and supporter.console_until > self._room.front.clock()
        if conversation is not None and supporter is not None and supporter.slack and not in_console:
            message = cards.assigned(
                self._room.words, conversation, now=self._room.front.clock(), policy=self._room.policy
            )
            channel = await self._room.direct(supporter)
            kept = replace(kept, assigned=await self._room.post(channel, message))
        await self._room.kept.keep_card(about, kept)
