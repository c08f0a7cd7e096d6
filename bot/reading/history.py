"""What the events of the last turns tell, as Rasa hands them to actions: oldest first, each a dictionary. Pure."""

from __future__ import annotations

from typing import Any


def asked_before(events: list[dict[str, Any]], *, turns_ago: int) -> str | None:
    """What an action asked so many turns ago, by the `asked` slot events of just that turn."""
    seen = 0
    for event in reversed(events):
        if event.get("event") == "user":
            seen += 1
        elif seen > turns_ago:
            return None
        elif seen == turns_ago and event.get("event") == "slot" and event.get("name") == "asked":
            value = event.get("value")
            return value if isinstance(value, str) else None
    return None


def misses_in_a_row(events: list[dict[str, Any]]) -> int:
    """Turns in a row, before the latest message, in which `action_fallback` ran."""
    turns: list[bool] = [False]
    for event in reversed(events):
        if event.get("event") == "user":
            turns.append(False)
        elif event.get("event") == "action" and event.get("name") == "action_fallback":
            turns[-1] = True
    before = turns[1:]
    return next((place for place, missed in enumerate(before) if not missed), len(before))


def answered_since_last_message(events: list[dict[str, Any]]) -> bool:
    """Whether an action other than a form has run since the latest message came."""
    last = max((place for place, event in enumerate(events) if event.get("event") == "user"), default=0)
    names = [event.get("name") for event in events[last:] if event.get("event") == "action"]
    return any(name and not name.endswith("_form") for name in names)
