"""Threads: a supporter's part of one conversation, in their direct messages with the app.

A poke says where to look and never what was said. Whatever the poke, the thread is brought to what the store says: one
is opened for whoever holds the conversation, and what it lacks is posted.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.slack import posts, thread
from connectors.slack.catching_up import TURN, CatchingUp, entries
from connectors.slack.erasing import take_back
from connectors.slack.kept import OPEN, Place, Talk, Thread
from connectors.slack.room import Room, about_of, failed_to_carry, is_elsewhere
from connectors.slack.text import Message
from connectors.slack.ticks import tick
from handoff.carrying import Carried
from handoff.core.conversation import Conversation
from handoff.core.entries import Entry
from handoff.core.supporter import Supporter
from handoff.ports import DeliveryFailed, LaneHold, Parcel, Shelf

_log = logging.getLogger(__name__)

_LOOKS = frozenset({"opened", "look", "sent"})
"""Pokes that all mean: bring the thread up to date."""
_SAID_OTHERWISE = frozenset({"assigned", "taken", "lapsed", "erased", "another_asked", "reported", "blocked"})
"""Nudges whose news has a message of its own: the crisis card sent to its assignee, the end of a thread."""
_OVER = frozenset({"closed", "gone", "reported", "blocked"})
"""Ends after which nobody else has the conversation, so that its last words belong here."""
_ERASING = 1.0
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class _Held:
    conversation: Conversation
    supporter: Supporter


class Threads:
    """Carries thread lanes."""

    def __init__(self, room: Room, shelf: Shelf) -> None:
        self._room = room
        self._kept = room.kept
        self._catching_up = CatchingUp(room, shelf)

    async def carry(self, hold: LaneHold) -> Carried:
        """The head, and with it every poke after it that means the same. Raises `StoreDown`."""
        parcel = hold.parcels[0]
        try:
            if parcel.kind in _LOOKS:
                return await self._look(hold)
            if parcel.kind == "ended":
                done = await self._ended(parcel, unsure=hold.unsure)
                return Carried(settled=1) if done else Carried(retry=0.0, told=True)
            if parcel.kind == "nudge":
                await self._nudge(parcel, unsure=hold.unsure)
            elif parcel.kind == "whole":
                done = await self._whole(parcel, unsure=hold.unsure)
                return Carried(settled=1) if done else Carried(retry=0.0, told=True)
            elif parcel.kind == "erased":
                return await self._erased(parcel)
        except DeliveryFailed as failed:
            return await self._failed(hold, failed)
        return Carried(settled=1)

    async def _failed(self, hold: LaneHold, failed: DeliveryFailed) -> Carried:
        parcel = hold.parcels[0]
        if not failed.gone:
            return failed_to_carry(hold, failed)
        supporter = str(parcel.body.get("supporter") or "") or await self._whose(parcel.conversation)
        known = await self._room.store.supporter(supporter) if supporter else None
        if known is not None and not known.removed:
            _log.warning("supporter_left_slack", extra={"supporter": supporter})
            await self._room.left(supporter, parcel.id)
        return Carried(settled=1)

    async def _whose(self, about: str) -> str:
        conversation = await self._room.store.conversation(about)
        return (conversation.supporter if conversation else None) or ""

    # --- what is new --------------------------------------------------------------------------------------------------

    async def _look(self, hold: LaneHold) -> Carried:
        alike = _alike(hold.parcels)
        about = alike[0].conversation
        for parcel in alike:
            if parcel.kind == "sent":
                await self._room.poke(f"tick:{parcel.id}", tick(parcel, self._room.now))
        held = await self._held(about)
        if held is None or is_elsewhere(held.supporter, held.conversation.desk, self._room.now):
            return Carried(settled=len(alike))
        talk = await self._kept.talk(about)
        if talk.open is None or talk.supporter != held.supporter.id:
            talk = await self._open(held, talk, unsure=hold.unsure)
        done = await self._catching_up.post_new(held.conversation, talk, unsure=hold.unsure)
        return Carried(settled=len(alike)) if done else Carried(retry=0.0, told=True)

    async def _held(self, about: str) -> _Held | None:
        """The conversation and who holds it; None when nobody does, or nobody who works in Slack."""
        conversation = await self._room.store.conversation(about)
        if conversation is None or conversation.supporter is None:
            return None
        supporter = await self._room.store.supporter(conversation.supporter)
        if supporter is None or supporter.removed or not supporter.slack or about not in supporter.holding:
            return None
        return _Held(conversation, supporter)

    async def _open(self, held: _Held, talk: Talk, *, unsure: bool) -> Talk:
        """A thread begins with what was told before, the risk and its reasons; whatever came after the claim follows,
        and so do the notes of those who had the conversation earlier."""
        conversation, supporter = held.conversation, held.supporter
        since = conversation.claimed_at or self._room.now
        before = told_before(await entries(self._room.store, conversation, 0), since)
        channel = await self._room.direct(supporter)
        about = {"opened": conversation.id, "since": int(since * 1000)}
        place = await self._room.standing(channel, about) if unsure else None
        if place is None:
            root = thread.root(self._room.words, conversation, before, lead=supporter.is_lead)
            place = await self._room.post(channel, root, about=about)
        await self._kept.keep_thread(await self._room.team(), place, Thread(conversation.id, supporter.id))
        opened = Talk(
            past=talk.threads,
            open=place,
            supporter=supporter.id,
            feed_seq=before[-1].seq if before else conversation.first_seq - 1,
            pseudonym=conversation.pseudonym,
        )
        await self._kept.keep_talk(conversation.id, opened)
        return opened

    # --- the end ------------------------------------------------------------------------------------------------------

    async def _ended(self, parcel: Parcel, *, unsure: bool) -> bool:
        """The root says why, without buttons; the thread stays known, so that nothing written there is relayed. False
        when there is more to post first."""
        talk = await self._kept.talk(parcel.conversation)
        place = await self._open_thread_of(talk, str(parcel.body["supporter"]))
        if place is None:
            return True
        why, to = str(parcel.body["why"]), str(parcel.body["to"])
        conversation = await self._room.store.conversation(parcel.conversation)
        if conversation is not None and why in _OVER and place == talk.open:
            if not await self._catching_up.post_new(conversation, talk, unsure=unsure):
                return False
            talk = await self._kept.talk(parcel.conversation)
        ended = Thread(parcel.conversation, str(parcel.body["supporter"]), why, to)
        await self._kept.keep_thread(await self._room.team(), place, ended)
        said = thread.ended_root(self._room.words, pseudonym=talk.pseudonym, why=why, to=to)
        for stray in await self._strays(place, ended):
            await self._kept.keep_thread(await self._room.team(), stray, ended)
            await self._room.update(stray, said)
        await self._room.update(place, said)
        await self._once_in(place, said, {"ended": parcel.id}, unsure=unsure)
        if place == talk.open:
            await self._kept.keep_talk(parcel.conversation, replace(talk, past=talk.threads, open=None))
        return True

    async def _strays(self, place: Place, ended: Thread) -> list[Place]:
        """Other open threads of theirs about it: two processes may both begin one, when the first stood still for
        longer than its hold on the lane."""
        team, found = await self._room.team(), []
        for each in await self._room.latest(place.channel):
            root = Place(place.channel, str(each["ts"]))
            if about_of(each).get("opened") == ended.conversation and root != place and await self._room.is_ours(each):
                known = await self._kept.thread(team, root.channel, root.ts)
                if known is None or (known.supporter, known.state) == (ended.supporter, OPEN):
                    found.append(root)
        return found

    async def _open_thread_of(self, talk: Talk, supporter: str) -> Place | None:
        team = await self._room.team()
        for place in talk.threads:
            known = await self._kept.thread(team, place.channel, place.ts)
            if known is not None and known.supporter == supporter and (known.state == OPEN or place == talk.open):
                return place
        return None

    async def _once_in(self, place: Place, message: Message, about: dict[str, object], *, unsure: bool) -> None:
        if not (unsure and await self._room.standing(place.channel, about, place)):
            await self._room.post(place.channel, message, thread=place.ts, about=about)

    async def _erased(self, parcel: Parcel) -> Carried:
        if await self._room.store.conversation(parcel.conversation) is not None:
            return Carried(retry=_ERASING, told=True)
        await take_back(self._room, parcel.conversation)
        return Carried(settled=1)

    # --- the rest -----------------------------------------------------------------------------------------------------

    async def _whole(self, parcel: Parcel, *, unsure: bool) -> bool:
        """Everything from the beginning, for who asked, if they still hold the conversation. False when there is more
        for another turn. `unsure`: the first part of this turn may stand there already."""
        held, talk = await self._held(parcel.conversation), await self._kept.talk(parcel.conversation)
        asked = str(parcel.body["supporter"])
        if held is None or talk.open is None or not asked == talk.supporter == held.supporter.id:
            return True
        name, begun = f"slack:whole:{parcel.id}", self._room.now
        done = int((await self._room.store.kept(name) or {}).get("parts", 0))
        feed = await entries(self._room.store, held.conversation, 0)
        messages = thread.transcript(self._room.words, held.conversation, feed)
        for part, message in enumerate(messages[done:], done + 1):
            if self._room.now - begun > TURN:
                return False
            about = {"whole": parcel.id, "part": part}
            await self._once_in(talk.open, message, about, unsure=unsure and part == done + 1)
            await self._room.store.keep(name, {"parts": part}, seconds=_HOUR)
        return True

    async def _nudge(self, parcel: Parcel, *, unsure: bool) -> None:
        """Draws the eye, in the thread that is or was theirs, unless the console is open, which does that itself."""
        kind, who = str(parcel.body["kind"]), str(parcel.body["supporter"])
        supporter = await self._room.store.supporter(who)
        if kind in _SAID_OTHERWISE or supporter is None or supporter.removed or not supporter.slack:
            return
        conversation = await self._room.store.conversation(parcel.conversation)
        if is_elsewhere(supporter, conversation.desk if conversation else "", self._room.now):
            return
        talk = await self._kept.talk(parcel.conversation)
        place = await self._last_thread_of(talk, who)
        if place is not None:
            message = posts.nudge(self._room.words, kind, pseudonym=talk.pseudonym)
            await self._once_in(place, message, {"nudge": parcel.id}, unsure=unsure)

    async def _last_thread_of(self, talk: Talk, supporter: str) -> Place | None:
        team = await self._room.team()
        for place in reversed(talk.threads):
            known = await self._kept.thread(team, place.channel, place.ts)
            if known is not None and known.supporter == supporter:
                return place
        return None


def _alike(parcels: Sequence[Parcel]) -> list[Parcel]:
    """The pokes at the head that one look answers."""
    found: list[Parcel] = []
    for parcel in parcels:
        if parcel.kind not in _LOOKS:
            break
        found.append(parcel)
    return found


def told_before(feed: Sequence[Entry], since: float) -> list[Entry]:
    """The feed up to the last entry of that time or earlier. One in between that a wrong clock dated later is among
    them: what comes after them is posted, so that it would stand nowhere. Pure."""
    count = max((place for place, each in enumerate(feed, 1) if each.at <= since), default=0)
    return list(feed[:count])
