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


class NotCopied(StoreDown):
    """It is saved, but not yet on as many replicas as the line wants: send it again to have it acknowledged.

    Who can't send it again under the same id counts it as heard: it would be saved twice.
    """


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
    """A platform did not take a message. `retry_after` in seconds when it said when to come back.

    `unsure`: the answer was lost, so it may have been taken; the next try says that it is one. `gone`: whom it was for
    can't be reached there any more (blocked or deactivated), so that trying again is in vain. `hopeless`: the platform
    will never take this one.
    """

    def __init__(
        self,
        reason: str,
        retry_after: float | None = None,
        *,
        unsure: bool = False,
        gone: str = "",
        hopeless: bool = False,
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.unsure = unsure
        self.gone = gone
        self.hopeless = hopeless


class FileRefused(Exception):
    """A file that is not passed on. `code` is a wording key's end: too_large, kind, broken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FileGone(Exception):
    """There is no such file any more: it expired or was erased, or never was."""
