"""What carries each kind of lane: the bot's turns, the records, erasures, and platforms that have to be sent to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from handoff.barred import keep_bar
from handoff.carrying import Carried, backoff
from handoff.commits import forget_in_records
from handoff.core.entries import Button, Entry, EntryKind, Speaker
from handoff.core.events import BotFailed, BotMessage, BotReplied, BotSlow, CardConfirmed, SeekerGone
from handoff.core.ids import Address, is_by_action
from handoff.core.policy import Policy
from handoff.pokes import erased
from handoff.ports import (
    Bot,
    BotDown,
    BotGarbled,
    BotSilent,
    Commit,
    Connector,
    DeliveryFailed,
    Front,
    LaneHold,
    Parcel,
    Records,
    RecordsDown,
    RecordsRefused,
    Store,
)

_log = logging.getLogger(__name__)

_RETRY_UNREACHED = 1.0
_TRIES_REACHED = 2
"""A bot that was reached and answered nothing, or garbage, is asked once more; then people take over."""
_PLATFORM_TRIES = 12


async def is_stale(store: Store, parcel: Parcel) -> bool:
    """Whether somebody else has the word by now, so that this must not be sent any more."""
    if parcel.epoch == 0:
        return False
    conversation = await store.conversation(parcel.conversation)
    return conversation is None or conversation.epoch != parcel.epoch


class BotTurns:
    """Carries `AskBot` to the bot, and its answer back as an event. Nothing is held while the bot thinks."""

    def __init__(self, store: Store, front: Front, bot: Bot, policy: Policy) -> None:
        self._store = store
        self._front = front
        self._bot = bot
        self._policy = policy

    async def carry(self, hold: LaneHold) -> Carried:
        """One turn. A stale one is dropped; a bot that can't be reached is waited for until `bot_down_seconds`.

        One whose answer was kept already is not asked for again: the bot would take the same words for new ones.
        """
        parcel = hold.parcels[0]
        if await is_stale(self._store, parcel):
            _log.info("stale_turn_dropped", extra={"conversation": parcel.conversation})
            return Carried(settled=1)
        if hold.unsure and await self._store.seen(_reply_id(parcel)):
            return Carried(settled=1)
        try:
            messages = await self._ask(parcel)
        except BotSilent:
            if await self._acted(parcel):
                return Carried(settled=1)
            return await self._down(hold, parcel, reached=True)
        except BotDown as down:
            return await self._down(hold, parcel, reached=down.reached)
        except BotGarbled:
            return await self._down(hold, parcel, reached=True)
        await self._front.handle(
            BotReplied(id=_reply_id(parcel), conversation=parcel.conversation, epoch=parcel.epoch, messages=messages)
        )
        return Carried(settled=1)

    async def _ask(self, parcel: Parcel) -> tuple[BotMessage, ...]:
        """The bot's answer; the seeker is told once when it is slow."""
        turn = asyncio.ensure_future(
            self._bot.ask(
                parcel.conversation, parcel.body["text"], parcel.body["context"], self._policy.bot_down_seconds
            )
        )
        try:
            done, _ = await asyncio.wait({turn}, timeout=self._policy.bot_slow_seconds)
            if not done:
                await self._tell_slow(parcel, waking=False)
            return await turn
        finally:
            turn.cancel()

    async def _acted(self, parcel: Parcel) -> bool:
        """Whether one of its actions said something since it was asked, or changed whose turn it is: the answer."""
        conversation = await self._store.conversation(parcel.conversation)
        if conversation is None or conversation.epoch != parcel.epoch:
            return True
        since = await self._store.feed(conversation.pseudonym, after=parcel.body["seq"])
        return any(is_by_action(entry.id) for entry in since)

    async def _down(self, hold: LaneHold, parcel: Parcel, *, reached: bool) -> Carried:
        waited = self._front.clock() - parcel.body["at"]
        if waited >= self._policy.bot_down_seconds or (reached and hold.attempts + 1 >= _TRIES_REACHED):
            await self._front.handle(
                BotFailed(id=f"failed:{parcel.id}", conversation=parcel.conversation, epoch=parcel.epoch)
            )
            return Carried(settled=1)
        await self._tell_slow(parcel, waking=not reached)
        return Carried(retry=_RETRY_UNREACHED)

    async def _tell_slow(self, parcel: Parcel, *, waking: bool) -> None:
        await self._front.handle(
            BotSlow(id=f"slow:{parcel.id}", conversation=parcel.conversation, epoch=parcel.epoch, waking=waking)
        )


def _reply_id(parcel: Parcel) -> str:
    return f"reply:{parcel.id}"


class RecordKeeping:
    """Carries records into the database, in order, in batches. A database that is down delays, never loses."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def carry(self, hold: LaneHold) -> Carried:
        """The whole batch; where the database refuses it, the head alone, so that one bad parcel stops nobody."""
        try:
            await self._records.write(hold.parcels)
        except RecordsDown:
            return Carried(retry=backoff(hold.attempts))
        except RecordsRefused:
            return await self._head_alone(hold)
        return Carried(settled=len(hold.parcels))

    async def _head_alone(self, hold: LaneHold) -> Carried:
        try:
            await self._records.write(hold.parcels[:1])
        except RecordsDown:
            return Carried(retry=backoff(hold.attempts))
        except RecordsRefused as refused:
            return Carried(give_up=str(refused))
        return Carried(settled=1)


Noted = Callable[[Sequence[str]], Awaitable[None]]


class Erasures:
    """Carries an erasure through the store, the bot's memory included; the records' own goes by their lane.

    Blocks come the same way, so that one is kept before its person is erased.
    """

    def __init__(
        self, store: Store, clock: Callable[[], float], *, desk: bool = False, noted: Noted | None = None
    ) -> None:
        """`noted` writes down that these pseudonyms are erased, so that no backup brings them back."""
        self._store = store
        self._clock = clock
        self._desk = desk
        self._noted = noted

    async def carry(self, hold: LaneHold) -> Carried:
        """Erase; repeated until it is done. A platform gets a moment to say the last word first."""
        parcel = hold.parcels[0]
        if parcel.kind == "bar":
            await keep_bar(self._store, parcel.body["pseudonym"], parcel.body["until"], self._clock())
            return Carried(settled=1)
        left = parcel.body["after"] - self._clock()
        if left > 0:
            return Carried(retry=left, told=True)
        await self._tell_the_others(parcel)
        await self._store.erase(parcel.body["pseudonym"], parcel.conversation)
        _log.info("erased", extra={"conversation": parcel.conversation})
        return Carried(settled=1)

    async def _tell_the_others(self, parcel: Parcel) -> None:
        """What only the store knows: the seeker's other names, for the records; their conversations, for the desk."""
        family = await self._store.family(parcel.body["pseudonym"])
        if self._noted is not None:
            await self._noted(family.pseudonyms)
        conversations = dict.fromkeys((*family.conversations, parcel.conversation))
        parcels = [forget_in_records(parcel.conversation, each, self._clock()) for each in family.pseudonyms]
        parcels += [erased(each) for each in conversations] if self._desk else []
        await self._store.commit(Commit(event_id=f"{parcel.id}/others", parcels=tuple(parcels)), self._clock())


class Platform:
    """Carries entries to one platform through its connector."""

    def __init__(self, store: Store, front: Front, connector: Connector) -> None:
        self._store = store
        self._front = front
        self._connector = connector

    async def carry(self, hold: LaneHold) -> Carried:
        """One entry. A 429 is obeyed; what can't be delivered after its tries becomes a dead letter."""
        parcel = hold.parcels[0]
        if await is_stale(self._store, parcel):
            return Carried(settled=1)
        seeker, entry = Address.parse(parcel.lane), entry_of(parcel)
        try:
            await self._connector.deliver(seeker, entry, again=hold.unsure)
        except DeliveryFailed as failed:
            return await self._failed(hold, seeker, failed)
        await self._delivered(seeker, entry)
        return Carried(settled=1)

    async def _delivered(self, seeker: Address, entry: Entry) -> None:
        """The platform took it: that is the tick, and for a crisis card the proof that it was given."""
        await self._store.mark(await self._front.who(seeker), delivered=entry.seq)
        if entry.kind is EntryKind.CARD:
            await self._front.handle(CardConfirmed(id=f"shown:{entry.id}", seeker=seeker, seq=entry.seq))

    async def _failed(self, hold: LaneHold, seeker: Address, failed: DeliveryFailed) -> Carried:
        if failed.gone:
            gone = SeekerGone(id=f"gone:{hold.parcels[0].id}", seeker=seeker, why=failed.gone)
            await self._front.handle(gone)
            return Carried(settled=1)
        if failed.retry_after:
            return Carried(retry=failed.retry_after, told=True)
        if failed.hopeless or hold.attempts + 1 >= _PLATFORM_TRIES:
            return Carried(give_up=str(failed))
        return Carried(retry=backoff(hold.attempts), unsure=failed.unsure)


def entry_of(parcel: Parcel) -> Entry:
    """The entry a parcel carries."""
    body = dict(parcel.body)
    body["speaker"], body["kind"] = Speaker(body["speaker"]), EntryKind(body["kind"])
    body["buttons"] = tuple(Button(**each) for each in body["buttons"])
    return Entry(**body)
