"""One parser under fuzz: what it is fed, and what it may do with it."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import seed as with_seed
from hypothesis.strategies import SearchStrategy

Feed = Callable[[Any], Awaitable[None]]
LONGEST = 20
"""Seconds after which one input counts as a hang: far beyond what the largest takes on a busy machine."""


class Hung(BaseException):
    """One input took far too long. Not an `Exception`, so that nothing that is fed can take it for one of its own."""


@dataclass(frozen=True, slots=True)
class Target:
    """`opened` gives what an input is fed to; it returns, or raises one of `refusals`. `share`: its part of a run."""

    name: str
    inputs: SearchStrategy[Any]
    opened: Callable[[], AbstractAsyncContextManager[Feed]]
    refusals: tuple[type[Exception], ...] = ()
    share: int = 10


@dataclass(slots=True)
class Tally:
    """What became of the inputs of one target."""

    inputs: int = 0
    refused: int = 0
    seconds: float = 0.0


def plain(feed: Callable[[Any], object]) -> Callable[[], AbstractAsyncContextManager[Feed]]:
    """For a parser that is a function and needs nothing around it."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Feed]:
        async def fed(content: Any) -> None:
            feed(content)

        yield fed

    return opened


def drive(target: Target, most: int, *, seed: int | None = None) -> Tally:
    """Feed the target up to `most` inputs. Raises what it raised against its promise, or `Hung`, with the input."""
    tally = Tally()
    with _silent(), asyncio.Runner() as runner:
        context = target.opened()
        feed = runner.run(context.__aenter__())

        @settings(
            max_examples=most, deadline=None, derandomize=seed is None, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(target.inputs)
        def one(content: Any) -> None:
            tally.inputs += 1
            try:
                with bounded():
                    runner.run(feed(content))  # type: ignore[arg-type]
            except target.refusals:
                tally.refused += 1

        if seed is not None:
            one = _seeded(one, seed)
        began = time.perf_counter()
        try:
            one()
        finally:
            runner.run(context.__aexit__(None, None, None))
        tally.seconds = time.perf_counter() - began
    return tally


def _seeded(one: Callable[[], None], seed: int) -> Callable[[], None]:
    return with_seed(seed)(one)


@contextmanager
def _silent() -> Iterator[None]:
    """Thousands of refusals would fill the log, and take the longest of all."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@contextmanager
def bounded() -> Iterator[None]:
    """A watchdog over one input: raises `Hung` inside whatever is still going on."""

    def bite(*_: object) -> None:
        raise Hung(f"an input took more than {LONGEST} seconds")

    before = signal.signal(signal.SIGALRM, bite)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
