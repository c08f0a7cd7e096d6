"""Rasa's memory of a conversation, on Redis: encrypted, expiring, and the same size on the 200th turn as on the second.

Key: `{<line>}:tracker:<conversation>` — Fernet token of a JSON list of events: the slots and the active form as they
were before the kept turns, then the last `KEPT_TURNS` turns. Expires WARMLINE_TRACKER_SECONDS after the last turn.
The service deletes it with everything else of somebody who asked for that, and leaves a key
`{<line>}:forgotten:<conversation>` behind: a turn that was under way meanwhile keeps nothing.

Stock Rasa keeps every event in clear and replays all of them on each turn.
"""

from __future__ import annotations

import json
import logging
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.tracker_redis import FAILURES, keeper

logger = logging.getLogger(__name__)

KEPT_TURNS = 4
"""More than the policies look back (three steps), few enough to stay cheap."""

DAY = 86400

_KEEP = """
if redis.call('EXISTS', KEYS[2]) == 1 then return redis.call('DEL', KEYS[1]) end
return redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
"""


class TrackerStoreDown(RasaException):
    """Redis did not answer; the turn was not taken and can be sent again."""


@dataclass(frozen=True)
class TrackerSettings:
    """What the store is told by its environment. `keys` are Fernet keys, newest first."""

    url: str = field(repr=False)
    keys: tuple[str, ...] = field(repr=False)
    line: str
    seconds: int

    @classmethod
    def from_environment(cls) -> TrackerSettings:
        keys = tuple(key for key in re.split(r"[,\s]+", _given_keys()) if key)
        if not keys:
            raise RasaException(
                "WARMLINE_KEYS is not set, and WARMLINE_KEYS_FILE names no file with keys. "
                "Give one or more Fernet keys, comma-separated, newest first."
            )
        return cls(
            url=os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0",
            keys=keys,
            line=os.environ.get("WARMLINE_LINE") or "main",
            seconds=int(os.environ.get("WARMLINE_TRACKER_SECONDS") or DAY),
        )


def _given_keys() -> str:
    """From WARMLINE_KEYS, or from the file that WARMLINE_KEYS_FILE names. Raises `RasaException`."""
    file = os.environ.get("WARMLINE_KEYS_FILE") or ""
    if not file:
        return os.environ.get("WARMLINE_KEYS") or ""
    if os.environ.get("WARMLINE_KEYS"):
        raise RasaException("WARMLINE_KEYS and WARMLINE_KEYS_FILE are both set, and could disagree. Give one of them.")
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise RasaException(
            f"WARMLINE_KEYS_FILE names {file!r}, which can't be read ({error.strerror}). "
            "Give a file that the bot may read."
        ) from None


class SealedTrackerStore(TrackerStore):
    """Named in endpoints.yml as `bot.tracker_store.SealedTrackerStore`."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        settings: TrackerSettings | None = None,
        **_: Any,
    ) -> None:
        self._settings = settings or TrackerSettings.from_environment()
        self._seal = MultiFernet([Fernet(key) for key in self._settings.keys])
        self._redis = keeper(self._settings.url)
        super().__init__(domain, event_broker)

    def key(self, conversation: str) -> str:
        return f"{{{self._settings.line}}}:tracker:{conversation}"

    def forgotten_key(self, conversation: str) -> str:
        return f"{{{self._settings.line}}}:forgotten:{conversation}"

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker's short form, or nothing at all once the person asked to be forgotten."""
        key = self.key(tracker.sender_id)
        try:
            if tracker.get_slot("forgotten"):
                await self._redis.delete(key)
            else:
                sealed = self._seal.encrypt(json.dumps(short_form(tracker)).encode())
                forgotten = self.forgotten_key(tracker.sender_id)
                await self._redis.eval(_KEEP, 2, key, forgotten, sealed, self._settings.seconds)
        except FAILURES as down:
            raise _down(down) from None

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker in short form; None when there is none, it expired, or no key of ours opens it."""
        try:
            sealed = await self._redis.get(self.key(sender_id))
        except FAILURES as down:
            raise _down(down) from None
        if sealed is None:
            return None
        try:
            kept = json.loads(self._seal.decrypt(sealed))
        except InvalidToken:
            logger.warning("A tracker could not be opened with any key in WARMLINE_KEYS; the bot starts afresh.")
            return None
        tracker = self.init_tracker(sender_id)
        tracker.update_with_events(deserialise_events(kept), self.domain)
        return tracker

    async def keys(self) -> list[str]:
        """The keys of all conversations that are remembered now."""
        return [key.decode() async for key in self._redis.scan_iter(match=self.key("*").replace("{", "\\{"))]


def without_stand_in(store: TrackerStore) -> None:
    """Let a failure of ours end the turn: Rasa wraps each store and would go on with an empty one, in memory."""
    if isinstance(store, FailSafeTrackerStore):
        store._on_tracker_store_error = _end_the_turn


def _end_the_turn(error: Exception) -> None:
    raise error


def short_form(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """What happened before the kept turns as slots and active form, then the kept turns without what the bot said.

    No policy reads what the bot said, and the transcript is the service's to keep.
    """
    events = list(tracker.events)
    cut = _start_of_kept_turns(events)
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], slots=list(tracker.slots.values()))
    kept = [event for event in events[cut:] if not isinstance(event, BotUttered)]
    return [_lean(event) for event in [*_as_it_stood(before), *kept]]


def _start_of_kept_turns(events: list[Event]) -> int:
    turns = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= KEPT_TURNS:
        return 0
    first = turns[-KEPT_TURNS]
    listens = [
        place
        for place, event in enumerate(events[:first])
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
    ]
    return listens[-1] if listens else first


def _as_it_stood(before: DialogueStateTracker) -> list[Event]:
    slots: list[Event] = [
        SlotSet(name, slot.value) for name, slot in before.slots.items() if slot.value != slot.initial_value
    ]
    loop = before.active_loop_name
    return slots + ([ActiveLoop(loop)] if loop else [])


def _lean(event: Event) -> dict[str, Any]:
    """Without the classifier's rankings, which no policy reads and which are ten times the words."""
    kept: dict[str, Any] = event.as_dict()
    if isinstance(event, UserUttered):
        kept["parse_data"] = {
            "intent": event.intent, "entities": event.entities, "text": event.text, "message_id": event.message_id
        }  # fmt: skip
    return kept


def _down(error: Exception) -> TrackerStoreDown:
    kind = type(error).__name__
    return TrackerStoreDown(
        f"Redis does not answer ({kind}), so this turn was not taken. Check REDIS_URL and send it again."
    )
