"""The seam: what the service tells whoever watches it. Kinds, tiers, outcomes, seconds; never words, names or ids."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol

Deed = Literal["event", "screen", "decide", "commit", "carry", "turn"]
"""What is timed and traced: an event's whole way, the screen, `decide()`, the commit, one lane's head, a bot turn."""

Count = Literal["event", "carried", "turn", "risk", "conflict"]
"""What is counted: events and heads of lanes by kind and outcome, bot turns by outcome, findings by tier, conflicts."""

Lapse = Literal["waited", "card_saved", "card_confirmed", "deadline", "loop"]
"""Lapses of time in seconds: waits by tier, a card from event to store and to the seeker's device, a deadline past its
time, the event loop behind its clock."""


class Watching(Protocol):
    """Told by the dispatcher, the lanes and the sweep. Every argument is of a small, fixed set or a number."""

    def doing(self, deed: Deed, kind: str = "") -> AbstractContextManager[None]:
        """The deed lasts as long as the context."""
        ...

    def counted(self, what: Count, kind: str = "", outcome: str = "") -> None: ...

    def took(self, what: Lapse, seconds: float, kind: str = "") -> None: ...

    def trace(self) -> str:
        """The id of the trace that is open here, for logs; empty when there is none."""
        ...


class Unwatched:
    """Nobody watches."""

    def doing(self, deed: Deed, kind: str = "") -> AbstractContextManager[None]:
        return nullcontext()

    def counted(self, what: Count, kind: str = "", outcome: str = "") -> None:
        """Nobody counts."""

    def took(self, what: Lapse, seconds: float, kind: str = "") -> None:
        """Nobody measures."""

    def trace(self) -> str:
        return ""


UNWATCHED = Unwatched()
