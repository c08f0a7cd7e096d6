"""Who watches, by the settings."""

from __future__ import annotations

from handoff.watching.metrics import Metrics
from handoff.watching.watch import Spans, Watch


def make_watch(*, metrics: bool, collector: str | None, line: str) -> Watch:
    """What is asked for; traces go to the collector at that address. No exporter is imported without one."""
    return Watch(Metrics() if metrics else None, _spans(line, collector) if collector else None)


def _spans(line: str, collector: str) -> Spans:
    from handoff.watching.tracing import exported

    return exported(line, collector)
