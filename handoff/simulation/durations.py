"""How long something takes: always the same, exponential, lognormal, or one of the values that were measured."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from random import Random
from typing import Protocol

_TO_P95 = statistics.NormalDist().inv_cdf(0.95)


class Duration(Protocol):
    """Seconds. `mean` is what many draws come to."""

    @property
    def mean(self) -> float: ...

    def draw(self, chance: Random) -> float: ...


@dataclass(frozen=True, slots=True)
class Always:
    """The same every time; infinite where somebody waits for ever."""

    mean: float

    def draw(self, chance: Random) -> float:
        return self.mean


NEVER = Always(math.inf)


@dataclass(frozen=True, slots=True)
class Exponential:
    mean: float

    def draw(self, chance: Random) -> float:
        return chance.expovariate(1 / self.mean)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Given by what can be read off any list of times: the middle one, and the one that 95 in 100 stay below."""

    median: float
    p95: float

    @property
    def mean(self) -> float:
        return self.median * math.exp(self._spread**2 / 2)

    def draw(self, chance: Random) -> float:
        return chance.lognormvariate(math.log(self.median), self._spread)

    @property
    def _spread(self) -> float:
        return math.log(self.p95 / self.median) / _TO_P95


@dataclass(frozen=True, slots=True)
class Measured:
    """One of these, each as likely as the others."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        return statistics.fmean(self.values)

    def draw(self, chance: Random) -> float:
        return chance.choice(self.values)
