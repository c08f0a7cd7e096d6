"""What the dispatcher tells of an event: in kinds, tiers and seconds."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Sequence

from handoff.core.draft import Scene
from handoff.core.entries import EntryKind
from handoff.core.events import BotMessage, CardConfirmed, Event, SeekerEdited, SeekerWrote
from handoff.core.risk import Assessment
from handoff.ports import Bot, BotDown, BotGarbled, Commit, Reply, Screen, StoreDown
from handoff.watching.port import Watching


async def watched(watching: Watching, event: Event, handling: Awaitable[Reply]) -> Reply:
    """An event's whole way. A crisis card counts from here: the words have come in."""
    kind, began = type(event).__name__, time.perf_counter()
    with watching.doing("event", kind):
        try:
            reply = await handling
        except StoreDown:
            watching.counted("event", kind, "store_down")
            raise
        watching.counted("event", kind, _outcome(reply))
        if any(entry.kind is EntryKind.CARD for entry in reply.entries):
            watching.took("card_saved", time.perf_counter() - began)
        return reply


def tell_commit(watching: Watching, event: Event, scene: Scene | None, commit: Commit, now: float) -> None:
    """What one commit that was done says: the tier found, a wait that ended, a card that arrived."""
    if isinstance(event, SeekerWrote | SeekerEdited) and event.assessment is not None:
        watching.counted("risk", event.assessment.tier.name.lower())
    if not commit.conversations:
        return
    after = commit.conversations[-1]
    if commit.waited is not None:
        watching.took("waited", commit.waited, after.tier.name.lower())
    before = scene.conversation if scene else None
    fresh = before is not None and not before.card_confirmed and after.card_confirmed
    if isinstance(event, CardConfirmed) and fresh and after.card_at is not None:
        watching.took("card_confirmed", max(0.0, now - after.card_at))


class WatchedScreen:
    """A screen whose readings are timed."""

    def __init__(self, screen: Screen, watching: Watching) -> None:
        self._screen, self._watching = screen, watching

    def read(self, text: str, context: Sequence[str] = (), language: str | None = None) -> Assessment:
        with self._watching.doing("screen"):
            return self._screen.read(text, context, language)


class WatchedBot:
    """A bot whose turns are timed and counted by outcome: ok, silent, down, garbled."""

    def __init__(self, bot: Bot, watching: Watching) -> None:
        self._bot, self._watching = bot, watching

    async def ask(
        self, conversation: str, text: str, context: dict[str, object], timeout: float
    ) -> tuple[BotMessage, ...]:
        """Raises what the bot raises."""
        with self._watching.doing("turn"):
            try:
                messages = await self._bot.ask(conversation, text, context, timeout)
            except (BotDown, BotGarbled) as failed:
                self._watching.counted("turn", "", type(failed).__name__.removeprefix("Bot").lower())
                raise
            self._watching.counted("turn", "", "ok")
            return messages

    async def healthy(self) -> bool:
        return await self._bot.healthy()


def _outcome(reply: Reply) -> str:
    return "duplicate" if reply.duplicate else "refused" if reply.refused else "done"
