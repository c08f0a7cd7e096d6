"""What is posted into a thread while two people talk: feed and margin, joined, in order, within limits. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.slack import text as t
from connectors.slack import thread_lines
from connectors.slack.text import Json, Message
from connectors.slack.words import Words
from handoff.core.conversation import Conversation
from handoff.core.entries import Entry, EntryKind, Speaker

_TOGETHER = 9_000
"""Bytes of lines joined into one message, well below what one message carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One thing to do in the thread. Once it is done, the thread has the feed up to `feed_seq`, the margin likewise.

    `message` None: nothing to send, only to remember. `file`: an attachment's body, to be uploaded after the message.
    """

    message: Message | None = field(repr=False)
    feed_seq: int
    margin_seq: int
    file: dict[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Line:
    entry: Entry
    in_margin: bool


def posts(
    words: Words,
    conversation: Conversation,
    feed: Sequence[Entry],
    *,
    posted: tuple[int, int],
    margin: Sequence[Entry] = (),
    earlier: Sequence[Entry] = (),
    again: bool = False,
) -> list[Post]:
    """What has to be posted of these new entries, in the order things happened.

    `feed` and `margin` hold what is new after `posted`, the marks of what the thread has (feed, margin); `earlier` what
    is known from before, to quote from. `again`: the first of them may have arrived already and is marked so.
    """
    made: list[Post] = []
    marks = posted
    for run in _runs(feed, margin):
        made += _posts_of(words, conversation, run, [*earlier, *feed], marks)
        marks = (made[-1].feed_seq, made[-1].margin_seq)
    first = next((post for post in made if post.message is not None), None)
    return [_marked(words, post) if again and post is first else post for post in made]


def nudge(words: Words, kind: str, *, pseudonym: str) -> Message:
    """A line that draws the supporter's eye; `kind` as in the core's Nudge."""
    key = kind if words.known("nudge", kind) else "other"
    said = words.say("nudge", key, who=t.short(pseudonym))
    return t.message(words.say("notification", "nudge"), [t.section(said)])


def file_lost(words: Words, why: str) -> Message:
    """Instead of a file that could not be brought into the thread; `why` is a refusal's code or a delivery's."""
    reason = words.known("delivery", why) or words.say("delivery", "other")
    return t.message(words.say("notification", "noticed"), [t.small(words.say("said", "file_gone", why=reason))])


def _runs(feed: Sequence[Entry], margin: Sequence[Entry]) -> list[list[_Line]]:
    """Plain words of the seeker that follow each other stand together, as far as one message carries them."""
    runs: list[list[_Line]] = []
    for line in _in_time(feed, margin):
        if runs and _goes_with(runs[-1], line):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _in_time(feed: Sequence[Entry], margin: Sequence[Entry]) -> Iterator[_Line]:
    """Both in the order of time; each keeps its own order, whatever a clock did."""
    told, noted = list(feed), list(margin)
    while told or noted:
        in_margin = not told or bool(noted and noted[0].at < told[0].at)
        yield _Line((noted if in_margin else told).pop(0), in_margin)


def _goes_with(run: Sequence[_Line], line: _Line) -> bool:
    last = run[-1]
    plain = last.entry.kind is EntryKind.TEXT is line.entry.kind and not line.entry.answers
    both = last.entry.speaker is line.entry.speaker is Speaker.SEEKER
    if last.in_margin or line.in_margin or not plain or not both or last.entry.private is not line.entry.private:
        return False
    return t.weight([*(each.entry.text for each in run), line.entry.text]) <= _TOGETHER


def _posts_of(
    words: Words, conversation: Conversation, run: Sequence[_Line], known: Sequence[Entry], marks: tuple[int, int]
) -> list[Post]:
    """A long entry takes several messages; the marks move with the last of them."""
    first, last = run[0], run[-1]
    after = (marks[0], last.entry.seq) if last.in_margin else (last.entry.seq, marks[1])
    if thread_lines.in_thread_already(first.entry) or first.entry.private:
        return [Post(message=None, feed_seq=after[0], margin_seq=after[1])]
    key = "said" if first.entry.speaker is Speaker.SEEKER else "noticed"
    *parts, end = t.spread(words.say("notification", key), _blocks(words, conversation, run, known))
    file = first.entry.body if first.entry.kind is EntryKind.FILE else None
    made = [Post(message=part, feed_seq=marks[0], margin_seq=marks[1]) for part in parts]
    return [*made, Post(message=end, feed_seq=after[0], margin_seq=after[1], file=file)]


def _blocks(words: Words, conversation: Conversation, run: Sequence[_Line], known: Sequence[Entry]) -> list[Json]:
    first = run[0]
    if first.in_margin:
        return _margin(words, first.entry)
    if len(run) == 1:
        return thread_lines.said(words, first.entry, conversation, known)
    joined = "\n".join(line.entry.text for line in run)
    quotes = thread_lines.quoted(words, first.entry, known)
    return thread_lines.spoken(words, thread_lines.speaker(words, first.entry, conversation), joined, quotes=quotes)


def _margin(words: Words, entry: Entry) -> list[Json]:
    """A note, or what the service noted: for the desk alone."""
    if entry.kind is EntryKind.NOTE:
        return thread_lines.spoken(words, words.say("said", "note", who=entry.name), entry.text)
    head, _, rest = entry.text.partition("\n")
    return thread_lines.spoken(words, head, rest)


def _marked(words: Words, post: Post) -> Post:
    message = post.message or {}
    blocks = [t.small(words.say("said", "again")), *message.get("blocks", ())]
    marked = t.message(str(message.get("text", "")), blocks)
    return Post(message=marked, feed_seq=post.feed_seq, margin_seq=post.margin_seq, file=post.file)
