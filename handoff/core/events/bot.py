"""What the bot and its actions do in one conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from handoff.core.conversation import Intake
from handoff.core.entries import Button
from handoff.core.events.base import Event


@dataclass(frozen=True, slots=True)
class BotMessage:
    """One message of the bot; `body` is a resource as JSON when it sent one."""

    text: str = field(repr=False)
    buttons: tuple[Button, ...] = ()
    body: dict[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotEvent(Event):
    """Something the bot or one of its actions did in one conversation."""

    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BotReplied(BotEvent):
    """The bot's answer to what was asked under `epoch`; dropped when that is over."""

    epoch: int
    messages: tuple[BotMessage, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSlow(BotEvent):
    """The bot has not answered yet. `waking`: it cannot be reached at all, so far."""

    epoch: int
    waking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BotFailed(BotEvent):
    """The bot will not answer this: the conversation is opened to people."""

    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(BotEvent):
    """The seeker answered the three plain lines."""

    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSaved(BotEvent):
    """The whole intake as known now; `language` and `country` only when the seeker said them."""

    intake: Intake
    language: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffAsked(BotEvent):
    """A person is wanted. `why`: asked, intake, fallback or bot_down."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLeft(BotEvent):
    """A message for the supporters, to be read when one is there."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRated(BotEvent):
    """Did this help? Kept without words."""

    resource: str
    helped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetAsked(BotEvent):
    """The seeker confirmed: delete everything about me."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerStopped(BotEvent):
    """The seeker wants to stop here."""
