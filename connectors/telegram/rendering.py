"""Entries as Telegram messages. Pure: entries in, texts and keyboards out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.telegram.rich import Rich, bold, joined, plain
from handoff.core.entries import Entry, EntryKind, Speaker

Say = Callable[..., str]
"""`say(key, **values)`: one of our sentences in the seeker's language."""
SHOW = "show"
"""Begins the payload of a button that reveals a neutral message."""
EXPORT = "export"
"""Stands for a file that is made when it is sent: everything that was said."""
COUNTRIES = "countries"
"""The payload of a card's button that asks which country's numbers to show."""
IN_A_ROW = "in_a_row"
"""In the body of an entry of ours: how many buttons stand side by side."""
RATINGS = range(1, 6)
MOODS = range(11)


@dataclass(frozen=True, slots=True)
class Key:
    """One button of an inline keyboard: `payload` comes back when it is tapped."""

    title: str
    payload: str


Rows = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """What one entry becomes: a text with its keyboard, or a file from the shelf with its text."""

    words: Rich
    rows: Rows = ()
    file: str = ""


def letter(entry: Entry, say: Say) -> Letter:
    """The message for an entry. EDIT and UNSAID are no messages of their own where the earlier one can be changed."""
    body = entry.body or {}
    rows = _rows([Key(each.title, each.payload) for each in entry.buttons], int(body.get(IN_A_ROW, 1)))
    if entry.kind is EntryKind.CARD:
        return Letter(card(body, entry.text), (*rows, (Key(say("button_country"), COUNTRIES),)))
    if entry.kind is EntryKind.RESOURCE:
        return Letter(joined([_named(entry, say), resource(body, say)], "\n"), rows)
    if entry.kind is EntryKind.FEEDBACK:
        return Letter(plain(entry.text), _feedback_keys(body, say))
    if entry.kind is EntryKind.FILE:
        return Letter(joined([_named(entry, say), plain(entry.text)], "\n"), rows, file=str(body.get("file", "")))
    if entry.kind is EntryKind.EDIT:
        return Letter(joined([_named(entry, say), plain(say("correction", text=entry.text))], "\n"), rows)
    if entry.kind is EntryKind.UNSAID:
        return Letter(joined([_named(entry, say), plain(say("taken_back"))], "\n"), rows)
    return Letter(joined([_named(entry, say), plain(entry.text)], "\n"), rows)


def card(body: Mapping[str, Any], text: str) -> Rich:
    """A crisis card from its parts, in their order; from its plain text where the parts are unknown."""
    if "headline" not in body:
        return plain(text)
    emergency = joined([plain(str(body.get("emergency_sentence", ""))), _emergency(body)], "\n")
    lines = [_line(each) for each in body.get("lines") or ()]
    if body.get("compact"):
        return joined([bold(str(body["headline"])), *lines, emergency])
    first, later = (emergency, Rich()) if body.get("emergency_first") else (Rich(), emergency)
    return joined(
        [
            bold(str(body["headline"])),
            first,
            *_paragraphs(body, "opening"),
            *_paragraphs(body, "steps"),
            bold(str(body.get("heading", ""))),
            *lines,
            later,
            *_paragraphs(body, "notes"),
            *_paragraphs(body, "closing"),
            plain(str(body.get("question", ""))),
        ]
    )


def resource(body: Mapping[str, Any], say: Say) -> Rich:
    """A resource or exercise: title, how long it takes, what it is, its steps one below the other."""
    minutes = say("minutes", minutes=body["minutes"]) if body.get("minutes") else ""
    steps = [f"{count}. {_step(each, say)}" for count, each in enumerate(body.get("steps") or (), 1)]
    return joined(
        [
            joined([bold(str(body.get("title", ""))), plain(minutes)], "\n"),
            plain(str(body.get("summary", ""))),
            plain("\n".join(steps)),
            *(plain(str(each)) for each in body.get("body") or ()),
        ]
    )


def rating_keys(conversation: str) -> Rows:
    """1 to 5, in one row."""
    return (tuple(Key(str(each), f"feedback:{conversation}:{each}") for each in RATINGS),)


def _feedback_keys(body: Mapping[str, Any], say: Say) -> Rows:
    """One question after the other: how helpful, how they feel, and whether it may be read again."""
    talk, rating = str(body.get("conversation", "")), body.get("rating")
    if body.get("review"):
        return ((Key(say("review_yes"), f"review:{talk}:1"), Key(say("review_no"), f"review:{talk}:0")),)
    return rating_keys(talk) if rating is None else mood_keys(talk, rating)


def _rows(keys: Sequence[Key], side_by_side: int) -> Rows:
    return tuple(tuple(keys[at : at + side_by_side]) for at in range(0, len(keys), side_by_side))


def mood_keys(conversation: str, rating: int) -> Rows:
    """0 to 10, in two rows."""
    keys = [Key(str(each), f"mood:{conversation}:{rating}:{each}") for each in MOODS]
    return (tuple(keys[:6]), tuple(keys[6:]))


def transcript(entries: Sequence[Entry], when: Callable[[float], str], say: Say, *, plan: str = "") -> str:
    """A readable file: the safety plan if there is one, then everything that was said, who and when on top of each."""
    parts = [f"{when(each.at)}  {_who(each, say)}\n{_said(each, say)}" for each in entries]
    kept = [f"{say('export_plan')}\n\n{plan}", "* * *"] if plan else []
    return "\n\n".join([say("export_head"), *kept, *parts, ""])


def _named(entry: Entry, say: Say) -> Rich:
    if entry.speaker is Speaker.SUPPORTER:
        return bold(entry.name)
    return bold(say("you")) if entry.speaker is Speaker.SEEKER else Rich()


def _line(line: Mapping[str, Any]) -> Rich:
    where = line.get("url", "") if line.get("url") and not line.get("dial") else ""
    return joined(
        [bold(str(line["name"])), plain(str(line["how"])), plain(str(line.get("hours", ""))), plain(where)], "\n"
    )


def _emergency(body: Mapping[str, Any]) -> Rich:
    """The sentence names the main number; the others stand below it."""
    others = [each for each in body.get("emergency_others") or () if each.get("number")]
    return joined([plain(f"{each['label']}: ") + bold(str(each["number"])) for each in others], "\n")


def _paragraphs(body: Mapping[str, Any], key: str) -> list[Rich]:
    return [plain(str(each)) for each in body.get(key) or ()]


def _step(step: Mapping[str, Any], say: Say) -> str:
    return f"{step['text']} ({say('seconds', seconds=step['seconds'])})" if step.get("seconds") else str(step["text"])


def _who(entry: Entry, say: Say) -> str:
    if entry.speaker is Speaker.SUPPORTER:
        return entry.name
    return say("you") if entry.speaker is Speaker.SEEKER else say("bot")


def _said(entry: Entry, say: Say) -> str:
    body = entry.body or {}
    if entry.kind is EntryKind.FILE:
        return "\n".join(part for part in (say(f"export_{body.get('kind', 'document')}"), entry.text) if part)
    if entry.kind is EntryKind.RESOURCE:
        return resource(body, say).text
    if entry.kind is EntryKind.EDIT:
        return say("correction", text=entry.text)
    return say("taken_back") if entry.kind is EntryKind.UNSAID else entry.text
