"""Home tabs: one's own conversations, presence and what needs one; for leads the whole line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from connectors.slack.home import home
from connectors.slack.home_scene import Held, HomeScene
from connectors.slack.room import Room, face, failed_to_carry, user_of
from handoff.carrying import Carried
from handoff.core.supporter import Supporter
from handoff.ports import DeliveryFailed, LaneHold, RecordsDown

_AT_MOST_EVERY = 5.0
_PLACES = 100


class HomePages:
    """Carries home lanes."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def carry(self, hold: LaneHold) -> Carried:
        """Raises `StoreDown`."""
        supporter = await self._room.store.supporter(hold.parcels[0].lane.partition(":")[2])
        if supporter is None or supporter.removed or not supporter.slack:
            return Carried(settled=len(hold.parcels))
        if not await self._room.kept.once(f"home:{supporter.id}", _AT_MOST_EVERY):
            return Carried(retry=_AT_MOST_EVERY, told=True)
        try:
            await self._publish(supporter)
        except DeliveryFailed as failed:
            return await self._failed(hold, supporter, failed)
        return Carried(settled=len(hold.parcels))

    async def _failed(self, hold: LaneHold, supporter: Supporter, failed: DeliveryFailed) -> Carried:
        """A page that can't be shown is nothing that leads must be told of; it is drawn again with the next change."""
        if failed.gone:
            await self._room.left(supporter.id, hold.parcels[0].id)
        carried = failed_to_carry(hold, failed)
        return Carried(settled=len(hold.parcels)) if carried.give_up else carried

    async def _publish(self, supporter: Supporter) -> None:
        view = home(self._room.words, await self._scene(supporter))
        user, shown = user_of(supporter), face(view)
        if await self._room.kept.home(user) == shown:
            return
        await self._room.calls.call("views.publish", user_id=user, view=view)
        await self._room.kept.keep_home(user, shown)

    async def _scene(self, me: Supporter) -> HomeScene:
        counts = await self._room.store.counts()
        lead = me.is_lead
        team = await self._room.team()
        return HomeScene(
            me=me,
            now=self._room.now,
            held=[each for one in me.holding if (each := await self._held(team, one)) is not None],
            places=await self._room.store.waiting(_PLACES),
            supporters=await self._room.store.supporters(),
            waiting=counts["waiting"],
            queue_link=link(team, self._room.options.queue_channel),
            alerts=await self._room.store.alerts() if lead else (),
            dead_letters=counts["dead_letters"] if lead else 0,
            console=self._room.options.console if lead else "",
            reports=await self._reports(me) if lead else (),
        )

    async def _reports(self, me: Supporter) -> Sequence[Any]:
        """Those that wait for somebody; none while the records do not answer, which the health tells."""
        book = self._room.options.reports
        try:
            return [each for each in await book.listed(me.id) if each.closed_at is None] if book else ()
        except RecordsDown:
            return ()

    async def _held(self, team: str, conversation: str) -> Held | None:
        known = await self._room.store.conversation(conversation)
        if known is None:
            return None
        talk = await self._room.kept.talk(conversation)
        return Held(known, link(team, talk.open.channel, talk.open.ts) if talk.open else "")


def link(team: str, channel: str, ts: str = "") -> str:
    """An address that opens a channel, or a message in it, in Slack itself."""
    base = f"https://slack.com/app_redirect?team={quote(team)}&channel={quote(channel)}"
    return f"{base}&message_ts={quote(ts)}" if ts else base
