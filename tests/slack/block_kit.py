"""A small checker of Block Kit: what Slack would refuse. The limits are from docs.slack.dev, Block Kit reference.

`message_faults` and `view_faults` give sentences, none when Slack would take it. They know the blocks and elements that
we use; any other is a fault, so that nothing is used unchecked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_MESSAGE_BYTES = 13_200
"""slackapi/bolt-js#2509: about what all blocks of a message may come to."""
_VIEW_BYTES = 250_000
_TOKEN = re.compile(r"<!date\^\d+\^\{\w+\}\|[^<>|]+>")


def message_faults(message: Json) -> list[str]:
    """Of {"text", "blocks"} for chat.postMessage."""
    found = list(_blocks(message.get("blocks", []), 50, modal=False))
    if not message.get("text"):
        found.append("a message needs a text for notifications")
    if len(message.get("text", "")) > 4000:
        found.append("text: more than 4,000 characters are not shown whole")
    if re.search(r"[<>]", message.get("text", "")):
        found.append("text: < or > are not escaped")
    if _bytes(message.get("blocks")) > _MESSAGE_BYTES:
        found.append("msg_blocks_too_long")
    return found


def view_faults(view: Json) -> list[str]:
    """Of a modal or a home tab."""
    found = list(_blocks(view.get("blocks", []), 100, modal=view["type"] == "modal"))
    if _bytes(view) > _VIEW_BYTES:
        found.append("view_too_large")
    if view["type"] == "home":
        return found
    for part in ("title", "submit", "close"):
        if part in view:
            found += _text(view[part], part, 24, plain=True)
    if len(view.get("callback_id", "")) > 255 or len(view.get("private_metadata", "")) > 3000:
        found.append("callback_id or private_metadata is too long")
    inputs = any(block["type"] == "input" for block in view["blocks"])
    asks = any(not block.get("dispatch_action") for block in view["blocks"] if block["type"] == "input")
    if inputs and asks and "submit" not in view:
        found.append("a modal with inputs needs a submit")
    return found


def texts(part: object) -> Iterator[str]:
    """Every text somewhere in it, as shown."""
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for value in part.values():
            yield from texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from texts(each)


def _bytes(part: object) -> int:
    return len(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode())


def _blocks(blocks: list[Json], most: int, *, modal: bool) -> Iterator[str]:
    if not 1 <= len(blocks) <= most:
        yield f"{len(blocks)} blocks; 1 to {most}"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "a block_id is used twice"
    actions = [
        element["action_id"] for block in blocks for element in block.get("elements", []) if "action_id" in element
    ]
    if any(len(each) > 255 for each in [*ids, *actions]):
        yield "an id is too long"
    for block in blocks:
        check = _CHECKS.get(block["type"])
        if check is None or (block["type"] == "input" and not modal):
            yield f"{block['type']}: no block for here"
        else:
            yield from check(block)


def _text(part: Json, name: str, most: int, *, plain: bool = False) -> Iterator[str]:
    kinds = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}
    if part.get("type") not in kinds or (plain and part["type"] != "plain_text"):
        yield f"{name}: no text object for here"
        return
    if set(part) - kinds[part["type"]]:
        yield f"{name}: {set(part)} has too much"
    text = part["text"]
    if not 1 <= len(text) <= most:
        yield f"{name}: {len(text)} characters; 1 to {most}"
    if re.search(r"[\ud800-\udfff]", text):
        yield f"{name}: half a character"
    if part["type"] == "mrkdwn" and re.search(r"[<>]", _TOKEN.sub("", text)):
        yield f"{name}: < or > in mrkdwn outside of a date"


def _header(block: Json) -> Iterator[str]:
    yield from _text(block["text"], "header", 150, plain=True)


def _divider(block: Json) -> Iterator[str]:
    if set(block) - {"type", "block_id"}:
        yield "a divider has nothing else"


def _section(block: Json) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "a section needs a text or fields"
    if "text" in block:
        yield from _text(block["text"], "section", 3000)
    fields = block.get("fields", [])
    if len(fields) > 10:
        yield "more than 10 fields"
    for field in fields:
        yield from _text(field, "field", 2000)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _context(block: Json) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 10:
        yield "context: 1 to 10 elements"
    for element in block["elements"]:
        yield from _text(element, "context", 2000)


def _actions(block: Json) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 25:
        yield "actions: 1 to 25 elements"
    ids = [element["action_id"] for element in block["elements"]]
    if len(ids) != len(set(ids)):
        yield "an action_id is used twice in one block"
    for element in block["elements"]:
        yield from _element(element)


def _input(block: Json) -> Iterator[str]:
    yield from _text(block["label"], "label", 2000, plain=True)
    if "hint" in block:
        yield from _text(block["hint"], "hint", 2000, plain=True)
    if not 1 <= len(block["block_id"]) <= 255:
        yield "block_id: 1 to 255"
    yield from _element(block["element"])


def _rich_text(block: Json) -> Iterator[str]:
    if not block["elements"]:
        yield "rich_text: nothing in it"
    for part in block["elements"]:
        if part["type"] == "rich_text_list":
            if part["style"] not in ("bullet", "ordered") or not part["elements"]:
                yield "rich_text_list: no style or nothing in it"
            for each in part["elements"]:
                yield from _rich_part(each)
        else:
            yield from _rich_part(part)


def _rich_part(part: Json) -> Iterator[str]:
    if part["type"] not in ("rich_text_section", "rich_text_quote"):
        yield f"{part['type']}: no part of rich text that we use"
    if not part["elements"]:
        yield f"{part['type']}: nothing in it"
    for element in part["elements"]:
        if element["type"] != "text" or not element["text"] or set(element) - {"type", "text", "style"}:
            yield f"rich text: {element['type']} is not plain letters, or empty"
        if re.search(r"[\ud800-\udfff]", element.get("text", "")):
            yield "rich text: half a character"


_CHECKS = {
    "header": _header,
    "divider": _divider,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich_text,
}


def _element(element: Json) -> Iterator[str]:
    if not 1 <= len(element.get("action_id", "")) <= 255:
        yield "action_id: 1 to 255"
    check = _ELEMENTS.get(element["type"])
    if check is None:
        yield f"{element['type']}: no element that we use"
    else:
        yield from check(element)


def _button(element: Json) -> Iterator[str]:
    yield from _text(element["text"], "button", 75, plain=True)
    if len(element.get("value", "")) > 2000 or len(element.get("url", "")) > 3000:
        yield "button: value or url too long"
    if element.get("style", "primary") not in ("primary", "danger"):
        yield "button: style"
    if "confirm" in element:
        asked = element["confirm"]
        for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            yield from _text(asked[name], f"confirm {name}", most)


def _options(options: list[Json], most: int) -> Iterator[str]:
    if not 1 <= len(options) <= most:
        yield f"{len(options)} options; 1 to {most}"
    values = [option["value"] for option in options]
    if len(values) != len(set(values)):
        yield "two options have one value"
    for option in options:
        yield from _text(option["text"], "option", 75, plain=True)
        if "description" in option:
            yield from _text(option["description"], "description", 75, plain=True)
        if not 1 <= len(option["value"]) <= 150:
            yield "option: value"


def _select(element: Json) -> Iterator[str]:
    yield from _text(element["placeholder"], "placeholder", 150, plain=True)
    groups = element.get("option_groups", [{"options": element.get("options", [])}])
    every = [option for group in groups for option in group["options"]]
    for group in groups:
        yield from _options(group["options"], 100)
        if "label" in group:
            yield from _text(group["label"], "group", 75, plain=True)
    first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    if any(option not in every for option in first):
        yield "an initial option is none of the options"


def _ticks(element: Json) -> Iterator[str]:
    yield from _options(element["options"], 10)


def _plain_input(element: Json) -> Iterator[str]:
    most = element.get("max_length", 3000)
    if not 1 <= most <= 3000 or len(element.get("initial_value", "")) > most:
        yield "plain_text_input: max_length, or a longer initial value"


def _number(element: Json) -> Iterator[str]:
    if not int(element["min_value"]) <= int(element["initial_value"]) <= int(element["max_value"]):
        yield "number_input: outside of its bounds"


def _nothing(_element: Json) -> Iterator[str]:
    yield from ()


_ELEMENTS = {
    "button": _button,
    "static_select": _select,
    "multi_static_select": _select,
    "radio_buttons": _ticks,
    "checkboxes": _ticks,
    "plain_text_input": _plain_input,
    "number_input": _number,
    "users_select": _nothing,
}
