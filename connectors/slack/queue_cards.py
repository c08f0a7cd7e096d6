"""Queue cards: one in the queue channel for each handoff that waits, and one sent to whom a crisis is assigned."""

from __future__ import annotations

from dataclasses import replace

from connectors.slack import cards
from connectors.slack.kept import Assigned, CardPlace
from connectors.slack.room import Room, face, failed_to_carry, is_elsewhere, marked_again
from connectors.slack.text import Message
from handoff.carrying import Carried
from handoff.core.conversation import Conversation
from handoff.core.policy import Policy
from handoff.core.queue import Place as QueuePlace
from handoff.core.queue import place
from handoff.ports import DeliveryFailed, LaneHold

_STRETCHES = (60, 120, 300, 600, 1200, 2400, 3600, 7200, 14400, 28800)
"""Seconds of waiting after which a card is drawn again: Slack counts the minutes by itself, but only in messages that
are new or changed. Each about twice the one before."""


class QueueCards:
    """Carries card lanes: whatever the poke was, the card is brought to what the store says now."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def carry(self, hold: LaneHold) -> Carried:
        """Raises `StoreDown`."""
        try:
            await self._draw(hold.parcels[0].conversation, unsure=hold.unsure)
        except DeliveryFailed as failed:
            if failed.gone:
                return await self._gone(hold)
            return failed_to_carry(hold, failed)
        return Carried(settled=len(hold.parcels))

    async def _gone(self, hold: LaneHold) -> Carried:
        """Whom a crisis was assigned to has left the workspace: it is assigned to somebody else now."""
        conversation = await self._room.store.conversation(hold.parcels[0].conversation)
        if conversation is not None and conversation.assigned_to:
            await self._room.left(conversation.assigned_to, hold.parcels[0].id)
        return Carried(settled=1)

    async def _draw(self, about: str, *, unsure: bool) -> None:
        conversation = await self._room.store.conversation(about)
        spot = place(conversation, self._room.policy) if conversation else None
        kept = await self._room.kept.card(about)
        if conversation is not None and spot is not None:
            kept = await self._waiting(conversation, spot, kept, unsure=unsure)
            await self._bring(conversation, spot, kept, unsure=unsure)
        else:
            await self._over(about, conversation, kept)

    # --- while it waits -----------------------------------------------------------------------------------------------

    async def _waiting(
        self, conversation: Conversation, spot: QueuePlace, kept: CardPlace, *, unsure: bool
    ) -> CardPlace:
        if kept.place is not None and kept.over:
            await self._room.delete(kept.place)
            kept = replace(kept, place=None, over=False, shown="")
        message = await self._message(conversation, kept)
        shown = face(message, stretch(self._room.now - spot.since))
        if kept.shown == shown:
            return kept
        if kept.place is None or not await self._room.update(kept.place, message):
            again = marked_again(self._room.words, message) if unsure else message
            where = await self._room.post_in("queue_channel", self._room.options.queue_channel, again)
            kept = replace(kept, place=where, pseudonym=conversation.pseudonym)
        kept = replace(kept, shown=shown)
        await self._room.kept.keep_card(conversation.id, kept)
        return kept

    async def _bring(self, conversation: Conversation, spot: QueuePlace, kept: CardPlace, *, unsure: bool) -> None:
        """A crisis to whom it is assigned, once each; it stays with those who had it before, who still may accept."""
        if spot.assigned_to is None or any(each.supporter == spot.assigned_to for each in kept.assigned):
            return
        supporter = await self._room.store.supporter(spot.assigned_to)
        if supporter is None or not supporter.slack or is_elsewhere(supporter, "", self._room.now):
            return
        channel, about = await self._room.direct(supporter), {"assigned": conversation.id}
        where = await self._room.standing(channel, about) if unsure else None
        if where is None:
            message = cards.assigned(self._room.words, conversation, now=self._room.now, policy=self._room.policy)
            where = await self._room.post(channel, message, about=about)
        kept = replace(kept, assigned=(*kept.assigned, Assigned(where, supporter.id)))
        await self._room.kept.keep_card(conversation.id, kept)

    # --- when somebody has it, or nobody waits any more ---------------------------------------------------------------

    async def _over(self, about: str, conversation: Conversation | None, kept: CardPlace) -> None:
        if kept.place is not None:
            message = await self._message(conversation, kept)
            if kept.shown != face(message):
                await self._room.update(kept.place, message)
                kept = replace(kept, shown=face(message), over=True)
                await self._room.kept.keep_card(about, kept)
        if not kept.assigned:
            return
        name = conversation.supporter_name if conversation and conversation.supporter and conversation.is_open else ""
        over = cards.assigned_over(self._room.words, kept.pseudonym, name=name)
        for each in kept.assigned:
            await self._room.update(each.place, over)
        await self._room.kept.keep_card(about, replace(kept, assigned=()))

    async def _message(self, conversation: Conversation | None, kept: CardPlace) -> Message:
        return cards.card(
            self._room.words, conversation, pseudonym=kept.pseudonym, now=self._room.now, policy=self._room.policy,
            names=await self._room.names(),
        )  # fmt: skip


def stretch(waited: float) -> int:
    """Which stretch of waiting this many seconds are in. Pure."""
    return sum(waited >= each for each in _STRETCHES)


def stretch_of(spot: QueuePlace, now: float, policy: Policy) -> int:
    """A waiting card's stretch with what else makes it look different: the words for a long wait. Pure."""
    long = sum(now - spot.since >= each for each in (policy.wait_long_seconds, 2 * policy.wait_long_seconds))
    return 10 * stretch(now - spot.since) + long
