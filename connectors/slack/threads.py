"""Threads: a supporter's part of one conversation, in their direct messages with the app, up to date with the feed.

A poke says where to look and never what was said: what has to be posted is what the feed and the margin have beyond the
marks kept with the thread, so nothing is lost, and what piled up while Slack was away is joined.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from connectors.slack import posts, thread
from connectors.slack.erasing import take_back
from connectors.slack.kept import Place, Talk, Thread
from connectors.slack.posts import Post
from connectors.slack.room import Room, failed_to_carry, is_elsewhere
from connectors.slack.ticks import tick
from handoff.carrying import Carried
from handoff.core.conversation import Conversation
from handoff.core.entries import Entry
from handoff.core.supporter import Supporter
from handoff.ports import Commit, DeliveryFailed, FileGone, LaneHold, Parcel, RecordsDown, Shelf

_log = logging.getLogger(__name__)

_SHOWN_TO_THE_NEXT = 30
"""How many of the last lines somebody who takes over finds in the thread itself; the rest is one button away."""
_SAME = ("look", "sent")
_SEEN_ELSEWHERE = "assigned"
"""A nudge that has a message of its own: the crisis card sent to whom it is assigned."""


class Threads:
    """Carries thread lanes."""

    def __init__(self, room: Room, shelf: Shelf) -> None:
        self._room = room
        self._shelf = shelf
        self._does: dict[str, Callable[[Parcel], Awaitable[None]]] = {
            "opened": self._look, "look": self._look, "sent": self._sent, "ended": self._ended, "whole": self._whole,
            "nudge": self._nudge,
        }  # fmt: skip

    async def carry(self, hold: LaneHold) -> Carried:
        """As many as can be done; the rest is tried again. Raises `StoreDown`."""
        if hold.unsure:
            await self._may_stand_there(hold.parcels[0].conversation)
        for done, parcel in enumerate(hold.parcels):
            if _is_covered(hold.parcels, done):
                continue
            try:
                if parcel.kind == "erased":
                    await take_back(self._room, parcel.conversation)
                else:
                    await self._does[parcel.kind](parcel)
            except DeliveryFailed as failed:
                return await self._failed(hold, done, failed)
        return Carried(settled=len(hold.parcels))

    async def _failed(self, hold: LaneHold, done: int, failed: DeliveryFailed) -> Carried:
        parcel = hold.parcels[done]
        if failed.unsure:
            await self._may_stand_there(parcel.conversation)
        if failed.gone:
            supporter = str(parcel.body.get("supporter") or await self._holder(parcel.conversation))
            await self._room.left(supporter, parcel.lane)
            return Carried(settled=done + 1)
        return Carried(settled=done) if done else failed_to_carry(hold, failed)

    async def _may_stand_there(self, conversation: str) -> None:
        talk = await self._room.kept.talk(conversation)
        await self._room.kept.keep_talk(conversation, replace(talk, unsure=True))

    async def _holder(self, conversation: str) -> str:
        known = await self._room.store.conversation(conversation)
        return (known.supporter if known else None) or ""

    # --- what is new ------------------------------------------------------------------------------------------------

    async def _look(self, parcel: Parcel) -> None:
        """Open the thread if it is due, and post what it lacks."""
        conversation = await self._room.store.conversation(parcel.conversation)
        if conversation is None or conversation.supporter is None:
            return
        supporter = await self._room.store.supporter(conversation.supporter)
        if supporter is None or not supporter.slack or conversation.id not in supporter.holding:
            return
        if is_elsewhere(supporter, conversation.desk, self._room.front.clock()):
            return
        talk = await self._room.kept.talk(conversation.id)
        if talk.open is None or talk.supporter != supporter.id:
            talk = await self._open(conversation, supporter, talk)
        await self._post_new(conversation, talk)

    async def _open(self, conversation: Conversation, supporter: Supporter, talk: Talk) -> Talk:
        """A thread begins with what was told before, the risk and its reasons."""
        feed = await self._room.store.feed(conversation.pseudonym, after=conversation.first_seq - 1)
        channel = await self._room.direct(supporter)
        place = await self._room.post(
            channel, thread.root(self._room.words, conversation, feed, lead=supporter.is_lead)
        )
        team = (await self._room.calls.me()).team
        await self._room.kept.keep_thread(team, place, Thread(conversation.id, supporter.id))
        past = (*talk.past, *([talk.open] if talk.open else []))
        last = feed[-1].seq if feed else conversation.seq
        known = max(conversation.first_seq - 1, last - _SHOWN_TO_THE_NEXT) if past or talk.supporter else last
        opened = Talk(past=past, open=place, supporter=supporter.id, feed_seq=known)
        await self._room.kept.keep_talk(conversation.id, opened)
        return opened

    async def _post_new(self, conversation: Conversation, talk: Talk) -> None:
        feed = await self._room.store.feed(conversation.pseudonym, after=talk.feed_seq)
        margin = await self._room.store.margin(conversation.id, after=talk.margin_seq)
        if talk.open is None or not (feed or margin):
            return
        earlier = await self._answered(conversation, feed, talk.feed_seq)
        marks = (talk.feed_seq, talk.margin_seq)
        for post in posts.posts(
            self._room.words, conversation, feed, posted=marks, margin=margin, earlier=earlier, again=False
        ):
            await self._put(talk.open, post, unsure=talk.unsure)
            talk = replace(talk, feed_seq=post.feed_seq, margin_seq=post.margin_seq, unsure=False)
            await self._room.kept.keep_talk(conversation.id, talk)

    async def _put(self, place: Place, post: Post, *, unsure: bool) -> None:
        mark = f"{post.feed_seq}/{post.margin_seq}"
        if post.message is not None and not (unsure and await self._room.stands_there(place, mark)):
            await self._room.post(place.channel, post.message, thread=place.ts, mark=mark)
        if post.file is not None:
            await self._put_file(place, post.file["file"])

    async def _put_file(self, place: Place, file: str) -> None:
        try:
            shelved = await self._shelf.get(file)
        except FileGone:
            message = posts.file_lost(self._room.words, "gone")
            await self._room.post(place.channel, message, thread=place.ts)
            return
        except RecordsDown:
            raise DeliveryFailed("the database does not answer") from None
        name = shelved.attachment.name
        await self._room.calls.upload(place.channel, place.ts, shelved.content, name, name)

    async def _answered(self, conversation: Conversation, feed: list[Entry], after: int) -> list[Entry]:
        """Lines from before that new ones reply to."""
        wanted = sorted({each.answers for each in feed if 0 < each.answers <= after})
        found: list[Entry] = []
        for seq in wanted:
            found += await self._room.store.feed(conversation.pseudonym, after=seq - 1, limit=1)
        return found

    async def _sent(self, parcel: Parcel) -> None:
        """The supporter's own words were saved: the tick follows, and anything else that is new."""
        await self._look(parcel)
        commit = Commit(event_id=f"tick:{parcel.id}", parcels=(tick(parcel, self._room.front.clock()),))
        await self._room.store.commit(commit, self._room.front.clock())

    # --- the rest ---------------------------------------------------------------------------------------------------

    async def _ended(self, parcel: Parcel) -> None:
        """The root says why, without buttons; the thread stays known, so that nothing written there is relayed."""
        talk = await self._room.kept.talk(parcel.conversation)
        if talk.open is None or talk.supporter != parcel.body["supporter"]:
            return
        why, to = str(parcel.body["why"]), str(parcel.body["to"])
        conversation = await self._room.store.conversation(parcel.conversation)
        pseudonym = conversation.pseudonym if conversation else ""
        await self._room.update(talk.open, thread.ended_root(self._room.words, pseudonym=pseudonym, why=why, to=to))
        team = (await self._room.calls.me()).team
        ended = Thread(parcel.conversation, talk.supporter, why, to)
        await self._room.kept.keep_thread(team, talk.open, ended)
        await self._room.kept.keep_talk(
            parcel.conversation, replace(talk, past=(*talk.past, talk.open), open=None, unsure=False)
        )

    async def _whole(self, parcel: Parcel) -> None:
        """Everything from the beginning, for whoever holds the conversation now."""
        conversation = await self._room.store.conversation(parcel.conversation)
        talk = await self._room.kept.talk(parcel.conversation)
        if conversation is None or talk.open is None or talk.supporter != parcel.body["supporter"]:
            return
        feed = await self._room.store.feed(conversation.pseudonym, after=conversation.first_seq - 1)
        for message in thread.transcript(self._room.words, conversation, feed):
            await self._room.post(talk.open.channel, message, thread=talk.open.ts)

    async def _nudge(self, parcel: Parcel) -> None:
        """Draws the eye, unless the console is open, which does that itself."""
        supporter = await self._room.store.supporter(str(parcel.body["supporter"]))
        kind = str(parcel.body["kind"])
        if supporter is None or supporter.removed or not supporter.slack or kind == _SEEN_ELSEWHERE:
            return
        if supporter.console_until > self._room.front.clock():
            return
        conversation = await self._room.store.conversation(parcel.conversation)
        pseudonym = conversation.pseudonym if conversation else ""
        message = posts.nudge(self._room.words, kind, pseudonym=pseudonym)
        talk = await self._room.kept.talk(parcel.conversation)
        if talk.open is not None and talk.supporter == supporter.id:
            await self._room.post(talk.open.channel, message, thread=talk.open.ts)
        else:
            await self._room.post(await self._room.direct(supporter), message)


def _is_covered(parcels: tuple[Parcel, ...], at: int) -> bool:
    """Whether the next poke looks at the same anyway."""
    follows = parcels[at + 1] if at + 1 < len(parcels) else None
    return parcels[at].kind == "look" and follows is not None and follows.kind in _SAME
