"""Blocks as people use them: the words they show, the button to click, the input to fill in."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def moment() -> str:
    """Now, as Slack writes moments."""
    return f"{time.time():.6f}"


def words_of(message: Mapping[str, Any]) -> str:
    """Everything a message shows: its text and every text in its blocks."""
    return "\n".join(_texts({"text": message.get("text", ""), "blocks": message.get("blocks") or []}))


def _texts(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return own + [text for key, each in part.items() if key != "text" or not own for text in _texts(each)]
    return [text for each in part for text in _texts(each)] if isinstance(part, list) else []


def element_in(blocks: list[Json], action: str) -> Json:
    """The button, menu or the like with this `action_id`."""
    for block in blocks:
        elements = [*(block.get("elements") or ()), *([block["accessory"]] if block.get("accessory") else [])]
        for element in elements:
            if element.get("action_id") == action:
                return {**element, "block_id": block.get("block_id", "b")}
    raise AssertionError(f"no {action} among {json.dumps(blocks)[:600]}")


def input_in(view: Json, action: str) -> tuple[str, Json]:
    """(block_id, element) of a modal's input or menu with this `action_id`."""
    for block in view["blocks"]:
        element = block.get("element") or block.get("accessory") or {}
        if element.get("action_id") == action:
            return block["block_id"], element
    raise AssertionError(f"no {action} in {view['callback_id']}")


def action_of(element: Json, **more: Any) -> Json:
    """An element as it stands in `actions` once somebody used it."""
    kept: Json = {key: element[key] for key in ("action_id", "block_id", "value", "type") if key in element}
    return {**kept, "action_ts": moment(), **more}


def filled_in(element: Json, given: Any) -> Json:
    """An input's part of `state.values`; None: as it was shown."""
    kind = element["type"]
    if given is None:
        shown = element.get("initial_option") or element.get("initial_value")
        given = shown.get("value") if isinstance(shown, dict) else shown
        if element.get("initial_options") is not None:
            given = [each["value"] for each in element["initial_options"]]
    if kind in ("static_select", "radio_buttons"):
        return {"type": kind, "selected_option": {"value": given} if given else None}
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": [{"value": each} for each in given or ()]}
    if kind == "users_select":
        return {"type": kind, "selected_user": given}
    return {"type": kind, "value": given}
