"""What carrying a lane's parcels means: a route says who carries which kind, `Carried` what became of the head."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from handoff.ports import LaneHold

_FIRST_RETRY = 1.0
_LONGEST_RETRY = 60.0


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a lane's head: `settled` parcels are done; else try again after `retry` seconds, or give up.

    `told`: the platform itself said when to come back, which is no failed attempt. `unsure`: it may have arrived.
    """

    settled: int = 0
    retry: float | None = None
    told: bool = False
    unsure: bool = False
    give_up: str = ""


Carrier = Callable[[LaneHold], Awaitable[Carried]]


@dataclass(frozen=True, slots=True)
class Route:
    """How one kind of lane is worked: by whom, how many at once, how long a hold lasts, how many parcels a time.

    A hold is renewed while its head is carried, so `lease` (seconds) is what people wait when a process dies with it,
    and how long one may stand still before another takes over.
    """

    kind: str
    carry: Carrier
    at_once: int = 8
    lease: float = 15.0
    most: int = 1


class Joined(Protocol):
    """What joined the service, such as a platform: its lanes, what goes on in the background, and its end."""

    name: str

    def health(self) -> str:
        """`ok`, or its trouble in one word, such as unauthorized or unreachable."""
        ...

    def routes(self) -> Sequence[Route]: ...

    async def run(self) -> None:
        """Until cancelled."""
        ...

    async def close(self) -> None: ...


def backoff(attempts: int) -> float:
    """Seconds before the next try: 1, 2, 4 ... 60, each with up to a quarter less, so that workers spread out."""
    return min(_LONGEST_RETRY, _FIRST_RETRY * 2.0 ** min(attempts, 10)) * random.uniform(0.75, 1.0)
