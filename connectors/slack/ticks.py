"""Ticks on a supporter's message: it reached the person, it did not and why, or it is not known."""

from __future__ import annotations

from connectors.slack import answers
from connectors.slack.names import Tick
from connectors.slack.room import Room, failed_to_carry
from handoff.carrying import Carried
from handoff.ports import DeadLetter, DeliveryFailed, LaneHold, Parcel

_UNKNOWN_AFTER = 60.0
_GIVE_UP_AFTER = 600.0
_FIRST = 0.25
_LONGEST = 5.0
_LETTERS = 200


def tick_lane(conversation: str) -> str:
    """The lane of one conversation's ticks."""
    return f"tick:{conversation}"


def tick(sent: Parcel, now: float) -> Parcel:
    """From the poke that words were saved to the tick that is due on them."""
    about = sent.conversation
    body = {"refers": sent.body["refers"], "seq": sent.body["seq"], "at": now}
    return Parcel(f"{sent.id}/tick", tick_lane(about), about, 0, "tick", body)


class Ticks:
    """Carries tick lanes, by looking how far the seeker's device or platform has got."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def carry(self, hold: LaneHold) -> Carried:
        """The head; those behind it are due after it. Raises `StoreDown`."""
        parcel = hold.parcels[0]
        place = place_of(str(parcel.body["refers"]))
        if place is None:
            return Carried(settled=1)
        try:
            return await self._look(parcel, *place)
        except DeliveryFailed as failed:
            return Carried(settled=1) if failed.hopeless or failed.gone else failed_to_carry(hold, failed)

    async def _look(self, parcel: Parcel, channel: str, ts: str) -> Carried:
        conversation = await self._room.store.conversation(parcel.conversation)
        if conversation is None:
            return Carried(settled=1)
        waited = self._room.front.clock() - float(parcel.body["at"])
        if (await self._room.store.marks(conversation.pseudonym)).delivered >= int(parcel.body["seq"]):
            await self._mark(channel, ts, Tick.DELIVERED)
            if waited > _UNKNOWN_AFTER:
                await self._unmark(channel, ts)
            return Carried(settled=1)
        lost = await self._lost(parcel)
        if lost is not None:
            await self._mark(channel, ts, Tick.FAILED)
            await self._say(channel, ts, lost.reason)
            return Carried(settled=1)
        if waited > _GIVE_UP_AFTER:
            return Carried(settled=1)
        if waited > _UNKNOWN_AFTER:
            await self._mark(channel, ts, Tick.UNKNOWN)
        return Carried(retry=min(_LONGEST, max(_FIRST, waited / 4)), told=True)

    async def _lost(self, parcel: Parcel) -> DeadLetter | None:
        """The seeker's platform gave this entry up."""
        for letter in await self._room.store.dead_letters(_LETTERS):
            same = letter.parcel.conversation == parcel.conversation and letter.parcel.kind == "entry"
            if same and letter.parcel.body.get("seq") == parcel.body["seq"]:
                return letter
        return None

    async def _mark(self, channel: str, ts: str, tick: Tick) -> None:
        await self._reaction("reactions.add", channel, ts, tick)

    async def _unmark(self, channel: str, ts: str) -> None:
        await self._reaction("reactions.remove", channel, ts, Tick.UNKNOWN)

    async def _reaction(self, method: str, channel: str, ts: str, tick: Tick) -> None:
        """One that is there already, or gone already, is as wished."""
        try:
            await self._room.calls.call(method, channel=channel, timestamp=ts, name=tick.value)
        except DeliveryFailed as failed:
            if str(failed) not in ("already_reacted", "no_reaction"):
                raise

    async def _say(self, channel: str, ts: str, reason: str) -> None:
        code = {"forbidden": "blocked", "refused": "refused"}.get(reason, "unreachable")
        await self._room.post(channel, answers.not_delivered(self._room.words, code), thread=ts)


def place_of(refers: str) -> tuple[str, str] | None:
    """(channel, ts) of a message typed in a thread, from `slack:<channel>:<ts>`; None for what came from a modal."""
    _, _, rest = refers.partition(":")
    channel, _, ts = rest.partition(":")
    return (channel, ts) if channel and ts and channel != "click" else None


def refers_to(channel: str, ts: str) -> str:
    """What `place_of` reads."""
    return f"slack:{channel}:{ts}"
