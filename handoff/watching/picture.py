"""What the store and the parts say of the line now: read when somebody asks, the same from each process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass

from handoff.core.queue import Place
from handoff.core.risk import Tier
from handoff.core.supporter import Supporter
from handoff.ports import LaneLoad, Store, StoreDown
from handoff.sealing import SealBroken

Row = tuple[str, str, str, Mapping[str, float]]
"""A gauge: name, what it says, its label (empty: none), and values by the label's value."""

_MOST_WAITING = 5000
_OTHER = "other"
_HEALTH = {"ok": 1.0, "degraded": 0.5}


@dataclass(frozen=True, slots=True)
class Picture:
    """The line at one moment. `line` is None while the store is away."""

    parts: Mapping[str, str]
    line: LinePicture | None
    draining: bool = False

    def rows(self) -> Iterator[Row]:
        """Every gauge."""
        health = {part: _HEALTH.get(state, 0.0) for part, state in self.parts.items()}
        yield "part_health", "Each part: 1 well, 0.5 degraded, 0 not working.", "part", health
        says = "1 while this process lets go of its work before it ends."
        yield "draining", says, "", {"": float(self.draining)}
        if self.line is not None:
            yield from self.line.rows()


@dataclass(frozen=True, slots=True)
class LinePicture:
    """What the store says. `kinds` are the lanes of this process: others, of an older version, count as one."""

    now: float
    places: tuple[Place, ...]
    staff: tuple[Supporter, ...]
    counts: Mapping[str, int]
    lanes: Mapping[str, LaneLoad]
    oldest_deadline: float | None
    kinds: frozenset[str]

    def rows(self) -> Iterator[Row]:
        """Every gauge of the store."""
        yield from self._queue()
        yield from self._staff()
        yield from self._lanes()
        late = 0.0 if self.oldest_deadline is None else max(0.0, self.now - self.oldest_deadline)
        yield "deadline_oldest_late_seconds", "How long the oldest deadline is past its time.", "", {"": late}
        for name, says in (
            ("live", "Live conversations."),
            ("dead_letters", "What could not be delivered and was given up."),
            ("alerts", "Alerts that no lead has closed."),
        ):
            yield name, says, "", {"": float(self.counts[name])}

    def _queue(self) -> Iterator[Row]:
        waiting = {tier.name.lower(): 0.0 for tier in Tier}
        longest = dict(waiting)
        for each in self.places:
            tier = each.tier.name.lower()
            waiting[tier] += 1
            longest[tier] = max(longest[tier], self.now - each.since)
        yield "waiting", "Conversations in the queue.", "tier", waiting
        yield "longest_wait_seconds", "The longest wait in the queue now.", "tier", longest

    def _staff(self) -> Iterator[Row]:
        here = [each for each in self.staff if each.is_here(self.now)]
        free = [each for each in here if each.takes_offers(self.now)]
        counted = {"present": float(len(here)), "available": float(len(free))}
        yield "supporters", "Supporters whose desk is open, and those who take offers now.", "state", counted
        left = sum(each.capacity - len(each.holding) for each in free)
        yield "capacity_left", "Conversations that could be taken now.", "", {"": float(left)}

    def _lanes(self) -> Iterator[Row]:
        lanes = dict.fromkeys((*sorted(self.kinds), _OTHER), 0.0)
        parcels, late = dict(lanes), dict(lanes)
        for name, load in self.lanes.items():
            kind = name if name in self.kinds else _OTHER
            lanes[kind] += load.lanes
            parcels[kind] += load.parcels
            late[kind] = max(late[kind], self.now - load.oldest_due)
        yield "lanes", "Lanes with something in them.", "lane", lanes
        yield (
            "lane_parcels",
            "Parcels in lanes, in the thousand of a kind longest due.",
            "lane",
            parcels,
        )
        yield "lane_late_seconds", "How long the lane longest due has waited for a worker.", "lane", late


async def take(
    store: Store, parts: Callable[[], Awaitable[dict[str, str]]], now: float, kinds: frozenset[str]
) -> Picture:
    """Look around. What can't be read is left out rather than guessed."""
    states = await parts()
    try:
        return Picture(states, await _line(store, now, kinds))
    except (StoreDown, SealBroken):
        return Picture({**states, "store": "down"}, None)


async def _line(store: Store, now: float, kinds: frozenset[str]) -> LinePicture:
    due = await store.due(now, 1)
    return LinePicture(
        now=now,
        places=tuple(await store.waiting(_MOST_WAITING)),
        staff=tuple(await store.supporters()),
        counts=await store.counts(),
        lanes=await store.lanes(),
        oldest_deadline=due[0][2] if due else None,
        kinds=kinds,
    )
