"""How the parts behind the ports fail, each failure by name. Import them from `handoff.ports`."""

from __future__ import annotations

from typing import Any


class StoreDown(Exception):
    """The store did not answer. Nothing was acknowledged; try again.

    `card` is the crisis card as JSON, its `text` included, when what could not be saved calls for one: show it at once.
    """

    card: dict[str, Any] | None = None


class Contended(StoreDown):
    """Too many changed the same record at once. Nothing was saved; send it again."""


class BotDown(Exception):
    """The bot cannot be reached, or answered with nothing at all, which means the same (`reached` tells which)."""

    def __init__(self, reason: str, *, reached: bool = False) -> None:
        super().__init__(reason)
        self.reached = reached


class BotSilent(BotDown):
    """The bot was reached and said nothing. Only when one of its actions did something is that an answer."""


class BotGarbled(Exception):
    """The bot answered something that is no list of messages."""


class RecordsDown(Exception):
    """The database did not answer. The lane keeps what it was sent and tries again."""


class RecordsRefused(Exception):
    """The database will never take this parcel: it goes to the dead letters, and the others go on."""


class DeliveryFailed(Exception):
    """A platform did not take a message. `retry_after` in seconds when it said when to come back."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
