"""The shipped screen against the figures that were measured when it was shipped: no worse, within noise.

`models/classifier/shipped/figures.json` holds them; `python -m models.classifier.train` and the policy's thresholds
change them, and whoever changes those measures anew (`python -m models.classifier.figures`).
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from models.classifier.figures import Counted, kept, measured
from models.screen_measures import wilson


@pytest.fixture(scope="module")
def today() -> dict[str, Counted]:
    return measured()


def worse(kind: str, today: dict[str, Counted]) -> Sequence[str]:
    """Slices whose figure left the 95% interval of the one that was kept, in the bad direction."""
    bad = []
    for name, before in kept().items():
        low, high = wilson(before.hits, before.n)
        share = today[name].hits / today[name].n
        if before.kind == kind and (share < low if kind == "recall" else share > high):
            bad.append(f"{name}: {before.hits}/{before.n} then, {today[name].hits}/{today[name].n} now")
    return bad


def test_recall_did_not_get_worse(today: dict[str, Counted]) -> None:
    assert worse("recall", today) == []


def test_false_alarms_did_not_get_worse(today: dict[str, Counted]) -> None:
    assert worse("false alarms", today) == []


def test_every_slice_is_still_measured(today: dict[str, Counted]) -> None:
    assert set(kept()) <= set(today)
