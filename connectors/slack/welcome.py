"""Whoever a lead adds is greeted in their own messages, and asked for what only they know."""

from __future__ import annotations

from connectors.slack.intake import LANES
from connectors.slack.names import Action
from connectors.slack.room import Room, failed_to_carry, marked_again
from connectors.slack.text import Message, button, message, section
from connectors.slack.words import Words
from handoff.carrying import Carried
from handoff.ports import DeliveryFailed, LaneHold, Parcel

GREET = "greet"
"""The kind of these parcels, among those of what was written."""


def welcome(event_id: str, supporter: str) -> Parcel:
    """A poke: greet this supporter."""
    return Parcel(event_id, f"{LANES}:welcome:{supporter}", "", 0, GREET, {"supporter": supporter})


class Welcomes:
    """Carries it: Slack may be slow or away while a lead waits in front of a modal."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def carry(self, hold: LaneHold) -> Carried:
        """Raises `StoreDown`."""
        supporter = await self._room.store.supporter(str(hold.parcels[0].body["supporter"]))
        if supporter is None or supporter.removed:
            return Carried(settled=1)
        greeting = _greeting(self._room.words)
        try:
            channel = await self._room.direct(supporter)
            await self._room.post(channel, marked_again(self._room.words, greeting) if hold.unsure else greeting)
        except DeliveryFailed as failed:
            return failed_to_carry(hold, failed)
        return Carried(settled=1)


def _greeting(words: Words) -> Message:
    ask = section(words.say("welcome", "words"), button(words.say("welcome", "button"), Action.PROFILE, ""))
    return message(words.say("notification", "answer"), [ask])
