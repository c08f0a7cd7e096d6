"""The training loop: seeded, with progress, on whatever cores there are. Needs torch."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

import torch
from torch import Tensor

from models.classifier.augment import slipped, together
from models.classifier.axes import DOMAINS, SUBJECTS, TIERS
from models.classifier.corpus import Message
from models.classifier.network import Batch, Network, loss_of, trained

_POOL = 20
"""Batches that are sorted by length together, so that little is padded and the order stays random."""
_CRISIS_WEIGHT = (0.7, 0.7, 1.5, 0.7, 0.7, 0.7)
"""The line between T2 and T3 is the one that decides on the card; it weighs double. Our own choice."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. Step sizes are peaks of a one-cycle course: up for a tenth of the time, then down."""

    seed: int = 1
    members: int = 2
    """Networks whose figures are averaged, each with a seed of its own."""
    epochs: int = 6
    rarer: int = 2
    """How often a message in a language other than English is read in an epoch: there are fewer of them."""
    batch: int = 32
    layer_step: float = 1e-4
    head_step: float = 1e-3
    slips: float = 0.35
    """The share of messages that are given small slips, anew in every epoch."""
    halves: bool = False
    """Whether layers are multiplied in 16-bit (bfloat16) figures: 2.7 times as fast where the processor has them."""
    joined: float = 0.12
    """The share of messages that another one by the same author is put behind, anew in every epoch."""


Encode = Callable[[Sequence[str]], Batch]
Told = Callable[[str], None]


def train(network: Network, messages: Sequence[Message], encode: Encode, plan: Plan, tell: Told) -> None:
    """Trains in place. `tell` hears one line per epoch."""
    chance = random.Random(plan.seed)
    torch.manual_seed(plan.seed)
    steps = plan.epochs * (math.ceil(len(messages) / plan.batch) + 1)
    course = _Course(network, plan, steps)
    weights = torch.tensor(_CRISIS_WEIGHT)
    begun = monotonic()
    for epoch in range(1, plan.epochs + 1):
        network.train()
        total, count = 0.0, 0
        for batch in _batches(messages, plan, chance):
            read = encode([_text(each, plan, chance) for each in batch])
            with torch.autocast("cpu", torch.bfloat16, enabled=plan.halves):
                given = network(**read)
            loss = loss_of([each.float() for each in given], targets(batch), weights)
            course.step(loss)
            total, count = total + float(loss.detach()), count + 1
        tell(f"epoch {epoch} of {plan.epochs}: loss {total / max(1, count):.3f}, {monotonic() - begun:.0f} s")
    network.eval()


def targets(batch: Sequence[Message]) -> tuple[Tensor, Tensor, Tensor]:
    """Rows of P(tier >= 1..6), of domains, and the number of the subject."""
    tiers = [[float(each.tier >= tier) for tier in range(1, TIERS + 1)] for each in batch]
    domains = [[float(domain in each.domains) for domain in DOMAINS] for each in batch]
    return torch.tensor(tiers), torch.tensor(domains), torch.tensor([SUBJECTS.index(each.subject) for each in batch])


def _text(message: Message, plan: Plan, chance: random.Random) -> str:
    return slipped(message.text, chance) if chance.random() < plan.slips else message.text


def _batches(messages: Sequence[Message], plan: Plan, chance: random.Random) -> Iterator[list[Message]]:
    mixed = _some_joined(messages, plan, chance)
    chance.shuffle(mixed)
    cut: list[list[Message]] = []
    for start in range(0, len(mixed), plan.batch * _POOL):
        pool = sorted(mixed[start : start + plan.batch * _POOL], key=lambda each: len(each.text))
        cut += [pool[at : at + plan.batch] for at in range(0, len(pool), plan.batch)]
    chance.shuffle(cut)
    yield from cut


def _some_joined(messages: Sequence[Message], plan: Plan, chance: random.Random) -> list[Message]:
    authors: dict[str, list[Message]] = {}
    for each in messages:
        authors.setdefault(each.block, []).append(each)
    return [
        together(each, chance.choice(authors[each.block])) if chance.random() < plan.joined else each
        for each in messages
    ]


class _Course:
    """One optimiser with a step size for the layers and one for the heads, and their course."""

    def __init__(self, network: Network, plan: Plan, steps: int) -> None:
        layers, heads = trained(network)
        self._all = layers + heads
        self._optimiser = torch.optim.AdamW([{"params": layers}, {"params": heads}], weight_decay=0.01)
        peaks = [plan.layer_step, plan.head_step]
        self._course = torch.optim.lr_scheduler.OneCycleLR(self._optimiser, peaks, total_steps=steps + 1, pct_start=0.1)

    def step(self, loss: Tensor) -> None:
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._all, 1.0)
        self._optimiser.step()
        self._course.step()
