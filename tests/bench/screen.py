"""How fast the whole screen is, rules and classifier, on one core: a message by itself, and many as a batch.

The texts are those of the functional test, each once. By itself: a message with the four before it, which were read as
messages before. As a batch: what `warmline screen` does with its standard input, line by line.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from handoff.classifying import full_screen, full_stream
from handoff.screening import RiskScreen
from models.screen_cases import load_cases
from tests.bench.processes import on_cores
from tests.bench.rows import quantile, row
from tests.bench.sizes import Size

_TEXTS = Path("models/functional")
_SEED = 1


async def measure(size: Size) -> list[dict[str, Any]]:
    """Milliseconds for one message with what came before it, and messages a second of a batch."""
    texts = messages(size.of(full=1500, small=150))
    with on_cores(1):
        screen = full_screen()
        screen.prepare()
        once = [each * 1000 for each in readings(screen, texts, alone_first=False)]
        twice = [each * 1000 for each in readings(full_screen(), texts)]
        rate = _batch(texts)
    n = len(texts)
    name = "screening a message and the four before it"
    return [
        row(f"{name}, p50", statistics.median(once), "ms", n=n, aim=5, at_most=True),
        row(f"{name}, p99", quantile(once, 0.99), "ms", n=n),
        row(f"{name}, alone and again as the service does, p50", statistics.median(twice), "ms", n=n),
        row("screened as a batch on one core", rate, "/s", n=n, aim=200),
    ]


def messages(count: int) -> list[str]:
    """So many of the functional test's texts, in a fixed random order."""
    texts = sorted({case.text for path in _TEXTS.glob("*.yml") for case in load_cases(path)})
    random.Random(_SEED).shuffle(texts)
    return texts[:count]


def readings(screen: RiskScreen, texts: Sequence[str], *, alone_first: bool = True) -> list[float]:
    """Seconds that each takes with the four before it; as the service reads it, it was read alone just before."""
    took = []
    for place, text in enumerate(texts):
        begun = time.perf_counter()
        if alone_first:
            screen.read(text, (), "en")
        screen.read(text, texts[max(0, place - 4) : place], "en")
        took.append(time.perf_counter() - begun)
    return took


def _batch(texts: Sequence[str]) -> float:
    lines = [json.dumps({"text": text, "context": []}) for text in texts]
    answers = full_stream(chain(["warm up"], lines))
    next(answers)
    begun = time.perf_counter()
    assert sum(1 for _ in answers) == len(lines)
    return len(lines) / (time.perf_counter() - begun)
