"""What modals are built from: the frame, inputs and lists of choices. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from connectors.slack import text as t
from connectors.slack.names import Action, Block, Modal, Where
from connectors.slack.text import Json, View
from connectors.slack.words import Words

WHY_LIMIT = 500
"""Characters of a reason, as in the console."""
WORDS_LIMIT = 3000
"""What one field of a modal can take; Slack's own limit."""
NAME_LIMIT = 60


def modal(
    words: Words, kind: Modal, where: Where, blocks: Sequence[Json], *, title: str = "title", go: str = "go"
) -> View:
    """A modal whose sentences stand in the wording's section of its own name. `go` empty: nothing to submit."""
    view: View = {
        "type": "modal",
        "callback_id": kind.value,
        "private_metadata": where.pack(),
        "title": t.plain(words.say(kind.value, title), t.TITLE_LIMIT),
        "close": t.plain(words.say("modal", "cancel" if go else "done"), t.TITLE_LIMIT),
        "blocks": list(blocks[: t.VIEW_BLOCKS]),
    }
    if go:
        view["submit"] = t.plain(words.say(kind.value, go), t.TITLE_LIMIT)
    return view


def field(block: Block, label: str, element: Json, *, optional: bool = False, suffix: str = "") -> Json:
    """One input with its label; what is filled in is read by its block id."""
    return {
        "type": "input",
        "block_id": f"{block.value}:{suffix}" if suffix else block.value,
        "optional": optional,
        "label": t.plain(label, t.LABEL_LIMIT),
        "element": element,
    }


def lines(*, most: int, first: str = "", rows: bool = True, focus: bool = False) -> Json:
    """A field to write in, at most `most` characters."""
    element: Json = {
        "type": "plain_text_input",
        "action_id": Action.FIELD.value,
        "multiline": rows,
        "max_length": min(most, WORDS_LIMIT),
    }
    if focus:
        element["focus_on_load"] = True
    return {**element, "initial_value": t.clean(first)[:most]} if first else element


def choice(options: Sequence[Json], placeholder: str, *, chosen: str = "") -> Json:
    """Choose one of a list."""
    kept = list(options[: t.OPTIONS_LIMIT])
    element = {
        "type": "static_select",
        "action_id": Action.FIELD.value,
        "placeholder": t.plain(placeholder, 150),
        "options": kept,
    }
    first = [each for each in kept if each["value"] == chosen]
    return {**element, "initial_option": first[0]} if first else element


def choices(options: Sequence[Json], placeholder: str, chosen: Iterable[str] = ()) -> Json:
    """Choose any number of a list."""
    kept, wanted = list(options[: t.OPTIONS_LIMIT]), set(chosen)
    element = {
        "type": "multi_static_select",
        "action_id": Action.FIELD.value,
        "placeholder": t.plain(placeholder, 150),
        "options": kept,
    }
    first = [each for each in kept if each["value"] in wanted]
    return {**element, "initial_options": first} if first else element


def tick(label: str, value: str, *, on: bool = False) -> Json:
    """One box to tick."""
    box = t.option(label, value)
    element = {"type": "checkboxes", "action_id": Action.FIELD.value, "options": [box]}
    return {**element, "initial_options": [box]} if on else element


def options_of(section: Mapping[str, str]) -> list[Json]:
    """A section of the wording as a list of choices."""
    return [t.option(said, code) for code, said in section.items()]
