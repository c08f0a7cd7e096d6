"""What is measured, for Prometheus. One registry a process, made by whoever builds the house; nothing is global.

Labels are of small, fixed sets: kinds of events and lanes as the code names them, tiers, outcomes, parts. No words, no
names, no pseudonyms, no ids, no addresses. What a process did itself are counters and histograms: sum them over
processes. What is read from the store is the same from each process: take the maximum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from handoff.core.risk import Tier
from handoff.watching.picture import Picture
from handoff.watching.port import Count, Deed, Lapse

_QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_TURN = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60)
_CARD = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300)
_WAIT = (5, 15, 30, 60, 120, 300, 600, 1200, 2400, 3600, 7200)
"""Edges in seconds; 60, 120 and 300 are those that helplines report on."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """All that is measured in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._picture: Picture | None = None
        ProcessCollector(registry=self.registry)
        self._deeds = self._make_deeds()
        self._counts = self._make_counts()
        self._lapses = self._make_lapses()
        self._round_trips = self._histogram("store_round_trip_seconds", "The store's answer to one command.", _QUICK)
        self.sockets = self._gauge("sockets", "Open pages and desks of this process.")
        self._gauge("build", "The version that runs.", "version").labels(version("warmline")).set(1)
        self.registry.register(_FromStore(self))

    def expect(self, lanes: Iterable[str]) -> None:
        """Begin at zero whatever may happen, so that the first time is a rise."""
        for lane in lanes:
            for outcome in ("delivered", "again", "waits", "gave_up", "store_down", "broke"):
                self._counts["carried"].labels(lane, outcome)
        for outcome in ("ok", "down", "silent", "garbled"):
            self._counts["turn"].labels(outcome)
        for tier in Tier:
            self._counts["risk"].labels(tier.name.lower())
            self._lapses["waited"].labels(tier.name.lower())

    def timed(self, deed: Deed, kind: str, seconds: float) -> None:
        """One deed lasted so long."""
        found = self._deeds[deed]
        (found.labels(kind) if deed == "carry" else found).observe(seconds)

    def counted(self, what: Count, kind: str, outcome: str) -> None:
        """It happened once."""
        counter = self._counts[what]
        labels = {"event": (kind, outcome), "carried": (kind, outcome), "turn": (outcome,), "risk": (kind,)}.get(what)
        (counter.labels(*labels) if labels else counter).inc()

    def took(self, what: Lapse, seconds: float, kind: str) -> None:
        """So much time passed."""
        lapse = self._lapses[what]
        (lapse.labels(kind) if what == "waited" else lapse).observe(seconds)

    def round_trip(self, seconds: float) -> None:
        """The store answered."""
        self._round_trips.observe(seconds)

    @property
    def picture(self) -> Picture | None:
        """What the store and the parts said last."""
        return self._picture

    def page(self, picture: Picture) -> bytes:
        """Everything, in Prometheus's text format."""
        self._picture = picture
        return generate_latest(self.registry)

    def _make_deeds(self) -> dict[Deed, Histogram]:
        return {
            "event": self._histogram("event_seconds", "An event from its arrival to its answer.", _QUICK),
            "screen": self._histogram("screen_seconds", "One reading of the risk screen.", _QUICK),
            "decide": self._histogram("decide_seconds", "Reading what an event needs, and deciding.", _QUICK),
            "commit": self._histogram("commit_seconds", "One commit.", _QUICK),
            "carry": self._histogram("carry_seconds", "Carrying the head of a lane.", _TURN, "lane"),
            "turn": self._histogram("bot_turn_seconds", "One turn of the bot.", _TURN),
        }

    def _make_counts(self) -> dict[Count, Counter]:
        return {
            "event": self._counter("events", "Events by what became of them.", "kind", "outcome"),
            "carried": self._counter("carried", "Heads of lanes by what became of them.", "lane", "outcome"),
            "turn": self._counter("bot_turns", "Turns of the bot by what became of them.", "outcome"),
            "risk": self._counter("risk_found", "Messages by the tier that was found in them.", "tier"),
            "conflict": self._counter("commit_conflicts", "Commits that had to be decided again."),
        }

    def _make_lapses(self) -> dict[Lapse, Histogram]:
        confirmed = "A crisis card from the store to the seeker's device."
        return {
            "waited": self._histogram("wait_seconds", "Waits that ended with a supporter.", _WAIT, "tier"),
            "card_saved": self._histogram("card_saved_seconds", "A crisis card from the words to the store.", _CARD),
            "card_confirmed": self._histogram("card_confirmed_seconds", confirmed, _CARD),
            "deadline": self._histogram("deadline_late_seconds", "Deadlines past their time when handled.", _CARD),
            "loop": self._histogram("loop_late_seconds", "The event loop behind its clock.", _QUICK),
        }

    def _histogram(self, name: str, says: str, edges: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"warmline_{name}", says, labels, buckets=edges, registry=self.registry)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"warmline_{name}", says, labels, registry=self.registry)

    def _gauge(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(f"warmline_{name}", says, labels, registry=self.registry)


class _FromStore:
    """Gauges of the last picture: the same from every process. Without the store only that it is away is said."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        picture = self._metrics.picture
        if picture is None:
            return
        for name, says, label, values in picture.rows():
            family = GaugeMetricFamily(f"warmline_{name}", says, labels=[label] if label else None)
            for kind, value in values.items():
                family.add_metric([kind] if label else [], value)
            yield family
