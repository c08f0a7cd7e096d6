"""Who somebody in Slack is on this line's roster, and that they are here."""

from __future__ import annotations

from connectors.slack.room import Room
from handoff.core.events import PresenceRenewed
from handoff.core.supporter import Presence, Supporter

_RENEW_BELOW = 0.75


class People:
    """Supporters by who they are in Slack. Every method may raise `StoreDown`."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def known(self, team: str, user: str) -> Supporter | None:
        """The supporter, unless nobody of ours, or removed."""
        wanted = f"{team}/{user}"
        return next((each for each in await self._room.store.supporters() if each.slack == wanted), None)

    async def renew(self, supporter: Supporter, event_id: str) -> None:
        """Whatever they do here shows that they are here; said again once a quarter of the lease is used."""
        seconds = self._room.policy.slack_presence_seconds
        left = supporter.present_until - self._room.front.clock()
        if supporter.presence is Presence.AWAY or left > seconds * _RENEW_BELOW:
            return
        await self._room.front.handle(
            PresenceRenewed(id=f"{event_id}:here", supporter=supporter.id, desk="slack", seconds=seconds)
        )
