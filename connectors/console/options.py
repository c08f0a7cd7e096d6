"""What one line's console is made with; read once at the start and handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from handoff.core.policy import Policy
from handoff.ports import ReportBook, Shelf

SearchResources = Callable[[str, Sequence[str], str, int], Awaitable[list[dict[str, Any]]]]
"""`await search(text, topics, language, limit)`: resources as `handoff.resources.as_json` writes them, best first."""


ListReviews = Callable[[], Awaitable[list[dict[str, Any]]]]
"""`await reviews()`: {id, what, verdict, tier, language, conversation, pseudonym, seq, at} each, oldest first, without
words. Raises `RecordsDown`."""


async def no_reviews() -> list[dict[str, Any]]:
    """Where nothing is kept to be looked at again."""
    return []


class SafeguardingRecord(Protocol):
    """What concerned a child or a young person in danger. Both raise `RecordsDown`."""

    async def latest(self) -> Sequence[Any]:
        """`handoff.safeguarding.Concern`s, newest first."""
        ...

    async def add_note(self, concern: int, note: str, *, by: str, at: float) -> bool:
        """False when there is no such row."""
        ...


class NoRecord:
    """Where none is kept."""

    async def latest(self) -> Sequence[Any]:
        return ()

    async def add_note(self, concern: int, note: str, *, by: str, at: float) -> bool:
        return False


class RunningBlocks(Protocol):
    """Who is blocked. Raises `RecordsDown`."""

    async def running(self, now: float) -> Sequence[Any]:
        """`handoff.blocks.Block`s, newest first."""
        ...


class NoReports:
    """Where none are kept, nor blocks."""

    async def listed(self, reader: str) -> Sequence[Any]:
        return ()

    async def opened(self, report: int, reader: str, at: float) -> Any:
        return None

    async def add_note(self, report: int, note: str, *, by: str, at: float) -> bool:
        return False

    async def close(self, report: int, *, by: str, at: float) -> bool:
        return False

    async def running(self, now: float) -> Sequence[Any]:
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleOptions:
    """`wording` is `handoff/wording/<language>/console.yml` as read; `replies` are {category, text} each, with a
    title and a language where they have one; `{name}` in a text becomes the supporter's first name.

    `shelf` keeps files; without one, none can be sent.
    `origins` are further origins (`https://desk.example.org`) that may open the socket and post forms, besides the
    address the page came from. `gather_seconds`: how long changes collect before the desk is read again.
    `tick_seconds`: how often it is read although nothing was announced, because waits and leases run out silently.
    """

    line_name: str
    policy: Policy
    wording: Mapping[str, Any]
    search: SearchResources
    replies: Sequence[Mapping[str, str]] = ()
    shelf: Shelf | None = None
    reviews: ListReviews = no_reviews
    safeguarding: SafeguardingRecord = field(default_factory=NoRecord)
    reports: ReportBook = field(default_factory=NoReports)
    blocks: RunningBlocks = field(default_factory=NoReports)
    origins: Sequence[str] = ()
    secure_cookie: bool = False
    language: str = "en"
    gather_seconds: float = 0.15
    tick_seconds: float = 10.0
    hello_seconds: float = 10.0

    def sentence(self, section: str, key: str) -> str:
        """One sentence of the wording. Raises `KeyError` where code and file disagree; a test holds them together."""
        found: str = self.wording[section][key]
        return found
