"""Watching for real: measures, and opens spans where traces are wanted. Both are optional."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from handoff.watching.metrics import Metrics
from handoff.watching.port import Count, Deed, Lapse


class Spans(Protocol):
    """What traces: see `handoff.watching.tracing`."""

    def span(self, deed: Deed, kind: str) -> AbstractContextManager[None]: ...

    def came_of(self, outcome: str) -> None:
        """Write down in the open span what became of it."""
        ...

    def trace(self) -> str: ...

    def close(self) -> None: ...


class Watch:
    """The `Watching` of one process."""

    def __init__(self, metrics: Metrics | None = None, spans: Spans | None = None) -> None:
        self.metrics = metrics
        self._spans = spans

    @property
    def is_on(self) -> bool:
        """Whether anybody wants to know."""
        return self.metrics is not None or self._spans is not None

    @property
    def round_trip(self) -> Callable[[float], None] | None:
        """Told of each of the store's answers, in seconds; None where nobody measures."""
        return self.metrics.round_trip if self.metrics else None

    @contextmanager
    def doing(self, deed: Deed, kind: str = "") -> Iterator[None]:
        """Timed whatever happens, with a span around it."""
        began = time.perf_counter()
        try:
            with self._spans.span(deed, kind) if self._spans else nullcontext():
                yield
        finally:
            if self.metrics:
                self.metrics.timed(deed, kind, time.perf_counter() - began)

    def counted(self, what: Count, kind: str = "", outcome: str = "") -> None:
        if self.metrics:
            self.metrics.counted(what, kind, outcome)
        if self._spans and outcome:
            self._spans.came_of(outcome)

    def took(self, what: Lapse, seconds: float, kind: str = "") -> None:
        if self.metrics:
            self.metrics.took(what, seconds, kind)

    def trace(self) -> str:
        return self._spans.trace() if self._spans else ""

    def close(self) -> None:
        """Send what is left to be sent."""
        if self._spans:
            self._spans.close()
