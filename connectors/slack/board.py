"""The leads' channel: every open alert is shown, grouped, reminded of until somebody looks after it; never a flood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from connectors.slack import leads
from connectors.slack.kept import LeadPost, Leads, Place
from connectors.slack.room import Room, face, failed_to_carry, marked_again, user_of
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
_NEW_MESSAGE_AFTER = 600.0
"""A message that changes draws nobody's eye: what comes so much later than a kind's message gets a new one."""
_FOR_EVERYBODY = (2, 5, 10)
"""Reminders that are shown in the channel too, beside those in the thread."""
_KIND = "kind:"


class Board:
    """Carries the leads' lane: one call a turn, until the channel shows what the store says."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def carry(self, hold: LaneHold) -> Carried:
        """What Slack refuses here becomes no dead letter, which would be an alert for this very channel: it shows in
        the health, and the ticker has it tried again. Raises `StoreDown`."""
        try:
            called = await self._one_step()
        except DeliveryFailed as failed:
            carried = failed_to_carry(hold, failed)
            return Carried(settled=len(hold.parcels)) if carried.give_up else carried
        return Carried(retry=_PAUSE, told=True) if called else Carried(settled=len(hold.parcels))

    async def _one_step(self) -> bool:
        """Do the most urgent thing that is due; False when all is as it should be."""
        known = await self._room.kept.leads()
        groups = group(await self._room.store.alerts(), known.posts)
        for key, alerts in groups.items():
            if await self._show(known, key, alerts):
                return True
        for key, post in known.posts.items():
            if key not in groups:
                await self._over(known, key, post)
                return True
        return await self._remind(known, groups)

    async def _show(self, known: Leads, key: str, alerts: tuple[Alert, ...]) -> bool:
        post = known.posts.get(key)
        message = await self._message(key, alerts)
        if post is not None and post.shown == face(message):
            return False
        if post is not None and post.ts and not _is_news(key, post, alerts):
            if await self._room.update(_place(post), message):
                await self._keep(known, key, replace(post, shown=face(message)))
                return True
        elif post is not None and post.ts:
            await self._room.delete(_place(post))
        await self._post(known, key, message, again=post is not None and not post.ts)
        return True

    async def _post(self, known: Leads, key: str, message: Message, *, again: bool) -> None:
        """Kept without its `ts` first: one that never got it may stand there already, and is marked as a repeat."""
        about = key.removeprefix(_KIND)
        await self._room.kept.nobody_looks_after(about)
        conversation = None if key.startswith(_KIND) else await self._room.store.conversation(about)
        pseudonym = conversation.pseudonym if conversation else ""
        begun = LeadPost(channel="", ts="", shown="", since=self._room.now, pseudonym=pseudonym)
        await self._keep(known, key, begun)
        marked = marked_again(self._room.words, message) if again else message
        try:
            place = await self._room.post_in("leads_channel", self._room.options.leads_channel, marked)
        except DeliveryFailed as failed:
            if not failed.unsure and not again:
                await self._keep(known, key, None)
            raise
        await self._keep(known, key, replace(begun, channel=place.channel, ts=place.ts, shown=face(message)))

    async def _over(self, known: Leads, key: str, post: LeadPost) -> None:
        """Forgotten with its end, so that the same trouble later gets a new message."""
        if key.startswith(_KIND):
            message = leads.grouped(self._room.words, key.removeprefix(_KIND), ())
        else:
            by = await self._room.kept.looked_after(key)
            message = leads.crisis_over(self._room.words, post.pseudonym, acknowledged_by=by)
        if post.ts:
            await self._room.update(_place(post), message)
        await self._keep(known, key, None)

    async def _remind(self, known: Leads, groups: Mapping[str, tuple[Alert, ...]]) -> bool:
        """In the message's thread, one at a time however long the service was away."""
        now, every = self._room.now, self._room.policy.crisis_ack_seconds
        for key, alerts in groups.items():
            post = known.posts.get(key)
            if post is None or not post.ts or not _is_crisis(alerts) or now < next_reminder(post, every):
                continue
            count = post.reminded + 1
            message = leads.reminder(self._room.words, count, calls=await self._leads_here())
            loud: dict[str, Any] = {"reply_broadcast": True} if count in _FOR_EVERYBODY else {}
            await self._room.post(post.channel, message, thread=post.ts, **loud)
            await self._keep(known, key, replace(post, reminded=count, reminded_at=now))
            return True
        return False

    async def _leads_here(self) -> list[str]:
        staff = await self._room.store.supporters()
        return [user_of(each) for each in staff if each.is_lead and each.slack and each.is_here(self._room.now)]

    async def _message(self, key: str, alerts: tuple[Alert, ...]) -> Message:
        if key.startswith(_KIND):
            return leads.grouped(self._room.words, key.removeprefix(_KIND), alerts)
        return leads.crisis_alert(
            self._room.words, alerts, await self._room.store.conversation(key), now=self._room.now,
            policy=self._room.policy, names=await self._room.names(),
        )  # fmt: skip

    async def _keep(self, known: Leads, key: str, post: LeadPost | None) -> None:
        posts = {name: each for name, each in known.posts.items() if name != key}
        await self._room.kept.keep_leads(Leads(posts | ({key: post} if post else {})))


def group(alerts: Iterable[Alert], standing: Iterable[str] = ()) -> dict[str, tuple[Alert, ...]]:
    """Crises by conversation, as many as a channel bears, those with a message already first; everything else, and the
    rest of the crises, by kind after `kind:`. Pure."""
    crises: dict[str, list[Alert]] = defaultdict(list)
    kinds: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        if alert.kind in leads.CRISIS_KINDS:
            crises[alert.conversation].append(alert)
        else:
            kinds[_KIND + alert.kind].append(alert)
    has = set(standing)
    ranked = sorted(crises, key=lambda about: (about not in has, min(each.at for each in crises[about]), about))
    for about in ranked[_MOST_OWN:]:
        for alert in crises[about]:
            kinds[_KIND + alert.kind].append(alert)
    own = {about: tuple(crises[about]) for about in ranked[:_MOST_OWN]}
    return own | {key: tuple(each) for key, each in kinds.items()}


def next_reminder(post: LeadPost, every: float) -> float:
    """When the next one is due: ten of them `every` so many seconds, then one in ten minutes. Pure."""
    return max(post.since, post.reminded_at) + (every if post.reminded < _OFTEN else max(every, _THEN_EVERY))


def _is_crisis(alerts: Iterable[Alert]) -> bool:
    return any(each.kind in leads.CRISIS_KINDS for each in alerts)


def _is_news(key: str, post: LeadPost, alerts: Iterable[Alert]) -> bool:
    newest = max(each.at for each in alerts)
    return key.startswith(_KIND) and newest > post.since + _NEW_MESSAGE_AFTER


def _place(post: LeadPost) -> Place:
    return Place(post.channel, post.ts)
