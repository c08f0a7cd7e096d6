"""Ticks on a supporter's message: it reached the person, it did not and why, or it is not known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from connectors.slack import answers
from connectors.slack.names import Tick
from connectors.slack.room import Room, failed_to_carry
from handoff.carrying import Carried
from handoff.ports import DeadLetter, DeliveryFailed, LaneHold, Marks, Parcel

_UNKNOWN_AFTER = 60.0
_GIVE_UP_AFTER = 660.0
"""Ten minutes after it was called unknown."""
_FIRST = 0.25
_LONGEST = 15.0
_LETTERS = 200
_DAY = 86400.0
_CODES = {"refused": "refused", "forbidden": "blocked"}
_SILENT = "did not answer"
"""How platforms say why they gave an entry up."""
_AS_WISHED = frozenset({"already_reacted", "no_reaction", "message_not_found", "bad_timestamp"})
_NO_MESSAGE = frozenset({"click", "command", "event"})
"""What stands in place of a channel in the name of words that came from a modal."""


class Fate(Enum):
    """What is known of one message now."""

    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WAITING = "waiting"
    FORGOTTEN = "forgotten"
    """Still unknown after ten minutes: the sign stays."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a look at the store told about one conversation. `letters`: its entries that were given up; `gone`: the
    seeker can't be reached any more, so nothing that has not arrived ever will."""

    marks: Marks
    letters: tuple[DeadLetter, ...]
    gone: bool


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
        """All of them are looked at; those at the head that are decided are done. Raises `StoreDown`."""
        try:
            known = await self._look(hold.parcels[0].conversation)
        except DeliveryFailed as failed:
            return failed_to_carry(hold, failed)
        if known is None:
            return Carried(settled=len(hold.parcels))
        fates = [fate(each, known.marks, _lost(known, each), self._room.now) for each in hold.parcels]
        try:
            for parcel, its in zip(hold.parcels, fates, strict=True):
                await self._show(parcel, its, known)
        except DeliveryFailed as failed:
            carried = failed_to_carry(hold, failed)
            return Carried(settled=1) if carried.give_up else carried
        open_ones = (Fate.WAITING, Fate.UNKNOWN)
        decided = next((at for at, its in enumerate(fates) if its in open_ones), len(fates))
        waited = self._room.now - float(hold.parcels[-1].body["at"])
        return Carried(settled=decided) if decided else Carried(retry=pause(waited), told=True)

    async def _look(self, about: str) -> _Known | None:
        conversation = await self._room.store.conversation(about)
        if conversation is None:
            return None
        letters = await self._room.store.dead_letters(_LETTERS)
        theirs = tuple(each for each in letters if each.parcel.conversation == about and "seq" in each.parcel.body)
        marks = await self._room.store.marks(conversation.pseudonym)
        return _Known(marks, theirs, not conversation.is_open and await self._is_gone(about))

    async def _is_gone(self, about: str) -> bool:
        """Whether the conversation's last thread ended because the seeker shut us out, or their account is gone."""
        team = await self._room.team()
        for place in (await self._room.kept.talk(about)).threads[-1:]:
            thread = await self._room.kept.thread(team, place.channel, place.ts)
            return thread is not None and thread.state == "gone"
        return False

    async def _show(self, parcel: Parcel, its: Fate, known: _Known) -> None:
        """Each sign once, however often it is looked at."""
        place = place_of(str(parcel.body["refers"]))
        if place is None or its in (Fate.WAITING, Fate.FORGOTTEN):
            return
        name = f"slack:ticked:{parcel.id}"
        before = str((await self._room.store.kept(name) or {}).get("fate", ""))
        if before == its.value:
            return
        if before == Fate.UNKNOWN.value:
            await self._reaction("reactions.remove", *place, Tick.UNKNOWN)
        sign = {Fate.DELIVERED: Tick.DELIVERED, Fate.FAILED: Tick.FAILED}.get(its, Tick.UNKNOWN)
        await self._reaction("reactions.add", *place, sign)
        if its is Fate.FAILED:
            await self._say_why(parcel, place[0], _lost(known, parcel) or "")
        await self._room.store.keep(name, {"fate": its.value}, seconds=_DAY, of=parcel.conversation)

    async def _reaction(self, method: str, channel: str, ts: str, sign: Tick) -> None:
        """One that is there already, or gone already, is as wished."""
        try:
            await self._room.calls.call(method, channel=channel, timestamp=ts, name=sign.value)
        except DeliveryFailed as failed:
            if str(failed) not in _AS_WISHED:
                raise

    async def _say_why(self, parcel: Parcel, channel: str, reason: str) -> None:
        thread = (await self._room.kept.talk(parcel.conversation)).threads[-1:]
        if thread and thread[0].channel == channel:
            message = answers.not_delivered(self._room.words, reason)
            await self._room.post(channel, message, thread=thread[0].ts)


def _lost(known: _Known, parcel: Parcel) -> str | None:
    """Why it was given up, as a code that there are words for; None when it was not."""
    seq = int(parcel.body["seq"])
    for letter in known.letters:
        if letter.parcel.body["seq"] == seq:
            return _CODES.get(letter.reason, "unreachable" if _SILENT in letter.reason else "other")
    return "other" if known.gone and known.marks.delivered < seq else None


def fate(parcel: Parcel, marks: Marks, lost: str | None, now: float) -> Fate:
    """What has become of the words of one tick. `lost`: why they were given up. Pure."""
    waited = now - float(parcel.body["at"])
    if lost is not None:
        return Fate.FAILED
    if marks.delivered >= int(parcel.body["seq"]):
        return Fate.DELIVERED
    if waited >= _GIVE_UP_AFTER:
        return Fate.FORGOTTEN
    return Fate.UNKNOWN if waited >= _UNKNOWN_AFTER else Fate.WAITING


def pause(waited: float) -> float:
    """Seconds until the next look, longer each time. Pure."""
    return min(_LONGEST, max(_FIRST, waited / 4))


def place_of(refers: str) -> tuple[str, str] | None:
    """(channel, ts) of a message typed in a thread, from `slack:<channel>:<ts>`; None for what came from a modal."""
    kind, *rest = refers.split(":")
    if kind != "slack" or len(rest) < 2 or rest[0] in _NO_MESSAGE:
        return None
    return rest[-2], rest[-1]


def refers_to(channel: str, ts: str) -> str:
    """What `place_of` reads."""
    return f"slack:{channel}:{ts}"
