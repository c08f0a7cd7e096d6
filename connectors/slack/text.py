"""The bricks of Block Kit, each within Slack's limits whatever is put in. Pure.

What a person typed only ever stands in `plain_text` objects and rich text's `text` elements: Slack shows those as they
are, without formatting, links, mentions or emoji names. `mrkdwn` is for our own words, for dates, which need it.

Limits: 3,000 characters of a section or a text object in general, 150 of a header, 75 of a button or an option, 24 of
a modal's title, 2,000 of a value; 50 blocks of a message, 100 of a view (docs.slack.dev, Block Kit reference). Over all
blocks of a message Slack refuses about 13,200 characters of JSON (slackapi/bolt-js#2509): we stay below 12,000 bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from handoff.core.draft import SHORT

Json = dict[str, Any]
Message = dict[str, Any]
"""{"text": what notifications show, "blocks": [...]}, for chat.postMessage and chat.update."""
View = dict[str, Any]
"""A modal or a home tab, for views.open, views.update and views.publish."""

TEXT_LIMIT = 3000
HEADER_LIMIT = 150
BUTTON_LIMIT = 75
OPTION_LIMIT = 75
TITLE_LIMIT = 24
CONFIRM_TITLE_LIMIT = 100
CONFIRM_TEXT_LIMIT = 300
LABEL_LIMIT = 2000
VALUE_LIMIT = 2000
OPTIONS_LIMIT = 100
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
BLOCKS_BYTES = 12_000

QUIET = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}
"""Arguments of every chat.postMessage: nothing in a text becomes a mention, a link or a preview."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DOTS = "…"


def short(pseudonym: str) -> str:
    """The seeker's name on desks: the pseudonym's first letters."""
    return pseudonym[:SHORT] or "?"


def escape(text: str) -> str:
    """The three characters that mean something in `mrkdwn` and in a message's `text`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clean(text: str) -> str:
    """Without what is no text: control characters and halves of characters. Line ends become one kind."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, with dots where something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + _DOTS


def brief(text: str, limit: int) -> str:
    """About `limit` characters of the start, fewer where they are heavy (1.5 bytes each at most), without line ends."""
    flat = " ".join(clean(text).split())
    head = flat[: _fitting(flat, limit, limit + limit // 2)]
    return flat if head == flat else head.rstrip() + _DOTS


def shown(text: str, limit: int = TEXT_LIMIT) -> str:
    """Clean, within the limit, and never empty: Slack refuses empty text."""
    return cut(clean(text).strip(), limit) or _DOTS


def plain(text: str, limit: int = TEXT_LIMIT) -> Json:
    """A text object that shows what it is given, letter by letter."""
    return {"type": "plain_text", "text": shown(text, limit), "emoji": False}


def mrkdwn(text: str) -> Json:
    """A text object for our own words and dates. Nothing that anybody typed comes in here."""
    return {"type": "mrkdwn", "text": cut(text, TEXT_LIMIT) or _DOTS, "verbatim": True}


def ago(at: float, fallback: str) -> str:
    """How long ago, as a token that each reader's Slack keeps current by itself; for `mrkdwn`."""
    return f"<!date^{int(at)}^{{ago}}|{escape(fallback)}>"


def clock_time(at: float, fallback: str) -> str:
    """A time of day, in each reader's own zone; for `mrkdwn`."""
    return f"<!date^{int(at)}^{{time}}|{escape(fallback)}>"


# --- blocks -----------------------------------------------------------------------------------------------------------


def header(text: str) -> Json:
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def divider() -> Json:
    return {"type": "divider"}


def section(text: str, accessory: Json | None = None) -> Json:
    """A paragraph as it is given, with a button beside it if any."""
    block = {"type": "section", "text": plain(text)}
    return block if accessory is None else {**block, "accessory": accessory}


def our_section(text: str, accessory: Json | None = None) -> Json:
    """A paragraph of our own words, in `mrkdwn`."""
    block = {"type": "section", "text": mrkdwn(text)}
    return block if accessory is None else {**block, "accessory": accessory}


def small(*texts: str) -> Json:
    """Small grey text, as it is given."""
    return {"type": "context", "elements": [plain(text, VALUE_LIMIT) for text in texts[:10]]}


def our_small(text: str) -> Json:
    """Small grey text of our own words, in `mrkdwn`."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements[:25])}


def run(text: str, *, bold: bool = False, italic: bool = False, strike: bool = False) -> Json:
    """A stretch of rich text, shown letter by letter."""
    style = {name: True for name, on in (("bold", bold), ("italic", italic), ("strike", strike)) if on}
    element = {"type": "text", "text": clean(text) or _DOTS}
    return {**element, "style": style} if style else element


def paragraph(*runs: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(runs)}


def quote(*runs: Json) -> Json:
    return {"type": "rich_text_quote", "elements": list(runs)}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


# --- elements ---------------------------------------------------------------------------------------------------------


def button(text: str, action: str, value: str = "", style: str = "", confirm: Json | None = None) -> Json:
    """`style`: `primary`, `danger` or none."""
    element: Json = {"type": "button", "text": plain(text, BUTTON_LIMIT), "action_id": str(action)}
    if value:
        element["value"] = value[:VALUE_LIMIT]
    if style:
        element["style"] = style
    return element if confirm is None else {**element, "confirm": confirm}


def link_button(text: str, action: str, url: str) -> Json:
    return {**button(text, action), "url": url[:TEXT_LIMIT]}


def confirm(title: str, text: str, yes: str, no: str) -> Json:
    """The question Slack asks before a button does what it does."""
    return {
        "title": plain(title, CONFIRM_TITLE_LIMIT),
        "text": plain(text, CONFIRM_TEXT_LIMIT),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def option(text: str, value: str, description: str = "") -> Json:
    made = {"text": plain(text, OPTION_LIMIT), "value": value[:150]}
    return {**made, "description": plain(description, OPTION_LIMIT)} if description else made


# --- whole messages ---------------------------------------------------------------------------------------------------


def message(notification: str, blocks: Sequence[Json]) -> Message:
    """`notification` is what is shown outside of Slack's window: our own sentence, never what anybody wrote."""
    return {"text": cut(escape(clean(notification)), TEXT_LIMIT) or _DOTS, "blocks": list(blocks[:MESSAGE_BLOCKS])}


def weight(blocks: object) -> int:
    """Bytes of what Slack counts."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def pieces(text: str, limit: int = 2800, heavy: int = 5600) -> list[str]:
    """The text in parts of at most `limit` characters and `heavy` bytes of JSON, cut at line or sentence ends or
    between words where it can be. Joined with nothing between them they are the clean text again.
    """
    rest, parts = clean(text), []
    while rest:
        size = _cut_at(rest, _fitting(rest, limit, heavy))
        parts.append(rest[:size])
        rest = rest[size:]
    return parts


def _fitting(text: str, limit: int, heavy: int) -> int:
    """How many characters of the start keep both limits; at least one."""
    size = min(len(text), limit)
    while size > 1 and weight(text[:size]) > heavy:
        size = max(1, size // 2)
    return size


def _cut_at(text: str, size: int) -> int:
    if size >= len(text):
        return size
    head = text[:size]
    for mark in ("\n", ". ", "? ", "! ", " "):
        place = head.rfind(mark)
        if place >= size // 2:
            return place + len(mark)
    return size


def spread(notification: str, blocks: Iterable[Json]) -> list[Message]:
    """As many messages as the blocks need, in their order, each within Slack's limits."""
    messages: list[list[Json]] = [[]]
    for block in blocks:
        together = [*messages[-1], block]
        if messages[-1] and (len(together) > MESSAGE_BLOCKS or weight(together) > BLOCKS_BYTES):
            messages.append([block])
        else:
            messages[-1] = together
    return [message(notification, each) for each in messages if each]
