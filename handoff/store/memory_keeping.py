"""What is kept for a while, in memory: connectors' own things, leases, sign-ins. The same rules as `scripts/keep.lua`,
`drop.lua`, `lease.lua` and those of the sign-ins."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from handoff.ports import SignIn
from handoff.store import codec


class Keeping:
    """Everything here ends by itself, by the clock given."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[bytes, str, float]] = {}
        self._over: set[str] = set()
        self._leases: dict[str, tuple[str, float]] = {}
        self._links: dict[str, tuple[SignIn, float]] = {}
        self._sessions: dict[str, tuple[SignIn, float]] = {}

    def keep(self, name: str, kept: dict[str, Any], seconds: float, of: str, if_new: bool) -> bool:
        if (if_new and self.kept(name) is not None) or of in self._over:
            return False
        self._kept[name] = (codec.encode(kept), of, self._clock() + seconds)
        return True

    def kept(self, name: str) -> dict[str, Any] | None:
        kept, _, ends = self._kept.get(name, (b"", "", 0.0))
        return codec.kept(kept) if ends > self._clock() else None

    def drop(self, name: str) -> None:
        self._kept.pop(name, None)

    def forget(self, pseudonyms: Collection[str], conversations: Collection[str]) -> None:
        """What was kept of them goes, and nothing more is kept of these conversations."""
        over = {*pseudonyms, *conversations}
        self._kept = {name: each for name, each in self._kept.items() if each[1] not in over}
        self._over.update(conversations)

    def lease(self, name: str, holder: str, seconds: float) -> bool:
        now = self._clock()
        held_by, ends = self._leases.get(name, ("", 0.0))
        if held_by != holder and ends > now:
            return False
        self._leases[name] = (holder, now + seconds)
        return True

    def keep_sign_in(self, digest: str, sign_in: SignIn, *, once: bool, now: float) -> None:
        ends = self._clock() + sign_in.expires - now
        (self._links if once else self._sessions)[digest] = (sign_in, ends)

    def take_sign_in(self, digest: str) -> SignIn | None:
        return self._running(self._links.pop(digest, None))

    def session(self, digest: str) -> SignIn | None:
        return self._running(self._sessions.get(digest))

    def end_sessions(self, digest: str | None, supporter: str | None) -> None:
        for kept in (self._links, self._sessions):
            for each in [key for key, (value, _) in kept.items() if key == digest or value.supporter == supporter]:
                del kept[each]

    def _running(self, found: tuple[SignIn, float] | None) -> SignIn | None:
        return found[0] if found is not None and found[1] > self._clock() else None
