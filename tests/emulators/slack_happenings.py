"""What happens in and to a Slack workspace apart from what its people do: events, and all that goes wrong."""

from __future__ import annotations

import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from tests.emulators.slack_blocks import moment
from tests.emulators.slack_front import APP, Json, SlackFront

_numbers = itertools.count(1)


class Somebody(Protocol):
    """A member of the workspace."""

    user: str


@dataclass(slots=True)
class Happenings:
    """`api` is where the app finds Slack."""

    front: SlackFront
    api: str
    team: str = ""

    async def deactivates(self, member: Somebody) -> None:
        """An admin takes somebody's account away."""
        self.front.gone.add(member.user)
        user = {"id": member.user, "team_id": self.team, "deleted": True}
        self.event({"type": "user_change", "user": user, "event_ts": moment()})

    def reactivates(self, member: Somebody) -> None:
        """And gives it back, which this app is not told of."""
        self.front.gone.discard(member.user)

    def refuses(self, error: str | None, method: str = "*", **more: Any) -> None:
        """From now on Slack refuses the app's calls, such as with `token_revoked` or `missing_scope`; None: no more."""
        self.front.refusals.pop(method, None)
        if error:
            self.front.refusals[method] = {"error": error, **more}

    async def disconnects(self) -> None:
        """Slack moves the app's connections elsewhere."""
        await self.front.disconnect()

    def loses_acks(self, number: int) -> None:
        """The next so many acknowledgements never arrive; what they were for comes again."""
        self.front.lost_acks = number

    async def redelivers(self, event_id: str) -> None:
        """An event once more that was delivered already; done once it is acknowledged."""
        body = next(each for each in self.front.delivered if each["event_id"] == event_id)
        await self.front.send("events_api", {"api_app_id": APP, "token": "x", **body})

    @asynccontextmanager
    async def reorders(self) -> AsyncIterator[None]:
        """What happens in here is told afterwards, the last first, each once the one before is acknowledged."""
        held: list[Json] = []
        self.front.held = held
        yield
        self.front.held = None
        for body in reversed(held):
            self.front.delivered.append(body)
            await self.front.send("events_api", {"api_app_id": APP, "token": "x", **body})

    def stands_behind(self, address: str | None) -> None:
        """The app finds Slack, its files included, at this address (a proxy's) from now on; None: here again."""
        self.front.shown = address or ""
        self.api = f"{address or self.front.url}/api/"

    def event(self, event: Json, event_id: str = "") -> None:
        """Any event."""
        body = {
            "type": "event_callback", "team_id": self.team, "event": event,
            "event_id": event_id or f"Ev{next(_numbers):08d}", "event_time": int(time.time()),
        }  # fmt: skip
        self.front.tell(body)
