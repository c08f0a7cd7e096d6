"""The connector: what comes from Slack, what goes there, and what time alone brings about, as one platform."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from fastapi import APIRouter

from connectors.slack.board import Board
from connectors.slack.calls import Calls
from connectors.slack.home_page import HomePages
from connectors.slack.inbound import Inbound
from connectors.slack.kept import Kept
from connectors.slack.options import SlackOptions
from connectors.slack.queue_cards import QueueCards
from connectors.slack.room import Room
from connectors.slack.threads import Threads
from connectors.slack.ticker import Ticker
from connectors.slack.ticks import Ticks
from handoff.carrying import Route
from handoff.ports import DeliveryFailed, Front, Shelf, Store

_log = logging.getLogger(__name__)

_LOOK_EVERY = 60.0
_FAREWELL = 2.0
_PILE = 50
"""Pokes of one lane taken at a time: however many there are, the thread or card is drawn once."""


class Slack:
    """One line's desk in one workspace. Supporters alone; seekers never meet it."""

    name = "slack"

    def __init__(self, front: Front, store: Store, shelf: Shelf, options: SlackOptions) -> None:
        self._calls = Calls(options.bot_token, options.api)
        kept = Kept(store, options.policy.retention_seconds)
        self.room = Room(store, front, self._calls, kept, options)
        self._shelf = shelf
        self._ticker = Ticker(self.room)
        self._inbound = Inbound(front, store, shelf, options, self._calls, self.room)

    def routes(self) -> Sequence[Route]:
        """What was written here, and everything that is shown here."""
        return (*self._inbound.routes(), *outbound(self.room, self._shelf))

    def router(self) -> APIRouter:
        """Where Slack sends events, clicks and commands when it does so over HTTP."""
        return self._inbound.router()

    def health(self) -> str:
        """ok, unreachable, unauthorized, revoked, missing_scope, or the channel of ours that can't be posted in."""
        troubled = sorted(self.room.troubled)
        return troubled[0] if troubled and self._calls.health == "ok" else self._calls.health

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._inbound.run())
            group.create_task(self._ticker.run())
            group.create_task(self._look_after_the_token())

    async def close(self) -> None:
        """Let go of the socket; a farewell that Slack does not answer is not waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                await self._inbound.close()

    async def _look_after_the_token(self) -> None:
        """Whether Slack still knows us shows in the health, also on a quiet day."""
        while True:
            try:
                await self._calls.call("auth.test")
            except DeliveryFailed as failed:
                _log.info("slack_not_well", extra={"reason": str(failed)})
            await asyncio.sleep(_LOOK_EVERY)


def outbound(room: Room, shelf: Shelf) -> tuple[Route, ...]:
    """The lanes of everything that is shown in Slack, each with who carries it."""
    return (
        Route("thread", Threads(room, shelf).carry, most=_PILE),
        Route("card", QueueCards(room).carry, most=_PILE),
        Route("leads", Board(room).carry, at_once=1, most=_PILE),
        Route("home", HomePages(room).carry, at_once=4, most=_PILE),
        Route("tick", Ticks(room).carry, most=_PILE),
    )
