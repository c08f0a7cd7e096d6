"""Several runs of one scenario: each with people of its own, all from one seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handoff.core.line import Card, CardWish, Line
from handoff.core.policy import Policy
from handoff.simulation.arriving import Arrival, draw
from handoff.simulation.engine import Played, play
from handoff.simulation.scenario import Scenario
from handoff.simulation.staffing import DAY, Person, Span
from handoff.wording.system_files import load_system_wording

_WARM_UP = DAY
"""The first day is not counted: a real line does not begin empty on a Monday."""
_AFTERWARDS = DAY
"""People come on after the last day that counts, so that its last evening is no quieter than the others."""


@dataclass(frozen=True, slots=True)
class Study:
    """What is counted of each run: those who came within `span`."""

    scenario: Scenario
    runs: tuple[Played, ...]
    span: Span
    days: int
    seed: int


def study(scenario: Scenario, *, days: int, runs: int, seed: int) -> Study:
    """Play so many days, so many times."""
    crowds = crowds_of(scenario, days=days, runs=runs, seed=seed)
    return Study(scenario, played(crowds, scenario.people, line_of(scenario.policy), days), counted(days), days, seed)


def crowds_of(scenario: Scenario, *, days: int, runs: int, seed: int) -> list[list[Arrival]]:
    """Who comes in each run."""
    return [draw(scenario.demand, _until(days), f"{seed} {run}") for run in range(runs)]


def played(crowds: Sequence[Sequence[Arrival]], people: Sequence[Person], line: Line, days: int) -> tuple[Played, ...]:
    """These people met by these supporters."""
    return tuple(play(crowd, people, line, _until(days)) for crowd in crowds)


def counted(days: int) -> Span:
    """The days that count, in seconds from the run's beginning."""
    return (_WARM_UP, _WARM_UP + days * DAY)


def line_of(policy: Policy) -> Line:
    """A line for the service's own decisions: with its wording, since alerts are worded; without crisis cards, which
    no deadline of a queue shows."""
    return Line(id="simulated", name="A line on paper", policy=policy, wording=load_system_wording(), card=_no_card)


def _no_card(wish: CardWish) -> Card:
    raise NotImplementedError("nobody reads a crisis card in a simulation")


def _until(days: int) -> float:
    return _WARM_UP + days * DAY + _AFTERWARDS
