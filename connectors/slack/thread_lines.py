"""How one entry is said in a thread: who, what, and what is left out. Pure; everybody's words are rich text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connectors.slack import text as t
from connectors.slack.text import Json
from connectors.slack.words import Words
from handoff.core.conversation import Conversation
from handoff.core.entries import Entry, EntryKind, Speaker
from handoff.core.sharing import is_withheld

_QUOTED = 140
"""Characters of a message that is answered or changed."""
_HEAD = 1000
"""Characters of the bold line above somebody's words."""
SENT_ELSEWHERE = "slack:click:"
"""How `refers` begins for what was sent from a modal, which the thread does not show by itself."""


def in_thread_already(line: Entry) -> bool:
    """Whether the supporter wrote it in the thread themselves, where it stands."""
    by_hand = line.refers.startswith("slack:") and not line.refers.startswith(SENT_ELSEWHERE)
    return line.speaker is Speaker.SUPPORTER and by_hand


def speaker(words: Words, line: Entry, conversation: Conversation) -> str:
    """Who said it, as the thread's supporter sees them."""
    if line.speaker is Speaker.SEEKER:
        return t.short(conversation.pseudonym)
    if line.speaker is Speaker.BOT:
        return words.say("said", "bot")
    if line.speaker is Speaker.SYSTEM:
        return words.say("said", "system")
    if line.name != conversation.supporter_name:
        return line.name or words.say("thread", "somebody")
    return words.say("said", "you" if line.refers.startswith("slack:") else "you_console")


def said(words: Words, line: Entry, conversation: Conversation, earlier: Sequence[Entry] = ()) -> list[Json]:
    """The blocks of one entry, in order; a long one takes several."""
    who = speaker(words, line, conversation)
    fixed = _fixed(words, line, who)
    if fixed is not None:
        return [t.small(fixed)]
    if line.speaker is Speaker.SYSTEM:
        text = line.text.strip() or words.say("said", "nothing")
        return [t.small(piece) for piece in t.pieces(f"{who}: {text}", 1900)]
    heads = {
        EntryKind.EDIT: words.say("said", "edited", who=who),
        EntryKind.FILE: file_line(words, line, who),
        EntryKind.NOTE: words.say("said", "note", who=who),
    }
    return spoken(words, heads.get(line.kind, who), line.text, quotes=quoted(words, line, earlier))


def spoken(words: Words, head: str, text: str, *, quotes: Sequence[Json] = ()) -> list[Json]:
    """A bold head, what it answers if anything, then somebody's own words."""
    parts = t.pieces(text) or [""]
    head = t.cut(head, _HEAD)
    first = [t.paragraph(t.run(head, bold=True)), *quotes]
    if parts[0].strip():
        first.append(t.paragraph(t.run(parts[0])))
    again = words.say("said", "continued", who=head)
    later = [t.rich(t.paragraph(t.run(again, bold=True)), t.paragraph(t.run(part))) for part in parts[1:]]
    return [t.rich(*first), *later]


def file_line(words: Words, line: Entry, who: str) -> str:
    """Which kind of file came, and how long it plays."""
    body = line.body or {}
    kind = body.get("kind")
    known = words.known("said", str(kind)) if kind in ("voice", "image", "document") else None
    sentence = words.say("said", str(kind) if known else "file", who=who)
    seconds = body.get("seconds")
    return f"{sentence} ({words.say('said', 'file_seconds', count=seconds)})" if seconds else sentence


def in_short(words: Words, line: Entry, conversation: Conversation, limit: int) -> str:
    """What an entry says, on one line of at most `limit` characters."""
    fixed = _fixed(words, line, speaker(words, line, conversation))
    if fixed is not None:
        return t.brief(fixed, limit)
    text = line.text
    if line.kind is EntryKind.FILE:
        text = f"{file_line(words, line, speaker(words, line, conversation))} {text}"
    return t.brief(text, limit) or words.say("said", "nothing")


def told(lines: Iterable[Entry], conversation: Conversation) -> tuple[list[Entry], int]:
    """What may be shown, and how many lines may not."""
    every = list(lines)
    may = [line for line in every if not is_withheld(line, conversation)]
    return may, len(every) - len(may)


def _fixed(words: Words, line: Entry, who: str) -> str | None:
    """Kinds that are said in a sentence of ours."""
    if line.kind is EntryKind.CARD:
        return words.say("said", "card")
    if line.kind is EntryKind.FEEDBACK:
        return words.say("said", "feedback")
    if line.kind is EntryKind.RESOURCE:
        return words.say("said", "resource", who=who, title=(line.body or {}).get("title") or line.text)
    return words.say("said", "unsaid", who=who) if line.kind is EntryKind.UNSAID else None


def quoted(words: Words, line: Entry, earlier: Sequence[Entry]) -> list[Json]:
    """What an answer answers, or what a changed message was before; never what is the seeker's alone."""
    earlier = [each for each in earlier if not each.private]
    if line.answers:
        found = [each for each in earlier if each.seq == line.answers]
        label = words.say("said", "answers")
    elif line.kind is EntryKind.EDIT and line.refers:
        found = [each for each in earlier if each.refers == line.refers and each.speaker is line.speaker]
        found = [each for each in found if each.seq < line.seq][-1:]
        label = words.say("said", "edited_from")
    else:
        return []
    if not found:
        return []
    flat = t.brief(found[0].text, _QUOTED) or words.say("said", "nothing")
    return [t.quote(t.run(f"{label}: ", italic=True), t.run(flat))]
