"""The slow part of what was written: which conversation it is for, fetching files, and saying what was not sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from connectors.slack import answers
from connectors.slack.catching_up import entries
from connectors.slack.kept import OPEN, Posted, Thread
from connectors.slack.names import Tick
from connectors.slack.people import People
from connectors.slack.plain import EMOJI, plain
from connectors.slack.room import Room, failed_to_carry
from connectors.slack.ticks import refers_to
from handoff.carrying import Carried
from handoff.core import events as e
from handoff.core.entries import Attachment, Speaker
from handoff.core.supporter import Supporter
from handoff.ports import DeliveryFailed, FileRefused, LaneHold, Parcel, RecordsDown, Reply, Shelf

_HOUR = 3600.0
_TRIES = 10
"""About four minutes: words that wait behind a file for longer would be said into another moment."""
_OVER = {
    "closed": "thread_closed", "gone": "thread_closed", "transferred": "thread_transferred",
    "taken": "thread_transferred", "released": "thread_released", "requeued": "thread_released",
    "removed": "thread_released", "erased": "thread_erased",
}  # fmt: skip


class NotSent(Exception):
    """Nothing of it reached anybody; the supporter is told why."""

    def __init__(self, code: str, *, next: str = "", **values: object) -> None:  # noqa: A002
        super().__init__(code)
        self.code = code
        self.next = next
        self.values = values


class Inbox:
    """Carries what supporters wrote into their conversations, in order."""

    def __init__(self, room: Room, people: People, shelf: Shelf) -> None:
        self._room = room
        self._people = people
        self._shelf = shelf

    async def carry(self, hold: LaneHold) -> Carried:
        """The head, unless something behind it was written before it: then all of them, in the order they were written.

        What was done before a failure is known by its id when it comes again. Raises `StoreDown`.
        """
        ordered = sorted(hold.parcels, key=_written)
        if ordered[0] is hold.parcels[0]:
            return await self._carry_one(hold)
        for parcel in ordered:
            carried = await self._carry_one(replace(hold, parcels=(parcel,)))
            if not carried.settled and not carried.give_up:
                return carried
        return Carried(settled=len(ordered))

    async def _carry_one(self, hold: LaneHold) -> Carried:
        parcel = hold.parcels[0]
        try:
            await self._take(parcel)
        except NotSent as not_sent:
            if await self._room.store.seen(parcel.id):
                return Carried(settled=1)  # it was sent at the first try, and what it was sent to is over by now
            return await self._tell(hold, parcel, not_sent)
        except DeliveryFailed as failed:
            if parcel.kind != "said" or not _is_in_vain(hold, failed):
                return failed_to_carry(hold, failed)
            return await self._tell(hold, parcel, NotSent("file_gone" if failed.hopeless else "file_late"))
        return Carried(settled=1)

    async def _take(self, parcel: Parcel) -> None:
        body = parcel.body
        if parcel.kind == "reacted":
            await self._reacted(parcel)
            return
        if body["thread"] in ("", body["ts"]):
            if parcel.kind == "said":
                raise NotSent("no_thread")
            return
        thread = await self._room.kept.thread(body["team"], body["channel"], body["thread"])
        supporter, conversation = await self._whose(body, thread)
        await self._people.renew(supporter, parcel.id)
        if parcel.kind == "said":
            await self._said(parcel, supporter, conversation)
        elif parcel.kind == "edited":
            await self._changed(parcel, supporter, conversation)
        else:
            await self._taken_back(parcel, supporter, conversation)

    async def _whose(self, body: dict[str, Any], thread: Thread | None) -> tuple[Supporter, str]:
        supporter = await self._people.known(body["team"], body["user"])
        if supporter is None:
            raise NotSent("no_person")
        if thread is None:
            raise NotSent("thread_unknown")
        if thread.state != OPEN:
            raise NotSent(_OVER.get(thread.state, "thread_closed"), name=thread.to)
        if thread.supporter != supporter.id:
            raise NotSent("thread_not_yours")
        return supporter, thread.conversation

    async def _said(self, parcel: Parcel, supporter: Supporter, conversation: str) -> None:
        text = self._words(parcel)
        files = [await self._file(each, conversation) for each in parcel.body["files"]]
        if not text and not files:
            raise NotSent("unreadable")
        wrote = e.SupporterWrote(
            id=parcel.id, supporter=supporter.id, conversation=conversation, desk="slack", text=text,
            refers=refers_to(parcel.body["channel"], parcel.body["ts"]), attachment=files[0] if files else None,
        )  # fmt: skip
        await self._do(wrote)
        for count, file in enumerate(files[1:], 2):
            await self._do(replace(wrote, id=f"{parcel.id}:{count}", text="", attachment=file))

    async def _changed(self, parcel: Parcel, supporter: Supporter, conversation: str) -> None:
        text, refers = self._words(parcel), refers_to(parcel.body["channel"], parcel.body["ts"])
        if not text:
            raise NotSent("empty")
        if not await self._was_said(refers, conversation):
            raise NotSent("edit_of_nothing")
        await self._do(
            e.SupporterEdited(
                id=parcel.id, supporter=supporter.id, conversation=conversation, desk="slack", text=text, refers=refers
            )
        )

    async def _taken_back(self, parcel: Parcel, supporter: Supporter, conversation: str) -> None:
        """Of what reached nobody there is nothing to take back."""
        refers = refers_to(parcel.body["channel"], parcel.body["ts"])
        if await self._was_said(refers, conversation):
            await self._do(
                e.SupporterUnsaid(
                    id=parcel.id, supporter=supporter.id, conversation=conversation, desk="slack", refers=refers
                )
            )

    async def _was_said(self, refers: str, about: str) -> bool:
        conversation = await self._room.store.conversation(about)
        feed = await entries(self._room.store, conversation, 0) if conversation else []
        return any(each.refers == refers for each in feed)

    async def _reacted(self, parcel: Parcel) -> None:
        """On a seeker's message in an open thread of theirs; on anything else it is between them and Slack."""
        body = parcel.body
        posted = await self._room.kept.posted(body["channel"], body["ts"])
        supporter = await self._people.known(body["team"], body["user"])
        if posted is None or supporter is None or not await self._is_seekers(posted):
            return
        talk = await self._room.kept.talk(posted.conversation)
        if talk.open is None or talk.open.channel != body["channel"] or talk.supporter != supporter.id:
            return
        await self._room.front.handle(
            e.SupporterWrote(
                id=parcel.id,
                supporter=supporter.id,
                conversation=posted.conversation,
                desk="slack",
                text=EMOJI[body["text"]],
                refers=f"slack:click:{body['event']}",
            )
        )

    async def _is_seekers(self, posted: Posted) -> bool:
        conversation = await self._room.store.conversation(posted.conversation)
        if conversation is None:
            return False
        shown = await entries(self._room.store, conversation, posted.seq - 1, until=posted.seq)
        return any(each.speaker is Speaker.SEEKER for each in shown)

    async def _file(self, file: dict[str, Any], conversation: str) -> Attachment:
        limit = self._room.policy.attachment_limit
        size = limit // 1_000_000
        if file["size"] > limit:
            raise NotSent("file_too_large", size=size)
        content = await self._room.calls.download(file["url"], limit)
        if content is None:
            raise NotSent("file_too_large", size=size)
        try:
            return await self._shelf.put(content, conversation=conversation, seconds=file["seconds"])
        except FileRefused as refused:
            raise NotSent(f"file_{refused.code}", size=size) from None
        except RecordsDown:
            raise DeliveryFailed("the database does not answer") from None

    def _words(self, parcel: Parcel) -> str:
        text = plain(parcel.body["text"], self._room.words.say("said", "somebody"))
        if len(text) > self._room.policy.message_limit:
            raise NotSent("too_long")
        return text

    async def _do(self, event: e.DeskEvent) -> Reply:
        reply = await self._room.front.handle(event)
        if reply.refused is not None:
            raise NotSent(reply.refused.code, next=reply.refused.next)
        return reply

    async def _tell(self, hold: LaneHold, parcel: Parcel, why: NotSent) -> Carried:
        """✗ on the message and the reason below it, so that nobody believes it arrived."""
        body = parcel.body
        message = answers.refused(self._room.words, why.code, next=why.next, **why.values)
        try:
            if parcel.kind == "said":
                await self._cross(body)
            if why.code == "no_thread" and not await self._is_due(hold, body["user"]):
                return Carried(settled=1)
            await self._room.post(body["channel"], message, thread=body["thread"] or body["ts"])
        except DeliveryFailed as failed:
            return failed_to_carry(hold, failed)
        return Carried(settled=1)

    async def _is_due(self, hold: LaneHold, user: str) -> bool:
        """Where to write is explained once an hour; also when it was begun and Slack did not take it."""
        return await self._room.kept.once(f"outside:{user}", _HOUR) or hold.attempts > 0

    async def _cross(self, body: dict[str, Any]) -> None:
        try:
            await self._room.calls.call(
                "reactions.add", channel=body["channel"], timestamp=body["ts"], name=Tick.FAILED.value
            )
        except DeliveryFailed as failed:
            if not failed.hopeless:
                raise


def _is_in_vain(hold: LaneHold, failed: DeliveryFailed) -> bool:
    """Whether a file is not worth waiting for any more."""
    return failed.hopeless or (failed.retry_after is None and hold.attempts + 1 >= _TRIES)


def _written(parcel: Parcel) -> float:
    """When the message was written, by Slack's own count; a change of it goes behind it."""
    return float(parcel.body["ts"])
