"""Puts the real tracker store through its paces in Rasa's environment; prints what it saw as one JSON object.

Run by test_tracker_store.py: `tracker_checks.py REDIS_URL`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from cryptography.fernet import Fernet
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered

from bot.tracker_redis import keeper
from bot.tracker_store import SealedTrackerStore, TrackerSettings, TrackerStoreDown

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SECRET_WORDS = "the heron left the pond"


def store(url: str, *keys: str, seconds: int = 500) -> SealedTrackerStore:
    settings = TrackerSettings(url=url, keys=keys, line="checks", seconds=seconds)
    return SealedTrackerStore(Domain.load("bot/domain.yml"), settings=settings)


async def talk(kept: SealedTrackerStore, turns: int) -> list[dict[str, int]]:
    """Size in bytes and events after each turn, the tracker loaded and saved each time as Rasa does."""
    seen = []
    for number in range(turns):
        tracker = await kept.get_or_create_tracker("c1")
        if number == 0:
            tracker.update_with_events(
                [ActiveLoop("intake_form"), SlotSet("name", "Ada"), SlotSet("heaviness", 8)], kept.domain
            )
        intent = {"name": "feelings", "confidence": 0.9}
        ranking = [{"name": f"intent{place}", "confidence": 0.01} for place in range(10)]
        told = {"intent": intent, "intent_ranking": ranking, "entities": [], "text": SECRET_WORDS}
        events = [
            ActionExecuted("action_listen"),
            UserUttered(SECRET_WORDS, intent, [], told, metadata={"phase": "intake"}),
            ActionExecuted("intake_form"),
            SlotSet("requested_slot", "country"),
            SlotSet("offered", [f"r{number:03}"]),
            BotUttered("Which country are you in?"),
        ]
        tracker.update_with_events(events, kept.domain)
        await kept.save(tracker)
        reloaded = await kept.retrieve("c1")
        assert reloaded is not None
        seen.append({"events": len(reloaded.events)})
    return seen


async def check(url: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    door = keeper(url)
    kept = store(url, OLD)
    turns = await talk(kept, 200)
    key = kept.key("c1")
    sealed = await door.get(key)
    assert sealed is not None
    told |= {"key": key, "events": [turns[place]["events"] for place in (9, 99, 199)], "bytes": len(sealed)}
    told["in_clear"] = SECRET_WORDS.encode() in sealed or b'"Ada"' in sealed
    told["expires_in"] = await door.ttl(key)
    told["listed"] = await kept.keys()

    rolled = await store(url, NEW, OLD).retrieve("c1")
    assert rolled is not None
    told["after_200"] = {name: rolled.get_slot(name) for name in ("name", "heaviness", "offered", "requested_slot")}
    told["loop"] = rolled.active_loop_name
    told["last_action"] = rolled.latest_action_name
    told["stranger_key"] = await store(url, Fernet.generate_key().decode()).retrieve("c1") is None

    await door.set(kept.forgotten_key("c1"), "")
    await kept.save(rolled)
    told["after_an_erasure_meanwhile"] = await door.exists(key)
    await door.delete(kept.forgotten_key("c1"))
    await kept.save(rolled)
    told["after_none"] = await door.exists(key)
    rolled.update(SlotSet("forgotten", True), kept.domain)
    await kept.save(rolled)
    told["after_forgetting"] = await door.exists(key)
    await door.aclose() if hasattr(door, "aclose") else await door.close()

    try:
        await store(f"{url.partition('://')[0]}://127.0.0.1:1", OLD).retrieve("c1")
    except TrackerStoreDown as down:
        told["down"] = str(down)
    return told


if __name__ == "__main__":
    print(json.dumps(asyncio.run(check(sys.argv[1]))))
