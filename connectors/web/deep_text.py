"""Entries as plain text, and answers to numbered options, for widgets that show text and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from handoff.core.entries import Button, Entry, EntryKind, Speaker

_CHANGES = frozenset({EntryKind.EDIT, EntryKind.UNSAID})


def as_text(entry: Entry, texts: Mapping[str, str]) -> str:
    """Everything one entry says, its options numbered below. `texts`: what stands for a file, and for a change."""
    parts = [*_told(entry, texts), _options(entry.buttons)]
    return "\n\n".join(part for part in parts if part)


def chosen(text: str, buttons: Sequence[Button]) -> Button | None:
    """The option that a person means by its number or its title; None where they wrote something of their own."""
    said = text.strip().rstrip(".").casefold()
    if said.isascii() and said.isdigit() and 1 <= int(said) <= len(buttons):
        return buttons[int(said) - 1]
    return next((button for button in buttons if button.title.strip().casefold() == said), None)


def open_options(entries: Iterable[Entry]) -> tuple[Button, ...]:
    """The options that still stand at the end of these entries: whatever the person says ends the ones before."""
    options: tuple[Button, ...] = ()
    for entry in entries:
        if entry.speaker is Speaker.SEEKER:
            options = ()
        elif entry.buttons:
            options = entry.buttons
    return options


def parts(text: str, limit: int) -> list[str]:
    """A long text in pieces of at most `limit` characters, cut at a line's or a word's end where there is one."""
    pieces, rest = [], text
    while len(rest) > limit:
        cut = max(rest.rfind("\n", 1, limit), rest.rfind(" ", 1, limit))
        cut = cut if cut > limit // 2 else limit
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return [*pieces, rest]


def _told(entry: Entry, texts: Mapping[str, str]) -> list[str]:
    body = entry.body or {}
    if entry.kind is EntryKind.RESOURCE:
        steps = [step["text"] for step in body.get("steps") or ()]
        return [entry.text, body.get("title", ""), body.get("summary", ""), "\n".join(steps), *(body.get("body") or ())]
    name = f"{entry.name}: " if entry.speaker is Speaker.SUPPORTER and entry.name else ""
    if entry.kind is EntryKind.FILE:
        return [name + texts[f"file_{body['kind']}"], entry.text]
    if entry.kind in _CHANGES:
        return [name + texts[entry.kind.value], entry.text]
    return [name + entry.text]


def _options(buttons: Sequence[Button]) -> str:
    return "\n".join(f"{count}. {button.title}" for count, button in enumerate(buttons, 1))
