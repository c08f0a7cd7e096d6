"""Traces by OpenTelemetry, where `OTEL_EXPORTER_OTLP_ENDPOINT` says where to; this module is not imported otherwise.

A span has a deed's name, the kind of event or lane, and what became of it. No words, nobody's name or id; of a failure
its type alone, because messages quote what they choke on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode

from handoff.watching.port import Deed

NAMES: dict[Deed, str] = {
    "event": "handle event",
    "screen": "screen words",
    "decide": "decide",
    "commit": "commit",
    "carry": "carry",
    "turn": "bot turn",
}


class Traces:
    """Spans of one process, under a provider of its own."""

    def __init__(self, processor: SpanProcessor, line: str) -> None:
        resource = Resource.create(
            {"service.name": "warmline", "service.version": version("warmline"), "warmline.line": line}
        )
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("warmline")

    @contextmanager
    def span(self, deed: Deed, kind: str) -> Iterator[None]:
        """A span inside whichever is open."""
        about = {"warmline.kind": kind} if kind else None
        with self._tracer.start_as_current_span(
            NAMES[deed], attributes=about, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except Exception as failure:
                span.set_status(Status(StatusCode.ERROR, type(failure).__name__))
                raise

    def came_of(self, outcome: str) -> None:
        """Of the innermost span that is open."""
        trace.get_current_span().set_attribute("warmline.outcome", outcome)

    def trace(self) -> str:
        """The open trace's id, 32 hexadecimal digits; empty when there is none."""
        context = trace.get_current_span().get_span_context()
        return format(context.trace_id, "032x") if context.is_valid else ""

    def close(self) -> None:
        """Send what waits; a collector that does not answer is not waited for long."""
        self._provider.shutdown()


def exported(line: str, endpoint: str) -> Traces:
    """Traces that leave in batches for the collector at `endpoint`; else OpenTelemetry's own variables count."""
    return Traces(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")), line)
