"""What an examination finds: how each part is, and what cures it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """FINE; WORTH_KNOWING, which the line works with; BROKEN, which it does not."""

    FINE = "ok"
    WORTH_KNOWING = "--"
    BROKEN = "!!"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and, unless it is fine, the cure: a sentence that says what to do."""

    what: str
    state: State
    detail: str
    cure: str = ""

    def lines(self) -> list[str]:
        cure = [f"       {self.cure}"] if self.cure else []
        return [f"  {self.state.value}  {self.what}: {self.detail}", *cure]
