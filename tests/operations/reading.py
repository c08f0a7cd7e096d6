"""Reading /metrics as Prometheus does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

TOKEN = "only-for-tests-of-metrics"


@dataclass(frozen=True)
class Scrape:
    """One reading: every sample by its name and labels."""

    text: str
    samples: Mapping[tuple[str, frozenset[tuple[str, str]]], float]

    def value(self, name: str, **labels: str) -> float:
        """One sample; 0 for one that never happened."""
        return self.samples.get((name, frozenset(labels.items())), 0.0)

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.samples}

    @property
    def labels(self) -> dict[str, set[str]]:
        """Every value that each label takes, but for the edges of histograms."""
        found: dict[str, set[str]] = {}
        for _, pairs in self.samples:
            for label, value in pairs:
                if label != "le":
                    found.setdefault(label, set()).add(value)
        return found


def read(text: str) -> Scrape:
    samples = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    return Scrape(text, samples)


async def scrape(url: str, token: str = TOKEN) -> Scrape:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{url}/metrics", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert answer.status_code == 200, answer.text
    return read(answer.text)
