"""The leads' channel: every open alert is shown, grouped, reminded of until somebody looks after it; never a flood."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from connectors.slack import leads
from connectors.slack.kept import LeadPost, Leads, Place
from connectors.slack.room import Room, face, failed_to_carry
from connectors.slack.text import Message
from handoff.carrying import Carried
from handoff.core.effects import Alert
from handoff.ports import DeliveryFailed, LaneHold

_PAUSE = 1.0
"""Slack takes about one message a second in a channel."""
_MOST_OWN = 10
"""Crises with a message of their own at once; more stand together, or the channel says nothing any more."""
_OFTEN = 10
_THEN_EVERY = 600.0
_KIND = "kind:"

Group = tuple[str, tuple[Alert, ...]]
"""(key, alerts): the key is a conversation, or a kind of alert after `kind:`."""


class Board:
    """Carries the leads' lane: one call a turn, until the channel shows what the store says."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def carry(self, hold: LaneHold) -> Carried:
        """Raises `StoreDown`."""
        try:
            called = await self._one_step()
        except DeliveryFailed as failed:
            return failed_to_carry(hold, failed)
        return Carried(retry=_PAUSE, told=True) if called else Carried(settled=len(hold.parcels))

    async def _one_step(self) -> bool:
        """Do the most urgent thing that is due; False when all is as it should be."""
        known = await self._room.kept.leads()
        groups = dict(group(await self._room.store.alerts()))
        for key, alerts in groups.items():
            if await self._show(known, key, alerts):
                return True
        for key, post in list(known.posts.items()):
            if key not in groups and post.open:
                await self._over(known, key, post)
                return True
        return await self._remind(known, groups)

    async def _show(self, known: Leads, key: str, alerts: tuple[Alert, ...]) -> bool:
        post = known.posts.get(key)
        message = await self._message(key, alerts)
        if post is not None and post.open:
            if post.shown == face(message):
                return False
            await self._room.update(self._place(post), message)
            changed = replace(post, shown=face(message))
        else:
            place = await self._room.post(self._room.options.leads_channel, message)
            changed = LeadPost(
                ts=place.ts, shown=face(message), since=self._room.front.clock(), pseudonym=await self._who(key)
            )
        await self._keep(known, key, changed)
        return True

    async def _over(self, known: Leads, key: str, post: LeadPost) -> None:
        by = await self._room.kept.looked_after(key)
        if key.startswith(_KIND):
            message = leads.grouped(self._room.words, key.removeprefix(_KIND), ())
        else:
            message = leads.crisis_over(self._room.words, post.pseudonym, acknowledged_by=by)
        await self._room.update(self._place(post), message)
        await self._keep(known, key, replace(post, open=False, shown=""))

    async def _remind(self, known: Leads, groups: dict[str, tuple[Alert, ...]]) -> bool:
        for key in groups:
            post = known.posts[key]
            due = reminders_due(self._room.front.clock() - post.since, self._room.policy.crisis_ack_seconds)
            if key.startswith(_KIND) or due <= post.reminded:
                continue
            channel = self._room.options.leads_channel
            await self._room.post(channel, leads.reminder(self._room.words, due), thread=post.ts)
            await self._keep(known, key, replace(post, reminded=due))
            return True
        return False

    async def _message(self, key: str, alerts: tuple[Alert, ...]) -> Message:
        if key.startswith(_KIND):
            return leads.grouped(self._room.words, key.removeprefix(_KIND), alerts)
        return leads.crisis_alert(
            self._room.words, alerts, await self._room.store.conversation(key), now=self._room.front.clock(),
            policy=self._room.policy, names=await self._room.names(),
        )  # fmt: skip

    async def _who(self, key: str) -> str:
        conversation = None if key.startswith(_KIND) else await self._room.store.conversation(key)
        return conversation.pseudonym if conversation else ""

    async def _keep(self, known: Leads, key: str, post: LeadPost) -> None:
        """What is over is forgotten, so that the same trouble later gets a new message."""
        posts = {name: each for name, each in known.posts.items() if each.open and name != key}
        await self._room.kept.keep_leads(Leads(posts | ({key: post} if post.open else {})))

    def _place(self, post: LeadPost) -> Place:
        return Place(self._room.options.leads_channel, post.ts)


def group(alerts: list[Alert]) -> list[Group]:
    """Crises by conversation, as many as a channel bears; everything else, and the rest of them, by kind. Pure."""
    own: dict[str, list[Alert]] = defaultdict(list)
    kinds: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        crisis = alert.kind in leads.CRISIS_KINDS
        if crisis and (alert.conversation in own or len(own) < _MOST_OWN):
            own[alert.conversation].append(alert)
        else:
            kinds[_KIND + alert.kind].append(alert)
    return [(key, tuple(each)) for key, each in (*own.items(), *kinds.items())]


def reminders_due(seconds: float, every: float) -> int:
    """How many reminders belong to an alert that is `seconds` old: ten in a row, then one in ten minutes. Pure."""
    often = int(seconds // every)
    return often if often <= _OFTEN else _OFTEN + int((seconds - _OFTEN * every) // _THEN_EVERY)
