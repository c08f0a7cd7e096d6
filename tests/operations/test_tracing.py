"""Traces: one for each event up to its commit, one for each lane's head; nobody's words, nobody's name."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from handoff import logs
from handoff.core.events import SeekerWrote
from handoff.core.ids import Address
from handoff.house import House, build
from handoff.ports import StoreDown
from handoff.settings import Settings
from handoff.watching.tracing import Traces, exported
from handoff.watching.watch import Watch
from tests.journey.line import eventually
from tests.journey.processes import ROOT, StandInBot, line_settings

CANARY = "the otter under Larkspur weir"
SEEKER = Address("web", "6f1c-larkspur-person")


@asynccontextmanager
async def traced(settings: Settings) -> AsyncIterator[tuple[House, InMemorySpanExporter]]:
    """A house whose bot is asked, and its spans."""
    exporter = InMemorySpanExporter()
    traces = Traces(SimpleSpanProcessor(exporter), settings.line)
    house = build(settings, watch=Watch(spans=traces))
    running = asyncio.create_task(house.workers["bot"].run())
    try:
        yield house, exporter
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await house.close()


async def wrote(house: House, text: str, event_id: str = "e1") -> None:
    await house.front.handle(SeekerWrote(id=event_id, seeker=SEEKER, text=text))


def named(spans: tuple[ReadableSpan, ...], name: str) -> list[ReadableSpan]:
    return [span for span in spans if span.name == name]


async def test_an_event_and_the_bots_turn_leave_spans_without_words(
    tmp_path: Path, redis_url: str, bot: StandInBot
) -> None:
    async with traced(line_settings(tmp_path, redis_url, bot.url)) as (house, exporter):
        await wrote(house, f"hello {CANARY}")

        async def answered() -> bool:
            return bool(named(exporter.get_finished_spans(), "bot turn"))

        await eventually(answered, "the bot's turn left a span")
        pseudonym = house.front.pseudonym(SEEKER)
        conversation = await house.store.current(SEEKER, pseudonym)
    spans = exporter.get_finished_spans()
    assert conversation is not None
    event = named(spans, "handle event")[0]
    assert dict(event.attributes or {}) == {"warmline.kind": "SeekerWrote", "warmline.outcome": "done"}
    inside = {span.name for span in spans if span.parent and span.parent.span_id == event.context.span_id}
    assert {"screen words", "decide", "commit"} <= inside
    turn = named(spans, "bot turn")[0]
    carry = next(span for span in named(spans, "carry") if dict(span.attributes or {})["warmline.kind"] == "bot")
    assert turn.parent is not None
    assert turn.parent.span_id == carry.context.span_id
    told = "".join(span.to_json() for span in spans)
    private = (CANARY, "Larkspur", SEEKER.id, pseudonym, conversation.id)
    assert [each for each in private if each in told] == []


async def test_a_failure_is_told_by_its_type_alone(tmp_path: Path) -> None:
    async with traced(line_settings(tmp_path, "redis://127.0.0.1:1/0", "http://127.0.0.1:1")) as (house, exporter):
        with pytest.raises(StoreDown):
            await wrote(house, f"hello {CANARY}")
    event = named(exporter.get_finished_spans(), "handle event")[0]
    assert (event.status.is_ok, event.status.description) == (False, "StoreDown")
    assert CANARY not in "".join(span.to_json() for span in exporter.get_finished_spans())


def test_a_log_line_tells_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    traces = Traces(SimpleSpanProcessor(InMemorySpanExporter()), "test")
    formatter = logs.WordlessFormatter(as_json=True, trace=traces.trace)
    record = logging.LogRecord("handoff.lanes", logging.INFO, __file__, 1, "sent", (), None)
    with traces.span("event", "SeekerWrote"):
        inside = json.loads(formatter.format(record))
    outside = json.loads(formatter.format(record))
    assert len(inside["trace"]) == 32
    assert {"at", "level", "event"} <= outside.keys()
    assert "trace" not in outside


@pytest.mark.parametrize(("endpoint", "imported"), [("", False), ("http://127.0.0.1:1", True)])
def test_nothing_is_sent_unless_it_is_wanted(endpoint: str, imported: bool) -> None:
    look = (
        "import os, sys; from handoff.settings import Settings; from handoff.house import build;"
        f"build(Settings(keys={'A' * 43 + '='!r}, bot_token='t'*32, session_secret='s'*64, pseudonym_secret='p'*64));"
        "print('opentelemetry.exporter' in sys.modules)"
    )
    given = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
    printed = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, env=given, capture_output=True, text=True, check=True
    )
    assert printed.stdout.split() == [str(imported)]


class Collector(ThreadingHTTPServer):
    """Takes whatever is sent, and remembers where to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Taking)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_traces_go_where_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    with Collector() as collector:
        serving = Thread(target=collector.serve_forever)
        serving.start()
        traces = exported("main", f"{collector.url}/")
        with traces.span("event", "SeekerWrote"):
            pass
        traces.close()
        collector.shutdown()
        serving.join()
    assert collector.asked == ["/v1/traces"]
