"""Finding a message that somebody marked, with the turns before it that the screen saw."""

from __future__ import annotations

from dataclasses import replace

from handoff.core.entries import Entry, EntryKind, Speaker
from handoff.core.events import MessageFlagged
from handoff.core.moves.crisis import KEPT_TURNS
from handoff.ports import Store

_WORDS = (EntryKind.TEXT, EntryKind.EDIT, EntryKind.FILE)
_LOOKED_BACK = 60
"""Entries of the feed among which the turns before are looked for."""


async def with_words(store: Store, flagged: MessageFlagged) -> MessageFlagged:
    """The same event with the seeker's words, from the feed alone; without any when there is no such message.

    What is the seeker's alone, such as their safety plan, is never found.
    """
    conversation = await store.conversation(flagged.conversation)
    if conversation is None:
        return replace(flagged, words="", context=())
    after = max(conversation.first_seq - 1, flagged.seq - _LOOKED_BACK)
    feed = await store.feed(conversation.pseudonym, after, _LOOKED_BACK)
    said = [each for each in feed if each.seq <= flagged.seq and _counts(each, conversation.id)]
    if not said or said[-1].seq != flagged.seq:
        return replace(flagged, words="", context=())
    before = tuple(each.text for each in said[:-1])
    return replace(flagged, words=said[-1].text, context=before[-KEPT_TURNS:])


def _counts(entry: Entry, conversation: str) -> bool:
    theirs = entry.speaker is Speaker.SEEKER and entry.conversation == conversation
    return theirs and bool(entry.text) and not entry.private and entry.kind in _WORDS
