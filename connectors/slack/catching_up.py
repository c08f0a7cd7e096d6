"""Brings a thread up to date: what feed and margin have beyond the marks kept with it is posted, joined, in order.

The marks are saved after each message. Where a message may stand there already, the thread itself is asked: every
message carries where the marks were before it and where they are with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.slack import posts
from connectors.slack.kept import Place, Posted, Talk
from connectors.slack.posts import Post
from connectors.slack.room import Room, about_of
from connectors.slack.thread_files import ThreadFiles
from handoff.core.conversation import Conversation
from handoff.core.entries import Entry, EntryKind
from handoff.ports import DeliveryFailed, Shelf, Store

_MOST = 25
TURN = 15.0
"""Messages of one turn, and seconds after which it begins no other: both well within the longest hold on a lane."""
_PAGE = 500
_BROKEN = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text"})
"""Slack will never take this message; those after it must not wait for it."""

Marks = tuple[int, int]
"""How far a thread has feed and margin."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a thread has beyond marks: where they belong, how many parts of what comes next, and whether the file of
    the last entry is there."""

    marks: Marks
    parts: int = 0
    filed: bool = True


class CatchingUp:
    """Posts what is new into open threads."""

    def __init__(self, room: Room, shelf: Shelf) -> None:
        self._room = room
        self._files = ThreadFiles(room, shelf)

    async def post_new(self, conversation: Conversation, talk: Talk, *, unsure: bool) -> bool:
        """Whether all is there now; False when there is more for another turn. Raises `DeliveryFailed`."""
        thread, again, parts = talk.open, False, 0
        if thread is None:
            return True
        if unsure:
            found = await self._found(thread, _marks(talk))
            again = found is None
            if found is not None:
                talk, parts = await self._recover(conversation, thread, talk, found), found.parts
        due, begun = (await self._due(conversation, talk, again=again))[parts:], self._room.now
        for post in due[:_MOST]:
            if self._room.now - begun > TURN:
                return False
            talk = await self._put(conversation, thread, talk, post)
        return len(due) <= _MOST

    async def _due(self, conversation: Conversation, talk: Talk, *, again: bool) -> list[Post]:
        store = self._room.store
        feed = await entries(store, conversation, talk.feed_seq)
        margin = await store.margin(conversation.id, after=talk.margin_seq)
        refers = any(each.answers or each.kind is EntryKind.EDIT for each in feed)
        earlier = await entries(store, conversation, 0, until=talk.feed_seq) if refers else []
        return posts.posts(
            self._room.words, conversation, feed, posted=_marks(talk), margin=margin, earlier=earlier, again=again
        )

    async def _put(self, conversation: Conversation, thread: Place, talk: Talk, post: Post) -> Talk:
        """One post, then the marks. One that Slack will never take is passed over, and told as such."""
        after = replace(talk, feed_seq=post.feed_seq, margin_seq=post.margin_seq)
        try:
            if post.message is not None:
                about = _about(_marks(talk), _marks(after))
                place = await self._room.post(thread.channel, post.message, thread=thread.ts, about=about)
                await self._room.kept.keep_posted(place, Posted(conversation.id, post.feed_seq))
            if post.file is not None:
                await self._files.put(thread, str(post.file["file"]))
        except DeliveryFailed as failed:
            if str(failed) in _BROKEN:
                await self._room.kept.keep_talk(conversation.id, after)
            raise
        await self._room.kept.keep_talk(conversation.id, after)
        return after

    # --- after an answer was lost -------------------------------------------------------------------------------------

    async def _found(self, thread: Place, marks: Marks) -> Found | None:
        """None when the thread can't be read. Raises `DeliveryFailed` to be tried again."""
        try:
            messages = await self._room.replies(thread)
        except DeliveryFailed as failed:
            if failed.hopeless:
                return None
            raise
        return find(marks, [each for each in messages if await self._room.is_ours(each)])

    async def _recover(self, conversation: Conversation, thread: Place, talk: Talk, found: Found) -> Talk:
        """The marks as the thread itself shows them; the file that belongs to the last message, if it is missing."""
        if found.marks == _marks(talk):
            return talk
        if not found.filed and found.marks[0] > talk.feed_seq:
            last = await entries(self._room.store, conversation, found.marks[0] - 1, until=found.marks[0])
            for entry in last:
                if entry.kind is EntryKind.FILE and entry.body:
                    await self._files.put(thread, str(entry.body["file"]))
        talk = replace(talk, feed_seq=found.marks[0], margin_seq=found.marks[1])
        await self._room.kept.keep_talk(conversation.id, talk)
        return talk


def find(marks: Marks, messages: Sequence[Mapping[str, Any]]) -> Found:
    """Follow our own messages of a thread, oldest first, from the marks kept to where they really are. Pure."""
    parts, filed = 0, True
    for message in messages:
        about = about_of(message)
        if (about.get("after_seq"), about.get("after_margin")) == marks:
            now = (int(about["seq"]), int(about["margin"]))
            parts = parts + 1 if now == marks else 0
            filed = now == marks
            marks = now
        elif message.get("files"):
            filed = True
    return Found(marks, parts, filed)


async def entries(store: Store, conversation: Conversation, after: int, until: int | None = None) -> list[Entry]:
    """The conversation's own part of its feed, from after one place until another, however long it is."""
    found: list[Entry] = []
    after = max(after, conversation.first_seq - 1)
    while page := await store.feed(conversation.pseudonym, after=after, limit=_PAGE):
        found += [each for each in page if each.conversation == conversation.id]
        after = page[-1].seq
        if len(page) < _PAGE or (until is not None and after >= until):
            break
    return found if until is None else [each for each in found if each.seq <= until]


def _marks(talk: Talk) -> Marks:
    return talk.feed_seq, talk.margin_seq


def _about(before: Marks, after: Marks) -> dict[str, int]:
    return {"after_seq": before[0], "after_margin": before[1], "seq": after[0], "margin": after[1]}
