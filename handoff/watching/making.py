"""Who watches, by the settings."""

from __future__ import annotations

from handoff.watching.metrics import Metrics
from handoff.watching.watch import Spans, Watch


def make_watch(*, metrics: bool, traces: bool, line: str) -> Watch:
    """What is asked for. No exporter is imported or started unless there are to be traces."""
    return Watch(Metrics() if metrics else None, _spans(line) if traces else None)


def _spans(line: str) -> Spans:
    from handoff.watching.tracing import exported

    return exported(line)
