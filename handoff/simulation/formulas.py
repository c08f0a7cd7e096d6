"""What queueing theory says of a steady line: Erlang B, C and A, and Cobham's waits under priorities. Pure.

Everywhere: `rate` is arrivals a second, `talk` the mean talk in seconds (exponential), `servers` how many conversations
can be held at once, and results are in seconds or shares from 0 to 1. A queue that grows for ever waits `math.inf`.
The formulas assume Poisson arrivals and a load that does not change; the simulation does not.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

_NEGLIGIBLE = 1e-15
"""A state this unlikely, beside the likeliest so far, ends the sum over an unlimited queue."""


@dataclass(frozen=True, slots=True)
class Impatient:
    """Erlang A in steady state: who waits at all, who leaves, and the mean wait of everybody, leaving or not."""

    delayed: float
    left: float
    mean_wait: float


def erlang_b(rate: float, talk: float, servers: int) -> float:
    """The share that is turned away where nobody can wait (M/M/c/c), by the stable recursion."""
    load, blocked = rate * talk, 1.0
    for each in range(1, servers + 1):
        blocked = load * blocked / (each + load * blocked)
    return blocked


def erlang_c(rate: float, talk: float, servers: int) -> float:
    """The share that has to wait at all where everybody does wait (M/M/c); 1 when the load is too much."""
    used = rate * talk / servers if servers else math.inf
    if used >= 1:
        return 1.0
    blocked = erlang_b(rate, talk, servers)
    return blocked / (1 - used * (1 - blocked))


def mean_wait(rate: float, talk: float, servers: int) -> float:
    """The mean wait of M/M/c, with M/M/1 as its smallest case."""
    spare = servers / talk - rate
    return erlang_c(rate, talk, servers) / spare if spare > 0 else math.inf


def answered_within(seconds: float, rate: float, talk: float, servers: int) -> float:
    """The share of M/M/c that is answered within so many seconds."""
    spare = servers / talk - rate
    return 1 - erlang_c(rate, talk, servers) * math.exp(-spare * seconds) if spare > 0 else 0.0


def erlang_a(rate: float, talk: float, servers: int, patience: float) -> Impatient:
    """M/M/c+M: everybody who waits leaves after an exponential time of mean `patience` unless answered before."""
    if rate == 0:
        return Impatient(0.0, 0.0, 0.0)
    weights = _weights(rate, talk, servers, patience)
    total = math.fsum(weights)
    waiting = math.fsum((state - servers) * weight for state, weight in enumerate(weights) if state > servers) / total
    delayed = math.fsum(weights[servers:]) / total
    return Impatient(delayed, waiting / patience / rate, waiting / rate)


def cobham(rates: Sequence[float], talk: float, servers: int) -> tuple[float, ...]:
    """The mean wait of each class, the most urgent first: M/M/c, non-preemptive priorities, one talk time for all.

    Cobham (1954): the wait in front of a class is the delay of a full house, stretched by everybody who may go first.
    """
    everybody = math.fsum(rates)
    first = erlang_c(everybody, talk, servers) * talk / servers
    used = [talk * math.fsum(rates[:count]) / servers for count in range(len(rates) + 1)]
    return tuple(
        first / ((1 - before) * (1 - after)) if after < 1 else math.inf for before, after in itertools.pairwise(used)
    )


def _weights(rate: float, talk: float, servers: int, patience: float) -> list[float]:
    """How likely each number of people is against the others, scaled so that nothing overflows."""
    weights = [1.0]
    while len(weights) <= servers or weights[-1] > _NEGLIGIBLE * max(weights):
        state = len(weights)
        going = min(state, servers) / talk + max(state - servers, 0) / patience
        weights.append(weights[-1] * rate / going)
        if weights[-1] > 1 / _NEGLIGIBLE:
            weights = [each * _NEGLIGIBLE for each in weights]
    return weights
