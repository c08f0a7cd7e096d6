"""Lanes in memory: the same rules as `scripts/lane_*.lua`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from handoff.ports import DeadLetter, LaneHold, LaneLoad, Parcel
from handoff.store import codec


@dataclass(slots=True)
class _Lane:
    due: float
    parcels: list[bytes] = field(default_factory=list)
    token: int | None = None
    attempts: int = 0
    unsure: bool = False


class Lanes:
    """Ordered lists of parcels, claimed by lease with a fencing token."""

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._dead: list[bytes] = []
        self._fence = 0

    def append(self, parcel: Parcel, now: float) -> bool:
        """True when the lane was empty and is due now."""
        fresh = parcel.lane not in self._lanes
        self._lanes.setdefault(parcel.lane, _Lane(due=now)).parcels.append(codec.encode(parcel))
        return fresh

    def claim(self, kinds: Sequence[str], lease: float, now: float, most: int) -> LaneHold | None:
        ready = [
            (lane.due, name) for name, lane in self._lanes.items() if lane.due <= now and codec.lane_kind(name) in kinds
        ]
        if not ready:
            return None
        name = min(ready)[1]
        lane = self._lanes[name]
        if lane.token is not None:
            lane.attempts, lane.unsure = lane.attempts + 1, True
        self._fence += 1
        lane.token, lane.due = self._fence, now + lease
        parcels = tuple(codec.parcel(each) for each in lane.parcels[:most])
        return LaneHold(name, self._fence, lane.attempts, parcels, lane.unsure)

    def hold_on(self, hold: LaneHold, until: float) -> bool:
        lane = self._held(hold)
        if lane is not None:
            lane.due = until
        return lane is not None

    def settle(self, hold: LaneHold, parcels: int, now: float) -> bool:
        lane = self._held(hold)
        if lane is None:
            return False
        del lane.parcels[:parcels]
        if parcels:
            lane.attempts, lane.unsure = 0, False
        self._release(hold.lane, lane, now)
        return True

    def postpone(self, hold: LaneHold, until: float, failed: bool, unsure: bool) -> bool:
        lane = self._held(hold)
        if lane is None:
            return False
        lane.attempts += failed
        lane.unsure |= unsure
        self._release(hold.lane, lane, until)
        return True

    def bury(self, hold: LaneHold, reason: str, now: float) -> bool:
        lane = self._held(hold)
        if lane is None:
            return False
        head = codec.parcel(lane.parcels.pop(0))
        self._dead.append(codec.encode(DeadLetter(head, reason, now)))
        lane.attempts, lane.unsure = 0, False
        self._release(hold.lane, lane, now)
        return True

    def dead_letters(self, limit: int | None = None) -> list[DeadLetter]:
        """The newest first."""
        return [codec.dead_letter(each) for each in reversed(self._dead)][:limit]

    def expire_letters(self, before: float) -> int:
        """How many were older."""
        kept = [each for each in self._dead if codec.dead_letter(each).at >= before]
        gone, self._dead = len(self._dead) - len(kept), kept
        return gone

    def loads(self) -> dict[str, LaneLoad]:
        found: dict[str, list[_Lane]] = {}
        for name, lane in self._lanes.items():
            found.setdefault(codec.lane_kind(name), []).append(lane)
        return {
            kind: LaneLoad(len(lanes), sum(len(each.parcels) for each in lanes), min(each.due for each in lanes))
            for kind, lanes in found.items()
        }

    def drop(self, lanes: Collection[str], conversations: Collection[str]) -> None:
        """Forget these lanes with all that is in them, and the dead letters of these conversations."""
        for name in lanes:
            self._lanes.pop(name, None)
        self._dead = [each for each in self._dead if codec.dead_letter(each).parcel.conversation not in conversations]

    def __contains__(self, lane: str) -> bool:
        return lane in self._lanes

    def __len__(self) -> int:
        return len(self._lanes)

    def _held(self, hold: LaneHold) -> _Lane | None:
        lane = self._lanes.get(hold.lane)
        return lane if lane is not None and lane.token == hold.token else None

    def _release(self, name: str, lane: _Lane, due: float) -> None:
        lane.token, lane.due = None, due
        if not lane.parcels:
            del self._lanes[name]
