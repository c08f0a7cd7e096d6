"""The long form of the machines: the store's own, and a night at the line, each on the twin and on a real Redis."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.proofs.night import Night
from tests.proofs.rows import row
from tests.proofs.servers import server
from tests.proofs.workers import Workers
from tests.store.test_machine import Twins

EXAMPLES, STEPS = 300, 50


def play(machine: type[RuleBasedStateMachine], examples: int, steps: int) -> None:
    """The same examples each time. Raises AssertionError, with the shortest way there."""
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=how)


async def measure() -> list[dict[str, Any]]:
    """Steps after which the stores told different things, or a law was broken."""
    rows = []
    with server(durable=False) as url:
        for machine, what in ((Twins, "the store"), (Workers, "lanes"), (Night, "a night at the line")):
            counted = _counting(machine, url)
            await asyncio.to_thread(play, counted, EXAMPLES, STEPS)
            name = f"{what}, any order of steps on twin and Redis: laws broken"
            rows.append(row(name, 0, "", n=counted.taken, aim=0, at_most=True))
    return rows


def _counting(machine: type[Any], url: str) -> Any:
    """The machine on this server, counting the steps it was looked at."""

    def check_invariants(self: Any, *more: Any, **named: Any) -> None:
        type(self).taken += 1
        machine.check_invariants(self, *more, **named)

    return type(machine.__name__, (machine,), {"url": url, "taken": 0, "check_invariants": check_invariants})
