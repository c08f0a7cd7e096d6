"""First words on every new connection: a newer store is refused, the line's secret is learned, and Redis's time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from redis.asyncio.connection import AbstractConnection

from handoff.store.box import Box
from handoff.store.failures import NewerFormat

FORMAT = 1
"""The format of what is below a line's prefix. It rises when an older Warmline could no longer read or keep it."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """`script`: what is said; `hears_time` is told Redis's time, and how many seconds its answer took."""

    line: str
    prefix: str
    script: bytes
    box: Box
    hears_time: Callable[[float, float], None]

    async def __call__(self, connection: AbstractConnection) -> None:
        """Raises `NewerFormat`, `SealBroken`, or what redis-py raises."""
        began = time.perf_counter()
        await connection.send_command(
            "EVAL", self.script, 1, self.prefix, FORMAT, self.box.sealed_secret(), check_health=False
        )
        written, secret, told = await connection.read_response()
        if int(written) > FORMAT:
            raise NewerFormat(
                f"the store of line {self.line} has format {int(written)}, this Warmline reads up to {FORMAT}; update"
            )
        self.box.take_secret(secret)
        self.timed(told, began)

    def timed(self, told: Sequence[bytes], began: float) -> float:
        """Passes on what `TIME` answered to a question asked at `began`; how many seconds that took."""
        took = time.perf_counter() - began
        self.hears_time(int(told[0]) + int(told[1]) / 1e6, took)
        return took
