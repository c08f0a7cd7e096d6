"""Lines on paper as the tests want them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from handoff.core.line import Line
from handoff.core.policy import Policy
from handoff.core.risk import Tier
from handoff.core.supporter import Supporter, Training
from handoff.simulation.arriving import Arrival
from handoff.simulation.staffing import DAY, HOUR, WEEK, Person
from handoff.simulation.study import line_of

MINUTE = 60.0
ALWAYS = ((0.0, float(WEEK)),)
EVENINGS = tuple((day * DAY + 18.0 * HOUR, day * DAY + 22.0 * HOUR) for day in range(7))


@cache
def line(**policy: Any) -> Line:
    """Nobody rests after a crisis unless a test says so."""
    return line_of(Policy(**{"crisis_cooldown_seconds": 0, **policy}))


def person(name: str = "sam", spans: Sequence[tuple[float, float]] = ALWAYS, **about: Any) -> Person:
    given = {"training": Training.SENIOR, "capacity": 1, **about}
    return Person(Supporter(id=name, name=name, **given), tuple(spans))


def team(count: int, capacity: int = 1, **about: Any) -> list[Person]:
    return [person(f"supporter{each}", capacity=capacity, **about) for each in range(count)]


def coming(*given: tuple[float, Tier], talk: float = 30 * MINUTE, **about: Any) -> list[Arrival]:
    """Arrivals in order: when, and how urgent."""
    return [Arrival(number, at, tier, talk, **about) for number, (at, tier) in enumerate(given)]


def strictly(tier: Tier, since: float) -> float:
    """By tier alone, the most urgent first, and by arrival inside a tier."""
    return since - 1e9 * tier


def first_come(tier: Tier, since: float) -> float:
    return since


Order = Callable[[Tier, float], float]
